// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page tables of the direct map, one by one: arch/x86/mm/init.c, init_mem_mapping().  The
 * number of them alone is in direct_map_pages() (early-boot.c).
 */
#include "config.h"

#include <errno.h>

#include "arch/x86_64/x86_64.h"
#include "model/toolbox/run.h"

#define PAGE		UINT64_C(4096)
#define MIB		(UINT64_C(1) << 20)
#define PMD		(2 * MIB)
#define PUD		(UINT64_C(1) << 30)
#define ISA_END_PA	MIB
#define STEP_SHIFT	8	/* get_new_step_size(): PMD_SHIFT - PAGE_SHIFT - 1 */

/* Tables of one level.  The steps go down, and in a step all goes up. */
struct level_tables {
	uint64_t covers;	/* bytes that one table maps */
	uint64_t lowest;	/* number of the lowest that the steps before have made */
	uint64_t first, end;	/* this step's first, and behind its last */
	uint64_t top;		/* behind the highest of all */
};

struct direct_map {
	struct boot *b;
	struct kho_ranges regions;	/* of memblock: cut where scratch begins and ends */
	struct level_tables pud, pmd, pte;
	bool gbpages;
	uint64_t brk_left;		/* tables that .brk still has room for */
	uint64_t min_pa, max_pa;	/* what is mapped: tables come out of that */
};

static void begin_step(struct level_tables *t)
{
	if (t->first < t->lowest)
		t->lowest = t->first;
	t->first = UINT64_MAX;
	t->end = 0;
}

/* All that is above what the steps before have made. */
static void begin_above(struct level_tables *t)
{
	t->lowest = UINT64_MAX;
	t->end = t->top;
}

/* How many of [@first, @last] are new?  The one of the first MiB is there (number 0). */
static uint64_t add_tables(struct level_tables *t, uint64_t first, uint64_t last)
{
	uint64_t from = first > t->end ? first : t->end;
	uint64_t stop = last + 1 < t->lowest ? last + 1 : t->lowest;

	from = from ? from : 1;
	if (last >= t->end)
		t->end = last + 1;
	if (t->top < t->end)
		t->top = t->end;
	if (from >= stop)
		return 0;
	if (from < t->first)
		t->first = from;
	return stop - from;
}

/* At @pa, which ends a part of @r: none where one entry above maps it, inside of the region. */
static uint64_t add_end(struct level_tables *t, const struct kho_range *r, uint64_t pa)
{
	uint64_t block = pa / t->covers * t->covers;

	if (pa == block || (r->start_pa <= block && block + t->covers <= r->end_pa))
		return 0;
	return add_tables(t, pa / t->covers, pa / t->covers);
}

static uint64_t new_tables(struct direct_map *d, const struct kho_range *r, uint64_t start,
			   uint64_t end)
{
	uint64_t n = add_tables(&d->pud, start / d->pud.covers, (end - 1) / d->pud.covers);

	if (d->gbpages)
		for (int i = 0; i < 2; i++)
			n += add_end(&d->pmd, r, i ? end : start);
	else
		n += add_tables(&d->pmd, start / PUD, (end - 1) / PUD);
	n += add_end(&d->pte, r, start);
	return n + add_end(&d->pte, r, end);
}

/*
 * alloc_low_pages(): out of .brk, but for the range that what is left of it lies in, else of what
 * is mapped already; where there is none, .brk grows.
 */
static bool take(struct direct_map *d, uint64_t count, bool holds_brk)
{
	struct memblock_request req = {
		.bytes = PAGE, .align = PAGE, .node = KHO_NO_NODE, .strict_min = true,
		.min_pa = d->min_pa, .max_pa = d->max_pa,
	};
	uint64_t from_brk = holds_brk ? 0 : count < d->brk_left ? count : d->brk_left;

	d->brk_left -= from_brk;
	count -= from_brk;
	if (count && d->min_pa < d->max_pa)
		count -= boot_take(d->b, BOOT_PAGE_TABLES, &req, count, NULL);
	return !count || !holds_brk || boot_lacks(d->b, BOOT_PAGE_TABLES, &req, count);
}

/* init_memory_mapping() of what of region @r lies in [@start, @end), which is not empty. */
static bool map_part(struct direct_map *d, const struct kho_range *r, uint64_t start, uint64_t end,
		     uint64_t *mapped_bytes)
{
	uint64_t brk_pa = d->b->kernel_pa + d->b->kernel->brk_offset_bytes;

	start = start > r->start_pa ? start : r->start_pa;
	end = end < r->end_pa ? end : r->end_pa;
	if (!take(d, new_tables(d, r, start, end),
		  d->brk_left && start <= brk_pa && brk_pa < end))
		return false;
	*mapped_bytes += end - start;
	if (d->max_pa < end)
		d->max_pa = end;
	return true;
}

static void begin_steps(struct direct_map *d, void (*begin)(struct level_tables *t))
{
	begin(&d->pud);
	begin(&d->pmd);
	begin(&d->pte);
}

/* memory_map_top_down(), up to @real_end: in steps that grow with what is mapped. */
static bool map_down(struct direct_map *d, uint64_t real_end)
{
	uint64_t last = real_end, step = PMD, mapped = 0;
	size_t i = d->regions.n, k;

	while (last > ISA_END_PA) {
		uint64_t start = (last - 1) / step * step;

		if (start < ISA_END_PA)
			start = ISA_END_PA;
		while (i && d->regions.r[i - 1].start_pa >= last)
			i--;
		if (!i || d->regions.r[i - 1].end_pa <= ISA_END_PA)
			break;
		/* Steps without RAM map nothing. */
		if (d->regions.r[i - 1].end_pa <= start) {
			last = boot_round_up(d->regions.r[i - 1].end_pa, step);
			continue;
		}
		begin_steps(d, begin_step);
		for (k = i; k && d->regions.r[k - 1].end_pa > start; k--)
			;
		for (; k < i; k++)
			if (!map_part(d, &d->regions.r[k], start, last, &mapped))
				return false;
		last = d->min_pa = start;
		if (mapped >= step && step < UINT64_C(1) << 40)
			step <<= STEP_SHIFT;
	}
	return true;
}

static bool map_all(struct direct_map *d)
{
	struct memblock_request seed = {
		.bytes = PMD, .align = PMD, .min_pa = ISA_END_PA, .strict_min = true,
		.node = KHO_NO_NODE,
	};
	const struct kho_ranges *regions = &d->regions;
	uint64_t real_end = regions->r[regions->n - 1].end_pa / PMD * PMD, mapped = 0;
	struct memblock_range got;

	if (memblock_find(&d->b->mb, &seed, &got, NULL))
		real_end = got.end_pa;
	d->min_pa = real_end;
	/* The first MiB: a table on each level. */
	if (!take(d, 3 + d->b->five_level, false) || !map_down(d, real_end))
		return false;
	begin_steps(d, begin_above);
	for (size_t i = 0; i < regions->n; i++)
		if (regions->r[i].end_pa > real_end &&
		    !map_part(d, &regions->r[i], real_end, UINT64_MAX, &mapped))
			return false;
	return true;
}

/* Areas that touch are one region, and nodes are not known yet. */
static int find_regions(const struct boot *b, struct kho_ranges *regions)
{
	size_t area = 0;
	int ret = 0;

	for (size_t i = 0; i < b->banks.n; i++) {
		uint64_t at = b->banks.r[i].start_pa, end = b->banks.r[i].end_pa;

		while (area < b->areas.n && b->areas.r[area].start_pa < end && !ret) {
			uint64_t start = b->areas.r[area].start_pa, stop = b->areas.r[area].end_pa;

			while (++area < b->areas.n && b->areas.r[area].start_pa == stop)
				stop = b->areas.r[area].end_pa;
			if (at < start)
				ret = kho_ranges_add(regions, at, start, 0);
			if (!ret)
				ret = kho_ranges_add(regions, start, stop, 0);
			at = stop;
		}
		if (at < end && !ret)
			ret = kho_ranges_add(regions, at, end, 0);
	}
	return ret;
}

static struct level_tables no_tables(uint64_t covers)
{
	return (struct level_tables){ .covers = covers, .lowest = UINT64_MAX, .first = UINT64_MAX };
}

bool x86_64_map_memory(struct boot *b)
{
	struct direct_map d = {
		.b = b, .gbpages = b->machine->gbpages && !b->cmd.nogbpages,
		.pud = no_tables(512 * PUD), .pmd = no_tables(PUD), .pte = no_tables(PMD),
		.brk_left = b->kernel->brk_tables,
	};
	bool alive = true;

	if (find_regions(b, &d.regions))
		b->mb.error = -ENOMEM;
	else if (d.regions.n)
		alive = map_all(&d);
	kho_ranges_deinit(&d.regions);
	return alive;
}
