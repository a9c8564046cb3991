// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "model/boot-steps.h"

/*
 * Pages of one kind come out of one block until it is empty.  Other pieces may take
 * of it too, and leave holes: half of a block is what is counted on.
 */
static uint64_t blocks_for_pages(const struct certain *c)
{
	uint64_t half = c->block_bytes / c->page_bytes / 2;

	return (c->pages + half - 1) / half + c->page_kinds;
}

static uint64_t touched(const struct certain *c)
{
	return c->blocks + blocks_for_pages(c);
}

void certain_add_pages(struct certain *c, uint64_t pages)
{
	if (c->on)
		c->pages += pages;
}

void certain_add(struct certain *c, uint64_t bytes, uint64_t align)
{
	if (!c->on)
		return;
	c->blocks += (bytes + c->block_bytes - 1) / c->block_bytes;
	if (bytes % c->block_bytes || align % c->block_bytes) {
		c->blocks++;
		/* It may end in a block that pages are taken from, and leave holes around it. */
		c->pages += (bytes < c->block_bytes ? bytes : c->block_bytes) / c->page_bytes + 3;
	}
}

void certain_add_within(struct certain *c, uint64_t bytes)
{
	certain_add(c, bytes, 1);
	c->splits++;
}

/* A piece in one: of so many blocks, wherever the first begins. */
void certain_must_have(struct certain *c, uint64_t bytes, uint64_t align)
{
	uint64_t blocks;

	if (!c->on)
		return;
	blocks = (bytes + c->block_bytes - 1) / c->block_bytes;
	if (align > c->block_bytes)
		blocks += align / c->block_bytes - 1;
	if (blocks > c->contiguous)
		c->contiguous = blocks;
}

bool certain_could_be(const struct memblock *mb, const struct memblock_request *req)
{
	struct memblock empty = { .memory = mb->memory, .limit_pa = mb->limit_pa,
				  .bottom_up = mb->bottom_up };
	struct kho_range got;

	return memblock_find(&empty, req, &got, NULL);
}

/* Each request of the run: @had of @wanted pieces, side by side; 0: it could not be met. */
static void seen(void *arg, const struct memblock *mb, const struct memblock_request *req,
		 uint64_t had)
{
	struct certain *c = arg;

	if (req->either || c->open)
		return;
	if (!had) {
		/* In another slot there might be room. */
		c->open = certain_could_be(mb, req);
		return;
	}
	if (req->exact_node || req->max_pa || (req->strict_min && req->min_pa)) {
		c->open = true;
		return;
	}
	if (req->bytes == c->page_bytes) {
		certain_add_pages(c, had);
	} else if (req->bytes % c->block_bytes == 0 && req->align % c->block_bytes == 0) {
		c->blocks += had * (req->bytes / c->block_bytes);
	} else {
		for (uint64_t i = 0; i < had; i++)
			certain_add(c, req->bytes, req->align);
	}
	if (req->align > c->block_bytes)
		c->splits += had;
	certain_must_have(c, req->bytes, req->align);
}

/* Whole free blocks when nothing is taken, and the stretches they form. */
static uint64_t count_blocks(const struct memblock *mb, uint64_t block_bytes, uint64_t *stretches)
{
	uint64_t blocks = 0;

	*stretches = 0;
	for (size_t i = 0; i < mb->memory.n; i++) {
		uint64_t end_pa = mb->memory.r[i].end_pa < mb->limit_pa ? mb->memory.r[i].end_pa :
									  mb->limit_pa;
		uint64_t first = boot_round_up(mb->memory.r[i].start_pa, block_bytes) / block_bytes;

		if (end_pa / block_bytes > first) {
			blocks += end_pa / block_bytes - first;
			++*stretches;
		}
	}
	return blocks;
}

/* Is there room for the largest piece in every slot, and for one block after all? */
static bool enough(const struct boot *b)
{
	const struct certain *c = &b->certain;
	uint64_t stretches, left;
	uint64_t blocks = count_blocks(&b->mb, c->block_bytes, &stretches);

	if (blocks <= touched(c))
		return false;
	left = blocks - touched(c);
	/* So many stretches at most: one of them has at least its share. */
	stretches += c->splits;
	return !c->contiguous || left / stretches >= c->contiguous;
}

void certain_begin(struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	struct certain *c = &b->certain;

	*c = (struct certain){
		.on = true, .block_bytes = k->pmd_bytes, .page_bytes = k->page_bytes,
		.page_kinds = 4 * (b->nr_nodes + 1),
		/* Only maps that are made as counted here; and no place may be deadly by itself. */
		.open = !k->vmemmap || k->page_bytes != 4096 || b->unmapped.n,
	};
	certain_add_within(c, UINT64_C(1) << 20);
	certain_add_within(c, k->init_bytes);
	for (size_t i = 0; i < b->segments.n; i++)
		if (b->segments.seg[i].user != BOOT_KERNEL)
			certain_add_within(c, b->segments.seg[i].bytes);
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
	c->splits += touched(c);
	c->contiguous = 0;
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

/* Is the memory map alone larger than all that there is beside what was loaded? */
static bool never_fits(const struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	const struct segment *initrd = segments_find(&b->segments, BOOT_INITRD);
	uint64_t map = (UINT64_C(1) << k->section_size_bits) / k->page_bytes * k->struct_page_bytes;
	uint64_t sections = 0;

	for (size_t i = 0; i < b->sections.n; i++)
		sections += b->sections.span[i].count;
	return sections * map > kho_ranges_bytes(&b->mb.memory) -
				(initrd ? initrd->got.end_pa - initrd->got.start_pa : 0);
}

bool certain_same(struct boot *b)
{
	struct certain *c = &b->certain;

	if (b->out->outcome == BOOT_DIES)
		return !b->out->headroom_bytes && (!b->extend || b->extended) && never_fits(b);
	return !c->open && counts_in_full(b) && enough(b);
}
