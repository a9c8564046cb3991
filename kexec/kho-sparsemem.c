// SPDX-License-Identifier: GPL-2.0-only
/* The sparsemem estimate; its rules stand in kho-scratch.h. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "kho-scratch.h"

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

/*
 * The present sections, as section-aligned ranges in ascending order.  A section
 * that several ranges touch is the first one's (mm/sparse.c, memory_present()).
 */
static int find_sections(const struct kho_sparsemem_shape *shape, const struct kho_ranges *memory,
			 struct kho_ranges *sections)
{
	uint64_t section_bytes = UINT64_C(1) << shape->section_size_bits;
	uint64_t next_pa = 0;
	int ret = 0;

	for (size_t i = 0; i < memory->n && !ret; i++) {
		/* memblock_trim_memory(): only whole pages count. */
		uint64_t start_pa = round_up(memory->r[i].start_pa, shape->page_bytes);
		uint64_t end_pa = memory->r[i].end_pa & ~(shape->page_bytes - 1);

		if (start_pa >= end_pa)
			continue;
		start_pa &= ~(section_bytes - 1);
		if (start_pa < next_pa)
			start_pa = next_pa;
		end_pa = round_up(end_pa, section_bytes);
		if (start_pa >= end_pa)
			continue;
		ret = kho_ranges_add(sections, start_pa, end_pa, memory->r[i].node);
		next_pa = end_pa;
	}
	return ret;
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
static int list_nodes(const struct kho_ranges *sections, struct kho_sparsemem *out)
{
	size_t kept = 0;

	out->node = calloc(sections->n ? sections->n : 1, sizeof(*out->node));
	if (!out->node)
		return -ENOMEM;
	for (size_t i = 0; i < sections->n; i++)
		out->node[i].node = sections->r[i].node;
	qsort(out->node, sections->n, sizeof(*out->node), compare_node);
	for (size_t i = 0; i < sections->n; i++)
		if (!kept || out->node[kept - 1].node != out->node[i].node)
			out->node[kept++].node = out->node[i].node;
	out->nr_nodes = kept;
	return 0;
}

/* A hole in memory does not end a run, another node does (mm/sparse.c, sparse_init()). */
static void count_runs(const struct kho_sparsemem_shape *shape, const struct kho_ranges *sections,
		       struct kho_sparsemem *out)
{
	uint64_t run = 0;

	for (size_t i = 0; i < sections->n; i++) {
		const struct kho_range *r = &sections->r[i];
		struct kho_sparsemem_node *node = find_node(out, r->node);
		uint64_t nr = (r->end_pa - r->start_pa) >> shape->section_size_bits;

		if (!i || sections->r[i - 1].node != r->node) {
			node->runs++;
			run = 0;
		}
		run += nr;
		node->sections += nr;
		if (run > node->longest_run)
			node->longest_run = run;
	}
}

/* Split at section boundaries by node, merge what touches, keep the largest piece. */
static int measure_scratch(const struct kho_ranges *scratch, const struct kho_ranges *sections,
			   struct kho_sparsemem *out)
{
	struct kho_ranges pieces = { 0 };
	int ret = kho_ranges_cut(scratch, sections, &pieces);

	kho_ranges_normalise(&pieces);
	for (size_t i = 0; i < pieces.n && !ret; i++) {
		uint64_t start_pa = round_up(pieces.r[i].start_pa, out->section_map_bytes);
		struct kho_sparsemem_node *node = find_node(out, pieces.r[i].node);

		if (node && start_pa < pieces.r[i].end_pa &&
		    pieces.r[i].end_pa - start_pa > node->usable_bytes)
			node->usable_bytes = pieces.r[i].end_pa - start_pa;
	}
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
	struct kho_ranges sections = { 0 };
	int ret;

	*out = (struct kho_sparsemem){ 0 };
	if (!shape_is_sane(shape))
		return -EINVAL;
	out->pages_per_section = (UINT64_C(1) << shape->section_size_bits) / shape->page_bytes;
	out->section_map_bytes = kho_section_map_bytes(shape);
	ret = find_sections(shape, memory, &sections);
	if (!ret)
		ret = list_nodes(&sections, out);
	if (!ret) {
		count_runs(shape, &sections, out);
		for (size_t i = 0; i < out->nr_nodes; i++)
			out->node[i].need_bytes = out->node[i].longest_run *
						  out->section_map_bytes;
		ret = measure_scratch(scratch, &sections, out);
	}
	kho_ranges_deinit(&sections);
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
