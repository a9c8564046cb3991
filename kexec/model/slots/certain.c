// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>

#include "model/toolbox/run.h"

#define PAGE_KINDS	4	/* asked for in turns on a node: each opens a block of its own */

/*
 * Pages of one kind come out of one block until it is empty.  Other pieces may take
 * of it too, and leave holes: half of a block is what is counted on.
 */
static uint64_t touched(const struct certain *c, const struct certain_tally *t)
{
	uint64_t half = c->block_bytes / c->page_bytes / 2;

	return t->blocks + (t->pages + half - 1) / half + PAGE_KINDS;
}

/* What is wanted on no node, or on one without memory, may lie on any. */
static struct certain_tally *tally_of(struct certain *c, int node)
{
	size_t i = 0;

	while (i < c->nr_nodes && c->number[i] != node)
		i++;
	return &c->tally[i];
}

static void add(struct certain *c, struct certain_tally *t, uint64_t bytes, uint64_t align)
{
	t->blocks += (bytes + c->block_bytes - 1) / c->block_bytes;
	if (bytes % c->block_bytes || align % c->block_bytes) {
		t->blocks++;
		/* It may end in a block that pages are taken from, and leave holes around it. */
		t->pages += (bytes < c->block_bytes ? bytes : c->block_bytes) / c->page_bytes + 3;
	}
}

void certain_add_within(struct boot *b, int node, uint64_t bytes)
{
	struct certain *c = &b->certain;
	struct certain_tally *t;

	if (!c->on)
		return;
	t = tally_of(c, node);
	add(c, t, bytes, 1);
	t->splits++;
}

/* A piece in one: of so many blocks, wherever the first begins. */
static void must_have(const struct certain *c, struct certain_tally *t, uint64_t bytes,
		      uint64_t align)
{
	uint64_t blocks = (bytes + c->block_bytes - 1) / c->block_bytes;

	if (align > c->block_bytes)
		blocks += align / c->block_bytes - 1;
	if (blocks > t->contiguous)
		t->contiguous = blocks;
}

void certain_must_have(struct boot *b, int node, uint64_t bytes, uint64_t align)
{
	if (b->certain.on)
		must_have(&b->certain, tally_of(&b->certain, node), bytes, align);
}

bool certain_could_be(const struct memblock *mb, const struct memblock_request *req)
{
	struct memblock empty = { .memory = mb->memory, .limit_pa = mb->limit_pa,
				  .bottom_up = mb->bottom_up };
	struct memblock_range got;

	return memblock_find(&empty, req, &got, NULL);
}

/* Each request of the run: @had of @wanted pieces, side by side; 0: it could not be met. */
static void seen(void *arg, const struct memblock *mb, const struct memblock_request *req,
		 uint64_t had)
{
	struct certain *c = arg;
	struct certain_tally *t;

	if (req->either || c->open)
		return;
	if (!had) {
		/* In another slot there might be room. */
		c->open = certain_could_be(mb, req);
		return;
	}
	if (req->max_pa || (req->strict_min && req->min_pa)) {
		c->open = true;
		return;
	}
	t = tally_of(c, req->node);
	if (req->bytes == c->page_bytes) {
		t->pages += had;
	} else if (req->bytes % c->block_bytes == 0 && req->align % c->block_bytes == 0) {
		t->blocks += had * (req->bytes / c->block_bytes);
	} else {
		for (uint64_t i = 0; i < had; i++)
			add(c, t, req->bytes, req->align);
	}
	if (req->align > c->block_bytes)
		t->splits += had;
	must_have(c, t, req->bytes, req->align);
}

/* Whole free blocks of @node when nothing is taken, and the stretches they form. */
static uint64_t count_blocks(const struct boot *b, int node, uint64_t *stretches)
{
	const struct memblock *mb = &b->mb;
	uint64_t block_bytes = b->certain.block_bytes, blocks = 0;

	*stretches = 0;
	for (size_t i = 0; i < mb->memory.n; i++) {
		const struct memblock_range *m = &mb->memory.r[i];
		uint64_t start_pa = m->start_pa > b->certain.floor_pa ? m->start_pa :
								       b->certain.floor_pa;
		uint64_t end_pa = m->end_pa < mb->limit_pa ? m->end_pa : mb->limit_pa;
		uint64_t first = boot_round_up(start_pa, block_bytes) / block_bytes;

		if (m->node == node && end_pa / block_bytes > first) {
			blocks += end_pa / block_bytes - first;
			++*stretches;
		}
	}
	return blocks;
}

/* Is there room on @node for the largest piece in every slot, and for one block after all? */
static bool enough_on(const struct boot *b, size_t i)
{
	const struct certain *c = &b->certain;
	const struct certain_tally *own = &c->tally[i], *any = &c->tally[c->nr_nodes];
	uint64_t stretches, left, contiguous;
	uint64_t blocks = count_blocks(b, c->number[i], &stretches);
	uint64_t taken = touched(c, own) + touched(c, any);

	if (blocks <= taken)
		return false;
	left = blocks - taken;
	contiguous = own->contiguous > any->contiguous ? own->contiguous : any->contiguous;
	/* So many stretches at most: one of them has at least its share. */
	stretches += own->splits + any->splits;
	return !contiguous || left / stretches >= contiguous;
}

static bool enough(const struct boot *b)
{
	for (size_t i = 0; i < b->certain.nr_nodes; i++)
		if (!enough_on(b, i))
			return false;
	return b->certain.nr_nodes;
}

uint64_t certain_floor(const struct boot *b)
{
	return !b->cmd.swiotlb_noforce && b->kernel->arch->boot->swiotlb_bytes(b) ? BOOT_4G : 0;
}

/* The nodes with memory: those of the areas, or of all RAM where scratch is extended. */
static void find_nodes(struct boot *b)
{
	struct certain *c = &b->certain;

	c->nr_nodes = 0;
	for (size_t i = 0; i < b->nr_nodes && i < CERTAIN_NODES; i++) {
		size_t k = 0;

		while (k < b->areas.n && b->areas.r[k].node != b->node[i])
			k++;
		if (k < b->areas.n || b->extend)
			c->number[c->nr_nodes++] = b->node[i];
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
	struct certain *c = &b->certain;

	c->on = true;
	c->block_bytes = k->pmd_bytes;
	c->page_bytes = k->page_bytes;
	c->floor_pa = certain_floor(b);
	/* Only maps that are made as counted here; and no place may be deadly by itself. */
	c->open = !k->vmemmap || k->page_bytes != 4096 || b->unmapped.n ||
		  b->nr_nodes > CERTAIN_NODES;
	find_nodes(b);
	memset(c->tally, 0, (c->nr_nodes + 1) * sizeof(c->tally[0]));
	certain_add_within(b, KHO_NO_NODE, k->init_bytes);
	if (!c->floor_pa)
		certain_add_within(b, KHO_NO_NODE, UINT64_C(1) << 20);
	for (size_t i = 0; i < b->segments.n; i++)
		if (b->segments.seg[i].user != BOOT_KERNEL &&
		    b->segments.seg[i].got.end_pa > c->floor_pa)
			certain_add_within(b, node_of(b, &b->segments.seg[i].got),
					   b->segments.seg[i].bytes);
	b->mb.seen = seen;
	b->mb.seen_arg = c;
}

void certain_before_more(struct boot *b)
{
	if (b->certain.on && !b->certain.open)
		b->certain.open = !enough(b);
}

void certain_after_more(struct boot *b)
{
	struct certain *c = &b->certain;

	if (!c->on)
		return;
	for (size_t i = 0; i <= c->nr_nodes; i++) {
		c->tally[i].splits += touched(c, &c->tally[i]);
		c->tally[i].contiguous = 0;
	}
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

bool certain_same(struct boot *b)
{
	const struct certain *c = &b->certain;

	if (b->out->outcome == BOOT_DIES)
		return (!b->extend || b->extended) && is_larger(b, memory_bytes(&b->mb));
	return !c->open && b->kernel_pa >= c->floor_pa && counts_in_full(b) && enough(b);
}
