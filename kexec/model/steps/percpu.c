// SPDX-License-Identifier: GPL-2.0-only
/* The first percpu chunk: mm/percpu.c, pcpu_build_alloc_info(), pcpu_embed_first_chunk(). */
#include "config.h"

#include "model/steps/steps.h"

#define MIN_UNIT_BYTES	UINT64_C(32768)		/* PCPU_MIN_UNIT_SIZE */

/*
 * With more units than this in a group, what they do not use stays taken here: less
 * than a PMD each, it is of no use to anything large, and following thousands of
 * such pieces costs more than it tells.
 */
#define UNITS_SPLIT	64

struct layout {
	uint64_t used_bytes;	/* of a unit */
	uint64_t unit_bytes;
	uint64_t per_alloc;	/* units in one allocation of the atom's multiple */
};

/* How many units share an allocation: as many as waste no more than a third of the CPUs. */
static struct layout build_layout(const struct boot *b)
{
	const struct boot_machine *m = b->machine;
	uint64_t page = b->kernel->page_bytes;
	uint64_t atom = b->kernel->arch->boot->percpu_atom_bytes;
	struct layout l = { .per_alloc = 1 };
	uint64_t min_unit, alloc, last_allocs = UINT64_MAX, cpus = 0;

	for (size_t i = 0; i < m->nr_cpus; i++)
		cpus += m->cpus[i].count;
	l.used_bytes = boot_round_up(b->kernel->percpu_bytes + b->kernel->percpu_dynamic_bytes,
				     page);
	min_unit = l.used_bytes > MIN_UNIT_BYTES ? l.used_bytes : MIN_UNIT_BYTES;
	alloc = boot_round_up(min_unit, atom ? atom : b->kernel->pmd_bytes);
	for (uint64_t upa = alloc / min_unit; upa; upa--) {
		uint64_t allocs = 0, wasted = 0;

		if (alloc % upa || alloc / upa % page)
			continue;
		for (size_t i = 0; i < m->nr_cpus; i++) {
			uint64_t n = (m->cpus[i].count + upa - 1) / upa;

			allocs += n;
			wasted += n * upa - m->cpus[i].count;
		}
		if (wasted > cpus / 3)
			continue;
		if (allocs > last_allocs)
			break;
		last_allocs = allocs;
		l.per_alloc = upa;
	}
	l.unit_bytes = alloc / l.per_alloc;
	return l;
}

/* One group of CPUs; what its units do not use is given back. */
static bool take_group(struct boot *b, const struct layout *l, const struct boot_cpus *cpus)
{
	uint64_t atom = b->kernel->arch->boot->percpu_atom_bytes;
	uint64_t units = boot_round_up(cpus->count, l->per_alloc);
	struct memblock_request req = {
		.bytes = units * l->unit_bytes,
		.align = atom ? atom : b->kernel->pmd_bytes,
		.min_pa = b->kernel->arch->boot->goal_pa,
		.node = b->cmd.numa_off ? 0 : cpus->node,
	};
	struct memblock_range got, rest, unit;

	if (!memblock_alloc(&b->mb, &req, &got))
		return false;
	if (units > UNITS_SPLIT) {
		boot_note(b, BOOT_PERCPU, req.node, units, &got);
		return true;
	}
	rest = got;
	rest.start_pa += cpus->count * l->unit_bytes;
	memblock_free(&b->mb, &rest);
	memblock_free_ends(&b->mb, &got, l->unit_bytes, l->used_bytes, cpus->count);
	/* Nobody looks at them one by one then. */
	if (b->quiet && !b->unmapped.n)
		return true;
	for (uint64_t i = 0; i < cpus->count && l->used_bytes; i++) {
		unit = got;
		unit.start_pa += i * l->unit_bytes;
		unit.end_pa = unit.start_pa + l->used_bytes;
		boot_note(b, BOOT_PERCPU, req.node, 1, &unit);
	}
	return true;
}

/*
 * pcpu_setup_first_chunk(), pcpu_alloc_first_chunk(): tables for the groups, for
 * the CPUs, and for the dynamic part, a byte for every 32 of it and 32 for each page.
 */
static bool take_tables(struct boot *b, const struct layout *l, uint64_t groups, uint64_t cpus)
{
	uint64_t page = b->kernel->page_bytes;
	uint64_t pages = (l->used_bytes - b->kernel->percpu_bytes / page * page) / page;
	const uint64_t bytes[] = {
		groups * 8, groups * 8, cpus * 4, cpus * 8, 368, 136,
		pages * page / 32, pages * page / 32 + 8, pages * 32,
	};
	struct memblock_request req = { .align = 64, .node = KHO_NO_NODE };

	for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		req.bytes = bytes[i];
		if (!boot_must(b, BOOT_SMALL, &req, 1))
			return false;
	}
	return true;
}

static bool take_units(struct boot *b, const struct layout *l)
{
	for (size_t i = 0; i < b->machine->nr_cpus; i++) {
		const struct boot_cpus *cpus = &b->machine->cpus[i];
		struct memblock_request req = {
			.bytes = b->kernel->page_bytes, .align = b->kernel->page_bytes,
			.min_pa = b->kernel->arch->boot->goal_pa, .node = cpus->node,
		};
		uint64_t pages = cpus->count * (l->used_bytes / req.bytes);

		/* pcpu_page_first_chunk(): pages fit where a group does not. */
		if (!take_group(b, l, cpus) && !boot_must(b, BOOT_PERCPU, &req, pages))
			return false;
	}
	return true;
}

/* What is given back at the end, and so is in no list. */
static bool take_for_now(struct boot *b, const struct memblock_request *req,
			 struct memblock_range *got)
{
	if (memblock_alloc(&b->mb, req, got))
		return true;
	*got = (struct memblock_range){ 0 };
	return boot_lacks(b, BOOT_PERCPU, KHO_NO_NODE, req->bytes);
}

bool boot_percpu(struct boot *b)
{
	struct layout l = build_layout(b);
	struct memblock_request req = {
		.bytes = b->kernel->page_bytes, .align = b->kernel->page_bytes,
		.node = KHO_NO_NODE,
	};
	struct memblock_range info = { 0 }, areas = { 0 };
	uint64_t cpus = 0;
	bool alive;

	for (size_t i = 0; i < b->machine->nr_cpus; i++)
		cpus += b->machine->cpus[i].count;
	/* The layout and the groups' addresses, given back at the end. */
	alive = take_for_now(b, &req, &info);
	req.align = 64;
	alive = alive && take_for_now(b, &req, &areas) && take_units(b, &l) &&
		take_tables(b, &l, b->machine->nr_cpus, cpus);
	memblock_free(&b->mb, &areas);
	memblock_free(&b->mb, &info);
	return alive;
}
