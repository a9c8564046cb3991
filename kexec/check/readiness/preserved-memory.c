// SPDX-License-Identifier: GPL-2.0-only
/* Preserved memory, areas and RAM, against each other and against what the successor sees. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/size.h"
#include "check/readiness/readiness.h"
#include "machine/remedy.h"

#define GIB_BITS 30

typedef unsigned long long ull;

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* How many aligned blocks of 1 GiB the ranges touch; they ascend. */
static uint64_t gib_blocks(const struct kho_ranges *ranges)
{
	uint64_t blocks = 0, next = 0;

	for (size_t i = 0; i < ranges->n; i++) {
		uint64_t first = larger(ranges->r[i].start_pa >> GIB_BITS, next);
		uint64_t end = ((ranges->r[i].end_pa - 1) >> GIB_BITS) + 1;

		if (end > first)
			blocks += end - first;
		next = larger(next, end);
	}
	return blocks;
}

/* The areas come in the kernel's order, not that of addresses. */
static uint64_t bytes_in_areas(const struct kho_ranges *ranges, const struct kho_ranges *areas)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < areas->n; i++) {
		const struct kho_ranges one = { &areas->r[i], 1, 1 };

		bytes += kho_ranges_common_bytes(ranges, &one);
	}
	return bytes;
}

static int judge_preserved(const struct machine *m, struct kho_readiness *r,
			   struct kho_findings *findings)
{
	const struct machine_handover *h = &m->handover;
	uint64_t bytes = kho_ranges_bytes(&h->preserved);
	char size[KHO_SIZE_BYTES];
	int ret = 0;

	if (!h->preserved_known)
		return h->preserved_trouble ?
		       kho_findings_add(findings, KHO_F_PRESERVED_UNREAD, NULL,
					"which memory is preserved can't be read: %s",
					h->preserved_trouble) : 0;
	r->in_scratch_bytes = bytes_in_areas(&h->preserved, &m->scratch);
	if (r->in_scratch_bytes)
		ret = kho_findings_add(findings, KHO_F_PRESERVED_IN_SCRATCH,
				       "report the kernel's release: it should not do so",
				       "%s of preserved memory lie in scratch areas: the load or "
				       "the successor writes over them",
				       kho_size_up(r->in_scratch_bytes, size));
	if (ret || !m->memory_known)
		return ret;
	r->gib_blocks = gib_blocks(&m->memory);
	r->free_gib_blocks = r->gib_blocks - smaller(r->gib_blocks, gib_blocks(&h->preserved));
	r->outside_bytes = bytes - kho_ranges_common_bytes(&h->preserved, &m->memory);
	if (r->outside_bytes)
		ret = kho_findings_add(findings, KHO_F_PRESERVED_OUTSIDE,
				       "take that memory offline, or free what is preserved there",
				       "%s of preserved memory lie outside the RAM passed "
				       "to the successor: it dies when it accesses them",
				       kho_size_up(r->outside_bytes, size));
	return ret;
}

struct node_areas {
	int node;
	bool has_area;
};

static int compare_nodes(const void *a, const void *b)
{
	const struct node_areas *x = a, *y = b;

	return (x->node > y->node) - (x->node < y->node);
}

/* Does an area lie in @r?  The areas ascend, and so do the ranges: *@at only moves on. */
static bool has_area(const struct kho_range *r, const struct kho_ranges *areas, size_t *at)
{
	while (*at < areas->n && areas->r[*at].end_pa <= r->start_pa)
		++*at;
	return *at < areas->n && areas->r[*at].start_pa < r->end_pa;
}

/* "2, 5": the nodes that have memory, and no area in any of it. */
static int list_without(const struct machine *m, struct kho_list *without)
{
	struct node_areas *nodes = calloc(m->memory.n ? m->memory.n : 1, sizeof(*nodes));
	struct kho_ranges areas = { 0 };
	int ret = nodes ? machine_sort_areas(m, &areas) : -ENOMEM;
	size_t at = 0;

	for (size_t i = 0; i < m->memory.n && !ret; i++)
		nodes[i] = (struct node_areas){ m->memory.r[i].node,
						has_area(&m->memory.r[i], &areas, &at) };
	if (!ret)
		qsort(nodes, m->memory.n, sizeof(*nodes), compare_nodes);
	for (size_t i = 0, end; i < m->memory.n && !ret; i = end) {
		bool has = false;

		for (end = i; end < m->memory.n && nodes[end].node == nodes[i].node; end++)
			has |= nodes[end].has_area;
		if (!has)
			kho_list_add(without, "%d", nodes[i].node);
	}
	kho_ranges_deinit(&areas);
	free(nodes);
	return ret;
}

/* A node whose memory was there at boot has an area; one that came later has none. */
static int judge_nodes(const struct machine *m, struct kho_findings *findings)
{
	struct kho_list without = { .used = 0 };
	int ret = list_without(m, &without);

	if (ret || !without.used)
		return ret;
	return kho_findings_add(findings, KHO_F_NODE_NO_AREA,
				"boot this machine cold with the node online",
				"no scratch area lies on node %s: its memory came online after the "
				"areas were made", without.text);
}

/* Bytes of the areas that are in no RAM that is passed to the successor. */
static uint64_t area_bytes_outside(const struct machine *m)
{
	if (!m->scratch_known || !m->memory_known)
		return 0;
	return kho_ranges_bytes(&m->scratch) - bytes_in_areas(&m->memory, &m->scratch);
}

bool kho_readiness_areas_in_ram(const struct machine *m)
{
	return !area_bytes_outside(m);
}

/* But for a memory map that is too long, the kernel made its areas in what it passes on. */
static int judge_areas(const struct machine *m, struct kho_findings *findings)
{
	uint64_t bytes = area_bytes_outside(m);
	char size[KHO_SIZE_BYTES];

	if (!bytes || bytes == bytes_in_areas(&m->lost, &m->scratch))
		return 0;
	return kho_findings_add(findings, KHO_F_SCRATCH_OUTSIDE,
				machine_remedy(m, REMEDY_MALFORMED),
				"%s of the scratch areas lie outside the RAM of /%s: it is not the "
				"RAM that they were made in, and the boot is not followed",
				kho_size_up(bytes, size), m->memory_source);
}

/* The map that kexec_file_load passes on is full: what is in RAM behind it is lost. */
static int judge_lost(const struct machine *m, struct kho_findings *findings)
{
	static const char remedy[] = "load without the handover (kexec_load passes all), or ask for "
				     "firmware with a shorter memory map";
	const struct machine_handover *h = &m->handover;
	uint64_t area_bytes = bytes_in_areas(&m->lost, &m->scratch);
	uint64_t lost_bytes = kho_ranges_bytes(&m->lost);
	char lost[KHO_SIZE_BYTES], size[KHO_SIZE_BYTES];
	int ret;

	if (!m->lost.n)
		return 0;
	kho_size_up(lost_bytes, lost);
	ret = kho_findings_add(findings, KHO_F_RAM_NOT_PASSED, remedy,
			       "the memory map has %u entries, kexec_file_load passes the first %u: "
			       "the successor loses %s of %s of RAM", m->firmware_ranges,
			       MACHINE_E820_PASSED, lost,
			       kho_size(lost_bytes + kho_ranges_bytes(&m->memory), size));
	if (!ret && area_bytes)
		ret = kho_findings_add(findings, KHO_F_HANDOVER_CUT, remedy,
				       "%s of the scratch areas lie in RAM that the successor "
				       "loses, since its memory map is cut",
				       kho_size_up(area_bytes, size));
	if (!ret && !h->preserved_known)
		ret = kho_findings_add(findings, KHO_F_MEMORY_CUT, remedy,
				       "the memory map is cut, and %s of RAM with it: the "
				       "successor dies if what was preserved lies there", lost);
	return ret;
}

/* mm/memblock.c, INIT_MEMBLOCK_REGIONS: on x86-64 the list of memory has room for so many. */
#define FIRST_REGIONS	128

/* The ranges of @from by address, whatever their node.  0 or -ENOMEM. */
static int merge_ranges(const struct kho_ranges *from, struct kho_ranges *out)
{
	int ret = 0;

	for (size_t i = 0; i < from->n && !ret; i++)
		ret = kho_ranges_add(out, from->r[i].start_pa, from->r[i].end_pa, KHO_NO_NODE);
	kho_ranges_normalise(out);
	return ret;
}

/* How many pieces of @ram lie between @areas. */
static size_t gaps_between(const struct kho_range *ram, const struct kho_ranges *areas)
{
	uint64_t at = ram->start_pa;
	size_t n = 0;

	for (size_t i = kho_ranges_first_after(areas, at);
	     i < areas->n && areas->r[i].start_pa < ram->end_pa; i++) {
		n += areas->r[i].start_pa > at;
		at = areas->r[i].end_pa;
	}
	return n + (at < ram->end_pa);
}

/*
 * The areas come into the list first (kho_populate()), then the firmware's RAM, range by range
 * (e820__memblock_setup()), each split by the areas in it.  The list cannot grow then, since memblock
 * is kept below 1 MiB: a range for which there is no room is dropped as a whole, and so is what is
 * preserved in it, the handover's own tree among it.  Seen on 7.2: 64 nodes, "memblock: Failed to
 * double memory array", and an oops in kho_memory_init().
 */
static uint64_t dropped_bytes(const struct kho_ranges *areas, const struct kho_ranges *ram)
{
	uint64_t bytes = 0;
	size_t regions = areas->n;

	for (size_t i = 0; i < ram->n; i++) {
		const size_t more = gaps_between(&ram->r[i], areas);

		if (regions + more <= FIRST_REGIONS)
			regions += more;
		else
			bytes += ram->r[i].end_pa - ram->r[i].start_pa;
	}
	return bytes;
}

static int judge_regions(const struct machine *m, struct kho_findings *findings)
{
	struct kho_ranges areas = { 0 }, ram = { 0 };
	char size[KHO_SIZE_BYTES];
	uint64_t bytes = 0;
	int ret;

	if (strcmp(m->arch, "x86_64"))
		return 0;
	ret = merge_ranges(&m->scratch, &areas);
	if (!ret)
		ret = merge_ranges(&m->memory, &ram);
	if (!ret)
		bytes = dropped_bytes(&areas, &ram);
	if (bytes)
		ret = kho_findings_add(findings, KHO_F_MEMORY_CUT,
				       "boot the running kernel with numa=off: one area for all nodes; or "
				       "load without the handover (kexec_load)",
				       "%zu areas split the RAM into more than the %d ranges that the "
				       "successor has room for: it loses up to %s, and dies if what was "
				       "preserved lies there", m->scratch.n, FIRST_REGIONS,
				       kho_size_up(bytes, size));
	kho_ranges_deinit(&areas);
	kho_ranges_deinit(&ram);
	return ret;
}

int kho_readiness_memory(const struct kho_readiness_of *of, struct kho_readiness *r,
			 struct kho_findings *findings)
{
	const struct machine *m = of->machine;
	int ret = judge_preserved(m, r, findings);
	char size[KHO_SIZE_BYTES];

	if (!ret && m->late.n)
		ret = kho_findings_add(findings, KHO_F_MEMORY_HOTPLUGGED,
				       "take it offline before the load, or let the successor add it",
				       "%s of memory came online after boot and are not in the "
				       "memory map that the successor is given",
				       kho_size_up(kho_ranges_bytes(&m->late), size));
	if (!ret)
		ret = judge_areas(m, findings);
	if (!ret)
		ret = judge_lost(m, findings);
	if (!ret && m->scratch_known && m->memory_known)
		ret = judge_regions(m, findings);
	if (!ret && m->scratch_known && m->memory_known)
		ret = judge_nodes(m, findings);
	return ret;
}
