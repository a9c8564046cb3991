// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "model/steps/successor-ram.h"

/* @from without [@lo, @hi), appended to @out. */
static int without(const struct kho_ranges *from, uint64_t lo, uint64_t hi, struct kho_ranges *out)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < from->n; i++) {
		const struct kho_range *r = &from->r[i];

		if (r->start_pa < lo)
			ret = kho_ranges_add(out, r->start_pa, r->end_pa < lo ? r->end_pa : lo,
					     r->node);
		if (!ret && r->end_pa > hi)
			ret = kho_ranges_add(out, r->start_pa > hi ? r->start_pa : hi, r->end_pa,
					     r->node);
	}
	return ret;
}

static int take_away(struct kho_ranges *ram, uint64_t lo, uint64_t hi)
{
	struct kho_ranges left = { 0 };
	int ret = without(ram, lo, hi, &left);

	if (!ret) {
		kho_ranges_deinit(ram);
		*ram = left;
	} else {
		kho_ranges_deinit(&left);
	}
	return ret;
}

/*
 * Whole pages only: x86's e820__memblock_setup() has memblock_trim_memory() cut off the rest, on
 * arm64 early_init_dt_add_memory_arch() (drivers/of/fdt.c) adds none.  What the running kernel has
 * as RAM may end at 4 KiB where the successor has pages of 64 KiB.  Of UEFI's own map the kernel
 * takes the whole page (memrange_efi_to_native()): less than one at each end.
 */
static void whole_pages(struct kho_ranges *ram, uint64_t page_bytes)
{
	size_t kept = 0;

	for (size_t i = 0; i < ram->n; i++) {
		struct kho_range whole = ram->r[i];

		whole.start_pa = boot_round_up(whole.start_pa, page_bytes);
		whole.end_pa = whole.end_pa / page_bytes * page_bytes;
		if (whole.start_pa < whole.end_pa)
			ram->r[kept++] = whole;
	}
	ram->n = kept;
}

/* x86: mem= is an address; arm64: an amount of memory, counted upwards. */
static uint64_t address_limit(const struct boot *b, uint64_t limit)
{
	const struct kho_ranges *ram = &b->ram;

	if (limit == UINT64_MAX || !b->kernel->arch->early.mem_is_amount)
		return limit;
	for (size_t i = 0; i < ram->n; i++) {
		uint64_t bytes = ram->r[i].end_pa - ram->r[i].start_pa;

		if (limit <= bytes)
			return ram->r[i].start_pa + limit;
		limit -= bytes;
	}
	return UINT64_MAX;
}

/* What of the machine's RAM is left has its node; what is new is nobody's yet. */
static int add_ram(struct boot *b, uint64_t lo, uint64_t hi)
{
	const struct kho_ranges *ram = &b->machine->ram;
	uint64_t limit = UINT64_C(1) << b->kernel->max_physmem_bits;
	int ret;

	if (hi > limit)
		hi = limit;
	if (lo >= hi)
		return 0;
	ret = take_away(&b->ram, lo, hi);
	for (size_t i = 0; !ret && i < ram->n; i++) {
		const struct kho_range *r = &ram->r[i];

		if (r->start_pa >= hi || r->end_pa <= lo)
			continue;
		if (r->start_pa > lo)
			ret = kho_ranges_add(&b->ram, lo, r->start_pa, KHO_NO_NODE);
		if (r->start_pa > lo)
			lo = r->start_pa;
		if (!ret)
			ret = kho_ranges_add(&b->ram, lo, r->end_pa < hi ? r->end_pa : hi, r->node);
		lo = r->end_pa;
	}
	if (!ret && lo < hi)
		ret = kho_ranges_add(&b->ram, lo, hi, KHO_NO_NODE);
	kho_ranges_normalise(&b->ram);
	return ret;
}

/*
 * mem= and memmap= in their order; a range of another kind than RAM wins over RAM
 * wherever it stands (e820__update_table()).
 */
static int limit_ram(struct boot *b)
{
	uint64_t limit_pa = address_limit(b, b->cmd.mem_limit);
	int ret = 0;

	if (b->kernel->arch->early.mem_is_amount)
		return limit_pa == UINT64_MAX ? 0 : take_away(&b->ram, limit_pa, UINT64_MAX);
	for (size_t i = 0; !ret && i < b->cmd.nr_memmaps; i++) {
		const struct cmdline_memmap *m = &b->cmd.memmap[i];

		if (m->kind == 'x')
			ret = take_away(&b->ram, 0, UINT64_MAX);
		else if (m->kind == '-')
			ret = take_away(&b->ram, m->bytes, UINT64_MAX);
		else if (m->kind == '@')
			ret = add_ram(b, m->start_pa, m->start_pa + m->bytes);
	}
	for (size_t i = 0; !ret && i < b->cmd.nr_memmaps; i++) {
		const struct cmdline_memmap *m = &b->cmd.memmap[i];

		if (strchr("#$!", m->kind))
			ret = take_away(&b->ram, m->start_pa, m->start_pa + m->bytes);
	}
	return ret;
}

/*
 * mm/numa_memblks.c, numa_meminfo_cover_memory(): with more than 1 MiB of RAM that is on
 * no node, all of it is node 0.
 */
static void settle_added(struct boot *b)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < b->ram.n; i++)
		if (b->ram.r[i].node == KHO_NO_NODE)
			bytes += b->ram.r[i].end_pa - b->ram.r[i].start_pa;
	for (size_t i = 0; bytes && i < b->ram.n; i++)
		if (bytes > UINT64_C(1) << 20 || b->ram.r[i].node == KHO_NO_NODE)
			b->ram.r[i].node = 0;
	b->one_node = bytes > UINT64_C(1) << 20;
	/* Whether there is memory at all is not known. */
	if (bytes)
		cmdline_note(&b->cmd, "memmap", PARAMETER_TAKES);
	kho_ranges_normalise(&b->ram);
}

/* The machine's RAM that the successor does not have. */
static int count_cut(struct boot *b)
{
	struct kho_ranges cut = { 0 };
	int ret = kho_ranges_cut(&b->machine->ram, &b->ram, &cut);

	b->cut_bytes = 0;
	for (size_t i = 0; !ret && i < cut.n; i++)
		if (cut.r[i].node == KHO_NO_NODE)
			b->cut_bytes += cut.r[i].end_pa - cut.r[i].start_pa;
	kho_ranges_deinit(&cut);
	return ret;
}

/* The machine's node of an address; KHO_NO_NODE where there is no RAM. */
static int node_at(const struct boot *b, uint64_t pa)
{
	const struct kho_ranges *ram = &b->machine->ram;

	for (size_t i = 0; i < ram->n; i++)
		if (ram->r[i].start_pa <= pa && pa < ram->r[i].end_pa)
			return ram->r[i].node;
	return KHO_NO_NODE;
}

/* Pieces of the areas that are not RAM any more; none in the usual case. */
static int find_unmapped(struct boot *b)
{
	size_t kept = 0;
	int ret;

	if (b->kernel->arch->early.mem_is_amount)
		return 0;
	ret = kho_ranges_cut(&b->machine->scratch, &b->ram, &b->unmapped);
	for (size_t i = 0; i < b->unmapped.n; i++)
		if (b->unmapped.r[i].node == KHO_NO_NODE)
			b->unmapped.r[kept++] = b->unmapped.r[i];
	b->unmapped.n = kept;
	return ret;
}

/*
 * kho_populate() adds the areas as memory before the command line is read.  What
 * mem= and memmap= then cut is still memory on x86, but above the last RAM there
 * is no direct map.  On arm64 it is cut off for good.
 */
static int put_back_areas(struct boot *b)
{
	int ret = find_unmapped(b);

	b->limit_pa = b->ram.n ? b->ram.r[b->ram.n - 1].end_pa : 0;
	for (size_t i = 0; !ret && !b->kernel->arch->early.mem_is_amount &&
	     i < b->machine->scratch.n; i++) {
		const struct kho_range *a = &b->machine->scratch.r[i];

		ret = take_away(&b->ram, a->start_pa, a->end_pa);
		if (!ret)
			ret = kho_ranges_add(&b->ram, a->start_pa, a->end_pa,
					     b->one_node ? 0 : node_at(b, a->start_pa));
		if (ret)
			return ret;
		kho_ranges_normalise(&b->ram);
	}
	return 0;
}

/* What of the areas is in no RAM. */
static int count_cut_areas(struct boot *b)
{
	int ret = kho_ranges_cut(&b->machine->scratch, &b->ram, &b->areas);

	for (size_t i = 0; !ret && i < b->areas.n; i++)
		if (b->areas.r[i].node == KHO_NO_NODE)
			b->cut_area_bytes += b->areas.r[i].end_pa - b->areas.r[i].start_pa;
	b->areas.n = 0;
	return ret;
}

/* The nodes that have memory; those beyond what a kernel can have are left out. */
static void list_nodes(struct boot *b)
{
	b->nr_nodes = 0;
	for (size_t i = 0; i < b->ram.n; i++) {
		int node = b->ram.r[i].node;
		size_t at = b->nr_nodes;

		while (at && b->node[at - 1] > node)
			at--;
		if ((at && b->node[at - 1] == node) || b->nr_nodes == BOOT_NODES)
			continue;
		memmove(&b->node[at + 1], &b->node[at], (b->nr_nodes - at) * sizeof(node));
		b->node[at] = node;
		b->nr_nodes++;
	}
}

static int set_nodes(struct boot *b)
{
	struct kho_ranges split = { 0 };
	int ret;

	for (size_t i = 0; b->cmd.numa_off && i < b->ram.n; i++)
		b->ram.r[i].node = 0;
	kho_ranges_normalise(&b->ram);
	if (b->cmd.numa_off || !b->cmd.numa_fake || !b->kernel->numa_emulation)
		return 0;
	/*
	 * numa_emulation() (mm/numa_emulation.c) then looks up the distance of each real node
	 * that is left over, and dies where firmware gives no table of distances (SLIT): seen
	 * on 7.1 and 7.3; a node that has CPUs and no memory is left over in any case (seen on 6.18
	 * and 7.2).  Whether it gives one is not known.
	 */
	list_nodes(b);
	if (b->cmd.numa_fake < b->nr_nodes || b->machine->possible_nodes > b->nr_nodes)
		cmdline_note(&b->cmd, "numa", PARAMETER_TAKES);
	/* A fake node is so many bytes from where the RAM begins. */
	ret = take_away(&b->ram, 0, b->kernel->arch->boot->ram_starts_pa);
	if (!ret)
		ret = numa_fake_split(&b->ram, b->cmd.numa_fake, &split);
	if (ret) {
		kho_ranges_deinit(&split);
		return ret == -EINVAL ? 0 : ret;
	}
	kho_ranges_deinit(&b->ram);
	b->ram = split;
	kho_ranges_normalise(&b->ram);
	return 0;
}

/* Before nodes are known, memory is one bank from hole to hole; what is mapped of it. */
static int find_banks(struct boot *b)
{
	const struct kho_ranges *unmapped = &b->machine->unmapped;
	int ret = 0;

	b->banks.n = 0;
	for (size_t i = 0; !ret && i < b->ram.n && b->ram.r[i].start_pa < b->limit_pa; i++)
		ret = kho_ranges_add(&b->banks, b->ram.r[i].start_pa,
				     b->ram.r[i].end_pa < b->limit_pa ? b->ram.r[i].end_pa :
									 b->limit_pa, 0);
	kho_ranges_normalise(&b->banks);
	for (size_t i = 0; i < unmapped->n && !ret; i++)
		ret = take_away(&b->banks, unmapped->r[i].start_pa, unmapped->r[i].end_pa);
	return ret;
}

int successor_ram(struct boot *b)
{
	const struct kho_ranges *ram = &b->machine->ram;
	int ret = 0;

	b->ram.n = b->areas.n = b->unmapped.n = 0;
	b->cut_area_bytes = b->cut_bytes = 0;
	b->one_node = false;
	b->limit_pa = UINT64_MAX;
	for (size_t i = 0; !ret && i < ram->n; i++)
		ret = kho_ranges_add(&b->ram, ram->r[i].start_pa, ram->r[i].end_pa,
				     ram->r[i].node);
	whole_pages(&b->ram, b->kernel->page_bytes);
	if (!ret && (b->cmd.mem_limit != UINT64_MAX || b->cmd.nr_memmaps)) {
		ret = limit_ram(b);
		whole_pages(&b->ram, b->kernel->page_bytes);
		settle_added(b);
		if (!ret)
			ret = count_cut_areas(b);
		if (!ret)
			ret = put_back_areas(b);
		if (!ret)
			ret = count_cut(b);
	}
	if (!ret)
		ret = set_nodes(b);
	list_nodes(b);
	if (!ret)
		ret = find_banks(b);
	if (!ret)
		ret = kho_ranges_cut(&b->machine->scratch, &b->ram, &b->areas);
	kho_ranges_normalise(&b->areas);
	b->ram_bytes = kho_ranges_bytes(&b->ram);
	return ret;
}
