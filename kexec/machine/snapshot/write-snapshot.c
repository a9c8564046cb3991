// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/output.h"
#include "machine/snapshot/enum-words.h"
#include "machine/snapshot/snapshot.h"
#include "machine/snapshot/value.h"
#include "producers/producer.h"

/* What is not known is left out. */
static void put_known(struct builder *b, struct json_object *to, const char *key,
		      const char *value)
{
	if (value && *value)
		put_string(b, to, key, value);
}

/* "1000-a0000@0,100000-80000000@1": half-open, hexadecimal, the node where there is one. */
static void put_ranges(struct builder *b, struct json_object *to, const char *key,
		       const struct kho_ranges *ranges)
{
	char *text = NULL;
	size_t bytes;
	FILE *f = open_memstream(&text, &bytes);

	if (!f) {
		b->failed = true;
		return;
	}
	for (size_t i = 0; i < ranges->n; i++) {
		const struct kho_range *r = &ranges->r[i];

		fprintf(f, "%s%llx-%llx", i ? "," : "", (unsigned long long)r->start_pa,
			(unsigned long long)r->end_pa);
		if (r->node != KHO_NO_NODE)
			fprintf(f, "@%d", r->node);
	}
	/* A list that was cut short would take RAM away. */
	if (kho_output_close(f))
		b->failed = true;
	else
		put(b, to, key, made(b, json_object_new_string(text)));
	free(text);
}

/*
 * "0-31@0,32-63@1": runs of CPUs of one node.  The running kernel's own, where those are all that is
 * known, go without cpus_source: the reader tells by that.
 */
static void put_cpus(struct builder *b, struct json_object *to, const struct machine *m)
{
	unsigned int n = m->possible_cpus ? m->possible_cpus : m->own_cpus;
	const int *node = m->possible_cpus ? m->cpu_node : m->own_cpu_node;
	struct kho_ranges runs = { 0 };

	for (unsigned int cpu = 0, end; cpu < n && !b->failed; cpu = end) {
		for (end = cpu + 1; end < n && node[end] == node[cpu]; end++)
			;
		b->failed = kho_ranges_add(&runs, cpu, end, node[cpu]);
	}
	if (runs.n)
		put_ranges(b, to, "cpus", &runs);
	kho_ranges_deinit(&runs);
}

static void put_flags(struct builder *b, struct json_object *to, const struct machine *m)
{
	struct json_object *flags;

	if (!m->cpu_flags_known && !m->lpa2_known)
		return;
	flags = made(b, json_object_new_array());
	if (m->five_level)
		push(b, flags, made(b, json_object_new_string("la57")));
	if (m->lpa2)
		push(b, flags, made(b, json_object_new_string("lpa2")));
	if (m->gbpages)
		push(b, flags, made(b, json_object_new_string("pdpe1gb")));
	put(b, to, "cpu_flags", flags);
}

static void put_scratch(struct builder *b, struct json_object *to, const struct machine *m)
{
	struct json_object *o;

	if (!m->scratch_known)
		return;
	o = made(b, json_object_new_object());
	put_ranges(b, o, "areas", &m->scratch);
	put_known(b, o, "source", m->scratch_source);
	put(b, to, "scratch", o);
}

/* Also where the nodes leave too much open for it to count as known: reports name them. */
static void put_memory(struct builder *b, struct json_object *to, const struct machine *m)
{
	struct json_object *o;

	if (!m->memory.n && !m->memory_source && !m->node_source && !m->late.n)
		return;
	o = made(b, json_object_new_object());
	put_bool(b, o, "known", m->memory_known);
	put_ranges(b, o, "ranges", &m->memory);
	put_known(b, o, "source", m->memory_source);
	put_known(b, o, "node_source", m->node_source);
	if (m->unmapped.n)
		put_ranges(b, o, "unmapped", &m->unmapped);
	if (m->uefi)
		put_bool(b, o, "uefi", true);
	if (m->boot_services_known)
		put_ranges(b, o, "boot_services", &m->boot_services);
	if (m->firmware_ranges)
		put_int(b, o, "firmware_ranges", (int)m->firmware_ranges);
	if (m->firmware_ranges > MACHINE_E820_PASSED)
		put_ranges(b, o, "lost", &m->lost);
	if (m->late.n)
		put_ranges(b, o, "late", &m->late);
	put(b, to, "memory", o);
}

/* ["/luo-session", "luo-v5"]: the node, then its strings. */
static struct json_object *compatible_array(struct builder *b, const struct handover_compatible *c)
{
	struct json_object *array = made(b, json_object_new_array());

	push(b, array, made(b, json_object_new_string(c->node)));
	for (size_t i = 0; i < c->nr_texts; i++)
		push(b, array, made(b, json_object_new_string(c->text[i])));
	return array;
}

static struct json_object *producer_object(struct builder *b, const struct handover_producer *p)
{
	const struct producer *known = producer_by_name(p->name);
	struct json_object *o = made(b, json_object_new_object());
	struct json_object *list;

	put(b, o, "name", made(b, json_object_new_string(p->name)));
	put_bool(b, o, "read", p->read == HANDOVER_BLOB_WHOLE);
	if (p->read == HANDOVER_BLOB_PART)
		put_bool(b, o, "part", true);
	put_known(b, o, "trouble", p->trouble);
	put_bool(b, o, "fdt", p->is_fdt);
	if (p->blob_bytes)
		put_u64(b, o, "bytes", p->blob_bytes);
	if (p->nr_compatibles) {
		list = made(b, json_object_new_array());
		for (size_t i = 0; i < p->nr_compatibles; i++)
			push(b, list, compatible_array(b, &p->compatible[i]));
		put(b, o, "compatible", list);
	}
	if (known && known->save && !known->state_beside)
		known->save(b, o, p);
	return o;
}

static void put_tree(struct builder *b, struct json_object *to, const char *key,
		     const struct handover_tree *tree)
{
	struct json_object *o, *list;

	/* Where the tree is not shown, its producers may be. */
	if (tree->state == HANDOVER_ABSENT && !tree->nr_producers && !tree->preserved_map_pa &&
	    !tree->producers_trouble)
		return;
	o = made(b, json_object_new_object());
	put_string(b, o, "state", snapshot_states[tree->state]);
	put_known(b, o, "source", tree->source);
	if (tree->root.node)
		put(b, o, "root", compatible_array(b, &tree->root));
	if (tree->nr_producers) {
		list = made(b, json_object_new_array());
		for (size_t i = 0; i < tree->nr_producers; i++)
			push(b, list, producer_object(b, &tree->producer[i]));
		put(b, o, "producers", list);
	}
	put_known(b, o, "producers_trouble", tree->producers_trouble);
	if (tree->preserved_map_pa)
		put_u64(b, o, "preserved_map", tree->preserved_map_pa);
	put(b, to, key, o);
}

/*
 * Bytes of [@lo, @hi) that are in @ranges, which ascend and do not overlap; neither do
 * the blocks that are asked for, so that *@at only moves on.
 */
static uint64_t bytes_in(const struct kho_ranges *ranges, size_t *at, uint64_t lo, uint64_t hi)
{
	uint64_t bytes = 0;

	while (*at < ranges->n && ranges->r[*at].end_pa <= lo)
		++*at;
	for (size_t i = *at; i < ranges->n && ranges->r[i].start_pa < hi; i++) {
		const struct kho_range *r = &ranges->r[i];
		uint64_t start_pa = r->start_pa > lo ? r->start_pa : lo;
		uint64_t end_pa = r->end_pa < hi ? r->end_pa : hi;

		bytes += end_pa - start_pa;
	}
	return bytes;
}

/*
 * Whole blocks that any of @from touches, but only those of RAM and of no area: what
 * lies in an area, or where there is no RAM, stays exact.
 */
static int round_to_blocks(const struct kho_ranges *memory, const struct kho_ranges *areas,
			   const struct kho_ranges *from, struct kho_ranges *blocks)
{
	const uint64_t block = SNAPSHOT_PRESERVED_BLOCK_BYTES;
	size_t at_memory = 0, at_area = 0;
	uint64_t done_pa = 0;
	int ret = 0;

	for (size_t i = 0; i < from->n && !ret; i++) {
		const struct kho_range *r = &from->r[i];
		uint64_t pa = r->start_pa > done_pa ? r->start_pa : done_pa;

		while (pa < r->end_pa && !ret) {
			uint64_t lo = pa / block * block, hi = lo + block;
			bool whole = bytes_in(memory, &at_memory, lo, hi) == block &&
				     !bytes_in(areas, &at_area, lo, hi);

			ret = kho_ranges_add(blocks, whole ? lo : pa,
					     whole || hi < r->end_pa ? hi : r->end_pa, KHO_NO_NODE);
			pa = hi;
			done_pa = whole ? hi : done_pa;
		}
	}
	kho_ranges_normalise(blocks);
	return ret;
}

static void put_reduced(struct builder *b, struct json_object *to, const char *key,
			const struct machine *m, const struct kho_ranges *ranges)
{
	struct kho_ranges areas = { 0 }, blocks = { 0 };

	if (ranges->n <= SNAPSHOT_PRESERVED_EXACT) {
		put_ranges(b, to, key, ranges);
		return;
	}
	if (machine_sort_areas(m, &areas) || round_to_blocks(&m->memory, &areas, ranges, &blocks))
		b->failed = true;
	put_ranges(b, to, key, &blocks);
	put_u64(b, to, "block_bytes", SNAPSHOT_PRESERVED_BLOCK_BYTES);
	kho_ranges_deinit(&areas);
	kho_ranges_deinit(&blocks);
}

static void put_preserved(struct builder *b, struct json_object *to, const struct machine *m)
{
	const struct machine_handover *h = &m->handover;
	struct json_object *o;

	if (!h->preserved_known && !h->preserved_trouble)
		return;
	o = made(b, json_object_new_object());
	if (h->preserved_known)
		put_reduced(b, o, "ranges", m, &h->preserved);
	if (h->preserved.n > SNAPSHOT_PRESERVED_EXACT)
		put_u64(b, o, "count", h->preserved_rounded ? h->preserved_count : h->preserved.n);
	if (h->preserved_map.n)
		put_reduced(b, o, "map", m, &h->preserved_map);
	put_known(b, o, "source", h->preserved_source);
	put_known(b, o, "trouble", h->preserved_trouble);
	put(b, to, "preserved", o);
}

static void put_beside(struct builder *b, struct json_object *to, const struct handover_tree *out)
{
	for (size_t i = 0; i < out->nr_producers; i++) {
		const struct producer *known = producer_by_name(out->producer[i].name);

		if (known && known->save && known->state_beside)
			known->save(b, to, &out->producer[i]);
	}
}

static void put_handover(struct builder *b, struct json_object *to, const struct machine *m)
{
	const struct machine_handover *h = &m->handover;
	struct json_object *o = made(b, json_object_new_object());

	put_tree(b, o, "out", &h->out);
	put_tree(b, o, "in", &h->in);
	put_string(b, o, "finalized", snapshot_finalized[h->finalized]);
	put_known(b, o, "previous_release", h->previous_release);
	if (h->hops >= 0)
		put(b, o, "hops", made(b, json_object_new_int64(h->hops)));
	put_beside(b, o, &h->out);
	put_preserved(b, o, m);
	put(b, to, "handover", o);
}

static void put_gaps(struct builder *b, struct json_object *to, const struct kho_findings *gaps)
{
	struct json_object *array;

	if (!gaps->n)
		return;
	array = made(b, json_object_new_array());
	for (size_t i = 0; i < gaps->n; i++) {
		struct json_object *o = made(b, json_object_new_object());

		put_string(b, o, "id", kho_finding_name(gaps->f[i].id));
		put(b, o, "message", made(b, json_object_new_string(gaps->f[i].message)));
		put_known(b, o, "remedy", gaps->f[i].remedy);
		push(b, array, o);
	}
	put(b, to, "gaps", array);
}

static void put_device_tree(struct builder *b, struct json_object *to, const struct machine *m)
{
	struct json_object *o;

	if (!m->device_tree.known)
		return;
	o = made(b, json_object_new_object());
	put_int(b, o, "nodes", (int)m->device_tree.nodes);
	put_int(b, o, "properties", (int)m->device_tree.properties);
	put_u64(b, o, "names_bytes", m->device_tree.names_bytes);
	put(b, to, "device_tree", o);
}

static int make_line(const struct machine *m, char **line)
{
	struct builder b = { false };
	struct json_object *o = made(&b, json_object_new_object());
	const char *text;
	int ret = 0;

	put_int(&b, o, "kho_machine", SNAPSHOT_VERSION);
	put_known(&b, o, "host", m->host);
	put_known(&b, o, "release", m->release);
	put_known(&b, o, "arch", m->arch);
	put_known(&b, o, "arch_source", m->arch_source);
	if (m->page_bytes)
		put_u64(&b, o, "page_bytes", m->page_bytes);
	if (m->cmdline)
		put(&b, o, "cmdline", made(&b, json_object_new_string(m->cmdline)));
	put_cpus(&b, o, m);
	put_known(&b, o, "cpus_source", m->cpus_source);
	if (m->ima_bytes)
		put_u64(&b, o, "ima_bytes", m->ima_bytes);
	if (m->possible_end_pa)
		put_u64(&b, o, "possible_end", m->possible_end_pa);
	if (m->possible_nodes)
		put_int(&b, o, "possible_nodes", (int)m->possible_nodes);
	put_flags(&b, o, m);
	put_scratch(&b, o, m);
	put_memory(&b, o, m);
	put_device_tree(&b, o, m);
	put_handover(&b, o, m);
	snapshot_put_dma(&b, o, &m->dma);
	put_gaps(&b, o, &m->gaps);
	text = b.failed ? NULL : json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
							       JSON_C_TO_STRING_NOSLASHESCAPE);
	*line = NULL;
	if (!text || asprintf(line, "%s\n", text) < 0)
		ret = -ENOMEM;
	json_object_put(o);
	return ret;
}

/* What its own reader would refuse helps nobody later. */
static int read_back(const char *line, struct kho_err *err)
{
	struct snapshot_reader *reader = snapshot_reader_create();
	struct machine m;
	int ret = -ENOMEM;

	if (reader)
		ret = snapshot_parse(reader, line, strlen(line), &m, err);
	snapshot_reader_destroy(reader);
	if (!ret)
		machine_deinit(&m);
	return ret;
}

int snapshot_write(const struct machine *m, char **line, struct kho_err *err)
{
	int ret = make_line(m, line);

	if (ret)
		return kho_fail(err, -ret, "%s", strerror(-ret));
	ret = read_back(*line, err);
	if (ret == -ENOMEM)
		kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
	else if (ret)
		kho_err_prefix(err, "this machine has no snapshot, judge it where it is: ");
	if (ret) {
		free(*line);
		*line = NULL;
	}
	return ret;
}

int snapshot_save(const struct machine *m, const char *path, struct kho_err *err)
{
	const char *name = strcmp(path, "-") ? path : "stdout";
	char *line;
	int ret = snapshot_write(m, &line, err);

	if (ret) {
		kho_err_prefix(err, "%s: ", name);
		return ret;
	}
	ret = kho_output_save(path, line);
	free(line);
	return ret ? kho_fail(err, -ret, "%s: %s", name, strerror(-ret)) : 0;
}
