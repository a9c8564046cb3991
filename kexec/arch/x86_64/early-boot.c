// SPDX-License-Identifier: GPL-2.0-only
/* x86-64: loading a bzImage, and setup_arch() up to the memory map. */
#include "config.h"

#include <string.h>

#include "arch/x86_64/x86_64.h"
#include "model/toolbox/run.h"

#define PAGE		UINT64_C(4096)
#define MIB		(UINT64_C(1) << 20)
#define GIB		(UINT64_C(1) << 30)

/* arch/x86/kernel/kexec-bzimage64.c */
#define MIN_PURGATORY_PA	UINT64_C(0x3000)
#define MIN_BOOTPARAM_PA	UINT64_C(0x3000)
#define MIN_KERNEL_PA		UINT64_C(0x100000)
#define MIN_INITRD_PA		UINT64_C(0x1000000)
#define ELFCOREHDR_TEXT_BYTES	30	/* MAX_ELFCOREHDR_STR_LEN */
#define PURGATORY_BYTES		(5 * PAGE)	/* 6.18 to 7.3, seen */

/*
 * early_reserve_memory(), reserve_brk(): the kernel up to .brk stays taken, and what
 * setup_arch() has used of that: 16 pages of page tables and what DMI keeps, one page
 * under QEMU and 16 at most (seen on 6.18 to 7.3; two kernels of distributions among
 * them).  What comes behind it, 48 pages and .init.scratch of SME, does not.
 */
#define BRK_BYTES	(48 * PAGE)
#define BRK_USED_BYTES	(17 * PAGE)

/* Zero page and command line; the other data that goes along starts after them. */
static uint64_t setup_data_offset(const struct boot *b)
{
	const char *given = b->load->given ? b->load->given : b->load->cmdline;
	size_t cmdline = given ? strlen(given) + 1 : 1;

	return PAGE + boot_round_up(cmdline + ELFCOREHDR_TEXT_BYTES, 16);
}

/* bzImage64_load(), after kho_fill_kimage() */
static bool place(struct boot *b, enum boot_user *failed)
{
	const struct boot_kernel *k = b->kernel;
	const struct segment want[] = {
		/* kimage_file_prepare_segments(), ima_add_kexec_buffer() */
		{ .user = BOOT_SMALL, .bytes = b->machine->ima_bytes, .align = PAGE },
		{ .user = BOOT_SCRATCH_LIST, .bytes = b->machine->scratch.n * 16,
		  .align = 64 << 10 },
		{ .user = BOOT_PURGATORY, .bytes = PURGATORY_BYTES, .align = PAGE,
		  .min_pa = MIN_PURGATORY_PA },
		/* EFI, handover and random seed: a struct setup_data and its data each. */
		{ .user = BOOT_PARAMS, .bytes = setup_data_offset(b) + 48 + 48 + 48,
		  .align = PAGE, .min_pa = MIN_BOOTPARAM_PA },
		{ .user = BOOT_KERNEL, .bytes = k->init_bytes, .align = k->align_bytes,
		  .min_pa = k->load_min_pa > MIN_KERNEL_PA ? k->load_min_pa : MIN_KERNEL_PA },
		{ .user = BOOT_INITRD, .bytes = b->load->initrd_bytes, .align = PAGE,
		  .min_pa = MIN_INITRD_PA },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct segment seg = want[i];

		seg.max_pa = UINT64_MAX;
		if (seg.bytes && !segments_add(&b->segments, &b->machine->scratch, PAGE, &seg)) {
			/* Then it goes without it. */
			if (seg.user == BOOT_SMALL)
				continue;
			*failed = seg.user;
			return false;
		}
	}
	return true;
}

/* early_reserve_memory(), reserve_brk() */
static void reserve(struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	uint64_t bytes = k->brk_offset_bytes ? k->brk_offset_bytes + BRK_USED_BYTES :
			 k->kernel_bytes ? k->kernel_bytes - BRK_BYTES + BRK_USED_BYTES :
			 k->init_bytes;
	struct memblock_range kernel = { b->kernel_pa, b->kernel_pa + bytes, KHO_NO_NODE, 1, 1 };

	for (size_t i = 0; i < b->areas.n; i++)
		if (b->areas.r[i].start_pa <= b->kernel_pa && b->kernel_pa < b->areas.r[i].end_pa)
			kernel.node = b->areas.r[i].node;
	memblock_reserve(&b->mb, &kernel);
	boot_note(b, BOOT_KERNEL, KHO_NO_NODE, 1, &kernel);
	for (size_t i = 0; i < b->segments.n; i++) {
		const struct segment *seg = &b->segments.seg[i];
		struct memblock_range got = boot_fixed(&seg->got), taken;

		if (seg->user == BOOT_KERNEL || seg->user == BOOT_PURGATORY)
			continue;
		/* The boot parameters are copied; their setup_data stays in place. */
		if (seg->user == BOOT_PARAMS) {
			got.start_pa += setup_data_offset(b);
			got.end_pa = got.start_pa + 48 + 48;
		} else if (seg->user == BOOT_SCRATCH_LIST) {
			got.end_pa = got.start_pa + b->machine->scratch.n * 16;
		}
		taken = got;
		if (seg->user == BOOT_SCRATCH_LIST)
			taken.node = MEMBLOCK_FIXED;
		memblock_reserve(&b->mb, &taken);
		boot_note(b, seg->user, KHO_NO_NODE, 1, &got);
	}
}

/* Tables of one level, counted upwards: neighbours share one. */
struct level {
	uint64_t covers;	/* bytes that one table maps */
	uint64_t next;		/* lowest table not counted yet */
	uint64_t tables;
};

/* Those that [start, end) touches. */
static void count_tables(struct level *l, uint64_t start, uint64_t end)
{
	uint64_t first = start / l->covers, stop = (end - 1) / l->covers + 1;

	if (first < l->next)
		first = l->next;
	if (first >= stop)
		return;
	l->tables += stop - first;
	l->next = stop;
}

/* Those at the ends of [start, end) that are not mapped by one entry above. */
static void count_ends(struct level *l, uint64_t start, uint64_t end)
{
	if (start % l->covers)
		count_tables(l, start, start + 1);
	if (end % l->covers)
		count_tables(l, end - 1, end);
}

struct direct_map_tables {
	struct level pud, pmd, pte;
	bool gbpages;
};

/* init_memory_mapping() of one region of memblock; an empty one is none. */
static void map_region(struct direct_map_tables *t, uint64_t start, uint64_t end)
{
	if (start >= end)
		return;
	count_tables(&t->pud, start, end);
	count_ends(&t->pte, start, end);
	if (t->gbpages)
		count_ends(&t->pmd, start, end);
	else
		count_tables(&t->pmd, start, end);
}

/*
 * init_mem_mapping(): a table for every 512 GiB, and below it one for each 1 GiB
 * that is not mapped whole and each 2 MiB that is not.  A region of memblock ends where
 * scratch begins or ends (MEMBLOCK_KHO_SCRATCH), and large pages do not reach beyond it
 * (adjust_range_page_size_mask()).  The first tables come out of .brk
 * (early_alloc_pgt_buf()), memblock gives the others.
 */
static uint64_t direct_map_pages(const struct boot *b)
{
	struct direct_map_tables t = {
		.pud.covers = 512 * GIB, .pmd.covers = GIB, .pte.covers = 2 * MIB,
		.gbpages = b->machine->gbpages && !b->cmd.nogbpages,
	};
	uint64_t tables, from_brk = b->kernel->brk_tables;
	size_t area = 0;

	for (size_t i = 0; i < b->banks.n; i++) {
		uint64_t at = b->banks.r[i].start_pa, end = b->banks.r[i].end_pa;

		for (; area < b->areas.n && b->areas.r[area].start_pa < end; area++) {
			map_region(&t, at, b->areas.r[area].start_pa);
			at = b->areas.r[area].start_pa;
			/* Areas that touch are one region, and nodes are not known yet. */
			while (area + 1 < b->areas.n &&
			       b->areas.r[area + 1].start_pa == b->areas.r[area].end_pa)
				area++;
			map_region(&t, at, b->areas.r[area].end_pa);
			at = b->areas.r[area].end_pa;
		}
		map_region(&t, at, end);
	}
	tables = t.pud.tables + t.pmd.tables + t.pte.tables + b->five_level;
	return tables > from_brk ? tables - from_brk : 0;
}

/*
 * arch/x86/kernel/pci-dma.c, pci_swiotlb_detect(): memory that 32 bits do not reach, or a
 * parameter.  Memory that may be plugged in counts (max_possible_pfn, raised by
 * acpi_parse_memory_affinity()), unless numa=off leaves the SRAT unread.
 */
static uint64_t swiotlb_bytes(const struct boot *b)
{
	const struct cmdline *c = &b->cmd;
	bool high = (b->ram.n && b->ram.r[b->ram.n - 1].end_pa > BOOT_4G) ||
		    (!c->numa_off && b->machine->possible_end_pa > BOOT_4G);

	if (!(high && !c->iommu_off) && !c->swiotlb_force && !c->iommu_soft)
		return 0;
	return c->swiotlb_bytes ? c->swiotlb_bytes : 64 * MIB;
}

#define RESOURCE_BYTES		64	/* struct resource */
#define FIRMWARE_ENTRY_BYTES	104	/* struct firmware_map_entry */
#define NOSAVE_BYTES		32	/* struct nosave_region */

/*
 * Resources of the HPET and of one I/O APIC, with their names; e820__reserve_resources(): one
 * for each range of the firmware's map and one more, as trim_bios_range() leaves it, in one
 * piece, and a firmware_map_entry for each; e820__register_nosave_regions(): one for each gap
 * before RAM, the first of which is page 0.
 */
static bool small_pieces(struct boot *b)
{
	uint64_t ranges = b->machine->nr_firmware_ranges;
	const struct {
		uint64_t bytes, count;
	} pieces[] = {
		{ RESOURCE_BYTES + 9, 1 }, { RESOURCE_BYTES + 11, b->cmd.no_ioapic ? 0 : 1 },
		{ (ranges + 1) * RESOURCE_BYTES, 1 }, { FIRMWARE_ENTRY_BYTES, ranges },
		{ NOSAVE_BYTES, b->kernel->hibernates ? b->banks.n : 0 },
	};
	struct memblock_request req = { .align = 64, .node = KHO_NO_NODE };

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		req.bytes = pieces[i].bytes;
		if (!boot_must(b, BOOT_SMALL, &req, pieces[i].count))
			return false;
	}
	return true;
}

/*
 * arch/x86/mm/numa.c, setup_node_to_cpumask_map(): a mask for each node up to the last that is
 * possible; arch/x86/kernel/smpboot.c, setup_cpu_local_masks(): one more.
 */
static bool cpu_masks(struct boot *b)
{
	struct memblock_request req = {
		.bytes = boot_round_up(b->possible_cpus, 64) / 8, .align = 64, .node = KHO_NO_NODE,
	};
	uint64_t nodes = b->nr_nodes ? (uint64_t)b->node[b->nr_nodes - 1] + 1 : 1;

	if (!b->cmd.numa_off && !b->cmd.numa_fake && b->machine->possible_nodes > nodes)
		nodes = b->machine->possible_nodes;
	return !b->kernel->cpumask_offstack || boot_must(b, BOOT_SMALL, &req, nodes + 1);
}

/* sizeof(struct cpu_entry_area) without KASAN: 6.18 to 7.3 */
#define CPU_ENTRY_AREA_BYTES	(60 * PAGE)
#define CPU_ENTRY_AREA_GIBS	512

/* Of 512 blocks of 1 GiB, how many do @cpus that choose at random touch on average? */
static uint64_t blocks_touched(uint64_t cpus)
{
	uint64_t touched = 0;		/* in 1/1024 of a block */

	if (cpus >= 8 * CPU_ENTRY_AREA_GIBS)
		return CPU_ENTRY_AREA_GIBS;
	for (uint64_t i = 0; i < cpus; i++)
		touched += 1024 - touched / CPU_ENTRY_AREA_GIBS;
	return (touched + 1023) / 1024;
}

/*
 * trap_init(), setup_cpu_entry_areas(): page tables of an area for each possible CPU.
 * They lie side by side behind one page; with KASLR each somewhere in 512 GiB
 * (init_cea_offsets()), and some lie across the end of a table.  All 60 pages of an area are counted;
 * percpu_setup_debug_store() maps the last 33 on an Intel CPU only, and where these alone begin a
 * table, as with 128 CPUs, another CPU's kernel takes one less.
 */
static uint64_t late_pages(const struct boot *b)
{
	uint64_t cpus = b->possible_cpus;

	if (b->kernel->kaslr && !b->cmd.nokaslr)
		return 1 + blocks_touched(cpus) + cpus + cpus / 8;
	return 2 + boot_round_up(PAGE + cpus * CPU_ENTRY_AREA_BYTES, 2 * MIB) / (2 * MIB);
}

/*
 * asm/crash_reserve.h, crash_low_size_default(): the bounce buffer of the crash kernel and some room,
 * at least 256 MiB.
 */
static uint64_t crash_low_bytes(uint64_t swiotlb_bytes)
{
	uint64_t bytes = (swiotlb_bytes ? swiotlb_bytes : 64 * MIB) + 8 * MIB;

	return bytes > 256 * MIB ? bytes : 256 * MIB;
}

/* Nothing is there yet: a table of each level. */
static uint64_t vmalloc_tables(const struct boot *b, uint64_t bytes)
{
	return boot_round_up(bytes, 2 * MIB) / (2 * MIB) + (b->five_level ? 3 : 2);
}

const struct boot_arch boot_arch_x86_64 = {
	.place = place,
	.reserve = reserve,
	.direct_map_pages = direct_map_pages,
	.map_memory = x86_64_map_memory,
	.crash_align_bytes = 16 * MIB,
	.crash_low_bytes = crash_low_bytes,
	.ram_starts_pa = PAGE,
	.moves_kernel = true,
	.goal_pa = 16 * MIB,
	.percpu_atom_is_page = false,
	.vmalloc_tables = vmalloc_tables,
	.swiotlb_bytes = swiotlb_bytes,
	.small_pieces = small_pieces,
	.cpu_masks = cpu_masks,
	.early_log_buf = true,
	.regions_of_firmware = 8,	/* 5 tables, at least; reserve_real_mode() makes 4 of one */
	.region_per_cpu = false,
	.loaded_is_kern = true,		/* setup.c, early_reserve_memory() */
	.kfence_is_first = false,
	.late_pages = late_pages,
};
