// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "after/prediction.h"
#include "base/read-file.h"
#include "machine/snapshot/snapshot.h"

static const struct {
	const char *key, *text;
} predictions[] = {
	[PREDICTED_UNKNOWN] = { "unknown", "left open" },
	[PREDICTED_UP] = { "up", "comes up by the handover" },
	[PREDICTED_LOST] = { "lost", "comes up without the handover" },
	[PREDICTED_DIES] = { "dies", "dies" },
	[PREDICTED_LOAD_FAILS] = { "load_fails", "the load fails" },
};

const char *predicted_key(enum predicted predicted)
{
	return predictions[predicted].key;
}

const char *predicted_text(enum predicted predicted)
{
	return predictions[predicted].text;
}

/* ---- JSON ---- */

struct json_object *json_at(struct json_object *o, ...)
{
	const char *key;
	va_list keys;

	va_start(keys, o);
	while (o && (key = va_arg(keys, const char *)))
		if (!json_object_is_type(o, json_type_object) ||
		    !json_object_object_get_ex(o, key, &o))
			o = NULL;
	va_end(keys);
	return o;
}

const char *json_text(struct json_object *o)
{
	return json_object_is_type(o, json_type_string) ? json_object_get_string(o) : "";
}

static bool get_u64(struct json_object *o, const char *key, uint64_t *value)
{
	struct json_object *v = json_at(o, key, NULL);

	if (json_object_is_type(v, json_type_boolean))
		*value = json_object_get_boolean(v);
	else if (json_object_is_type(v, json_type_int))
		*value = json_object_get_uint64(v);
	else
		return false;
	return true;
}

static uint64_t u64_or_0(struct json_object *o, const char *key)
{
	uint64_t value = 0;

	return get_u64(o, key, &value) ? value : 0;
}

static size_t array_length(struct json_object *o)
{
	return json_object_is_type(o, json_type_array) ? json_object_array_length(o) : 0;
}

static void copy(char *to, size_t bytes, const char *text)
{
	snprintf(to, bytes, "%s", text);
	kho_make_printable(to);
}

static struct json_object *report_of(const struct prediction *p)
{
	return json_at(p->record, "report", NULL);
}

bool prediction_has(const struct prediction *p, enum kho_finding_id id)
{
	struct json_object *findings = json_at(report_of(p), "findings", NULL);

	for (size_t i = 0; i < array_length(findings); i++) {
		struct json_object *f = json_object_array_get_idx(findings, i);

		if (!strcmp(json_text(json_at(f, "id", NULL)), kho_finding_name(id)) &&
		    !json_object_get_boolean(json_at(f, "overruled", NULL)))
			return true;
	}
	return false;
}

const char *prediction_fate(const struct prediction *p, const char *name)
{
	struct json_object *all = json_at(report_of(p), "readiness", "producers", NULL);

	for (size_t i = 0; i < array_length(all); i++) {
		struct json_object *o = json_object_array_get_idx(all, i);

		if (!strcmp(json_text(json_at(o, "name", NULL)), name))
			return json_text(json_at(o, "fate", NULL));
	}
	return NULL;
}

/* ---- the outcome ---- */

/* What comes of a finding, whatever else there is; the first that applies counts. */
static const struct {
	enum kho_finding_id id;
	enum predicted outcome;
} certain[] = {
	{ KHO_F_LOAD_REFUSED, PREDICTED_LOAD_FAILS },
	{ KHO_F_LOAD_NO_HOLE, PREDICTED_LOAD_FAILS },
	{ KHO_F_ARCH_DIFFERS, PREDICTED_LOAD_FAILS },
	{ KHO_F_KHO_OFF, PREDICTED_LOST },
	{ KHO_F_NOT_FINALIZED, PREDICTED_LOST },
	{ KHO_F_CLASSIC_LOAD, PREDICTED_LOST },
	{ KHO_F_SUCCESSOR_NO_KHO, PREDICTED_LOST },
	{ KHO_F_ABI_MISMATCH, PREDICTED_LOST },
	{ KHO_F_REHEARSAL_NOT_REVIVED, PREDICTED_LOST },
	{ KHO_F_REHEARSAL_DIED, PREDICTED_DIES },
	{ KHO_F_MEMORY_MAP_SHORT, PREDICTED_DIES },
	{ KHO_F_EARLY_MEMORY_SHORT, PREDICTED_DIES },
	{ KHO_F_HANDOVER_CUT, PREDICTED_DIES },
	{ KHO_F_CMDLINE_DESTROYS, PREDICTED_DIES },
	{ KHO_F_PRESERVED_IN_SCRATCH, PREDICTED_DIES },
	{ KHO_F_PRESERVED_OUTSIDE, PREDICTED_DIES },
};

/* A finding of what is not known; not overruled, accepted or not. */
static bool has_unknown(const struct prediction *p)
{
	for (enum kho_finding_id id = 0; id < KHO_F_NR; id++)
		if (kho_finding_severity(id) == KHO_UNKNOWN && prediction_has(p, id))
			return true;
	return false;
}

static bool panics(const struct prediction *p)
{
	struct json_object *all = json_at(report_of(p), "readiness", "producers", NULL);

	for (size_t i = 0; i < array_length(all); i++)
		if (!strcmp(json_text(json_at(json_object_array_get_idx(all, i), "fate", NULL)),
			    "panic"))
			return true;
	return !strcmp(json_text(json_at(report_of(p), "readiness", "handover", NULL)), "panic");
}

static enum predicted outcome_of(const struct prediction *p)
{
	for (size_t i = 0; i < sizeof(certain) / sizeof(certain[0]); i++)
		if (prediction_has(p, certain[i].id))
			return certain[i].outcome;
	if (panics(p))
		return PREDICTED_DIES;
	return has_unknown(p) ? PREDICTED_UNKNOWN : PREDICTED_UP;
}

/* ---- the things that it may get less of ---- */

static void put_crashkernel(struct prediction *p, struct json_object *model)
{
	struct json_object *allocs = json_at(model, "allocations", NULL);
	uint64_t wanted = u64_or_0(model, "crashkernel_wanted_bytes");
	uint64_t had = u64_or_0(model, "crashkernel_bytes");
	uint64_t cma = u64_or_0(model, "crashkernel_cma_bytes"), taken = 0;
	uint64_t cma_wanted = u64_or_0(model, "crashkernel_cma_wanted_bytes");

	for (size_t i = 0; i < array_length(allocs); i++) {
		struct json_object *a = json_object_array_get_idx(allocs, i);

		if (!strcmp(json_text(json_at(a, "user", NULL)), "crashkernel"))
			taken += u64_or_0(a, "bytes");
	}
	if (wanted) {
		seen_put(&p->things, SEEN_CRASHKERNEL_WANTED, wanted);
		seen_put(&p->things, SEEN_CRASHKERNEL, had);
	}
	if (had && taken >= had + cma)
		seen_put(&p->things, SEEN_CRASHKERNEL_LOW, taken - had - cma);
	if (cma_wanted > cma)
		seen_put(&p->things, SEEN_CRASHKERNEL_CMA_LOST, cma_wanted - cma);
}

static void put_log_buf(struct prediction *p, struct json_object *model)
{
	struct json_object *allocs = json_at(model, "allocations", NULL);

	for (size_t i = 0; i < array_length(allocs); i++) {
		struct json_object *a = json_object_array_get_idx(allocs, i);

		if (!strcmp(json_text(json_at(a, "user", NULL)), "log_buf")) {
			seen_put(&p->things, SEEN_LOG_BUF, u64_or_0(a, "bytes"));
			return;
		}
	}
	if (prediction_has(p, KHO_F_LOG_BUF_SHORT))
		seen_put(&p->things, SEEN_LOG_BUF, 0);
}

/* Of the worst of many boots: the kernel lies anywhere, or scratch grows by what is not known. */
static bool is_of_the_worst(struct prediction *p, struct json_object *model)
{
	struct json_object *basis = json_at(model, "basis", NULL);
	bool preserved = json_at(report_of(p), "readiness", "preserved", NULL);

	if (json_object_get_boolean(json_at(model, "kaslr", NULL)))
		return true;
	for (size_t i = 0; i < array_length(basis) && !preserved; i++) {
		struct json_object *o = json_object_array_get_idx(basis, i);

		if (!strncmp(json_text(json_at(o, "what", NULL)), "scratch is extended", 19) &&
		    !strncmp(json_text(json_at(o, "how", NULL)), "yes", 3))
			return true;
	}
	return false;
}

static void put_things(struct prediction *p)
{
	struct json_object *model = json_at(report_of(p), "model", NULL);

	p->has_things = !strcmp(json_text(json_at(model, "outcome", NULL)), "up");
	if (!p->has_things)
		return;
	p->at_worst = is_of_the_worst(p, model);
	put_crashkernel(p, model);
	put_log_buf(p, model);
	if (u64_or_0(model, "swiotlb_wanted_bytes")) {
		seen_put(&p->things, SEEN_SWIOTLB_WANTED, u64_or_0(model, "swiotlb_wanted_bytes"));
		seen_put(&p->things, SEEN_SWIOTLB, u64_or_0(model, "swiotlb_bytes"));
	}
	if (u64_or_0(model, "hugepages_wanted")) {
		seen_put(&p->things, SEEN_GIGANTIC_WANTED, u64_or_0(model, "hugepages_wanted"));
		seen_put(&p->things, SEEN_GIGANTIC, u64_or_0(model, "hugepages"));
	}
	seen_put(&p->things, SEEN_MAP_OFF_NODE, u64_or_0(model, "map_off_node_bytes"));
	if (p->machine.memory_known && !u64_or_0(model, "cut_bytes"))
		seen_put(&p->things, SEEN_MEMORY, kho_ranges_bytes(&p->machine.memory));
}

static void take_facts(struct prediction *p)
{
	struct json_object *successor = json_at(report_of(p), "successor", NULL);

	for (enum kho_fact_id id = 0; id < KHO_FACT_NR; id++)
		if (get_u64(successor, kho_fact_name(id), &p->fact[id]))
			p->facts |= 1u << id;
}

/* ---- reading ---- */

static int read_machine(struct prediction *p, struct kho_err *err)
{
	struct json_object *machine = json_at(p->record, "machine", NULL);
	struct snapshot_reader *reader;
	const char *text;
	int ret;

	if (!machine)
		return kho_fail(err, EBADMSG, "no record: it has no machine");
	text = json_object_to_json_string_ext(machine, JSON_C_TO_STRING_PLAIN);
	reader = text ? snapshot_reader_create() : NULL;
	if (!reader)
		return kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
	ret = snapshot_parse(reader, text, strlen(text), &p->machine, err);
	if (ret)
		p->machine = (struct machine){ 0 };
	snapshot_reader_destroy(reader);
	return ret;
}

int prediction_init(struct json_object *record, struct prediction *p, struct kho_err *err)
{
	struct json_object *load = json_at(record, "load", NULL), *cmdline;
	uint64_t schema;
	int ret;

	*p = (struct prediction){ .record = record };
	if (!get_u64(record, "kexec_kho_record", &schema) || !report_of(p) || !load)
		ret = kho_fail(err, EBADMSG, "no record of --kho-record");
	else if (schema != KHO_RECORD_SCHEMA)
		ret = kho_fail(err, ENOTSUP, "a record of version %llu, this program reads %d",
			       (unsigned long long)schema, KHO_RECORD_SCHEMA);
	else
		ret = read_machine(p, err);
	if (ret) {
		prediction_deinit(p);
		return ret;
	}
	copy(p->time, sizeof(p->time), json_text(json_at(record, "time", NULL)));
	copy(p->boot_id, sizeof(p->boot_id), json_text(json_at(record, "boot_id", NULL)));
	copy(p->mode, sizeof(p->mode), json_text(json_at(load, "mode", NULL)));
	copy(p->build_id, sizeof(p->build_id), json_text(json_at(load, "build_id", NULL)));
	copy(p->verdict, sizeof(p->verdict), json_text(json_at(report_of(p), "verdict", NULL)));
	copy(p->release, sizeof(p->release),
	     json_text(json_at(report_of(p), "successor", "release", NULL)));
	cmdline = json_at(load, "cmdline", NULL);
	p->cmdline = cmdline ? json_text(cmdline) : NULL;
	p->outcome = outcome_of(p);
	put_things(p);
	take_facts(p);
	return 0;
}

static int parse_record(const struct kho_buffer *text, struct json_object **record,
			struct kho_err *err)
{
	struct json_tokener *tokener = json_tokener_new_ex(32);
	enum json_tokener_error error;

	if (!tokener)
		return kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
	*record = json_tokener_parse_ex(tokener, (const char *)text->data, (int)text->size);
	error = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	if (*record && error == json_tokener_success)
		return 0;
	json_object_put(*record);
	return kho_fail(err, EBADMSG, "no record: it is no JSON, or cut short");
}

int prediction_read(const char *path, struct prediction *p, struct kho_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret;
	struct kho_buffer text = { 0 };
	struct json_object *record = NULL;

	if (fd < 0)
		return kho_fail(err, errno, "%s: %s", path, strerror(errno));
	ret = read_file(fd, KHO_RECORD_LIMIT_BYTES, &text, err);
	close(fd);
	if (!ret)
		ret = parse_record(&text, &record, err);
	kho_buffer_deinit(&text);
	if (!ret)
		ret = prediction_init(record, p, err);
	if (!ret)
		copy(p->path, sizeof(p->path), path);
	else
		kho_err_prefix(err, "%s: ", path);
	return ret;
}

void prediction_deinit(struct prediction *p)
{
	machine_deinit(&p->machine);
	json_object_put(p->record);
	*p = (struct prediction){ 0 };
}
