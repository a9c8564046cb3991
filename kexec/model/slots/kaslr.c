// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "model/slots/kaslr.h"

#define MAX_MEMMAPS	4	/* MAX_MEMMAP_REGIONS: more, and nothing is moved */
#define MAX_AVOID	(4 + MAX_MEMMAPS)
#define GIB		(UINT64_C(1) << 30)

struct slot_search {
	const struct boot *b;
	struct kho_range avoid[MAX_AVOID];
	size_t nr_avoid;
	uint64_t image_bytes;
	uint64_t min_pa;
	uint64_t limit_pa;
	uint64_t gigantic;	/* 1 GiB pages that are to be left alone */
	struct kaslr_area *area;
	size_t n;
};

static void store(struct slot_search *s, uint64_t start_pa, uint64_t end_pa)
{
	uint64_t step = s->b->kernel->align_bytes;

	if (s->n < KASLR_AREAS)
		s->area[s->n++] = (struct kaslr_area){
			start_pa, 1 + (end_pa - start_pa - s->image_bytes) / step,
		};
}

/* process_gb_huge_pages(): whole 1 GiB blocks are skipped, as many as hugepages= asks for. */
static void store_around_gigantic(struct slot_search *s, uint64_t start_pa, uint64_t end_pa)
{
	uint64_t first = boot_round_up(start_pa, GIB), end = end_pa / GIB * GIB;

	if (!s->gigantic || first >= end) {
		store(s, start_pa, end_pa);
		return;
	}
	if (first >= start_pa + s->image_bytes)
		store(s, start_pa, first);
	if ((end - first) / GIB > s->gigantic) {
		end = first + s->gigantic * GIB;
		s->gigantic = 0;
	} else {
		s->gigantic -= (end - first) / GIB;
	}
	if (end_pa >= end + s->image_bytes)
		store(s, end, end_pa);
}

static const struct kho_range *lowest_overlap(const struct slot_search *s, uint64_t start_pa,
					      uint64_t end_pa)
{
	const struct kho_range *lowest = NULL;

	for (size_t i = 0; i < s->nr_avoid; i++) {
		const struct kho_range *a = &s->avoid[i];

		if (a->start_pa < end_pa && start_pa < a->end_pa &&
		    (!lowest || a->start_pa < lowest->start_pa))
			lowest = a;
	}
	return lowest;
}

/* __process_mem_region() */
static void process_area(struct slot_search *s, const struct kho_range *area)
{
	uint64_t end_pa = area->end_pa < s->limit_pa ? area->end_pa : s->limit_pa;
	uint64_t pa = area->start_pa > s->min_pa ? area->start_pa : s->min_pa;

	for (;;) {
		const struct kho_range *in_the_way;

		pa = boot_round_up(pa, s->b->kernel->align_bytes);
		if (pa >= end_pa || end_pa - pa < s->image_bytes)
			return;
		in_the_way = lowest_overlap(s, pa, end_pa);
		if (!in_the_way) {
			store_around_gigantic(s, pa, end_pa);
			return;
		}
		if (in_the_way->start_pa >= pa + s->image_bytes)
			store_around_gigantic(s, pa, in_the_way->start_pa);
		pa = in_the_way->end_pa;
	}
}

/* mem_avoid_init(), handle_mem_options().  False: nothing may be chosen at all. */
static bool find_avoided(struct slot_search *s)
{
	const struct boot *b = s->b;
	const struct segment *kernel = segments_find(&b->segments, BOOT_KERNEL);
	size_t memmaps = 0;

	/*
	 * The packed kernel sits at the end of its room, and unpacks from there.  Not
	 * knowing where it begins only adds slots that are never chosen.
	 */
	if (b->kernel->payload_offset_bytes)
		s->avoid[s->nr_avoid++] = (struct kho_range){
			kernel->got.start_pa + b->kernel->payload_offset_bytes,
			kernel->got.end_pa, 0,
		};
	for (size_t i = 0; i < b->segments.n; i++) {
		const struct segment *seg = &b->segments.seg[i];

		/* Boot parameters, command line and setup_data share a segment. */
		if ((seg->user == BOOT_INITRD || seg->user == BOOT_PARAMS) &&
		    s->nr_avoid < MAX_AVOID - MAX_MEMMAPS)
			s->avoid[s->nr_avoid++] = seg->got;
	}
	if (b->cmd.mem_limit < s->limit_pa)
		s->limit_pa = b->cmd.mem_limit;
	for (size_t i = 0; i < b->cmd.nr_memmaps; i++) {
		const struct cmdline_memmap *m = &b->cmd.memmap[i];

		if (m->kind == '-') {
			if (m->bytes && m->bytes < s->limit_pa)
				s->limit_pa = m->bytes;
			continue;
		}
		/* parse_memmap(): RAM is no reason to stay away. */
		if (m->kind == '@' || m->kind == 'x')
			continue;
		if (++memmaps > MAX_MEMMAPS)
			return false;
		s->avoid[s->nr_avoid++] = (struct kho_range){
			m->start_pa, m->start_pa + m->bytes, 0,
		};
	}
	return true;
}

size_t kaslr_areas(const struct boot *b, struct kaslr_area area[KASLR_AREAS])
{
	const struct segment *kernel = segments_find(&b->segments, BOOT_KERNEL);
	struct slot_search s = {
		.b = b, .area = area, .limit_pa = UINT64_C(1) << b->physmem_bits,
	};

	if (!b->kernel->kaslr || b->cmd.nokaslr || !b->kernel->arch->boot->moves_kernel)
		return 0;
	s.image_bytes = boot_round_up(b->kernel->output_bytes ? b->kernel->output_bytes :
							       b->kernel->init_bytes,
				      b->kernel->pmd_bytes);
	/* The lower of 512 MiB and where it was loaded. */
	s.min_pa = kernel->got.start_pa < UINT64_C(512) << 20 ? kernel->got.start_pa :
							       UINT64_C(512) << 20;
	s.min_pa = boot_round_up(s.min_pa, b->kernel->align_bytes);
	for (size_t i = 0; i < b->cmd.nr_hugepages; i++)
		if (b->cmd.hugepages[i].page_bytes == GIB)
			s.gigantic += b->cmd.hugepages[i].count;
	if (!find_avoided(&s))
		return 0;
	for (size_t i = 0; i < b->machine->scratch.n; i++)
		process_area(&s, &b->machine->scratch.r[i]);
	return s.n;
}
