// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "model/toolbox/tally.h"

#define PAGE_KINDS	4	/* asked for in turns on a node: each opens a block of its own */

/*
 * Pages of one kind come out of one block until it is empty.  Other pieces may take
 * of it too, and leave holes: half of a block is what is counted on.
 */
static uint64_t touched(const struct tally *c, const struct tally_node *t)
{
	uint64_t half = c->block_bytes / c->page_bytes / 2;

	return t->blocks + (t->pages + half - 1) / half + PAGE_KINDS;
}

/* What is wanted on no node, or on one without memory, may lie on any. */
static struct tally_node *tally_of(struct tally *c, int node)
{
	size_t i = 0;

	while (i < c->nr_nodes && c->of[i].node != node)
		i++;
	return &c->of[i];
}

static void add_request(struct tally *c, struct tally_node *t, uint64_t bytes, uint64_t align)
{
	t->blocks += (bytes + c->block_bytes - 1) / c->block_bytes;
	if (bytes % c->block_bytes || align % c->block_bytes) {
		t->blocks++;
		/* It may end in a block that pages are taken from, and leave holes around it. */
		t->pages += (bytes < c->block_bytes ? bytes : c->block_bytes) / c->page_bytes + 3;
	}
}

void tally_add_within(struct tally *c, int node, uint64_t bytes)
{
	struct tally_node *t;

	if (!c->on)
		return;
	t = tally_of(c, node);
	add_request(c, t, bytes, 1);
	t->splits++;
}

/* A piece in one: of so many blocks, wherever the first begins. */
static void must_have(const struct tally *c, struct tally_node *t, uint64_t bytes,
		      uint64_t align)
{
	uint64_t blocks = (bytes + c->block_bytes - 1) / c->block_bytes;

	if (align > c->block_bytes)
		blocks += align / c->block_bytes - 1;
	if (blocks > t->contiguous)
		t->contiguous = blocks;
}

void tally_must_have(struct tally *c, int node, uint64_t bytes, uint64_t align)
{
	if (c->on)
		must_have(c, tally_of(c, node), bytes, align);
}

/* Each request of the run: it got @had pieces, side by side; 0: it could not be met. */
static void seen(void *arg, const struct memblock *mb, const struct memblock_request *req,
		 uint64_t had)
{
	struct tally *c = arg;
	struct tally_node *t;

	if (req->either || c->open)
		return;
	if (!had) {
		/* In another slot there might be room. */
		c->open = memblock_could_meet(mb, req);
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
			add_request(c, t, req->bytes, req->align);
	}
	if (req->align > c->block_bytes)
		t->splits += had;
	must_have(c, t, req->bytes, req->align);
}

void tally_begin(struct tally *c, struct memblock *mb)
{
	for (size_t i = 0; i <= c->nr_nodes; i++)
		c->of[i] = (struct tally_node){ .node = c->of[i].node };
	c->on = true;
	mb->seen = seen;
	mb->seen_arg = c;
}

/* Whole free blocks of @node when nothing is taken, and the stretches they form. */
static uint64_t count_blocks(const struct tally *c, const struct memblock *mb, int node,
			     uint64_t *stretches)
{
	uint64_t block_bytes = c->block_bytes, blocks = 0;

	*stretches = 0;
	for (size_t i = 0; i < mb->memory.n; i++) {
		const struct memblock_range *m = &mb->memory.r[i];
		uint64_t start_pa = m->start_pa > c->floor_pa ? m->start_pa : c->floor_pa;
		uint64_t end_pa = m->end_pa < mb->limit_pa ? m->end_pa : mb->limit_pa;
		uint64_t first = (start_pa + block_bytes - 1) / block_bytes;

		if (m->node == node && end_pa / block_bytes > first) {
			blocks += end_pa / block_bytes - first;
			++*stretches;
		}
	}
	return blocks;
}

static bool enough_on(const struct tally *c, const struct memblock *mb, size_t i)
{
	const struct tally_node *own = &c->of[i], *any = &c->of[c->nr_nodes];
	uint64_t stretches, left, contiguous;
	uint64_t blocks = count_blocks(c, mb, own->node, &stretches);
	uint64_t taken = touched(c, own) + touched(c, any);

	if (blocks <= taken)
		return false;
	left = blocks - taken;
	contiguous = own->contiguous > any->contiguous ? own->contiguous : any->contiguous;
	/* So many stretches at most: one of them has at least its share. */
	stretches += own->splits + any->splits;
	return !contiguous || left / stretches >= contiguous;
}

bool tally_is_enough(const struct tally *c, const struct memblock *mb)
{
	for (size_t i = 0; i < c->nr_nodes; i++)
		if (!enough_on(c, mb, i))
			return false;
	return c->nr_nodes;
}

void tally_before_more(struct tally *c, const struct memblock *mb)
{
	if (c->on && !c->open)
		c->open = !tally_is_enough(c, mb);
}

void tally_after_more(struct tally *c)
{
	if (!c->on)
		return;
	for (size_t i = 0; i <= c->nr_nodes; i++) {
		c->of[i].splits += touched(c, &c->of[i]);
		c->of[i].contiguous = 0;
	}
}
