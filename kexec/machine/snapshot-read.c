// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "machine/number.h"
#include "machine/snapshot-names.h"
#include "machine/snapshot.h"

#define DEPTH_LIMIT	8
#define MAX_AREAS	4096	/* as where a tree's areas are read */
#define MAX_CPUS	65536
#define MAX_NODE	4095
#define LISTED_LIMIT	4096	/* producers, nodes of one, regions, gaps */

/* Where the sources of a machine stand that did not come from a tree. */
#define SOURCE_BYTES	128

enum {
	SOURCE_SCRATCH, SOURCE_MEMORY, SOURCE_NODES, SOURCE_OUT, SOURCE_IN, SOURCE_PRESERVED,
	SOURCE_NR
};

struct snapshot_reader {
	struct json_tokener *tokener;
};

struct reading {
	struct machine *m;
	struct kho_err *err;
};

struct snapshot_reader *snapshot_reader_create(void)
{
	struct snapshot_reader *reader = malloc(sizeof(*reader));

	if (!reader)
		return NULL;
	reader->tokener = json_tokener_new_ex(DEPTH_LIMIT);
	if (!reader->tokener) {
		free(reader);
		return NULL;
	}
	json_tokener_set_flags(reader->tokener, JSON_TOKENER_STRICT);
	return reader;
}

void snapshot_reader_destroy(struct snapshot_reader *reader)
{
	if (!reader)
		return;
	json_tokener_free(reader->tokener);
	free(reader);
}

/* Says what is wrong with the value at @at ("$.memory"), or with @key of it. */
static int bad(const struct reading *r, const char *at, const char *key, const char *what)
{
	return kho_fail(r->err, EBADMSG, "%s%s%s: %s", at, key ? "." : "", key ? key : "", what);
}

/* The value of @key; absent and null are the same: not known, NULL. */
static int get(const struct reading *r, struct json_object *o, const char *at, const char *key,
	       enum json_type type, struct json_object **value)
{
	if (!json_object_object_get_ex(o, key, value))
		*value = NULL;
	if (*value && json_object_get_type(*value) != type) {
		char what[48];

		snprintf(what, sizeof(what), "not of type %s", json_type_to_name(type));
		return bad(r, at, key, what);
	}
	return 0;
}

/* A copy of a string, printable; text behind a NUL would be lost without a word. */
static int copy_string(const struct reading *r, struct json_object *value, const char *at,
		       const char *key, char **copy)
{
	const char *text;

	if (!value || json_object_get_type(value) != json_type_string)
		return bad(r, at, key, "not of type string");
	text = json_object_get_string(value);
	if (strlen(text) != (size_t)json_object_get_string_len(value))
		return bad(r, at, key, "a NUL in a string");
	*copy = strdup(text);
	if (!*copy)
		return -ENOMEM;
	kho_make_printable(*copy);
	return 0;
}

static int get_string(const struct reading *r, struct json_object *o, const char *at,
		      const char *key, char **copy)
{
	struct json_object *value;
	int ret = get(r, o, at, key, json_type_string, &value);

	*copy = NULL;
	return ret || !value ? ret : copy_string(r, value, at, key, copy);
}

/* Into an array of @bytes; "" where it is not there. */
static int get_name(const struct reading *r, struct json_object *o, const char *at,
		    const char *key, char *name, size_t bytes)
{
	char *text;
	int ret = get_string(r, o, at, key, &text);

	name[0] = '\0';
	if (!ret && text && strlen(text) >= bytes)
		ret = bad(r, at, key, "too long");
	if (!ret && text)
		strcpy(name, text);
	free(text);
	return ret;
}

static int get_source(const struct reading *r, struct json_object *o, const char *at,
		      const char *key, unsigned int which, const char **source)
{
	char *text = r->m->source_texts + which * SOURCE_BYTES;
	int ret = get_name(r, o, at, key, text, SOURCE_BYTES);

	if (!ret && *text)
		*source = text;
	return ret;
}

static int get_u64(const struct reading *r, struct json_object *o, const char *at,
		   const char *key, uint64_t limit, uint64_t *number)
{
	struct json_object *value;
	int ret = get(r, o, at, key, json_type_int, &value);

	*number = 0;
	if (ret || !value)
		return ret;
	if (json_object_get_int64(value) < 0)
		return bad(r, at, key, "below 0");
	*number = json_object_get_uint64(value);
	return *number > limit ? bad(r, at, key, "too large") : 0;
}

static int get_bool(const struct reading *r, struct json_object *o, const char *at,
		    const char *key, bool *flag)
{
	struct json_object *value;
	int ret = get(r, o, at, key, json_type_boolean, &value);

	*flag = !ret && value && json_object_get_boolean(value);
	return ret;
}

/* "start-end" or "start-end@node", hexadecimal; @at ends up behind it. */
static bool parse_range(const char **at, struct kho_range *range)
{
	uint64_t node;

	range->node = KHO_NO_NODE;
	if (number_parse(at, 16, &range->start_pa) || *(*at)++ != '-' ||
	    number_parse(at, 16, &range->end_pa) || range->end_pa < range->start_pa)
		return false;
	if (**at != '@')
		return true;
	++*at;
	if (number_parse(at, 10, &node) || node > MAX_NODE)
		return false;
	range->node = (int)node;
	return true;
}

/* What kind of list of ranges it is. */
struct rules {
	uint64_t limit;		/* no end above this */
	bool ascending;		/* and without overlap */
	bool nodes;		/* each has one; else none has */
	bool nodes_optional;
};

static int get_ranges(const struct reading *r, struct json_object *o, const char *at,
		      const char *key, const struct rules *rules, struct kho_ranges *ranges)
{
	struct json_object *value;
	uint64_t last = 0;
	const char *p;
	int ret = get(r, o, at, key, json_type_string, &value);

	if (ret || !value)
		return ret ? ret : bad(r, at, key, "absent");
	for (p = json_object_get_string(value); *p; p += *p == ',') {
		struct kho_range range;
		char what[64];

		snprintf(what, sizeof(what), "range %zu is not a range that can be", ranges->n + 1);
		if (!parse_range(&p, &range) || (*p && (*p != ',' || !p[1])) ||
		    range.end_pa > rules->limit || (rules->ascending && range.start_pa < last))
			return bad(r, at, key, what);
		if (!rules->nodes_optional && rules->nodes != (range.node != KHO_NO_NODE))
			return bad(r, at, key, what);
		last = range.end_pa;
		if (kho_ranges_add(ranges, range.start_pa, range.end_pa, range.node))
			return -ENOMEM;
	}
	return 0;
}

static int read_cpus(const struct reading *r, struct json_object *o)
{
	static const struct rules rules = { .limit = MAX_CPUS, .ascending = true,
					    .nodes_optional = true };
	struct kho_ranges runs = { 0 };
	struct machine *m = r->m;
	int ret = 0;

	if (json_object_object_get_ex(o, "cpus", NULL))
		ret = get_ranges(r, o, "$", "cpus", &rules, &runs);
	if (!ret && runs.n) {
		m->cpu_node = malloc(runs.r[runs.n - 1].end_pa * sizeof(*m->cpu_node) + 1);
		if (!m->cpu_node)
			ret = -ENOMEM;
	}
	for (size_t i = 0; i < runs.n && !ret; i++) {
		if (runs.r[i].start_pa != m->possible_cpus)
			ret = bad(r, "$", "cpus", "not all CPUs from 0 on");
		for (uint64_t cpu = runs.r[i].start_pa; cpu < runs.r[i].end_pa && !ret; cpu++)
			m->cpu_node[m->possible_cpus++] = runs.r[i].node;
	}
	kho_ranges_deinit(&runs);
	return ret;
}

static int read_flags(const struct reading *r, struct json_object *o)
{
	struct json_object *flags;
	int ret = get(r, o, "$", "cpu_flags", json_type_array, &flags);

	if (ret || !flags)
		return ret;
	r->m->cpu_flags_known = true;
	for (size_t i = 0; i < json_object_array_length(flags); i++) {
		struct json_object *flag = json_object_array_get_idx(flags, i);

		if (json_object_get_type(flag) != json_type_string)
			return bad(r, "$", "cpu_flags", "not of type string");
		r->m->five_level |= !strcmp(json_object_get_string(flag), "la57");
		r->m->gbpages |= !strcmp(json_object_get_string(flag), "pdpe1gb");
	}
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct kho_range *x = a, *y = b;

	return (x->start_pa > y->start_pa) - (x->start_pa < y->start_pa);
}

/* The kernel never makes two areas that overlap. */
static int check_overlap(const struct reading *r, const struct kho_ranges *areas)
{
	struct kho_range *sorted = calloc(areas->n, sizeof(*sorted));
	int ret = 0;

	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, areas->r, areas->n * sizeof(*sorted));
	qsort(sorted, areas->n, sizeof(*sorted), by_start);
	for (size_t i = 1; i < areas->n && !ret; i++)
		if (sorted[i].start_pa < sorted[i - 1].end_pa)
			ret = bad(r, "$.scratch", "areas", "two areas overlap");
	free(sorted);
	return ret;
}

static int read_scratch(const struct reading *r, struct json_object *o)
{
	static const struct rules rules = { .limit = MACHINE_PA_LIMIT };
	struct machine *m = r->m;
	struct json_object *scratch;
	int ret = get(r, o, "$", "scratch", json_type_object, &scratch);

	if (ret || !scratch)
		return ret;
	ret = get_ranges(r, scratch, "$.scratch", "areas", &rules, &m->scratch);
	if (!ret && !m->scratch.n)
		ret = bad(r, "$.scratch", "areas", "no areas");
	if (!ret && m->scratch.n > MAX_AREAS)
		ret = bad(r, "$.scratch", "areas", "more than 4096 areas");
	if (!ret)
		ret = check_overlap(r, &m->scratch);
	if (!ret)
		ret = get_source(r, scratch, "$.scratch", "source", SOURCE_SCRATCH,
				 &m->scratch_source);
	m->scratch_known = !ret;
	return ret;
}

static int read_memory(const struct reading *r, struct json_object *o)
{
	static const struct rules rules = { .limit = MACHINE_PA_LIMIT, .ascending = true,
					    .nodes = true };
	static const char at[] = "$.memory";
	struct machine *m = r->m;
	struct json_object *memory;
	static const struct rules late = { .limit = MACHINE_PA_LIMIT, .ascending = true };
	uint64_t firmware_ranges = 0;
	int ret = get(r, o, "$", "memory", json_type_object, &memory);

	if (ret || !memory)
		return ret;
	ret = get_bool(r, memory, at, "known", &m->memory_known);
	if (!ret)
		ret = get_ranges(r, memory, at, "ranges", &rules, &m->memory);
	if (!ret && m->memory_known && !kho_ranges_bytes(&m->memory))
		ret = bad(r, at, "ranges", "no memory");
	if (!ret)
		ret = get_source(r, memory, at, "source", SOURCE_MEMORY, &m->memory_source);
	if (!ret)
		ret = get_source(r, memory, at, "node_source", SOURCE_NODES, &m->node_source);
	if (!ret && m->memory_known && (!m->memory_source || !m->node_source))
		ret = bad(r, at, NULL, "source or node_source is absent");
	if (!ret)
		ret = get_u64(r, memory, at, "firmware_ranges", 1 << 20, &firmware_ranges);
	m->firmware_ranges = (unsigned int)firmware_ranges;
	if (!ret && json_object_object_get_ex(memory, "late", NULL))
		ret = get_ranges(r, memory, at, "late", &late, &m->late);
	return ret;
}

/* An array of at least one string behind the first, which is a node's path. */
static int read_compatible(const struct reading *r, struct json_object *array, const char *at,
			   struct handover_compatible *c)
{
	size_t n = json_object_get_type(array) == json_type_array ?
		   json_object_array_length(array) : 0;
	int ret;

	if (n < 2 || n > LISTED_LIMIT)
		return bad(r, at, NULL, "not an array of a node and its compatible strings");
	ret = copy_string(r, json_object_array_get_idx(array, 0), at, NULL, &c->node);
	c->text = ret ? NULL : calloc(n - 1, sizeof(*c->text));
	if (!ret && !c->text)
		ret = -ENOMEM;
	for (size_t i = 1; i < n && !ret; i++) {
		ret = copy_string(r, json_object_array_get_idx(array, i), at, NULL,
				  &c->text[c->nr_texts]);
		c->nr_texts += !ret;
	}
	return ret;
}

/* Array @key of @o, which may be absent: its length, and room for as many things. */
static int start_list(const struct reading *r, struct json_object *o, const char *at,
		      const char *key, size_t size, struct json_object **array, void **things)
{
	int ret = get(r, o, at, key, json_type_array, array);
	size_t n = !ret && *array ? json_object_array_length(*array) : 0;

	*things = NULL;
	if (ret || !n)
		return ret;
	if (n > LISTED_LIMIT)
		return bad(r, at, key, "more than 4096 of them");
	*things = calloc(n, size);
	return *things ? 0 : -ENOMEM;
}

static size_t listed(struct json_object *array)
{
	return array ? json_object_array_length(array) : 0;
}

static int read_producer(const struct reading *r, struct json_object *o, const char *at,
			 struct handover_producer *p)
{
	struct json_object *array = NULL;
	int ret;

	if (json_object_get_type(o) != json_type_object)
		return bad(r, at, NULL, "not of type object");
	ret = get_string(r, o, at, "name", &p->name);
	if (!ret && !p->name)
		ret = bad(r, at, "name", "absent");
	if (!ret)
		ret = get_bool(r, o, at, "read", &p->read);
	if (!ret)
		ret = get_bool(r, o, at, "fdt", &p->is_fdt);
	if (!ret)
		ret = get_u64(r, o, at, "bytes", INT64_MAX, &p->blob_bytes);
	if (!ret)
		ret = start_list(r, o, at, "compatible", sizeof(*p->compatible), &array,
				 (void **)&p->compatible);
	for (size_t i = 0; !ret && i < listed(array); i++)
		ret = read_compatible(r, json_object_array_get_idx(array, i), at,
				      &p->compatible[p->nr_compatibles++]);
	if (!ret)
		ret = start_list(r, o, at, "reserve_mem", sizeof(*p->reserve_mem), &array,
				 (void **)&p->reserve_mem);
	for (size_t i = 0; !ret && i < listed(array); i++) {
		ret = copy_string(r, json_object_array_get_idx(array, i), at, "reserve_mem",
				  &p->reserve_mem[p->nr_reserve_mem]);
		p->nr_reserve_mem += !ret;
	}
	return ret;
}

/* Which of @names stands at @key?  Absent: @otherwise. */
static int get_word(const struct reading *r, struct json_object *o, const char *at,
		    const char *key, const char *const names[], int n, int otherwise, int *word)
{
	char text[32];
	int ret = get_name(r, o, at, key, text, sizeof(text));

	*word = otherwise;
	if (ret || !text[0])
		return ret;
	for (*word = 0; *word < n; ++*word)
		if (!strcmp(text, names[*word]))
			return 0;
	return bad(r, at, key, "no word that can stand there");
}

static int read_tree(const struct reading *r, struct json_object *handover, const char *key,
		     unsigned int source, struct handover_tree *tree)
{
	struct json_object *o, *root, *array = NULL;
	char at[48];
	int ret = get(r, handover, "$.handover", key, json_type_object, &o), state;

	if (ret || !o)
		return ret;
	snprintf(at, sizeof(at), "$.handover.%s", key);
	ret = get_word(r, o, at, "state", snapshot_states, SNAPSHOT_STATES, HANDOVER_MALFORMED,
		       &state);
	if (ret)
		return ret;
	tree->state = state;
	ret = get_source(r, o, at, "source", source, &tree->source);
	if (!ret)
		ret = get(r, o, at, "root", json_type_array, &root);
	if (!ret && root)
		ret = read_compatible(r, root, at, &tree->root);
	if (!ret && !root && tree->state == HANDOVER_READ)
		ret = bad(r, at, "root", "absent");
	if (!ret && !tree->source && tree->state == HANDOVER_READ)
		ret = bad(r, at, "source", "absent");
	if (!ret)
		ret = get_u64(r, o, at, "preserved_map", MACHINE_PA_LIMIT,
			      &tree->preserved_map_pa);
	if (!ret)
		ret = start_list(r, o, at, "producers", sizeof(*tree->producer), &array,
				 (void **)&tree->producer);
	for (size_t i = 0; !ret && i < listed(array); i++) {
		snprintf(at, sizeof(at), "$.handover.%s.producers[%zu]", key, i);
		ret = read_producer(r, json_object_array_get_idx(array, i), at,
				    &tree->producer[tree->nr_producers++]);
	}
	return ret;
}

static int read_preserved(const struct reading *r, struct json_object *handover)
{
	static const struct rules rules = { .limit = MACHINE_PA_LIMIT, .ascending = true };
	static const char at[] = "$.handover.preserved";
	struct machine_handover *h = &r->m->handover;
	struct json_object *o;
	int ret = get(r, handover, "$.handover", "preserved", json_type_object, &o);

	if (ret || !o)
		return ret;
	h->preserved_known = json_object_object_get_ex(o, "ranges", NULL);
	h->preserved_rounded = json_object_object_get_ex(o, "block_bytes", NULL);
	if (h->preserved_known)
		ret = get_ranges(r, o, at, "ranges", &rules, &h->preserved);
	if (!ret && json_object_object_get_ex(o, "map", NULL))
		ret = get_ranges(r, o, at, "map", &rules, &h->preserved_map);
	if (!ret)
		ret = get_string(r, o, at, "trouble", &h->preserved_trouble);
	if (!ret)
		ret = get_source(r, o, at, "source", SOURCE_PRESERVED, &h->preserved_source);
	if (!ret && !h->preserved_known && !h->preserved_trouble)
		ret = bad(r, at, NULL, "neither ranges nor trouble");
	return ret;
}

static int read_memfd(const struct reading *r, struct json_object *handover)
{
	struct handover_memfd *memfd = &r->m->handover.memfd;
	struct json_object *array;
	int ret = get(r, handover, "$.handover", "memfd", json_type_array, &array);

	if (ret || !array)
		return ret;
	memfd->known = true;
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *version = json_object_array_get_idx(array, i);

		if (i == HANDOVER_MEMFD_VERSIONS || json_object_get_int64(version) < 0 ||
		    json_object_get_type(version) != json_type_int ||
		    json_object_get_int64(version) > UINT32_MAX)
			return bad(r, "$.handover", "memfd", "not a few numbers of versions");
		memfd->version[memfd->n++] = (unsigned int)json_object_get_int64(version);
	}
	return 0;
}

static int read_handover(const struct reading *r, struct json_object *top)
{
	struct machine_handover *h = &r->m->handover;
	struct json_object *o;
	uint64_t hops;
	int ret = get(r, top, "$", "handover", json_type_object, &o), word;

	h->hops = -1;
	h->finalized = FINALIZED_UNKNOWN;
	if (ret || !o)
		return ret;
	ret = read_tree(r, o, "out", SOURCE_OUT, &h->out);
	if (!ret)
		ret = read_tree(r, o, "in", SOURCE_IN, &h->in);
	if (!ret)
		ret = get_word(r, o, "$.handover", "finalized", snapshot_finalized,
			       SNAPSHOT_FINALIZED, FINALIZED_UNKNOWN, &word);
	if (!ret) {
		h->finalized = word;
		ret = get_string(r, o, "$.handover", "previous_release", &h->previous_release);
	}
	if (!ret && json_object_object_get_ex(o, "hops", NULL)) {
		ret = get_u64(r, o, "$.handover", "hops", INT64_MAX, &hops);
		h->hops = (int64_t)hops;
	}
	if (!ret)
		ret = read_memfd(r, o);
	return ret ? ret : read_preserved(r, o);
}

static int read_gap(const struct reading *r, struct json_object *o, size_t i)
{
	char at[32], id[48];
	char *message = NULL, *remedy = NULL;
	enum kho_finding_id which = 0;
	int ret;

	snprintf(at, sizeof(at), "$.gaps[%zu]", i);
	if (json_object_get_type(o) != json_type_object)
		return bad(r, at, NULL, "not of type object");
	ret = get_name(r, o, at, "id", id, sizeof(id));
	while (which < KHO_F_NR && strcmp(kho_finding_name(which), id))
		which++;
	if (!ret && which == KHO_F_NR)
		ret = bad(r, at, "id", "no such finding in this version");
	if (!ret)
		ret = get_string(r, o, at, "message", &message);
	if (!ret && !message)
		ret = bad(r, at, "message", "absent");
	if (!ret)
		ret = get_string(r, o, at, "remedy", &remedy);
	if (!ret)
		ret = kho_findings_add(&r->m->gaps, which, remedy, "%s", message);
	free(message);
	free(remedy);
	return ret;
}

/* What is missing has its reason among the gaps: else it would read as fine. */
static int read_gaps(const struct reading *r, struct json_object *o)
{
	const struct machine *m = r->m;
	struct json_object *gaps;
	int ret = get(r, o, "$", "gaps", json_type_array, &gaps);

	if (!ret && listed(gaps) > LISTED_LIMIT)
		ret = bad(r, "$", "gaps", "more than 4096 of them");
	for (size_t i = 0; !ret && i < listed(gaps); i++)
		ret = read_gap(r, json_object_array_get_idx(gaps, i), i);
	if (ret || (m->scratch_known && m->memory_known) ||
	    kho_findings_verdict(&m->gaps) >= KHO_UNKNOWN)
		return ret;
	return bad(r, "$", m->scratch_known ? "memory" : "scratch",
		   "not known, and no gap says why");
}

static int read_version(const struct reading *r, struct json_object *o)
{
	uint64_t version;
	int ret;

	if (json_object_get_type(o) != json_type_object)
		return bad(r, "$", NULL, "not of type object");
	ret = get_u64(r, o, "$", "kho_machine", INT_MAX, &version);
	if (ret || version == SNAPSHOT_VERSION)
		return ret;
	if (!version)
		return bad(r, "$", "kho_machine", "absent: no snapshot of a machine");
	return kho_fail(r->err, ENOTSUP, "$.kho_machine: version %llu; this kexec reads version %d",
			(unsigned long long)version, SNAPSHOT_VERSION);
}

static int read_machine(const struct reading *r, struct json_object *o)
{
	struct machine *m = r->m;
	int ret = read_version(r, o);

	if (ret)
		return ret;
	m->source_texts = calloc(SOURCE_NR, SOURCE_BYTES);
	if (!m->source_texts)
		return -ENOMEM;
	ret = get_name(r, o, "$", "host", m->host, sizeof(m->host));
	if (!ret)
		ret = get_name(r, o, "$", "release", m->release, sizeof(m->release));
	if (!ret)
		ret = get_name(r, o, "$", "arch", m->arch, sizeof(m->arch));
	if (!ret)
		ret = get_u64(r, o, "$", "page_bytes", 1 << 20, &m->page_bytes);
	if (!ret)
		ret = get_string(r, o, "$", "cmdline", &m->cmdline);
	if (!ret)
		ret = read_cpus(r, o);
	if (!ret)
		ret = read_flags(r, o);
	if (!ret)
		ret = read_scratch(r, o);
	if (!ret)
		ret = read_memory(r, o);
	if (!ret)
		ret = read_handover(r, o);
	return ret ? ret : read_gaps(r, o);
}

int snapshot_parse(struct snapshot_reader *reader, const char *text, size_t bytes,
		   struct machine *m, struct kho_err *err)
{
	const struct reading r = { m, err };
	struct json_object *o;
	enum json_tokener_error error;
	int ret;

	*m = (struct machine){ 0 };
	if (bytes > SNAPSHOT_LIMIT_BYTES)
		return kho_fail(err, EFBIG, "more than %u KiB: no snapshot of a machine",
				SNAPSHOT_LIMIT_BYTES >> 10);
	json_tokener_reset(reader->tokener);
	o = json_tokener_parse_ex(reader->tokener, text, (int)bytes);
	error = json_tokener_get_error(reader->tokener);
	if (error == json_tokener_continue)
		return kho_fail(err, EBADMSG, "no JSON: it ends after %zu bytes, too early", bytes);
	if (error != json_tokener_success)
		return kho_fail(err, EBADMSG, "no JSON: byte %zu: %s",
				json_tokener_get_parse_end(reader->tokener),
				json_tokener_error_desc(error));
	ret = read_machine(&r, o);
	json_object_put(o);
	if (ret)
		machine_deinit(m);
	return ret;
}

/* All of @fd, at most one byte over the limit. */
static int read_all(int fd, char *text, size_t *bytes)
{
	*bytes = 0;
	while (*bytes <= SNAPSHOT_LIMIT_BYTES) {
		ssize_t n = read(fd, text + *bytes, SNAPSHOT_LIMIT_BYTES + 1 - *bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : 0;
		*bytes += (size_t)n;
	}
	return 0;
}

static int parse_file(int fd, struct machine *m, struct kho_err *err)
{
	struct snapshot_reader *reader = snapshot_reader_create();
	char *text = malloc(SNAPSHOT_LIMIT_BYTES + 1);
	size_t bytes;
	int ret = reader && text ? read_all(fd, text, &bytes) : -ENOMEM;

	if (!ret)
		ret = snapshot_parse(reader, text, bytes, m, err);
	free(text);
	snapshot_reader_destroy(reader);
	return ret;
}

int snapshot_read(const char *path, struct machine *m, struct kho_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return kho_fail(err, errno, "%s: %s", path, strerror(errno));
	if (err)
		err->text[0] = '\0';
	ret = parse_file(fd, m, err);
	if (ret && err && err->text[0])
		kho_err_prefix(err, "%s: ", path);
	else if (ret)
		kho_fail(err, -ret, "%s: %s", path, strerror(-ret));
	close(fd);
	return ret;
}

int snapshot_or_tree(const char *path, struct machine *m, struct kho_err *err)
{
	struct stat st;

	if (stat(path, &st) || S_ISDIR(st.st_mode))
		return machine_read(path, m, err);
	return snapshot_read(path, m, err);
}
