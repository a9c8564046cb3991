// SPDX-License-Identifier: GPL-2.0-only
/* arm64: loading an Image, and setup_arch() up to the memory map. */
#include "config.h"

#include "arch/arm64/arm64.h"
#include "model/toolbox/run.h"

#define MIB	(UINT64_C(1) << 20)
#define GIB	(UINT64_C(1) << 30)

/* load_other_segments(), with the kernel in b->segments. */
static bool place_others(struct boot *b, enum boot_user *failed)
{
	uint64_t page = b->kernel->page_bytes;
	const struct kho_range kernel = segments_find(&b->segments, BOOT_KERNEL)->got;
	struct segment initrd = {
		.user = BOOT_INITRD, .bytes = b->load->initrd_bytes, .align = page,
		.min_pa = kernel.end_pa, .bottom_up = true,
		/* In the same window of 32 GiB. */
		.max_pa = kernel.start_pa / GIB * GIB + 32 * GIB,
	};
	struct segment dtb = {
		.user = BOOT_PARAMS, .bytes = ARM64_TREE_BYTES, .align = 2 * MIB,
		.min_pa = kernel.end_pa, .max_pa = UINT64_MAX,
	};

	if (initrd.bytes && !segments_add(&b->segments, &b->machine->scratch, page, &initrd)) {
		*failed = BOOT_INITRD;
		return false;
	}
	if (!segments_add(&b->segments, &b->machine->scratch, page, &dtb)) {
		*failed = BOOT_PARAMS;
		return false;
	}
	return true;
}

/* arch/arm64/kernel/kexec_image.c, image_load(): further up as long as the rest does not fit. */
static bool place(struct boot *b, enum boot_user *failed)
{
	const struct boot_kernel *k = b->kernel;
	struct segment list = {
		.user = BOOT_SCRATCH_LIST, .bytes = b->machine->scratch.n * 16,
		.align = 64 << 10, .max_pa = UINT64_MAX,
	};
	struct segment kernel = {
		.user = BOOT_KERNEL, .bytes = k->init_bytes + k->load_min_pa,
		.align = k->align_bytes, .max_pa = UINT64_MAX, .bottom_up = true,
	};
	struct segment ima = {
		.user = BOOT_SMALL, .bytes = b->machine->ima_bytes, .align = k->page_bytes,
		.max_pa = UINT64_MAX,
	};
	size_t before;

	/* ima_add_kexec_buffer(): without room it goes without it. */
	if (ima.bytes)
		segments_add(&b->segments, &b->machine->scratch, k->page_bytes, &ima);
	*failed = BOOT_SCRATCH_LIST;
	if (!segments_add(&b->segments, &b->machine->scratch, k->page_bytes, &list))
		return false;
	*failed = BOOT_KERNEL;
	for (before = b->segments.n; ; b->segments.n = before) {
		if (!segments_add(&b->segments, &b->machine->scratch, k->page_bytes, &kernel))
			return false;
		if (place_others(b, failed))
			return true;
		kernel.min_pa = b->segments.seg[before].got.end_pa;
	}
}

/* arm64_memblock_init(), early_init_fdt_scan_reserved_mem(), kho_populate() */
static void reserve(struct boot *b)
{
	for (size_t i = 0; i < b->segments.n; i++) {
		const struct segment *seg = &b->segments.seg[i];
		struct memblock_range got = boot_fixed(&seg->got);

		if (seg->user == BOOT_KERNEL)
			got.start_pa += b->kernel->load_min_pa;
		else if (seg->user == BOOT_SCRATCH_LIST)
			got.end_pa = got.start_pa + b->machine->scratch.n * 16;
		memblock_reserve(&b->mb, &got);
		boot_note(b, seg->user, KHO_NO_NODE, 1, &got);
	}
	/* memblock passes over what is not mapped. */
	for (size_t i = 0; i < b->machine->unmapped.n; i++) {
		const struct memblock_range kept = boot_fixed(&b->machine->unmapped.r[i]);

		memblock_reserve(&b->mb, &kept);
	}
}

/* Blocks of @bytes that the banks touch, each counted once; the first begins at @from. */
static uint64_t blocks(const struct boot *b, uint64_t from, uint64_t bytes)
{
	uint64_t n = 0, next = 0;

	for (size_t i = 0; i < b->banks.n; i++) {
		uint64_t first = (b->banks.r[i].start_pa - from) / bytes;
		uint64_t end = (b->banks.r[i].end_pa - from - 1) / bytes + 1;

		if (first < next)
			first = next;
		n += end > first ? end - first : 0;
		next = end;
	}
	return n;
}

/*
 * arch/arm64/mm/mmu.c, map_mem(): with rodata=full (force_pte_mapping()) the direct
 * map is in pages, a table for each PMD's worth of RAM; else the last level is
 * needed only where a range does not end on a PMD.  The tables above: one for each PUD's
 * worth, one for each 512 of these from memstart_addr on where addresses have 48 bits or more, and
 * one where they have 52.  With 64K pages there is none above that of PMDs, with 16K one that
 * reaches 128 TiB.
 */
static uint64_t direct_map_pages(const struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	bool full = (k->rodata_full || b->cmd.rodata_full) && !b->cmd.rodata_not_full;
	uint64_t pmd = k->pmd_bytes, pud = pmd * (k->page_bytes / 8);
	uint64_t memstart = b->ram.n ? b->ram.r[0].start_pa / pud * pud : 0;
	unsigned int va_bits = k->va_bits ? k->va_bits : 52;
	uint64_t tables = 0;

	if (full)
		tables = blocks(b, 0, pmd);
	for (size_t i = 0; i < b->banks.n && !full; i++)
		tables += (b->banks.r[i].start_pa % pmd != 0) + (b->banks.r[i].end_pa % pmd != 0);
	tables += blocks(b, 0, pud);
	if (k->page_bytes == 4096)
		return tables + (va_bits >= 48 ? blocks(b, memstart, pud * 512) : 0) + (va_bits > 48 && b->lpa2);
	return tables + (k->page_bytes == 16384);
}

/*
 * arch/arm64/mm/init.c, memstart_addr, a multiple of ARM64_MEMSTART_ALIGN: a PUD with 4K pages, 32
 * PMDs with 16K, a PMD with 64K, each as large as a section or larger.
 */
static uint64_t map_origin_pa(const struct boot *b)
{
	uint64_t align = b->kernel->page_bytes == 65536 ? b->kernel->pmd_bytes : GIB;

	return b->ram.n ? b->ram.r[0].start_pa / align * align : 0;
}

/*
 * arch_mm_preinit(): where RAM goes on beyond the DMA zone, which ends at 4 GiB at most, that of
 * swiotlb=; else a small one for kmalloc() buffers: 1 MiB for each GiB.  swiotlb_adjust_size() leaves
 * a size of swiotlb= as it is, unless that is the default one.
 */
static uint64_t swiotlb_bytes(const struct boot *b)
{
	bool high = b->ram.n && b->ram.r[b->ram.n - 1].end_pa > BOOT_4G;
	uint64_t bytes = b->cmd.swiotlb_bytes ? b->cmd.swiotlb_bytes : 64 * MIB;
	uint64_t unaligned = (b->ram_bytes + 1023) / 1024;

	return high || bytes != 64 * MIB || bytes < unaligned ? bytes : unaligned;
}

/* A node of the tree for each, also for those that the successor leaves out. */
static uint64_t cpus_in_tree(const struct boot_machine *m)
{
	uint64_t cpus = 0;

	for (size_t i = 0; i < m->nr_cpus; i++)
		cpus += m->cpus[i].count;
	return cpus;
}

/*
 * drivers/of/kexec.c, of_kexec_alloc_and_setup_fdt(), in /chosen: bootargs, kaslr-seed, rng-seed,
 * linux,booted-from-kexec, linux,kho-fdt and linux,kho-scratch; of an initrd its start and end.
 */
#define SET_BY_LOAD	6
#define SET_FOR_INITRD	2

uint64_t arm64_unflat_bytes(const struct boot_kernel *k, const struct tree_counts *dt,
			    uint64_t cpus, bool has_initrd)
{
	uint64_t properties = dt->properties + SET_BY_LOAD + (has_initrd ? SET_FOR_INITRD : 0);

	if (!dt->known)
		return (UINT64_C(88) << 10) + (cpus << 10);
	if (!dt->nodes)
		return 0;
	/* Each node has its name as a property too; a word ends it all. */
	return dt->nodes * (ARM64_NODE_BYTES + k->of_property_bytes) + dt->names_bytes +
	       properties * k->of_property_bytes + 4;
}

/* unflatten_device_tree(), of a kernel that does not run by ACPI */
static bool unflatten_tree(struct boot *b)
{
	const struct memblock_request req = {
		.bytes = arm64_unflat_bytes(b->kernel, &b->machine->device_tree,
					    cpus_in_tree(b->machine), b->load->initrd_bytes),
		.align = 64, .node = KHO_NO_NODE,
	};

	return !req.bytes || boot_must(b, BOOT_SMALL, &req, 1);
}

/*
 * mm/arch_numa.c, setup_node_to_cpumask_map(): a mask of NR_CPUS for each node up to the last that is
 * possible, before it is known how many CPUs there are.
 */
static bool node_masks(struct boot *b)
{
	uint64_t cpus = b->kernel->nr_cpus ? b->kernel->nr_cpus : b->possible_cpus;
	struct memblock_request req = {
		.bytes = boot_round_up(cpus, 64) / 8, .align = 64, .node = KHO_NO_NODE,
	};
	uint64_t nodes = b->nr_nodes ? (uint64_t)b->node[b->nr_nodes - 1] + 1 : 1;

	/* Nodes that have CPUs and no memory too. */
	if (!b->cmd.numa_off && b->machine->possible_nodes > nodes)
		nodes = b->machine->possible_nodes;
	return !b->kernel->cpumask_offstack || boot_must(b, BOOT_SMALL, &req, nodes);
}

/*
 * The kernel stands at the start of the vmalloc area (KIMAGE_VADDR), and mm/mmu.c,
 * declare_kernel_vmas(), keeps a page free behind it: tables are there, up to the PMD that it
 * ends in.  With KASLR it stands an eighth of the area further up at least (pi/kaslr_early.c): a
 * table of PMDs is needed too, and with 4K pages and addresses of 48 bits one above it.
 */
static uint64_t vmalloc_tables(const struct boot *b, uint64_t bytes)
{
	const struct boot_kernel *k = b->kernel;
	uint64_t pmd = k->pmd_bytes, kernel_end = k->init_bytes;
	bool three_levels = k->page_bytes != 4096 || (k->va_bits && k->va_bits < 48);

	if (k->kaslr && !b->cmd.nokaslr)
		return boot_round_up(bytes, pmd) / pmd + (three_levels ? 1 : 2);
	return (boot_round_up(kernel_end + k->page_bytes + bytes, pmd) -
		boot_round_up(kernel_end, pmd)) / pmd;
}

/* How many more regions the RAM that @r lies in is cut into. */
static unsigned int unmapped_splits(const struct boot *b, const struct kho_range *r)
{
	unsigned int splits = 0;

	for (size_t i = 0; i < b->ram.n; i++)
		if (b->ram.r[i].start_pa <= r->start_pa && r->end_pa <= b->ram.r[i].end_pa)
			splits += (b->ram.r[i].start_pa < r->start_pa) +
				  (r->end_pa < b->ram.r[i].end_pa);
	return splits;
}

/*
 * request_standard_resources(): 64 bytes for each region of memblock.  One ends where scratch
 * begins or ends, and where the node changes.
 */
static bool small_pieces(struct boot *b)
{
	struct memblock_request req = { .align = 64, .node = KHO_NO_NODE };
	uint64_t regions = 0;
	size_t area = 0;

	for (size_t i = 0; i < b->ram.n; i++) {
		uint64_t at = b->ram.r[i].start_pa, end = b->ram.r[i].end_pa;

		for (; area < b->areas.n && b->areas.r[area].start_pa < end; area++) {
			regions += (at < b->areas.r[area].start_pa) + 1;
			at = b->areas.r[area].end_pa;
		}
		regions += at < end;
	}
	/* What is not mapped is a region of its own, and ends the one before it. */
	for (size_t i = 0; i < b->machine->unmapped.n; i++)
		regions += unmapped_splits(b, &b->machine->unmapped.r[i]);
	req.bytes = regions * 64;
	return boot_must(b, BOOT_SMALL, &req, 1);
}

/* include/linux/crash_reserve.h, DEFAULT_CRASH_KERNEL_LOW_SIZE */
static uint64_t crash_low_bytes(uint64_t swiotlb_bytes)
{
	return 128 * MIB;
}

const struct boot_arch boot_arch_arm64 = {
	.place = place,
	.reserve = reserve,
	.direct_map_pages = direct_map_pages,
	.crash_align_bytes = 2 * MIB,
	.crash_low_bytes = crash_low_bytes,
	.ram_starts_pa = 0,
	.moves_kernel = false,
	.goal_pa = 0,
	.percpu_atom_is_page = true,	/* mm/arch_numa.c, setup_per_cpu_areas() */
	.vmalloc_tables = vmalloc_tables,
	.map_origin_pa = map_origin_pa,
	.swiotlb_bytes = swiotlb_bytes,
	.low_ends_with_ram = true,
	.small_pieces = small_pieces,
	.unflatten_tree = unflatten_tree,
	.node_masks = node_masks,
	.data_for_all_nodes = true,	/* arch_numa.c, numa_register_nodes(): those with CPUs too */
	.region_per_cpu = true,
	.loaded_is_kern = false,	/* mm/init.c, arm64_memblock_init() */
	.kfence_is_first = true,	/* mmu.c, arm64_kfence_map_pool() */
	.late_pages = NULL,		/* fixmap.c, early_fixmap_init(): its tables are static */
};
