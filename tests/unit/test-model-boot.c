// SPDX-License-Identifier: GPL-2.0-only
/* The whole road: what must hold for any machine, and cases worked out by hand. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "model/advice.h"
#include "model/toolbox/run.h"
#include "model/slots/kaslr.h"
#include "unit.h"

#define MIB	(UINT64_C(1) << 20)
#define GIB	(UINT64_C(1) << 30)
#define TIB	(UINT64_C(1) << 40)

/* 7.2.13 of the recorded boots. */
static const struct boot_kernel plain = {
	.arch = &kho_arch_x86_64, .page_bytes = 4096, .struct_page_bytes = 64,
	.pmd_bytes = 2 * MIB, .section_size_bits = 27, .max_physmem_bits = 52, .vmemmap = true,
	.node_data_bytes = 0x4040, .mem_section_bytes = 16, .percpu_bytes = 129216,
	.percpu_dynamic_bytes = 28 << 10, .brk_tables = 16, .log_buf_bytes = 1 << 17, .log_cpu_bytes = 4096,
	.init_bytes = 0x10c7000, .align_bytes = 2 * MIB, .load_min_pa = 16 * MIB, .relocatable = true,
	.kernel_bytes = 0xe90000, .output_bytes = 0x10535f8, .payload_offset_bytes = 0xcd12c4,
	.kaslr = true, .map_after_setup_arch = true,
};

static struct boot_work *work;
static struct boot_machine m;
static struct boot_result r;
static const struct boot_cpus one_cpu = { 0, 1 };

static int setup(void **state)
{
	work = boot_work_create();
	m = (struct boot_machine){ .cpus = &one_cpu, .nr_cpus = 1, .nr_firmware_ranges = 8,
				   .five_level = true, .gbpages = true };
	return work ? 0 : -1;
}

static int teardown(void **state)
{
	boot_work_destroy(work);
	boot_result_deinit(&r);
	kho_ranges_deinit(&m.ram);
	kho_ranges_deinit(&m.scratch);
	return 0;
}

static void ram(uint64_t start_pa, uint64_t end_pa, int node)
{
	assert_int_equal(kho_ranges_add(&m.ram, start_pa, end_pa, node), 0);
}

static void scratch(uint64_t start_pa, uint64_t bytes)
{
	assert_int_equal(kho_ranges_add(&m.scratch, start_pa, start_pa + bytes, KHO_NO_NODE), 0);
}

static void follow(const struct boot_kernel *k, const char *cmdline, uint64_t initrd_bytes)
{
	struct boot_load load = { .cmdline = cmdline, .initrd_bytes = initrd_bytes };

	assert_int_equal(boot_follow(work, k, &m, &load, &r), 0);
}

/* Two nodes of 4 GiB and areas of 16, 128 and 96 MiB. */
static void small_machine(void)
{
	ram(MIB, 3 * GIB, 0);
	ram(4 * GIB, 5 * GIB, 0);
	ram(5 * GIB, 9 * GIB, 1);
	scratch(2 * GIB, 16 * MIB);
	scratch(8 * GIB, 128 * MIB);
	scratch(2 * GIB + 64 * MIB, 96 * MIB);
	scratch(8 * GIB + 256 * MIB, 96 * MIB);
}

static uint64_t bytes_of(enum boot_user user)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == user)
			sum += r.alloc[i].range.end_pa - r.alloc[i].range.start_pa;
	return sum;
}

static void test_facts_that_are_missing(void **state)
{
	struct boot_load load = { 0 };
	struct boot_kernel k = plain;

	assert_int_equal(boot_follow(work, &plain, &m, &load, &r), -EINVAL);
	small_machine();
	k.struct_page_bytes = 0;
	assert_int_equal(boot_follow(work, &k, &m, &load, &r), -EINVAL);
	k = plain;
	k.arch = NULL;
	assert_int_equal(boot_follow(work, &k, &m, &load, &r), -EINVAL);
	k = plain;
	k.section_size_bits = 52;
	assert_int_equal(boot_follow(work, &k, &m, &load, &r), -EINVAL);
}

/* Without enough of it there is no answer, with enough the same as without a limit. */
static void test_a_budget_of_work(void **state)
{
	struct kho_budget budget = { 40 }, ample = { KHO_BUDGET_STEPS };
	struct boot_load load = { .cmdline = "nokaslr", .budget = &budget };
	uint64_t headroom_bytes;

	small_machine();
	follow(&plain, "nokaslr", 0);
	headroom_bytes = r.headroom_bytes;
	assert_int_equal(boot_follow(work, &plain, &m, &load, &r), -EDQUOT);
	assert_int_equal(budget.left, 0);
	load.budget = &ample;
	assert_int_equal(boot_follow(work, &plain, &m, &load, &r), 0);
	assert_int_equal(r.headroom_bytes, headroom_bytes);
	assert_true(ample.left < KHO_BUDGET_STEPS && ample.left > KHO_BUDGET_STEPS - 10000);
}

/* 64 sections of 2 MiB each, and 3 + 1 pages of tables. */
static void test_memory_map_of_two_nodes(void **state)
{
	small_machine();
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(r.map_bytes, 64 * 2 * MIB);
	assert_int_equal(bytes_of(BOOT_MEMORY_MAP), 64 * 2 * MIB);
	assert_int_equal(r.map_off_node_bytes, 0);
	assert_int_equal(r.map_in_pages_bytes, 0);
	assert_int_equal(bytes_of(BOOT_MAP_TABLES), 3 * 4096);
	assert_int_equal(r.slots, 1);
}

static void test_load_fails(void **state)
{
	small_machine();
	follow(&plain, "nokaslr", 200 * MIB);
	assert_int_equal(r.outcome, BOOT_LOAD_FAILS);
	assert_int_equal(r.failed, BOOT_INITRD);
	m.scratch.n = 1;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_LOAD_FAILS);
	assert_int_equal(r.failed, BOOT_KERNEL);
}

static void test_dies_in_the_memory_map(void **state)
{
	small_machine();
	m.scratch.n = 2;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_int_equal(r.failed, BOOT_MEMORY_MAP);
	assert_int_equal(r.failed_node, 1);
	assert_int_equal(r.headroom_bytes, 0);
}

/*
 * Whole pages are all the same to what comes last: of an initrd that is larger by n
 * pages, n pages are lacking.  A death is too close to tell up to the margin; the first
 * to lack something is the one that is told, and what came after it is not.
 */
static void test_lacks_less_than_the_margin(void **state)
{
	const uint64_t kib = 1024;
	uint64_t spare_bytes, less_bytes;

	small_machine();
	follow(&plain, "nokaslr iommu=off", MIB);
	/* All but 2 to 6 MiB of what is to spare. */
	m.scratch.r[1].start_pa += 40 * MIB;
	less_bytes = (r.headroom_bytes - 42 * MIB) / (4 * MIB) * 2 * MIB;
	m.scratch.r[2].start_pa += less_bytes;
	m.scratch.r[3].start_pa += less_bytes;
	follow(&plain, "nokaslr iommu=off", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(r.fold.close, 0);
	spare_bytes = r.headroom_bytes / 4096 * 4096;
	assert_in_range(spare_bytes, 2 * MIB, 6 * MIB);
	follow(&plain, "nokaslr iommu=off", MIB + spare_bytes - 128 * kib);
	assert_int_equal(r.outcome, BOOT_UP);
	/* Where a PMD is taken page by page, each has a page of tables more. */
	assert_in_range(r.headroom_bytes, 64 * kib, 132 * kib);
	assert_int_equal(r.fold.close, 1);
	assert_int_equal(r.fold.dying, 0);
	follow(&plain, "nokaslr iommu=off", MIB + spare_bytes + 128 * kib);
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_in_range(r.lacking_bytes, 128 * kib, 192 * kib);
	assert_int_equal(r.fold.close, 1);
	/* 39 pages of percpu memory and some behind it, and the map, which comes before. */
	assert_int_equal(r.failed, BOOT_PERCPU);
	assert_int_equal(bytes_of(BOOT_MEMORY_MAP), 128 * MIB);
	follow(&plain, "nokaslr iommu=off", MIB + spare_bytes + 192 * kib);
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_in_range(r.lacking_bytes, 192 * kib, 256 * kib);
	assert_int_equal(r.failed, BOOT_MEMORY_MAP);
	assert_int_equal(bytes_of(BOOT_PERCPU), 0);
	assert_int_equal(r.map_bytes, 128 * MIB);
	assert_int_equal(r.failed_map_bytes, 64 * MIB);
	follow(&plain, "nokaslr iommu=off", MIB + spare_bytes + 320 * kib);
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_int_equal(r.lacking_bytes, 0);
	assert_int_equal(r.fold.close, 0);
}

/*
 * Below 4 GiB lies one area of 96 MiB, in which nothing is but the bounce buffer, and
 * the kernel where KASLR puts it there: at 40 places from 0 to 78 MiB.  It ends 14.4 MiB
 * from where it begins, so 64 MiB are left in one piece above it up to 16 MiB, and below
 * it from 64 MiB on; else half of that.
 */
static void test_what_is_short_in_some_slots(void **state)
{
	const struct boot_shortfall *s = &r.fold.shortfall[BOOT_SHORT_SWIOTLB];

	ram(MIB, 3 * GIB, 0);
	ram(4 * GIB, 8 * GIB, 0);
	scratch(5 * GIB, 512 * MIB);
	scratch(2 * GIB, 96 * MIB);
	follow(&plain, "", 2 * MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(s->slots, 40 - 9 - 8);
	assert_int_equal(s->least, 0);
	assert_int_equal(s->most, 32 * MIB);
	assert_int_equal(r.swiotlb_bytes, 32 * MIB);
	assert_true(r.runs < r.slots / 10);
}

/* The same kernel, whether its size or its sections say where .brk begins. */
static void test_what_comes_behind_brk(void **state)
{
	struct boot_kernel k = plain;

	small_machine();
	follow(&k, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_KERNEL), 0xe60000 + 17 * 4096);
	k.brk_offset_bytes = 0xe60000;
	k.kernel_bytes = 0x10c7000;	/* .init.scratch and all */
	follow(&k, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_KERNEL), 0xe60000 + 17 * 4096);
}

/*
 * Two areas of 16 and 128 MiB, empty but for boot parameters and initrd at the top
 * of the first, and the kernel at the top of the second, 110 MiB in.  Slots of 18
 * MiB, 2 MiB apart, from 512 MiB on: none in the first.  In the second the packed
 * kernel, from 0xcd12c4 of its load address on, is out of bounds: 122.8 MiB remain,
 * (122.8 - 18) / 2 + 1 = 53.  With 4 MiB at 64 MiB left out, (64 - 18) / 2 + 1 = 24
 * below, and (54.8 - 18) / 2 + 1 = 19 above.
 */
static void test_slots_by_hand(void **state)
{
	ram(MIB, 3 * GIB, 0);
	scratch(2 * GIB, 16 * MIB);
	scratch(GIB, 128 * MIB);
	follow(&plain, "", MIB);
	assert_true(r.kaslr);
	assert_int_equal(r.slots, 53);
	assert_int_equal(r.fold.followed, 53);
	follow(&plain, "memmap=4M$1088M", MIB);
	assert_int_equal(r.slots, 43);
	follow(&plain, "nokaslr", MIB);
	assert_false(r.kaslr);
}

/* More than four memmap= make the decompressor give up choosing. */
static void test_too_many_memmaps_for_kaslr(void **state)
{
	small_machine();
	follow(&plain, "memmap=4K$1M,4K$2M,4K$3M,4K$4M", MIB);
	assert_true(r.kaslr);
	follow(&plain, "memmap=4K$1M,4K$2M,4K$3M,4K$4M,4K$5M", MIB);
	assert_false(r.kaslr);
	assert_int_equal(r.cut_bytes, 5 * 4096);
}

/* Block 8 of 1 GiB is busy: the areas in it stay scratch, the rest of it is none. */
static void test_extended_scratch(void **state)
{
	struct boot_kernel k = plain;
	struct kho_range page = { 8 * GIB + 512 * MIB, 8 * GIB + 512 * MIB + 4096, KHO_NO_NODE };
	struct kho_ranges kept = { .r = &page, .n = 1 };

	k.extends_scratch = true;
	small_machine();
	m.scratch.n = 2;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_false(r.preserved_known);
	assert_true(r.depends_on_preserved);
	assert_false(r.depends_on_extension);
	/* Where it is not known whether scratch is extended, that decides. */
	k.extends_scratch = false;
	k.extends_unknown = true;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_false(r.depends_on_preserved);
	assert_true(r.depends_on_extension);
	k.extends_unknown = false;
	follow(&k, "nokaslr", MIB);
	assert_false(r.depends_on_extension);
	k.extends_scratch = true;
	m.preserved = &kept;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_true(r.preserved_known);
	for (size_t i = 0; i < r.nr_allocs; i++) {
		const struct kho_range *got = &r.alloc[i].range;

		assert_true(got->end_pa <= 8 * GIB + 128 * MIB || got->start_pa >= 9 * GIB);
	}
	/* Too large for the areas, but it is tried again after they were extended. */
	follow(&k, "nokaslr log_buf_len=64M", MIB);
	assert_int_equal(r.log_buf_bytes, 64 * MIB);
}

static void follow_blocks(const struct boot_kernel *k, uint64_t free_blocks,
			  uint64_t needed_blocks)
{
	struct boot_load load = { .cmdline = "nokaslr", .initrd_bytes = MIB };
	size_t nr_allocs;

	assert_int_equal(boot_follow(work, k, &m, &load, &r), 0);
	nr_allocs = r.nr_allocs;
	assert_int_equal(boot_follow_blocks(work, &r), 0);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(r.free_blocks, free_blocks);
	assert_int_equal(r.needed_blocks, needed_blocks);
	assert_int_equal(r.nr_allocs, nr_allocs);
}

/* RAM in blocks 0, 1, 2 and 4 to 8; 8 is busy.  Any other has a GiB, or that less a MiB. */
static void test_blocks_that_must_stay_free(void **state)
{
	struct boot_kernel k = plain;
	struct kho_range page = { 8 * GIB + 512 * MIB, 8 * GIB + 512 * MIB + 4096, KHO_NO_NODE };
	struct kho_ranges kept = { .r = &page, .n = 1 };

	small_machine();
	m.preserved = &kept;
	follow_blocks(&plain, 0, 0);
	k.extends_scratch = true;
	follow_blocks(&k, 7, 0);	/* the four areas are enough */
	m.scratch.n = 2;
	follow_blocks(&k, 7, 1);
	/* A block of 2 MiB of RAM is no gain: its own memory map takes as much. */
	ram(10 * GIB, 10 * GIB + 2 * MIB, 1);
	follow_blocks(&k, 8, 2);
}

/* Section 68 holds the preserved pages; areas of the node end in section 66. */
static void test_preserved_memory_that_is_cut_away(void **state)
{
	struct kho_range page[] = {
		{ GIB, GIB + 4096, KHO_NO_NODE },
		{ 8 * GIB + 512 * MIB, 8 * GIB + 512 * MIB + 8192, KHO_NO_NODE },
	};
	struct kho_ranges kept = { .r = page, .n = 2 }, map = { .r = page, .n = 1 };

	small_machine();
	m.preserved = &kept;
	m.preserved_map = &map;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.cut_preserved_bytes, 0);
	follow(&plain, "nokaslr memmap=64M$4G", MIB);
	assert_int_equal(r.cut_bytes, 64 * MIB);
	assert_int_equal(r.cut_preserved_bytes, 0);
	assert_false(r.cut_kills);
	follow(&plain, "nokaslr memmap=64M$8672M", MIB);	/* from 8G + 480M */
	assert_int_equal(r.cut_preserved_bytes, 8192);
	assert_false(r.cut_kills);
	follow(&plain, "nokaslr memmap=64M$8640M", MIB);	/* ends where the pages begin */
	assert_int_equal(r.cut_preserved_bytes, 0);
	follow(&plain, "nokaslr mem=8G", MIB);
	assert_int_equal(r.cut_preserved_bytes, 8192);
	assert_true(r.cut_kills);
	/* The map is looked into, whatever else is in its section. */
	follow(&plain, "nokaslr memmap=4K$1G", MIB);
	assert_true(r.cut_kills);
	m.preserved_rounded = true;
	follow(&plain, "nokaslr memmap=4K$1G", MIB);
	assert_int_equal(r.cut_preserved_bytes, 4096);
	assert_false(r.cut_kills);
}

/* Node 1's data is at the top of its highest area, which the direct map then lacks. */
static void test_scratch_that_is_cut_off(void **state)
{
	small_machine();
	follow(&plain, "nokaslr memmap=4M$8540M", MIB);		/* 8G + 348M */
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_true(r.failed_in_cut);
	/* There it ends: nothing of what would come after it is told. */
	assert_int_equal(r.failed, BOOT_NODE_DATA);
	assert_int_equal(r.failed_node, 1);
	assert_int_equal(bytes_of(BOOT_SECTION_TABLE), 0);
	assert_int_equal(bytes_of(BOOT_MEMORY_MAP), 0);
	follow(&plain, "nokaslr memmap=4M$8544M", MIB);		/* just behind the area */
	assert_int_equal(r.outcome, BOOT_UP);
	assert_false(r.failed_in_cut);
}

static void test_crashkernel(void **state)
{
	small_machine();
	/* No 128 MiB below 4 GiB; above, 256 MiB more below are wanted, in vain. */
	follow(&plain, "nokaslr crashkernel=128M", MIB);
	assert_int_equal(r.crashkernel_wanted_bytes, 128 * MIB);
	assert_int_equal(r.crashkernel_bytes, 0);
	assert_int_equal(bytes_of(BOOT_CRASHKERNEL), 0);
	follow(&plain, "nokaslr crashkernel=48M,high crashkernel=0,low", MIB);
	assert_int_equal(r.crashkernel_bytes, 48 * MIB);
	assert_int_equal(bytes_of(BOOT_CRASHKERNEL), 48 * MIB);
}

static void test_hugepages(void **state)
{
	small_machine();
	follow(&plain, "nokaslr hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=100", MIB);
	assert_int_equal(r.hugepages_wanted, 2);
	assert_int_equal(r.hugepages, 0);
}

/*
 * 64 MiB, and if there is no room below 4 GiB half of it, and so on.  Of the 96 MiB
 * there go 2 to small things at the top, 64 to the map and 2 to percpu: 28 are left.
 */
static void test_swiotlb_halves(void **state)
{
	small_machine();
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 64 * MIB);
	assert_int_equal(r.swiotlb_bytes, 16 * MIB);
	follow(&plain, "nokaslr swiotlb=2048", MIB);
	assert_int_equal(r.swiotlb_bytes, 4 * MIB);
	follow(&plain, "nokaslr iommu=off", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 0);
}

static void test_log_buf(void **state)
{
	small_machine();
	/* Text, 24 and 88 bytes for each 32 of it: 4.5 times. */
	follow(&plain, "nokaslr log_buf_len=2M", MIB);
	assert_int_equal(r.log_buf_bytes, 2 * MIB);
	assert_int_equal(bytes_of(BOOT_LOG_BUF), 9 * MIB);
	follow(&plain, "nokaslr log_buf_len=128M", MIB);
	assert_int_equal(r.log_buf_wanted_bytes, 128 * MIB);
	assert_int_equal(r.log_buf_bytes, 0);
}

/*
 * Two CPUs on each of two nodes: the units of a group are 1 MiB apart, as the log
 * of 7.2.13 says of just these ("u1048576").  Five on one: 8 or 4 units to an
 * allocation would waste more than a third of the CPUs, 2 do not.
 */
static void test_percpu_units(void **state)
{
	static const struct boot_cpus cpus[] = { { 0, 2 }, { 1, 2 } }, five = { 0, 5 };
	uint64_t start[4];
	size_t n = 0;

	small_machine();
	m.cpus = cpus;
	m.nr_cpus = 2;
	follow(&plain, "nokaslr", MIB);
	for (size_t i = 0; i < r.nr_allocs; i++) {
		if (r.alloc[i].user != BOOT_PERCPU)
			continue;
		assert_in_range(n, 0, 3);
		assert_int_equal(r.alloc[i].range.end_pa - r.alloc[i].range.start_pa, 39 * 4096);
		start[n++] = r.alloc[i].range.start_pa;
	}
	assert_int_equal(n, 4);
	assert_int_equal(start[1] - start[0], MIB);
	assert_int_equal(start[3] - start[2], MIB);
	m.cpus = &five;
	m.nr_cpus = 1;
	follow(&plain, "nokaslr", MIB);
	for (size_t i = n = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == BOOT_PERCPU && n < 4)
			start[n++] = r.alloc[i].range.start_pa;
	assert_int_equal(start[1] - start[0], MIB);
}

/* A struct of a run with as much in it as its architecture looks at. */
static struct boot run_of(const struct boot_cpus *cpus, bool nokaslr)
{
	m.cpus = cpus;
	m.nr_cpus = 1;
	return (struct boot){ .kernel = &plain, .machine = &m, .cmd.nokaslr = nokaslr };
}

/*
 * Page tables of cpu_entry_area: three pages with one CPU in each log, with and without
 * nokaslr; ten in that of 6.18.15 (Debian's cloud configuration) with 64 CPUs and nokaslr;
 * 32 in that of 7.2.13 with 16 CPUs and KASLR, on a CPU that has no area across two tables.
 */
static void test_late_pages(void **state)
{
	static const struct boot_cpus many = { 0, 64 }, some = { 0, 16 };
	uint64_t (*late_pages)(const struct boot *b) = kho_arch_x86_64.boot->late_pages;
	struct boot b = run_of(&one_cpu, true);

	assert_int_equal(late_pages(&b), 3);
	b.cmd.nokaslr = false;
	assert_int_equal(late_pages(&b), 3);
	b = run_of(&many, true);
	assert_int_equal(late_pages(&b), 10);
	b = run_of(&some, false);
	assert_in_range(late_pages(&b), 32, 35);
}

/*
 * The log of 7.1.13 without 1 GiB pages, areas at 0x3da00000 (38 MiB), 0x72000000 (96 MiB) and
 * 0x69400000 (16 MiB) and 0x154e00000 (50 MiB), 5.5 GiB: memblock gave no page table, .brk all.
 */
static void test_direct_map_out_of_brk(void **state)
{
	struct boot b = run_of(&one_cpu, true);

	assert_int_equal(kho_ranges_add(&b.banks, 0x100000, 0x80100000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.banks, 4 * GIB, 0x184200000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.areas, 0x3da00000, 0x40000000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.areas, 0x69400000, 0x6a400000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.areas, 0x72000000, 0x78000000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.areas, 0x154e00000, 0x158000000, 0), 0);
	m.gbpages = false;
	assert_int_equal(kho_arch_x86_64.boot->direct_map_pages(&b), 0);
	/* A table for each GiB: what 16 do not hold, of 64 and one above them and one at 1 MiB. */
	b.banks.n = b.areas.n = 0;
	assert_int_equal(kho_ranges_add(&b.banks, 0x100000, 64 * GIB, 0), 0);
	assert_int_equal(kho_arch_x86_64.boot->direct_map_pages(&b), 66 - 16);
	/* With 1 GiB pages: the GiB in which an area begins, and the one in which it ends. */
	m.gbpages = true;
	assert_int_equal(kho_arch_x86_64.boot->direct_map_pages(&b), 0);
	for (uint64_t i = 0; i < 16; i++)
		assert_int_equal(kho_ranges_add(&b.areas, (2 * i + 1) * GIB + 512 * MIB,
						(2 * i + 2) * GIB + 512 * MIB, 0), 0);
	assert_int_equal(kho_arch_x86_64.boot->direct_map_pages(&b), 3 + 32 - 16);
	kho_ranges_deinit(&b.banks);
	kho_ranges_deinit(&b.areas);
}

/* 7.1.13 and 7.3.4 die with fewer fake nodes than real ones where there is no SLIT. */
static void test_fewer_fake_nodes(void **state)
{
	struct boot_kernel k = plain;

	k.numa_emulation = true;
	small_machine();
	follow(&k, "nokaslr numa=fake=1", MIB);
	assert_int_equal(r.nr_not_followed, 1);
	assert_string_equal(r.not_followed[0].name, "numa");
	follow(&k, "nokaslr numa=fake=2", MIB);
	assert_int_equal(r.nr_not_followed, 0);
}

/*
 * swiotlb_adjust_nareas(): "SWIOTLB bounce buffer size roundup to 128MB" with 512 possible
 * CPUs, or as many areas by the parameter; a size that is given is rounded up as well.
 */
static void test_swiotlb_by_cpus(void **state)
{
	static const struct boot_cpus many = { 0, 300 };

	small_machine();
	follow(&plain, "nokaslr swiotlb=3072", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 8 * MIB);
	follow(&plain, "nokaslr swiotlb=3072,512", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 128 * MIB);
	m.cpus = &many;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 128 * MIB);
}

/* log_buf_add_cpu(): the log of 6.18.15-debiancloud with 64 CPUs has 512 KiB of text. */
static void test_log_buf_of_many_cpus(void **state)
{
	static const struct boot_cpus many = { 0, 64 }, few = { 0, 17 };

	small_machine();
	m.cpus = &many;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.log_buf_wanted_bytes, MIB / 2);
	m.cpus = &few;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.log_buf_wanted_bytes, 0);
}

/* arm64, rodata=full: 8 GiB in pages are 4096 tables of 512 entries, and a few above. */
static void test_direct_map_in_pages(void **state)
{
	struct boot_kernel k = plain;

	k.arch = &kho_arch_arm64;
	k.load_min_pa = 0;
	k.rodata_full = true;
	ram(GIB, 9 * GIB, 0);
	scratch(2 * GIB, 32 * MIB);
	scratch(8 * GIB, 256 * MIB);
	follow(&k, "", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_in_range(bytes_of(BOOT_PAGE_TABLES), 4096 * 4096, 4096 * 4128);
	follow(&k, "rodata=off", MIB);
	assert_in_range(bytes_of(BOOT_PAGE_TABLES), 4096, 32 * 4096);
}

/* Areas cut by mem= are above the direct map. */
static void test_mem_limit(void **state)
{
	small_machine();
	follow(&plain, "nokaslr mem=4G", MIB);
	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user != BOOT_KERNEL)
			assert_true(r.alloc[i].range.end_pa <= 4 * GIB);
	assert_int_equal(r.cut_bytes, 5 * GIB - (128 + 96) * MIB);
}

/* A node's map where its areas do not hold it: what is missing lands on the other. */
static void test_spill(void **state)
{
	ram(MIB, 3 * GIB, 0);
	ram(4 * GIB, 9 * GIB, 1);
	scratch(2 * GIB, 32 * MIB);
	scratch(8 * GIB, 192 * MIB);
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_true(r.map_off_node_bytes > 24 * 2 * MIB - 32 * MIB);
	assert_true(r.map_off_node_bytes < 24 * 2 * MIB);
}

/* 64 TiB: 2^19 sections, and as many MiB of map; a table page for each 64 GiB of RAM. */
static void test_large_machine(void **state)
{
	ram(MIB, 2 * GIB, 0);
	ram(4 * GIB, 64 * TIB + 4 * GIB, 0);
	scratch(GIB, 256 * MIB);
	scratch(32 * TIB, TIB + 2 * GIB);
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(r.map_bytes, TIB + 16 * 2 * MIB);
	assert_int_equal(bytes_of(BOOT_MEMORY_MAP), TIB + 16 * 2 * MIB);
	/* PMD tables 0 and 1..1024, and three PUD tables, and one P4D table. */
	assert_int_equal(bytes_of(BOOT_MAP_TABLES), (1025 + 3 + 1) * 4096);
	assert_true(r.nr_allocs < 200);
}

/* The old buffer: in one piece where there is one, else as if it had never been. */
static void test_sparse_buffer(void **state)
{
	struct boot_kernel k = plain;

	k.sparse_buffer = true;
	small_machine();
	follow(&k, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(r.buffers, 2);
	assert_int_equal(r.buffers_failed, 0);
	assert_int_equal(bytes_of(BOOT_MEMORY_MAP), 64 * 2 * MIB);
	m.scratch.r[2].end_pa -= 48 * MIB;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(r.buffers_failed, 1);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

static void random_machine(uint64_t *seed)
{
	uint64_t pa = MIB;

	m.ram.n = m.scratch.n = 0;
	for (int i = 0, n = 1 + (int)(next_random(seed) % 6); i < n; i++) {
		uint64_t bytes = (1 + next_random(seed) % 3000) * 4 * MIB;
		uint64_t area = (1 + next_random(seed) % 100) * 2 * MIB;

		pa += next_random(seed) % 3 * 64 * MIB;
		ram(pa, pa + bytes, i / 2);
		if (area < bytes)
			scratch((pa + bytes - area) & ~(2 * MIB - 1), area);
		pa += bytes;
	}
}

/* Ranges that the successor holds at once do not overlap, and lie in scratch. */
static void check_list(bool extended)
{
	for (size_t i = 0; i < r.nr_allocs; i++) {
		const struct boot_allocation *a = &r.alloc[i];
		bool inside = extended;

		assert_true(a->range.start_pa < a->range.end_pa);
		assert_int_equal((a->range.end_pa - a->range.start_pa) % a->pieces % 64, 0);
		for (size_t k = 0; k < m.scratch.n; k++)
			inside |= m.scratch.r[k].start_pa <= a->range.start_pa &&
				  a->range.end_pa <= m.scratch.r[k].end_pa;
		assert_true(inside);
		for (size_t k = 0; k < i; k++)
			assert_true(r.alloc[k].range.end_pa <= a->range.start_pa ||
				    a->range.end_pa <= r.alloc[k].range.start_pa);
	}
}

static void test_random_machines(void **state)
{
	static const char *const cmdline[] = {
		"nokaslr", "", "nokaslr crashkernel=64M", "nokaslr numa=off", "nokaslr mem=8G",
		"nokaslr log_buf_len=4M", "nokaslr numa=fake=3", "nokaslr memmap=64M$2G",
	};
	uint64_t seed = 3, ups = 0;
	/* One that has followed nothing: what is left of earlier machines must not show. */
	struct boot_work *fresh;

	for (int round = 0; round < 400; round++) {
		struct boot_kernel k = plain;
		struct boot_result again = { 0 };
		struct boot_load load = { .cmdline = cmdline[round % 8], .initrd_bytes = MIB };

		k.sparse_buffer = round & 8;
		k.struct_page_bytes = round & 16 ? 80 : 64;
		k.vmemmap = !(round & 32) || round & 16;
		k.numa_emulation = true;
		random_machine(&seed);
		if (!m.scratch.n)
			continue;
		follow(&k, load.cmdline, MIB);
		ups += r.outcome == BOOT_UP;
		check_list(false);
		if (r.outcome == BOOT_UP)
			assert_true(bytes_of(BOOT_MEMORY_MAP) >= r.map_bytes);
		fresh = boot_work_create();
		assert_non_null(fresh);
		assert_int_equal(boot_follow(fresh, &k, &m, &load, &again), 0);
		boot_work_destroy(fresh);
		assert_int_equal(again.outcome, r.outcome);
		assert_int_equal(again.headroom_bytes, r.headroom_bytes);
		assert_int_equal(again.nr_allocs, r.nr_allocs);
		for (size_t i = 0; i < r.nr_allocs; i++) {
			assert_int_equal(again.alloc[i].user, r.alloc[i].user);
			assert_int_equal(again.alloc[i].range.start_pa, r.alloc[i].range.start_pa);
			assert_int_equal(again.alloc[i].range.end_pa, r.alloc[i].range.end_pa);
		}
		boot_result_deinit(&again);
	}
	/* The generator makes both kinds. */
	assert_in_range(ups, 40, 360);
}

/*
 * The advice boots, and with a tenth less room for the map it does not.  Advice
 * for recorded machines was booted as well (tests/data/model/advice-*.boot).
 */
static void test_advice(void **state)
{
	struct boot_load load = { .cmdline = "", .initrd_bytes = MIB };
	struct boot_advice a;

	small_machine();
	assert_int_equal(boot_advise(work, &plain, &m, &load, 0, &a), 0);
	assert_true(a.found);
	assert_int_equal(a.present_bytes, 336 * MIB);
	assert_int_equal(a.total_bytes, a.low_bytes + a.global_bytes + 2 * a.node_bytes);
	/* Map, kernel, and 20 MiB at most for everything else. */
	assert_in_range(a.total_bytes, (128 + 14) * MIB, (128 + 14 + 20) * MIB);
	m.scratch.r[0].end_pa = m.scratch.r[0].start_pa + a.low_bytes;
	m.scratch.r[1].start_pa = m.scratch.r[1].end_pa - a.global_bytes;
	m.scratch.r[2].start_pa = m.scratch.r[2].end_pa - a.node_bytes;
	m.scratch.r[3].start_pa = m.scratch.r[3].end_pa - a.node_bytes;
	follow(&plain, "", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	m.scratch.r[2].start_pa += 6 * MIB;
	m.scratch.r[3].start_pa += 8 * MIB;
	follow(&plain, "", MIB);
	assert_int_not_equal(r.outcome, BOOT_UP);
}

static void test_advice_leaves_the_margin(void **state)
{
	struct boot_load load = { .cmdline = "nokaslr", .initrd_bytes = MIB };
	struct boot_advice none, some;

	small_machine();
	assert_int_equal(boot_advise(work, &plain, &m, &load, 0, &none), 0);
	assert_int_equal(boot_advise(work, &plain, &m, &load, 25, &some), 0);
	assert_true(some.found);
	assert_true(some.headroom_bytes >= 32 * MIB);
	assert_in_range(some.total_bytes - none.total_bytes, 28 * MIB, 36 * MIB);
	m.scratch.n = 2;
	assert_int_equal(boot_advise(work, &plain, &m, &load, 0, &none), 0);
	assert_false(none.found);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

/* mm/numa.c, alloc_offline_node_data(): 0x2b080 bytes each in the log of a machine with 40 NVDIMM nodes. */
static void test_nodes_without_memory(void **state)
{
	struct boot_kernel k = plain;
	uint64_t headroom_bytes;

	k.node_data_bytes = 0x2b080;
	small_machine();
	m.possible_nodes = 2;
	follow(&k, "nokaslr", 0);
	headroom_bytes = r.headroom_bytes;
	m.possible_nodes = 42;
	follow(&k, "nokaslr", 0);
	assert_int_equal(headroom_bytes - r.headroom_bytes, 40 * 0x2b080);
	follow(&k, "nokaslr numa=off", 0);
	headroom_bytes = r.headroom_bytes;
	m.possible_nodes = 1;
	follow(&k, "nokaslr numa=off", 0);
	assert_int_equal(r.headroom_bytes, headroom_bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_facts_that_are_missing),
		TEST(test_nodes_without_memory),
		TEST(test_a_budget_of_work),
		TEST(test_memory_map_of_two_nodes),
		TEST(test_load_fails),
		TEST(test_dies_in_the_memory_map),
		TEST(test_lacks_less_than_the_margin),
		TEST(test_what_is_short_in_some_slots),
		TEST(test_what_comes_behind_brk),
		TEST(test_slots_by_hand),
		TEST(test_too_many_memmaps_for_kaslr),
		TEST(test_extended_scratch),
		TEST(test_blocks_that_must_stay_free),
		TEST(test_preserved_memory_that_is_cut_away),
		TEST(test_scratch_that_is_cut_off),
		TEST(test_crashkernel),
		TEST(test_hugepages),
		TEST(test_swiotlb_halves),
		TEST(test_log_buf),
		TEST(test_percpu_units),
		TEST(test_late_pages),
		TEST(test_direct_map_out_of_brk),
		TEST(test_fewer_fake_nodes),
		TEST(test_log_buf_of_many_cpus),
		TEST(test_swiotlb_by_cpus),
		TEST(test_direct_map_in_pages),
		TEST(test_mem_limit),
		TEST(test_spill),
		TEST(test_large_machine),
		TEST(test_sparse_buffer),
		TEST(test_random_machines),
		TEST(test_advice),
		TEST(test_advice_leaves_the_margin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
