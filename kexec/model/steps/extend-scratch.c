// SPDX-License-Identifier: GPL-2.0-only
/* What preserved memory means for the boot: cut away with RAM, in the way of extended scratch. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/steps/steps.h"

/* RAM of the machine that the successor does not have; areas that are put back are not in it. */
static int find_cut(const struct boot *b, struct kho_ranges *cut)
{
	int ret = kho_ranges_cut(&b->machine->ram, &b->ram, cut);
	size_t kept = 0;

	for (size_t i = 0; i < cut->n; i++)
		if (cut->r[i].node == KHO_NO_NODE)
			cut->r[kept++] = cut->r[i];
	cut->n = kept;
	kho_ranges_normalise(cut);
	return ret;
}

static bool is_present(const struct boot *b, uint64_t section_nr)
{
	size_t low = 0, high = b->sections.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct section_span *span = &b->sections.span[mid];

		if (section_nr >= span->first_nr && section_nr - span->first_nr < span->count)
			return true;
		if (section_nr < span->first_nr)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

/* kho_preserved_memory_reserve() writes to the struct page of what is preserved. */
static bool lacks_struct_page(const struct boot *b, const struct kho_range *r)
{
	unsigned int bits = b->kernel->section_size_bits;

	for (uint64_t nr = r->start_pa >> bits; nr <= (r->end_pa - 1) >> bits; nr++)
		if (!is_present(b, nr))
			return true;
	return false;
}

int boot_cut_preserved(struct boot *b)
{
	const struct boot_machine *m = b->machine;
	struct kho_ranges cut = { 0 }, in_cut = { 0 };
	int ret;

	b->cut_preserved_bytes = 0;
	b->cut_kills = false;
	if (!b->cut_bytes || !m->preserved)
		return 0;
	ret = find_cut(b, &cut);
	/* Cut once more, by what is preserved: what no node has is none of it. */
	if (!ret)
		ret = kho_ranges_cut(m->preserved, &cut, &in_cut);
	b->cut_preserved_bytes = kho_ranges_common_bytes(m->preserved, &cut);
	b->cut_kills = !m->preserved_rounded && m->preserved_map &&
		       kho_ranges_common_bytes(m->preserved_map, &cut);
	for (size_t i = 0; i < in_cut.n && !b->cut_kills && !m->preserved_rounded; i++)
		b->cut_kills = lacks_struct_page(b, &in_cut.r[i]);
	kho_ranges_deinit(&cut);
	kho_ranges_deinit(&in_cut);
	return ret;
}

/* A block of 1 GiB that holds RAM and nothing preserved. */
struct block {
	uint64_t nr;
	uint64_t ram_bytes;
	bool busy;
};

struct blocks {
	struct block *block;	/* by number */
	size_t n;
	struct block **by_ram;	/* the same without those that are busy, least RAM first */
	size_t nr_free;
};

static struct block *find_block(const struct blocks *blocks, uint64_t nr)
{
	size_t low = 0, high = blocks->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (blocks->block[mid].nr < nr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < blocks->n && blocks->block[low].nr == nr ? &blocks->block[low] : NULL;
}

static void add_ram(struct blocks *blocks, const struct kho_range *r)
{
	for (uint64_t pa = r->start_pa; pa < r->end_pa; ) {
		uint64_t nr = pa >> BOOT_BLOCK_BITS, next_pa = (nr + 1) << BOOT_BLOCK_BITS;
		struct block *last = blocks->n ? &blocks->block[blocks->n - 1] : NULL;

		if (next_pa > r->end_pa)
			next_pa = r->end_pa;
		if (!last || last->nr != nr) {
			last = &blocks->block[blocks->n++];
			*last = (struct block){ .nr = nr };
		}
		last->ram_bytes += next_pa - pa;
		pa = next_pa;
	}
}

static int compare_ram(const void *a, const void *b)
{
	const struct block *x = *(struct block *const *)a, *y = *(struct block *const *)b;

	if (x->ram_bytes != y->ram_bytes)
		return x->ram_bytes < y->ram_bytes ? -1 : 1;
	return (x->nr > y->nr) - (x->nr < y->nr);
}

static int find_blocks(const struct boot *b, struct blocks *blocks)
{
	const struct kho_ranges *kept = b->machine->preserved;
	size_t room = 0;

	for (size_t i = 0; i < b->ram.n; i++)
		room += ((b->ram.r[i].end_pa - b->ram.r[i].start_pa) >> BOOT_BLOCK_BITS) + 2;
	*blocks = (struct blocks){ .block = calloc(room, sizeof(*blocks->block)),
				   .by_ram = calloc(room, sizeof(*blocks->by_ram)) };
	if (!blocks->block || !blocks->by_ram)
		return -ENOMEM;
	for (size_t i = 0; i < b->ram.n; i++)
		add_ram(blocks, &b->ram.r[i]);
	for (size_t i = 0; i < kept->n; i++)
		for (uint64_t nr = kept->r[i].start_pa >> BOOT_BLOCK_BITS;
		     nr <= (kept->r[i].end_pa - 1) >> BOOT_BLOCK_BITS; nr++) {
			struct block *block = find_block(blocks, nr);

			if (block)
				block->busy = true;
		}
	for (size_t i = 0; i < blocks->n; i++)
		if (!blocks->block[i].busy)
			blocks->by_ram[blocks->nr_free++] = &blocks->block[i];
	qsort(blocks->by_ram, blocks->nr_free, sizeof(*blocks->by_ram), compare_ram);
	return 0;
}

/* Everything but the @n free blocks with the least RAM. */
static int keep_all_but(struct blocks *blocks, size_t n, struct kho_ranges *kept)
{
	int ret = 0;

	kept->n = 0;
	for (size_t i = 0; i < blocks->nr_free; i++)
		blocks->by_ram[i]->busy = i >= n;
	for (size_t i = 0; i < blocks->n && !ret; i++) {
		uint64_t start_pa = blocks->block[i].nr << BOOT_BLOCK_BITS;

		if (blocks->block[i].busy)
			ret = kho_ranges_add(kept, start_pa,
					     start_pa + (UINT64_C(1) << BOOT_BLOCK_BITS),
					     KHO_NO_NODE);
	}
	kho_ranges_normalise(kept);
	return ret;
}

int boot_count_blocks(struct boot *b, bool (*boots)(struct boot *b))
{
	struct boot_result *result = b->out, probe = { .nr_allocs = 0 };
	struct kho_ranges kept = { 0 };
	struct blocks blocks;
	size_t low = 0, high;
	int ret = find_blocks(b, &blocks);

	/* Fewer can only be worse: the fewest with which it boots, between none and all. */
	b->out = &probe;
	b->kept = &kept;
	for (high = blocks.nr_free; low < high && !ret; ) {
		size_t mid = low + (high - low) / 2;

		ret = keep_all_but(&blocks, mid, &kept);
		if (!ret && boots(b))
			high = mid;
		else
			low = mid + 1;
	}
	b->kept = b->machine->preserved;
	b->out = result;
	result->free_blocks = blocks.nr_free;
	result->needed_blocks = high;
	kho_ranges_deinit(&kept);
	free(blocks.block);
	free(blocks.by_ram);
	boot_result_deinit(&probe);
	return ret;
}

void boot_extend_scratch(struct boot *b)
{
	const uint64_t block = UINT64_C(1) << BOOT_BLOCK_BITS;
	const struct kho_ranges *kept = b->kept;
	uint64_t from_pa = 0;
	size_t first = 0;

	for (size_t i = 0; ; i++) {
		uint64_t busy = kept && i < kept->n ? kept->r[i].start_pa / block * block :
						      UINT64_MAX;

		/* Both lists ascend. */
		while (first < b->ram.n && b->ram.r[first].end_pa <= from_pa)
			first++;
		for (size_t k = first; k < b->ram.n && b->ram.r[k].start_pa < busy; k++) {
			const struct kho_range *r = &b->ram.r[k];
			uint64_t lo = r->start_pa > from_pa ? r->start_pa : from_pa;
			uint64_t hi = r->end_pa < busy ? r->end_pa : busy;

			if (lo < hi)
				memblock_add(&b->mb, lo, hi, r->node);
		}
		if (busy == UINT64_MAX)
			return;
		busy = boot_round_up(kept->r[i].end_pa, block);
		if (busy > from_pa)
			from_pa = busy;
	}
}
