// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "check/estimate.h"
#include "model/toolbox/sections.h"

static uint64_t round_up(uint64_t value, uint64_t to)
{
	uint64_t rest = value % to;

	return rest ? value + (to - rest) : value;
}

uint64_t kho_section_map_bytes(const struct kho_sparsemem_shape *shape)
{
	uint64_t pages = (UINT64_C(1) << shape->section_size_bits) / shape->page_bytes;
	uint64_t unit = shape->vmemmap && shape->pmd_bytes ? shape->pmd_bytes : shape->page_bytes;

	return round_up(pages * shape->struct_page_bytes, unit);
}

static bool is_power_of_two(uint64_t v)
{
	return v && !(v & (v - 1));
}

/* Bounds that no kernel reaches keep the arithmetic below 2^64. */
static bool shape_is_sane(const struct kho_sparsemem_shape *shape)
{
	return is_power_of_two(shape->page_bytes) && shape->page_bytes >= 4096 &&
	       shape->page_bytes <= 1 << 20 &&
	       shape->struct_page_bytes && shape->struct_page_bytes <= 4096 &&
	       (!shape->pmd_bytes || is_power_of_two(shape->pmd_bytes)) &&
	       shape->pmd_bytes <= UINT64_C(1) << 40 &&
	       shape->section_size_bits >= 20 && shape->section_size_bits <= 40 &&
	       shape->page_bytes <= UINT64_C(1) << shape->section_size_bits;
}

static int compare_node(const void *a, const void *b)
{
	const struct kho_sparsemem_node *x = a, *y = b;

	return (x->node > y->node) - (x->node < y->node);
}

static struct kho_sparsemem_node *find_node(struct kho_sparsemem *out, int node)
{
	struct kho_sparsemem_node key = { .node = node };

	return bsearch(&key, out->node, out->nr_nodes, sizeof(*out->node), compare_node);
}

/* One entry a node that has sections, ascending, counters at zero. */
static int list_nodes(const struct sections *sections, struct kho_sparsemem *out)
{
	size_t kept = 0;

	out->node = calloc(sections->n ? sections->n : 1, sizeof(*out->node));
	if (!out->node)
		return -ENOMEM;
	for (size_t i = 0; i < sections->n; i++)
		out->node[i].node = sections->span[i].node;
	qsort(out->node, sections->n, sizeof(*out->node), compare_node);
	for (size_t i = 0; i < sections->n; i++)
		if (!kept || out->node[kept - 1].node != out->node[i].node)
			out->node[kept++].node = out->node[i].node;
	out->nr_nodes = kept;
	return 0;
}

/* A hole in memory does not end a run, another node does. */
static void count_runs(const struct sections *sections, struct kho_sparsemem *out)
{
	uint64_t run;

	for (size_t i = 0; i < sections->n; ) {
		struct kho_sparsemem_node *node = find_node(out, sections->span[i].node);

		i = sections_group(sections, i, &run);
		node->runs++;
		node->sections += run;
		if (run > node->longest_run)
			node->longest_run = run;
		node->need_bytes = node->longest_run * out->section_map_bytes;
	}
}

/* Split at section boundaries by node, merge what touches, keep the largest piece. */
static int measure_scratch(const struct kho_ranges *scratch, const struct sections *sections,
			   unsigned int section_size_bits, struct kho_sparsemem *out)
{
	struct kho_ranges map = { 0 }, pieces = { 0 };
	int ret = 0;

	for (size_t i = 0; i < sections->n && !ret; i++) {
		const struct section_span *span = &sections->span[i];

		ret = kho_ranges_add(&map, span->first_nr << section_size_bits,
				     (span->first_nr + span->count) << section_size_bits,
				     span->node);
	}
	if (!ret)
		ret = kho_ranges_cut(scratch, &map, &pieces);
	kho_ranges_normalise(&pieces);
	for (size_t i = 0; i < pieces.n && !ret; i++) {
		uint64_t start_pa = round_up(pieces.r[i].start_pa, out->section_map_bytes);
		struct kho_sparsemem_node *node = find_node(out, pieces.r[i].node);

		if (node && start_pa < pieces.r[i].end_pa &&
		    pieces.r[i].end_pa - start_pa > node->usable_bytes)
			node->usable_bytes = pieces.r[i].end_pa - start_pa;
	}
	kho_ranges_deinit(&map);
	kho_ranges_deinit(&pieces);
	return ret;
}

static uint64_t to_mib(uint64_t bytes)
{
	uint64_t mib = bytes >> 20;

	return mib ? mib : 1;
}

/* Does @a lack a larger part of its need than @b?  Ties go to the larger deficit. */
static bool lacks_more(const struct kho_sparsemem_node *a, const struct kho_sparsemem_node *b)
{
	uint64_t deficit_a = a->need_bytes - a->usable_bytes;
	uint64_t deficit_b = b->need_bytes - b->usable_bytes;
	__extension__ typedef unsigned __int128 product;
	product left = (product)to_mib(deficit_a) * to_mib(b->need_bytes);
	product right = (product)to_mib(deficit_b) * to_mib(a->need_bytes);

	return left != right ? left > right : deficit_a > deficit_b;
}

static void find_worst(struct kho_sparsemem *out)
{
	out->worst = out->nr_nodes;
	for (size_t i = 0; i < out->nr_nodes; i++) {
		const struct kho_sparsemem_node *node = &out->node[i];

		if (node->usable_bytes >= node->need_bytes)
			continue;
		if (out->worst == out->nr_nodes || lacks_more(node, &out->node[out->worst]))
			out->worst = i;
	}
}

int kho_sparsemem_estimate(const struct kho_sparsemem_shape *shape,
			   const struct kho_ranges *memory, const struct kho_ranges *scratch,
			   struct kho_sparsemem *out)
{
	struct sections sections = { 0 };
	int ret;

	*out = (struct kho_sparsemem){ 0 };
	if (!shape_is_sane(shape))
		return -EINVAL;
	out->pages_per_section = (UINT64_C(1) << shape->section_size_bits) / shape->page_bytes;
	out->section_map_bytes = kho_section_map_bytes(shape);
	ret = sections_find(memory, shape->section_size_bits, shape->page_bytes, &sections);
	if (!ret)
		ret = list_nodes(&sections, out);
	if (!ret) {
		count_runs(&sections, out);
		ret = measure_scratch(scratch, &sections, shape->section_size_bits, out);
	}
	sections_deinit(&sections);
	if (ret) {
		kho_sparsemem_deinit(out);
		return ret;
	}
	find_worst(out);
	return 0;
}

void kho_sparsemem_deinit(struct kho_sparsemem *sparsemem)
{
	free(sparsemem->node);
	*sparsemem = (struct kho_sparsemem){ 0 };
}
