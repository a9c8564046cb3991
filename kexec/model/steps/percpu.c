// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first percpu chunk: mm/percpu.c, pcpu_build_alloc_info(), pcpu_embed_first_chunk(),
 * and, where that finds no room, pcpu_page_first_chunk().
 */
#include "config.h"

#include "model/steps/steps.h"

#define MIN_UNIT_BYTES	UINT64_C(32768)		/* PCPU_MIN_UNIT_SIZE */

/*
 * With more units than this in a group, what they do not use stays taken here: less
 * than a PMD each, it is of no use to anything large, and following thousands of
 * such pieces costs more than it tells.
 */
#define UNITS_SPLIT		64
#define UNITS_SPLIT_EXACT	1024	/* in a run for one place: they are regions too */

/* struct pcpu_alloc_info, struct pcpu_group_info, struct pcpu_block_md */
#define INFO_BYTES	64
#define INFO_GROUP_BYTES	24
#define INFO_UNIT_BYTES	4
#define BLOCK_MD_BYTES	32

#define BITS_PER_LONG	64
#define MIN_ALLOC_BYTES	4		/* PCPU_MIN_ALLOC_SIZE */

struct units {
	uint64_t groups, cpus;
	uint64_t used_bytes;	/* of a unit */
	uint64_t unit_bytes;
	uint64_t per_alloc;	/* units in one allocation of the atom's multiple */
};

/* What setup_per_cpu_areas() asks pcpu_embed_first_chunk() for. */
static uint64_t atom_bytes(const struct boot_kernel *k)
{
	return k->arch->boot->percpu_atom_is_page ? k->page_bytes : k->pmd_bytes;
}

/* How many units share an allocation: as many as waste no more than a third of the CPUs. */
static struct units embedded(const struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	uint64_t page = k->page_bytes;
	struct units l = { .groups = b->nr_cpus, .cpus = b->possible_cpus, .per_alloc = 1 };
	uint64_t min_unit, alloc, last_allocs = UINT64_MAX;

	l.used_bytes = boot_round_up(k->percpu_bytes + k->percpu_reserved_bytes +
				     k->percpu_dynamic_bytes, page);
	min_unit = l.used_bytes > MIN_UNIT_BYTES ? l.used_bytes : MIN_UNIT_BYTES;
	alloc = boot_round_up(min_unit, atom_bytes(k));
	for (uint64_t upa = alloc / min_unit; upa; upa--) {
		uint64_t allocs = 0, wasted = 0;

		if (alloc % upa || alloc / upa % page)
			continue;
		for (size_t i = 0; i < b->nr_cpus; i++) {
			uint64_t n = (b->cpus[i].count + upa - 1) / upa;

			allocs += n;
			wasted += n * upa - b->cpus[i].count;
		}
		if (wasted > l.cpus / 3)
			continue;
		if (allocs > last_allocs)
			break;
		last_allocs = allocs;
		l.per_alloc = upa;
	}
	l.unit_bytes = alloc / l.per_alloc;
	return l;
}

/* One group, a unit as large as it must be: PERCPU_DYNAMIC_EARLY_SIZE is the least. */
static struct units in_pages(const struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	struct units l = { .groups = 1, .cpus = b->possible_cpus, .per_alloc = 1 };

	l.used_bytes = boot_round_up(k->percpu_bytes + k->percpu_reserved_bytes +
				     k->percpu_dynamic_bytes / 28 * 20, k->page_bytes);
	if (l.used_bytes < MIN_UNIT_BYTES)
		l.used_bytes = MIN_UNIT_BYTES;
	l.unit_bytes = l.used_bytes;
	return l;
}

/* What is given back at the end, and so is in no list. */
static bool take_for_now(struct boot *b, uint64_t bytes, uint64_t align,
			 struct memblock_range *got)
{
	const struct memblock_request req = {
		.bytes = bytes, .align = align, .node = KHO_NO_NODE,
	};

	if (memblock_alloc(&b->mb, &req, got))
		return true;
	*got = (struct memblock_range){ 0 };
	return boot_lacks(b, BOOT_PERCPU, &req, 1);
}

/* pcpu_alloc_alloc_info() */
static bool take_info(struct boot *b, const struct units *l, struct memblock_range *got)
{
	uint64_t page = b->kernel->page_bytes, units = 0;

	for (size_t i = 0; i < b->nr_cpus; i++)
		units += boot_round_up(b->cpus[i].count, l->per_alloc);
	return take_for_now(b, boot_round_up(INFO_BYTES + l->groups * INFO_GROUP_BYTES +
					     units * INFO_UNIT_BYTES, page), page, got);
}

/* pcpu_fc_alloc() */
static struct memblock_request unit_request(const struct boot *b, const struct boot_cpus *cpus)
{
	return (struct memblock_request){
		.min_pa = b->kernel->arch->boot->goal_pa,
		.node = cpus->node,
	};
}

/* What the units of one group do not use is given back. */
static void trim_group(struct boot *b, const struct units *l, const struct boot_cpus *cpus,
		       const struct memblock_range *got)
{
	uint64_t units = boot_round_up(cpus->count, l->per_alloc);
	int node = unit_request(b, cpus).node;
	struct memblock_range rest = *got, unit = *got;

	if (units > (b->exact ? UNITS_SPLIT_EXACT : UNITS_SPLIT)) {
		boot_note(b, BOOT_PERCPU, node, units, got);
		return;
	}
	rest.start_pa += cpus->count * l->unit_bytes;
	memblock_free(&b->mb, &rest);
	memblock_free_ends(&b->mb, got, l->unit_bytes, l->used_bytes, cpus->count);
	/* Nobody looks at them one by one then. */
	if (b->quiet && !b->unmapped.n)
		return;
	for (uint64_t i = 0; i < cpus->count && l->used_bytes; i++) {
		unit.start_pa = got->start_pa + i * l->unit_bytes;
		unit.end_pa = unit.start_pa + l->used_bytes;
		boot_note(b, BOOT_PERCPU, node, 1, &unit);
	}
}

/* A piece for each group, all or none. */
static bool take_groups(struct boot *b, const struct units *l)
{
	struct memblock_range got[BOOT_NODES + 1];
	size_t n;

	for (n = 0; n < b->nr_cpus; n++) {
		const struct boot_cpus *cpus = &b->cpus[n];
		struct memblock_request req = unit_request(b, cpus);

		req.bytes = boot_round_up(cpus->count, l->per_alloc) * l->unit_bytes;
		req.align = atom_bytes(b->kernel);
		if (!memblock_alloc(&b->mb, &req, &got[n]))
			break;
	}
	for (size_t i = 0; i < n; i++) {
		if (n < b->nr_cpus)
			memblock_free(&b->mb, &got[i]);
		else
			trim_group(b, l, &b->cpus[i], &got[i]);
	}
	return n == b->nr_cpus;
}

/* pcpu_alloc_first_chunk(), for @bytes from @start in the unit on */
static bool take_chunk(struct boot *b, uint64_t start, uint64_t bytes)
{
	uint64_t page = b->kernel->page_bytes;
	uint64_t pages = boot_round_up(start % page + bytes, page) / page;
	uint64_t bits = pages * page / MIN_ALLOC_BYTES;
	const uint64_t pieces[] = {
		b->kernel->percpu_chunk_bytes + boot_round_up(pages, BITS_PER_LONG) / 8,
		boot_round_up(bits, BITS_PER_LONG) / 8,
		boot_round_up(bits + 1, BITS_PER_LONG) / 8,
		pages * BLOCK_MD_BYTES,
	};
	struct memblock_request req = { .align = 64, .node = KHO_NO_NODE };

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		req.bytes = pieces[i];
		if (!boot_must(b, BOOT_SMALL, &req, 1))
			return false;
	}
	return true;
}

/* __pcpu_size_to_slot(), and the slots behind it: a list head each */
static uint64_t slots_bytes(uint64_t unit_bytes)
{
	uint64_t bits = 0;

	while (unit_bytes >> bits)
		bits++;
	return (bits - 5 + 2 + 4) * 16;
}

/* pcpu_setup_first_chunk(): tables for the groups and for the CPUs, and the chunks. */
static bool take_percpu_tables(struct boot *b, const struct units *l)
{
	const struct boot_kernel *k = b->kernel;
	uint64_t start = boot_round_up(k->percpu_bytes, MIN_ALLOC_BYTES);
	const uint64_t bytes[] = {
		l->groups * 8, l->groups * 8, l->cpus * 4, l->cpus * 8, slots_bytes(l->unit_bytes),
	};
	struct memblock_request req = { .align = 64, .node = KHO_NO_NODE };

	for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		req.bytes = bytes[i];
		if (!boot_must(b, BOOT_SMALL, &req, 1))
			return false;
	}
	if (k->percpu_reserved_bytes && !take_chunk(b, start, k->percpu_reserved_bytes))
		return false;
	start += k->percpu_reserved_bytes;
	return take_chunk(b, start, l->used_bytes - start);
}

/* pcpu_populate_pte(), in the area of vm_area_register_early() */
static bool map_units(struct boot *b, const struct units *l)
{
	uint64_t page = b->kernel->page_bytes;
	struct memblock_request req = { .bytes = page, .align = page, .node = KHO_NO_NODE };

	return boot_must(b, BOOT_SMALL, &req,
			 b->kernel->arch->boot->vmalloc_tables(b, l->cpus * l->unit_bytes));
}

/* pcpu_page_first_chunk(): the list of pages is given back at the end. */
static bool page_first_chunk(struct boot *b)
{
	const struct units l = in_pages(b);
	uint64_t page = b->kernel->page_bytes;
	struct memblock_range info = { 0 }, pages = { 0 };
	bool alive;

	alive = take_info(b, &l, &info) &&
		take_for_now(b, boot_round_up(l.unit_bytes / page * l.cpus * 8, page), 64, &pages);
	for (size_t i = 0; alive && i < b->nr_cpus; i++) {
		const struct boot_cpus *cpus = &b->cpus[i];
		struct memblock_request req = unit_request(b, cpus);

		req.bytes = req.align = page;
		alive = boot_must(b, BOOT_PERCPU, &req, cpus->count * (l.unit_bytes / page));
	}
	alive = alive && map_units(b, &l) && take_percpu_tables(b, &l);
	memblock_free(&b->mb, &pages);
	memblock_free(&b->mb, &info);
	return alive;
}

/* setup_per_cpu_areas() of arch/x86/kernel/setup_percpu.c and drivers/base/arch_numa.c */
bool boot_percpu(struct boot *b)
{
	const struct units l = embedded(b);
	struct memblock_range info = { 0 }, areas = { 0 };
	bool alive, fits = false;

	if (b->cmd.percpu_in_pages)
		return page_first_chunk(b);
	alive = take_info(b, &l, &info) &&
		take_for_now(b, boot_round_up(l.groups * 8, b->kernel->page_bytes), 64, &areas);
	if (alive) {
		fits = take_groups(b, &l);
		alive = !fits || take_percpu_tables(b, &l);
	}
	memblock_free(&b->mb, &info);
	memblock_free(&b->mb, &areas);
	return fits || !alive ? alive : page_first_chunk(b);
}
