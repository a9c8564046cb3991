// SPDX-License-Identifier: GPL-2.0-only
/*
 * The section table and the memory map: mm/sparse.c (sparse_init(),
 * sparse_init_nid()) and mm/sparse-vmemmap.c (vmemmap_populate_hugepages(),
 * vmemmap_populate_basepages()).
 */
#include "config.h"

#include "model/steps/steps.h"

static uint64_t map_bytes(const struct boot_kernel *k)
{
	return (UINT64_C(1) << k->section_size_bits) / k->page_bytes * k->struct_page_bytes;
}

/* section_map_size() */
static uint64_t section_map_bytes(const struct boot_kernel *k)
{
	return boot_round_up(map_bytes(k), k->vmemmap ? k->pmd_bytes : k->page_bytes);
}

/*
 * Size of struct mem_section_usage for one section: a list head of two pointers,
 * a bit for each 2 MiB subsection, a byte of flags for each page block, both in
 * longs.
 */
static uint64_t usage_bytes(const struct boot_kernel *k)
{
	uint64_t section_bytes = UINT64_C(1) << k->section_size_bits, block = boot_block_bytes(k);

	return 16 + boot_round_up(section_bytes / (UINT64_C(2) << 20), 64) / 8 +
	       boot_round_up((section_bytes + block - 1) / block, 8);
}

/* memblocks_present(), sparse_index_alloc(): the roots, and a page for each root in use. */
static bool section_table(struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	uint64_t per_root = k->page_bytes / k->mem_section_bytes;
	uint64_t roots = (UINT64_C(1) << (b->physmem_bits - k->section_size_bits)) / per_root;
	struct memblock_request req = {
		.bytes = roots * sizeof(uint64_t), .align = 64, .node = KHO_NO_NODE,
	};
	uint64_t next_root = 0;

	if (!boot_must(b, BOOT_SECTION_TABLE, &req, 1))
		return false;
	for (size_t i = 0; i < b->sections.n; i++) {
		const struct section_span *span = &b->sections.span[i];
		uint64_t first = span->first_nr / per_root;
		uint64_t end = (span->first_nr + span->count - 1) / per_root + 1;

		if (first < next_root)
			first = next_root;
		if (first >= end)
			continue;
		req = (struct memblock_request){
			.bytes = k->page_bytes, .align = 64, .node = span->node,
		};
		if (!boot_must(b, BOOT_SECTION_TABLE, &req, end - first))
			return false;
		next_root = end;
	}
	return true;
}

/* sparse_usage_init() */
static bool usage_map(struct boot *b, int node, uint64_t sections)
{
	struct memblock_request req = {
		.bytes = usage_bytes(b->kernel) * sections, .align = 64, .node = node,
	};
	struct memblock_range got;

	/* sparse_early_usemaps_alloc_pgdat_section(): beside NODE_DATA if there is room. */
	for (size_t i = 0; b->kernel->usage_by_node_data && i < b->node_data.n; i++) {
		uint64_t section_bytes = UINT64_C(1) << b->kernel->section_size_bits;

		if (b->node_data.r[i].node != node)
			continue;
		req.min_pa = b->node_data.r[i].start_pa & ~(section_bytes - 1);
		req.max_pa = req.min_pa + section_bytes;
		req.either = true;
		/* Elsewhere otherwise, if there is room for it in one piece. */
		tally_add_within(&b->tally, node, req.bytes);
		tally_must_have(&b->tally, node, req.bytes, req.align);
		if (boot_take(b, BOOT_USAGE_MAP, &req, 1, &got))
			return true;
		req.max_pa = 0;
		req.either = false;
	}
	return boot_must(b, BOOT_USAGE_MAP, &req, 1);
}

/* A piece of the map: from the buffer, else from memblock. */
static uint64_t take_map(struct boot *b, struct memblock_range *buf, int node, uint64_t bytes,
			 uint64_t count)
{
	struct memblock_request req = {
		.bytes = bytes, .align = bytes, .min_pa = b->kernel->arch->boot->goal_pa,
		.node = node,
	};
	struct memblock_range skipped = *buf, taken = *buf;
	uint64_t done = 0;

	shift_round(b->mb.shift, buf->start_moves, bytes);
	skipped.end_pa = taken.start_pa = boot_round_up(buf->start_pa, bytes);
	if (buf->end_pa > taken.start_pa) {
		done = (buf->end_pa - taken.start_pa) / bytes;
		if (done > count)
			done = count;
	}
	if (done) {
		/* sparse_buffer_alloc(): what alignment skips is given back. */
		memblock_free(&b->mb, &skipped);
		buf->start_pa = taken.end_pa = taken.start_pa + done * bytes;
		boot_note(b, BOOT_MEMORY_MAP, node, done, &taken);
	}
	return done + boot_take(b, BOOT_MEMORY_MAP, &req, count - done, NULL);
}

static bool take_map_tables(struct boot *b, int node, uint64_t count)
{
	struct memblock_request req = {
		.bytes = b->kernel->page_bytes, .align = b->kernel->page_bytes,
		.min_pa = b->kernel->arch->boot->goal_pa, .node = node,
	};
	uint64_t had;

	had = boot_take(b, BOOT_MAP_TABLES, &req, count, NULL);
	return had == count || boot_lacks(b, BOOT_MEMORY_MAP, &req, count - had);
}

/*
 * Levels above PMDs that have no table yet where the map lies.  On arm64 the fixmap, at the end of
 * the address space, shares its tables from the level on that reaches back to VMEMMAP_START, an
 * address space of struct pages: 4 TiB with 4K pages and 48 bits.  With 64K pages a table of PMDs
 * reaches 4 TiB, with 16K 64 GiB, and one of PUDs 128 TiB.
 */
static uint64_t first_tables(const struct boot *b)
{
	switch (b->kernel->page_bytes) {
	case 16384:
		return 1;
	case 65536:
		return 0;
	}
	return b->five_level ? 3 : 2;
}

/* Tables above the one that holds PMD number @pmd, as far as they are not there yet. */
static uint64_t upper_tables(const struct boot *b, uint64_t pmd)
{
	uint64_t entries = b->kernel->page_bytes / 8;
	uint64_t tables = 0;

	if (!b->next_pmd)	/* the first of all: the levels above are empty too */
		return first_tables(b);
	/* One level up, the same question for a table as large as @entries tables. */
	for (uint64_t size = entries; pmd / size != (b->next_pmd - 1) / size; size *= entries)
		tables++;
	return tables;
}

/* vmemmap_populate_basepages() for what lies below one table. */
static bool map_in_pages(struct boot *b, struct memblock_range *buf, int node, uint64_t bytes)
{
	uint64_t page_bytes = b->kernel->page_bytes, had;
	uint64_t pages = boot_round_up(bytes, page_bytes) / page_bytes;
	const struct memblock_request page = {
		.bytes = page_bytes, .align = page_bytes, .node = node,
	};

	had = take_map(b, buf, node, page_bytes, pages);
	b->out->map_in_pages_bytes += bytes;
	return had == pages || boot_lacks(b, BOOT_MEMORY_MAP, &page, pages - had);
}

/*
 * How many whole tables' worth of PMDs, of @tables, can be placed at one go?  As
 * long as tables come out of a hole that is too small for a PMD, the two do not
 * get in each other's way, and their order does not matter.
 */
static uint64_t tables_at_once(const struct boot *b, int node, uint64_t tables)
{
	const struct boot_kernel *k = b->kernel;
	struct memblock_request req = {
		.bytes = k->page_bytes, .align = k->page_bytes,
		.min_pa = k->arch->boot->goal_pa, .node = node, .exact_node = true,
	};
	struct memblock_range got, gap;
	uint64_t pages, pmds;

	if (tables < 2 || !memblock_find(&b->mb, &req, &got, &gap))
		return 1;
	shift_round(b->mb.shift, gap.start_moves, k->pmd_bytes);
	if (shift_le(b->mb.shift, boot_round_up(gap.start_pa, k->pmd_bytes) + k->pmd_bytes,
		     gap.start_moves, gap.end_pa, gap.end_moves))
		return 1;
	/* A number that moves holds for this place only. */
	if (got.end_moves != gap.start_moves)
		shift_fix(b->mb.shift);
	pages = (got.end_pa - gap.start_pa) / k->page_bytes;
	if (pages < tables)
		tables = pages;
	req.bytes = req.align = k->pmd_bytes;
	pmds = memblock_capacity(&b->mb, &req);
	if (pmds / (k->page_bytes / 8) < tables)
		tables = pmds / (k->page_bytes / 8);
	return tables ? tables : 1;
}

/* The PMDs [@pmd, @end_pmd) of the map; all of them are wanted whole. */
static bool map_in_pmds(struct boot *b, struct memblock_range *buf, int node, uint64_t pmd,
			uint64_t end_pmd)
{
	uint64_t entries = b->kernel->page_bytes / 8;

	while (pmd < end_pmd) {
		uint64_t stop = (pmd / entries + 1) * entries;
		uint64_t tables = upper_tables(b, pmd);
		uint64_t done;

		if (tables == 1) {
			/* Up to the next table of tables. */
			uint64_t n = (entries * entries - pmd % (entries * entries)) / entries;

			if ((end_pmd - pmd) / entries < n)
				n = (end_pmd - pmd) / entries;
			if (!buf->start_pa)
				n = tables_at_once(b, node, n);
			else if (n > (buf->end_pa - buf->start_pa) / b->kernel->pmd_bytes / entries)
				n = 1;
			if (!n)
				n = 1;
			tables += n - 1;
			stop += (n - 1) * entries;
		}
		if (!take_map_tables(b, node, tables))
			return false;
		if (stop > end_pmd)
			stop = end_pmd;
		done = take_map(b, buf, node, b->kernel->pmd_bytes, stop - pmd);
		pmd += done;
		b->next_pmd = pmd;
		/* No room for a PMD any more: page by page from here on. */
		for (; pmd < stop; b->next_pmd = ++pmd)
			if (!take_map_tables(b, node, 1) ||
			    !map_in_pages(b, buf, node, b->kernel->pmd_bytes))
				return false;
	}
	return true;
}

/*
 * arch/arm64/mm/mmu.c: with pages other than 4K, pages only, those of [@at, @end).  A table holds
 * the map of many sections (512 GiB of RAM with 64K pages), also of other nodes.
 */
static bool map_span_in_pages(struct boot *b, struct memblock_range *buf, int node, uint64_t at,
			      uint64_t end)
{
	uint64_t pmd_bytes = b->kernel->pmd_bytes;

	while (at < end) {
		uint64_t pmd = at / pmd_bytes, stop = (pmd + 1) * pmd_bytes;

		if (stop > end)
			stop = end;
		if (pmd >= b->next_pmd) {
			if (!take_map_tables(b, node, upper_tables(b, pmd) + 1))
				return false;
			b->next_pmd = pmd + 1;
		}
		if (!map_in_pages(b, buf, node, stop - at))
			return false;
		at = stop;
	}
	return true;
}

/* The first section that the virtual memory map has room for. */
static uint64_t map_origin_nr(const struct boot *b)
{
	const struct boot_arch *arch = b->kernel->arch->boot;

	return (arch->map_origin_pa ? arch->map_origin_pa(b) : 0) >> b->kernel->section_size_bits;
}

/* vmemmap_populate() for one span. */
static bool map_span(struct boot *b, struct memblock_range *buf, const struct section_span *span)
{
	const struct boot_kernel *k = b->kernel;
	uint64_t start = (span->first_nr - map_origin_nr(b)) * map_bytes(k);
	uint64_t end = start + span->count * map_bytes(k);
	uint64_t pmd = start / k->pmd_bytes;
	uint64_t end_pmd = (end + k->pmd_bytes - 1) / k->pmd_bytes, had;

	/* Without it: one array a section, as large as it is. */
	if (!k->vmemmap) {
		const struct memblock_request one = {
			.bytes = section_map_bytes(k), .align = section_map_bytes(k),
			.node = span->node,
		};

		had = take_map(b, buf, span->node, one.bytes, span->count);
		return had == span->count ||
		       boot_lacks(b, BOOT_MEMORY_MAP, &one, span->count - had);
	}
	if (k->page_bytes != 4096)
		return map_span_in_pages(b, buf, span->node, start, end);
	if (pmd < b->next_pmd)
		pmd = b->next_pmd;
	return map_in_pmds(b, buf, span->node, pmd, end_pmd);
}

/* sparse_buffer_init(): failing is not fatal. */
static struct memblock_range get_buffer(struct boot *b, int node, uint64_t sections)
{
	const struct boot_kernel *k = b->kernel;
	struct memblock_request req = {
		.bytes = sections * section_map_bytes(k), .align = section_map_bytes(k),
		.min_pa = k->arch->boot->goal_pa, .node = node, .exact_node = true,
	};
	struct memblock_range got = { 0 };

	if (!k->sparse_buffer)
		return (struct memblock_range){ 0 };
	b->out->buffers++;
	if (!memblock_alloc(&b->mb, &req, &got)) {
		/* The same pieces are asked for one by one, and are counted then. */
		b->out->buffers_failed++;
		return (struct memblock_range){ 0 };
	}
	return got;
}

uint64_t boot_map_bytes(const struct boot *b, int node)
{
	uint64_t sections = 0;

	for (size_t i = 0; i < b->sections.n; i++)
		if (node == KHO_NO_NODE || b->sections.span[i].node == node)
			sections += b->sections.span[i].count;
	return sections * map_bytes(b->kernel);
}

uint64_t boot_least_map_bytes(const struct boot *b)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < b->nr_nodes; i++) {
		uint64_t bytes = boot_map_bytes(b, b->node[i]);

		least = bytes < least ? bytes : least;
	}
	return b->nr_nodes ? least : 0;
}

bool boot_memory_map(struct boot *b)
{
	size_t next;

	if (!section_table(b))
		return false;
	for (size_t first = 0; first < b->sections.n; first = next) {
		int node = b->sections.span[first].node;
		struct memblock_range buf;
		uint64_t count;

		next = sections_group(&b->sections, first, &count);
		if (!usage_map(b, node, count))
			return false;
		buf = get_buffer(b, node, count);
		for (size_t i = first; i < next; i++)
			if (!map_span(b, &buf, &b->sections.span[i]))
				return false;
		memblock_free(&b->mb, &buf);	/* sparse_buffer_fini() */
	}
	return true;
}
