// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "model/slots/certain.h"
#include "model/steps/steps.h"

uint64_t certain_floor(const struct boot *b)
{
	return !b->cmd.swiotlb_noforce && b->kernel->arch->boot->swiotlb_bytes(b) ? BOOT_4G : 0;
}

/* The nodes with memory: those of the areas, or of all RAM where scratch is extended. */
static void find_nodes(struct boot *b)
{
	struct tally *t = &b->tally;

	t->nr_nodes = 0;
	for (size_t i = 0; i < b->nr_nodes && i < TALLY_NODES; i++) {
		size_t k = 0;

		while (k < b->areas.n && b->areas.r[k].node != b->node[i])
			k++;
		if (k < b->areas.n || b->extend)
			t->of[t->nr_nodes++].node = b->node[i];
	}
}

/* Of what was loaded, which lies in one area; KHO_NO_NODE where that is of two nodes. */
static int node_of(const struct boot *b, const struct kho_range *loaded)
{
	for (size_t i = 0; i < b->areas.n; i++)
		if (b->areas.r[i].start_pa <= loaded->start_pa &&
		    loaded->end_pa <= b->areas.r[i].end_pa)
			return b->areas.r[i].node;
	return KHO_NO_NODE;
}

void certain_begin(struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	struct tally *t = &b->tally;

	t->block_bytes = k->pmd_bytes;
	t->page_bytes = k->page_bytes;
	t->floor_pa = certain_floor(b);
	/* Only maps that are made as counted here; and no place may be deadly by itself. */
	t->open = !k->vmemmap || k->page_bytes != 4096 || b->unmapped.n ||
		  b->nr_nodes > TALLY_NODES;
	find_nodes(b);
	tally_begin(t, &b->mb);
	tally_add_within(t, KHO_NO_NODE, k->init_bytes);
	if (!t->floor_pa)
		tally_add_within(t, KHO_NO_NODE, UINT64_C(1) << 20);
	for (size_t i = 0; i < b->segments.n; i++)
		if (b->segments.seg[i].user != BOOT_KERNEL &&
		    b->segments.seg[i].got.end_pa > t->floor_pa)
			tally_add_within(t, node_of(b, &b->segments.seg[i].got),
					 b->segments.seg[i].bytes);
}

/*
 * With the kernel where it ran, does its memory count as taken in full?  If a part of
 * it were taken already, or were no memory, other slots would have less left.
 */
static bool counts_in_full(const struct boot *b)
{
	uint64_t start_pa = b->kernel_pa, end_pa = start_pa + b->kernel->init_bytes;
	bool inside = false;

	for (size_t i = 0; i < b->segments.n; i++) {
		const struct segment *seg = &b->segments.seg[i];

		if (seg->user != BOOT_KERNEL && seg->user != BOOT_PURGATORY &&
		    seg->got.start_pa < end_pa && start_pa < seg->got.end_pa)
			return false;
	}
	for (size_t i = 0; i < b->machine->scratch.n; i++)
		inside |= b->machine->scratch.r[i].start_pa <= start_pa &&
			  end_pa <= b->machine->scratch.r[i].end_pa;
	return inside && start_pa >= UINT64_C(1) << 20 && end_pa <= b->mb.limit_pa;
}

static uint64_t memory_bytes(const struct memblock *mb)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < mb->memory.n; i++)
		bytes += mb->memory.r[i].end_pa - mb->memory.r[i].start_pa;
	return bytes;
}

/* Is the memory map alone larger than all that there is beside what was loaded? */
static bool is_larger(const struct boot *b, uint64_t bytes)
{
	const struct segment *initrd = segments_find(&b->segments, BOOT_INITRD);

	return boot_map_bytes(b, KHO_NO_NODE) >
	       bytes - (initrd ? initrd->got.end_pa - initrd->got.start_pa : 0) + BOOT_MARGIN_BYTES;
}

bool certain_death(const struct boot *b)
{
	return is_larger(b, kho_ranges_bytes(&b->areas));
}

bool certain_same(const struct boot *b)
{
	const struct tally *t = &b->tally;

	if (b->out->outcome == BOOT_DIES)
		return (!b->extend || b->extended) && is_larger(b, memory_bytes(&b->mb));
	return !t->open && b->kernel_pa >= t->floor_pa && counts_in_full(b) &&
	       tally_is_enough(t, &b->mb);
}
