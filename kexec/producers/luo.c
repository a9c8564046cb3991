// SPDX-License-Identifier: GPL-2.0-only
/* The sessions of the live update orchestrator, and the files in them. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "kernel/words.h"
#include "machine/handover/fdt.h"
#include "machine/kcore.h"
#include "machine/remedy.h"
#include "machine/snapshot/value.h"
#include "producers/judge.h"
#include "producers/luo.h"
#include "producers/producer.h"

#define LUO "LUO"		/* kernel/liveupdate/luo_core.c */
#define MEMFD_PREFIX "memfd-v"	/* mm/memfd_luo.c: MEMFD_LUO_FH_COMPATIBLE, and a number */
#define SWITCH_ON "put kho=on liveupdate=on on the successor's command line"

/* include/linux/kho/abi/luo.h, struct luo_ser: its first member. */
#define ABI_PREFIX "luo-v"
#define ABI_BYTES 8

#define CHUNK_BYTES		(64u << 10)
#define IMAGE_LIMIT_BYTES	(UINT64_C(512) << 20)

/* The longest text that is looked for; chunks overlap by so much. */
#define TEXT_BYTES 24

/* ---- reading ---- */

/* The struct that LUO hands over from Linux 7.2 on begins with its ABI. */
static int read_blob(struct kho_bytes blob, struct handover_producer *p, struct kho_err *err)
{
	struct kho_bytes text;
	const char *abi;
	int ret;

	if (bytes_slice(blob, 0, ABI_BYTES, &text) ||
	    !bytes_have(text, 0, ABI_PREFIX, strlen(ABI_PREFIX)) ||
	    !memchr(text.data, '\0', text.size))
		return 0;
	abi = (const char *)text.data;
	ret = handover_add_compatible(p, "/", &abi, 1);
	return ret == -EBADMSG ? kho_fail(err, EBADMSG, "its ABI is no text") : ret;
}

/* False: there is no room for it. */
static bool keep_version(struct luo_state *memfd, unsigned int version)
{
	for (size_t i = 0; i < memfd->n; i++)
		if (memfd->version[i] == version)
			return true;
	if (memfd->n == LUO_MEMFD_VERSIONS)
		return false;
	memfd->version[memfd->n++] = version;
	return true;
}

/*
 * Behind @chunk stands a NUL: a number that is cut there comes whole in the next one.
 * -E2BIG: more versions than are kept.
 */
static int memfd_in_chunk(const char *chunk, size_t bytes, struct luo_state *memfd)
{
	const size_t prefix_bytes = strlen(MEMFD_PREFIX);
	const char *at = chunk, *end;

	while ((at = memmem(at, bytes - (size_t)(at - chunk), MEMFD_PREFIX, prefix_bytes))) {
		unsigned long version;
		char *after;

		end = at + prefix_bytes;
		version = strtoul(end, &after, 10);
		if (isdigit((unsigned char)*end) && !*after && after < chunk + bytes &&
		    version <= UINT_MAX && !keep_version(memfd, (unsigned int)version))
			return -E2BIG;
		at = end;
	}
	return 0;
}

static int memfd_in_image(const struct kcore *core, const struct kcore_segment *image,
			  struct luo_state *memfd)
{
	char *chunk = calloc(1, CHUNK_BYTES + 1);
	int ret = chunk ? 0 : -ENOMEM;

	for (uint64_t pa = image->start_pa; pa < image->end_pa && !ret;
	     pa += CHUNK_BYTES - TEXT_BYTES) {
		size_t bytes = CHUNK_BYTES;

		if (image->end_pa - pa < bytes)
			bytes = image->end_pa - pa;
		chunk[bytes] = '\0';
		ret = kcore_read(core, pa, chunk, bytes);
		if (!ret)
			ret = memfd_in_chunk(chunk, bytes, memfd);
	}
	free(chunk);
	return ret;
}

/*
 * In which format live update keeps files: a handler's compatible text stands in its
 * struct liveupdate_file_handler, in the kernel's data; what sessions hold is written
 * only at the jump.
 */
static int read_kernel(const struct kcore *core, struct handover_producer *p)
{
	const struct kcore_segment *image = kcore_image(core);
	struct luo_state *state;
	int ret;

	if (!image || image->end_pa - image->start_pa > IMAGE_LIMIT_BYTES)
		return 0;
	state = calloc(1, sizeof(*state));
	if (!state)
		return -ENOMEM;
	ret = memfd_in_image(core, image, state);
	/* A part of the versions is none: one that is left out may be the one in use. */
	if (ret) {
		free(state);
		return ret == -ENOMEM ? ret : 0;
	}
	free(p->state);
	p->state = state;
	return 0;
}

/* ---- snapshots ---- */

static void save(struct builder *b, struct json_object *to, const struct handover_producer *p)
{
	const struct luo_state *state = p->state;
	struct json_object *array;

	if (!state)
		return;
	array = made(b, json_object_new_array());
	for (size_t i = 0; i < state->n; i++)
		push(b, array, made(b, json_object_new_uint64(state->version[i])));
	put(b, to, "memfd", array);
}

static int load_versions(const struct snapshot_reading *r, struct json_object *array,
			 const char *at, struct luo_state *state)
{
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *version = json_object_array_get_idx(array, i);

		if (i == LUO_MEMFD_VERSIONS || json_object_get_int64(version) < 0 ||
		    json_object_get_type(version) != json_type_int ||
		    json_object_get_int64(version) > UINT32_MAX)
			return value_bad(r, at, "memfd", "not a few numbers of versions");
		state->version[state->n++] = (unsigned int)json_object_get_int64(version);
	}
	return 0;
}

static int load(const struct snapshot_reading *r, struct json_object *from, const char *at,
		struct handover_producer *p)
{
	struct luo_state *state;
	struct json_object *array;
	int ret = value_get(r, from, at, "memfd", json_type_array, &array);

	if (ret || !array)
		return ret;
	state = calloc(1, sizeof(*state));
	if (!state)
		return -ENOMEM;
	ret = load_versions(r, array, at, state);
	if (ret || !p) {
		free(state);
		return ret;
	}
	free(p->state);
	p->state = state;
	return 0;
}

/* ---- the check ---- */

static bool wants_cmdline(const struct handover_producer *p)
{
	(void)p;
	return true;
}

static bool has_version(const struct successor_versions *versions, unsigned int version)
{
	for (size_t i = 0; i < versions->n; i++)
		if (versions->version[i] == version)
			return true;
	return false;
}

/* Does the successor read every format that the running kernel may write? */
static bool reads_memfd(const struct luo_state *memfd,
			const struct successor_versions *versions)
{
	for (size_t i = 0; i < memfd->n; i++)
		if (!has_version(versions, memfd->version[i]))
			return false;
	return true;
}

/*
 * kernel/liveupdate/luo_file.c, luo_file_deserialize(): a session with a file that has
 * no handler of its name can't be restored.  memfd is the one handler of the kernel
 * itself; of one release both sides have the same.
 */
static int judge_memfd(const struct producer_case *c)
{
	const struct machine *m = c->of->machine;
	const struct luo_state *memfd = c->p->state;
	struct kho_list written = { .used = 0 }, read = { .used = 0 };
	struct successor_versions versions;

	successor_versions(c->of->successor, MEMFD_PREFIX, &versions);
	if (memfd ? reads_memfd(memfd, &versions) :
	    m->release[0] && !strcmp(m->release, c->of->successor->release))
		return 0;
	for (size_t i = 0; i < versions.n; i++)
		kho_list_add(&read, MEMFD_PREFIX "%u", versions.version[i]);
	if (!read.used)
		kho_list_add(&read, "none of that name");
	*c->fate = memfd ? KHO_FATE_LOST : KHO_FATE_UNKNOWN;
	if (!memfd)
		return kho_findings_add(c->findings, KHO_F_PRODUCER_UNKNOWN,
					machine_remedy(c->of->machine, REMEDY_KCORE),
					"LUO: in which format it keeps memfd files can't be seen; "
					"the successor has %s", read.text);
	for (size_t i = 0; i < memfd->n; i++)
		kho_list_add(&written, MEMFD_PREFIX "%u", memfd->version[i]);
	return kho_findings_add(c->findings, KHO_F_PRODUCER_MISMATCH, SAME_FORMAT,
				"LUO: it keeps memfd files as %s (the successor has %s): a session "
				"that holds one can't be restored", written.text, read.text);
}

/*
 * Handlers of files that are under review for KVM and its memory: kvm.ko may hold them, which
 * the image does not show.  A node that names one is a file's, and not LUO's own format.
 */
static bool is_file_handler(const struct handover_compatible *format)
{
	static const char *const handlers[] = {
		"kvm_vm_luo_v", "kvm_vcpu_luo_v", "guest_memfd_luo_v",
	};

	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (!strncmp(format->text[0], handlers[i], strlen(handlers[i])))
			return true;
	return false;
}

/*
 * The newest of each that the rules below were read from, 7.1 to 7.3 (include/linux/kho/abi/luo.h,
 * memfd.h) and what is under review for KVM.
 */
static const struct {
	const char *prefix;
	unsigned long newest;
} read_formats[] = {
	{ ABI_PREFIX, 5 }, { "luo-session-v", 2 }, { "luo-flb-v", 1 }, { MEMFD_PREFIX, 2 },
	{ "kvm_vm_luo_v", 1 }, { "kvm_vcpu_luo_v", 1 }, { "guest_memfd_luo_v", 1 },
};

static bool is_known(const char *text)
{
	for (size_t i = 0; i < sizeof(read_formats) / sizeof(read_formats[0]); i++) {
		size_t len = strlen(read_formats[i].prefix);
		char *end;

		if (strncmp(text, read_formats[i].prefix, len) || !isdigit((unsigned char)text[len]))
			continue;
		return strtoul(text + len, &end, 10) <= read_formats[i].newest && !*end;
	}
	return false;
}

/* Those of its formats that are none of these; "" where there are none. */
static void list_new(const struct handover_producer *p, struct kho_list *new)
{
	const struct luo_state *memfd = p->state;
	char text[sizeof(MEMFD_PREFIX) + 10];

	*new = (struct kho_list){ .used = 0 };
	for (size_t i = 0; i < p->nr_compatibles; i++)
		for (size_t k = 0; k < p->compatible[i].nr_texts; k++)
			if (!is_known(p->compatible[i].text[k]))
				kho_list_add(new, "%s", p->compatible[i].text[k]);
	for (size_t i = 0; memfd && i < memfd->n; i++) {
		snprintf(text, sizeof(text), MEMFD_PREFIX "%u", memfd->version[i]);
		if (!is_known(text))
			kho_list_add(new, "%s", text);
	}
}

/* The successor has them too; what else it wants of them is what is not known. */
static int judge_new(const struct producer_case *c, const struct kho_list *new)
{
	*c->fate = KHO_FATE_UNKNOWN;
	return kho_findings_add(c->findings, KHO_F_PRODUCER_UNKNOWN,
				"use a kexec-kho that knows it, or try this handover on a test machine",
				"LUO: %s is newer than this kexec: the successor has it too, but "
				"whether the sessions arrive is not known", new->text);
}

/* What a format of it means that the successor lacks. */
static const struct producer_unread unread_handler = {
	KHO_FATE_UNKNOWN, TRY_IT, "it keeps a file of KVM as",
	"unless a module of the successor reads it, the session that holds it can't be restored",
};
static const struct producer_unread unread_luo = {
	KHO_FATE_PANIC, SAME_FORMAT, "its blob is",
	"the successor panics in liveupdate_early_init()",
};
static const struct producer_unread no_luo = {
	KHO_FATE_LOST, SAME_FORMAT, "its blob is",
	"the successor has no live update, and the sessions are lost",
};

static int judge_format(const struct producer_case *c, const struct handover_compatible *format)
{
	bool has_luo = successor_has_string(c->of->successor, LUO) == KHO_TRI_YES;

	return producer_lacks(c, format, is_file_handler(format) ? &unread_handler :
			      has_luo ? &unread_luo : &no_luo);
}

static int judge_off(const struct producer_case *c, const char *why)
{
	*c->fate = KHO_FATE_LOST;
	return kho_findings_add(c->findings, KHO_F_LUO_OFF, SWITCH_ON,
				"LUO: the successor's command line %s: live update is off there, "
				"and the sessions are lost", why);
}

/*
 * kernel/liveupdate/luo_core.c, luo_early_startup(): without KHO switched on nothing
 * is looked at; then a format that is not its own makes liveupdate_early_init() call
 * luo_restore_fail(), which is panic(); liveupdate= is asked for only after that.
 */
static int judge(const struct producer_case *c)
{
	const struct handover_compatible *unread = producer_unread_format(c);
	enum kho_tri kho_on = kho_readiness_kho_on(c->of);
	struct kho_list new;
	int ret;

	if (kho_on == KHO_TRI_NO)
		return judge_off(c, "lacks kho=on");
	if (unread)
		return judge_format(c, unread);
	if (param_switch(c->of->cmdline, "liveupdate") != 1)
		return judge_off(c, "lacks liveupdate=on");
	if (kho_on == KHO_TRI_YES) {
		ret = judge_memfd(c);
		list_new(c->p, &new);
		return ret || *c->fate != KHO_FATE_ARRIVES || !new.used ? ret : judge_new(c, &new);
	}
	*c->fate = KHO_FATE_UNKNOWN;
	return kho_findings_add(c->findings, KHO_F_PRODUCER_UNKNOWN, SWITCH_ON,
				"LUO: the successor's command line lacks kho=on, and whether KHO "
				"is on by default is not known: if not, the sessions are lost");
}

const struct producer producer_luo = {
	.name = LUO,
	.about = " (sessions of live update)",
	.read_blob = read_blob,
	.read_kernel = read_kernel,
	.free_state = free,
	.state_beside = true,
	.save = save,
	.load = load,
	.wants_cmdline = wants_cmdline,
	.judge = judge,
};
