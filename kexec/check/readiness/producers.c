// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the successor does with the blob of each producer, once it takes the
 * handover at all.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/list.h"
#include "check/readiness/readiness.h"
#include "kernel/words.h"

/* The names under which they register: mm/memblock.c, kernel/liveupdate/luo_core.c. */
#define MEMBLOCK "memblock"
#define LUO "LUO"

#define MEMFD_PREFIX "memfd-v"	/* MEMFD_LUO_FH_COMPATIBLE, and a number */

#define SAME_FORMAT "use a successor that reads the same format"
#define SWITCH_ON "put kho=on liveupdate=on on the successor's command line"

void kho_producer_formats(const struct handover_producer *p, struct kho_list *formats)
{
	*formats = (struct kho_list){ .used = 0 };
	for (size_t i = 0; i < p->nr_compatibles; i++)
		kho_list_add(formats, "%s", p->compatible[i].text[0]);
	if (p->read == HANDOVER_BLOB_PART)
		kho_list_add(formats, "the rest unread");
	else if (!p->nr_compatibles)
		kho_list_add(formats, "%s", p->read ? "raw" : "unread");
}

void kho_producer_regions(const struct handover_producer *p, struct kho_list *regions)
{
	*regions = (struct kho_list){ .used = 0 };
	for (size_t i = 0; i < p->nr_reserve_mem; i++)
		kho_list_add(regions, "%s", p->reserve_mem[i]);
}

/* The first format of the blob that the successor does not have; NULL: it has all. */
static const struct handover_compatible *unread_format(const struct kho_readiness_of *of,
						       const struct handover_producer *p)
{
	for (size_t i = 0; i < p->nr_compatibles; i++)
		if (kho_readiness_reads(of, &p->compatible[i]) != KHO_TRI_YES)
			return &p->compatible[i];
	return NULL;
}

/* "memblock-v1 (the successor has memblock-v2)" */
static void tell_formats(const struct kho_readiness_of *of, const struct handover_compatible *c,
			 struct kho_list *told)
{
	struct kho_list written = { .used = 0 }, read = { .used = 0 };
	struct successor_versions versions;
	int len = (int)strlen(c->text[0]);

	for (size_t i = 0; i < c->nr_texts; i++)
		kho_list_add(&written, "%s", c->text[i]);
	while (len && c->text[0][len - 1] >= '0' && c->text[0][len - 1] <= '9')
		len--;
	successor_formats_versions(of->formats, c->text[0], &versions);
	for (size_t i = 0; i < versions.n; i++)
		kho_list_add(&read, "%.*s%u", len, c->text[0], versions.version[i]);
	*told = (struct kho_list){ .used = 0 };
	kho_list_add(told, "%s (the successor has %s)", written.text,
		     read.used ? read.text : "none of that name");
}

/* The blob is not to be understood: what then? */
static int unknown_blob(const struct handover_producer *p, enum kho_fate *fate,
			struct kho_findings *findings)
{
	static const char *const state[] = {
		[HANDOVER_BLOB_UNREAD] = "can't be read",
		[HANDOVER_BLOB_PART] = "is read in part only",
		[HANDOVER_BLOB_WHOLE] = "names no format",
	};

	*fate = KHO_FATE_UNKNOWN;
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN,
				"try this handover on a test machine",
				"%s: its blob %s%s%s%s: whether the successor takes it over is not "
				"known", p->name, state[p->read], p->trouble ? " (" : "",
				p->trouble ? p->trouble : "", p->trouble ? ")" : "");
}

/* mm/memblock.c, reserve_mem_kho_retrieve_fdt(), reserve_mem_kho_revive() */
static int judge_memblock(const struct kho_readiness_of *of, const struct handover_producer *p,
			  enum kho_fate *fate, struct kho_findings *findings)
{
	const struct handover_compatible *unread = unread_format(of, p);
	struct kho_list formats;

	if (!unread)
		return 0;
	*fate = KHO_FATE_LOST;
	tell_formats(of, unread, &formats);
	return kho_findings_add(findings, KHO_F_PRODUCER_MISMATCH, SAME_FORMAT,
				"memblock: its blob is %s: the successor ignores it, and the "
				"content of every reserve_mem= region is lost", formats.text);
}

static bool has_version(const struct successor_versions *versions, unsigned int version)
{
	for (size_t i = 0; i < versions->n; i++)
		if (versions->version[i] == version)
			return true;
	return false;
}

/* Does the successor read every format that the running kernel may write? */
static bool reads_memfd(const struct handover_memfd *memfd,
			const struct successor_versions *versions)
{
	for (size_t i = 0; i < memfd->n; i++)
		if (!has_version(versions, memfd->version[i]))
			return false;
	return true;
}

/*
 * kernel/liveupdate/luo_file.c, luo_file_deserialize(): a session with a file that has
 * no handler of its name can't be had back.  memfd is the one handler of the kernel
 * itself; of one release both sides have the same.
 */
static int judge_memfd(const struct kho_readiness_of *of, enum kho_fate *fate,
		       struct kho_findings *findings)
{
	const struct machine *m = of->machine;
	const struct handover_memfd *memfd = &m->handover.memfd;
	struct kho_list written = { .used = 0 }, read = { .used = 0 };
	struct successor_versions versions;

	successor_versions(of->successor, MEMFD_PREFIX, &versions);
	if (memfd->known ? reads_memfd(memfd, &versions) :
	    m->release[0] && !strcmp(m->release, of->successor->release))
		return 0;
	for (size_t i = 0; i < memfd->n; i++)
		kho_list_add(&written, MEMFD_PREFIX "%u", memfd->version[i]);
	for (size_t i = 0; i < versions.n; i++)
		kho_list_add(&read, MEMFD_PREFIX "%u", versions.version[i]);
	if (!read.used)
		kho_list_add(&read, "none of that name");
	*fate = memfd->known ? KHO_FATE_LOST : KHO_FATE_UNKNOWN;
	if (memfd->known)
		return kho_findings_add(findings, KHO_F_PRODUCER_MISMATCH, SAME_FORMAT,
					"LUO: it keeps memfd files as %s (the successor has %s): a "
					"session that holds one can't be had back", written.text,
					read.text);
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN, "run as root, with /proc/kcore",
				"LUO: in which format it keeps memfd files can't be seen; the "
				"successor has %s", read.text);
}

static int luo_off(enum kho_fate *fate, const char *why, struct kho_findings *findings)
{
	*fate = KHO_FATE_LOST;
	return kho_findings_add(findings, KHO_F_LUO_OFF, SWITCH_ON,
				"LUO: the successor's command line %s: live update is off there, "
				"and the sessions are lost", why);
}

/*
 * kernel/liveupdate/luo_core.c, luo_early_startup(): without KHO switched on nothing
 * is looked at; then a format that is not its own makes liveupdate_early_init() call
 * luo_restore_fail(), which is panic(); liveupdate= is asked for only after that.
 */
static int judge_luo(const struct kho_readiness_of *of, const struct handover_producer *p,
		     enum kho_fate *fate, struct kho_findings *findings)
{
	const struct handover_compatible *unread = unread_format(of, p);
	enum kho_tri kho_on = kho_readiness_kho_on(of);
	struct kho_list formats;

	if (kho_on == KHO_TRI_NO)
		return luo_off(fate, "lacks kho=on", findings);
	if (unread) {
		bool has_luo = successor_has_string(of->successor, LUO) == KHO_TRI_YES;

		*fate = has_luo ? KHO_FATE_PANIC : KHO_FATE_LOST;
		tell_formats(of, unread, &formats);
		return kho_findings_add(findings, KHO_F_PRODUCER_MISMATCH, SAME_FORMAT,
					"LUO: its blob is %s: %s", formats.text, has_luo ?
					"the successor panics in liveupdate_early_init()" :
					"the successor has no live update, and the sessions are "
					"lost");
	}
	if (param_switch(of->cmdline, "liveupdate") != 1)
		return luo_off(fate, "lacks liveupdate=on", findings);
	if (kho_on == KHO_TRI_YES)
		return judge_memfd(of, fate, findings);
	*fate = KHO_FATE_UNKNOWN;
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN, SWITCH_ON,
				"LUO: the successor's command line lacks kho=on, and whether it is "
				"built to have it on is not known: if not, the sessions are lost");
}

/* A reader of an unknown blob may be a module, which the image does not hold. */
static int judge_other(const struct kho_readiness_of *of, const struct handover_producer *p,
		       enum kho_fate *fate, struct kho_findings *findings)
{
	const struct handover_compatible *unread = unread_format(of, p);
	struct kho_list formats;

	if (!unread)
		return 0;
	*fate = KHO_FATE_UNKNOWN;
	tell_formats(of, unread, &formats);
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN,
				"try this handover on a test machine",
				"%s: its blob is %s: unless a module of the successor reads it, it "
				"is lost", p->name, formats.text);
}

/* These two hang on the successor's command line. */
static bool wants_cmdline(const struct handover_producer *p)
{
	return !strcmp(p->name, LUO) || (!strcmp(p->name, MEMBLOCK) && p->nr_reserve_mem);
}

/* By what was read of its blob, which names a format. */
static int judge_formats(const struct kho_readiness_of *of, const struct handover_producer *p,
			 enum kho_fate *fate, struct kho_findings *findings)
{
	if (wants_cmdline(p) && !of->cmdline) {
		*fate = KHO_FATE_UNKNOWN;
		return kho_findings_add(findings, KHO_F_CMDLINE_NOT_GIVEN,
					"give it with --kho-append=STRING",
					"%s: whether its state arrives hangs on the successor's "
					"command line, and none was given", p->name);
	}
	if (!strcmp(p->name, MEMBLOCK))
		return judge_memblock(of, p, fate, findings);
	if (!strcmp(p->name, LUO))
		return judge_luo(of, p, fate, findings);
	return judge_other(of, p, fate, findings);
}

/* What was read may be enough to say that it is lost, but never that it arrives. */
static int judge_producer(const struct kho_readiness_of *of, const struct handover_producer *p,
			  enum kho_fate *fate, struct kho_findings *findings)
{
	int ret = 0;

	*fate = KHO_FATE_ARRIVES;
	if (!strcmp(p->name, HANDOVER_METADATA))
		return 0;
	if (p->read && p->nr_compatibles)
		ret = judge_formats(of, p, fate, findings);
	if (!ret && *fate == KHO_FATE_ARRIVES &&
	    (p->read != HANDOVER_BLOB_WHOLE || !p->nr_compatibles))
		ret = unknown_blob(p, fate, findings);
	return ret;
}

int kho_readiness_producers(const struct kho_readiness_of *of, struct kho_readiness *r,
			    struct kho_findings *findings)
{
	const struct handover_tree *out = &of->machine->handover.out;
	enum kho_fate whole = of->successor ? r->handover : KHO_FATE_UNKNOWN;
	int ret = 0;

	for (size_t i = 0; i < out->nr_producers && !ret; i++) {
		r->producer[i] = whole;
		if (r->producer[i] == KHO_FATE_ARRIVES)
			ret = judge_producer(of, &out->producer[i], &r->producer[i], findings);
		if (r->producer[i] == KHO_FATE_PANIC)
			r->handover = KHO_FATE_PANIC;
	}
	if (!ret && whole == KHO_FATE_ARRIVES && out->producers_trouble)
		ret = kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN,
				       "run as root, or capture the machine again",
				       "who else hands something over is not known: %s",
				       out->producers_trouble);
	return ret;
}
