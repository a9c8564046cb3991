// SPDX-License-Identifier: GPL-2.0-only
/* The whole road: what must hold for any machine, and cases worked out by hand. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "model/slots/kaslr.h"
#include "model/toolbox/run.h"
#include "model-fixture.h"

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

/* ima_add_kexec_buffer() comes before the scratch list, at the top of the first area; it may fail. */
static void test_measurements(void **state)
{
	small_machine();
	m.ima_bytes = 3 * MIB;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.alloc[1].user, BOOT_SMALL);
	assert_int_equal(r.alloc[1].range.end_pa, 2 * GIB + 16 * MIB);
	assert_int_equal(r.alloc[2].user, BOOT_SCRATCH_LIST);
	assert_int_equal(r.alloc[2].range.start_pa, 2 * GIB + 13 * MIB - 65536);
	m.ima_bytes = GIB;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(r.alloc[1].user, BOOT_SCRATCH_LIST);
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
 * to lack something is the one that is reported, and what came after it is not.
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
/*
 * memblock_alloc_hugetlb(): of the 1 GiB pages of 8 GiB those that touch an area are refused, here
 * those at 2 GiB and 8 GiB.
 */
static void test_hugepages_outside_of_areas(void **state)
{
	struct boot_kernel k = plain;
	struct kho_ranges nothing = { 0 };

	k.extends_scratch = true;
	small_machine();
	m.preserved = &nothing;
	follow(&k, "nokaslr hugepagesz=1G hugepages=0:2", MIB);
	assert_int_equal(r.hugepages, 2);
	k.hugepages_outside = true;
	follow(&k, "nokaslr hugepagesz=1G hugepages=0:8", MIB);
	assert_int_equal(r.hugepages_wanted, 8);
	assert_int_equal(r.hugepages, 2);
	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == BOOT_HUGEPAGES)
			assert_true(r.alloc[i].range.end_pa <= 2 * GIB ||
				    (r.alloc[i].range.start_pa >= 4 * GIB &&
				     r.alloc[i].range.end_pa <= 5 * GIB));
	/* Node 1: 5 to 8 GiB, and less one where a free area lies. */
	follow(&k, "nokaslr hugepagesz=1G hugepages=1:8", MIB);
	assert_int_equal(r.hugepages, 3);
	scratch(6 * GIB, MIB);
	follow(&k, "nokaslr hugepagesz=1G hugepages=1:8", MIB);
	assert_int_equal(r.hugepages, 2);
	follow(&k, "nokaslr hugepagesz=1G hugepages=9", MIB);
	assert_int_equal(r.hugepages, 4);
	k.hugepages_outside = false;
	follow(&k, "nokaslr hugepagesz=1G hugepages=1:8", MIB);
	assert_int_equal(r.hugepages, 3);
	m.preserved = NULL;
}

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
	struct boot_kernel k = plain;

	small_machine();
	/* "14680064 bytes" for the infos of 4 MiB in the log of Fedora's 7.2. */
	k.log_info_bytes = 112;
	follow(&k, "nokaslr log_buf_len=4M", MIB);
	assert_int_equal(bytes_of(BOOT_LOG_BUF), 7 * MIB + 14680064);
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
	return (struct boot){ .kernel = &plain, .machine = &m, .cmd.nokaslr = nokaslr,
			      .possible_cpus = cpus->count };
}

/* The percpu pieces of the last run: how many, and on how many nodes. */
static void assert_percpu(size_t cpus, size_t nodes)
{
	size_t pieces = 0, seen = 0;
	bool on[8] = { false };

	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == BOOT_PERCPU) {
			pieces += (r.alloc[i].range.end_pa - r.alloc[i].range.start_pa) / 159744;
			seen += !on[r.alloc[i].wanted_node];
			on[r.alloc[i].wanted_node] = true;
		}
	assert_int_equal(pieces, cpus);
	assert_int_equal(seen, nodes);
}

/*
 * nr_cpu_ids begins as NR_CPUS, and the CPUs above it are not possible.  A unit of 129216 and
 * 28 KiB takes 39 pages.
 */
static void test_fewer_cpus(void **state)
{
	/* 0 and 2 on node 0, 1 and 3 on node 1, and so on. */
	static struct boot_cpus mixed[16];
	struct boot_kernel k = plain;

	for (int i = 0; i < 16; i++)
		mixed[i] = (struct boot_cpus){ i % 2, 1 };
	small_machine();
	m.cpus = mixed;
	m.nr_cpus = 16;
	follow(&k, "nokaslr", MIB);
	assert_percpu(16, 2);
	follow(&k, "nokaslr nr_cpus=3", MIB);
	assert_percpu(3, 2);
	follow(&k, "nokaslr nr_cpus=1", MIB);
	assert_percpu(1, 1);
	k.nr_cpus = 4;
	follow(&k, "nokaslr nr_cpus=8", MIB);
	assert_percpu(4, 2);
	follow(&k, "nokaslr numa=off", MIB);
	assert_percpu(4, 1);
	/* Three of a run of 16. */
	mixed[0].count = 16;
	m.nr_cpus = 1;
	follow(&k, "nokaslr nr_cpus=3", MIB);
	assert_percpu(3, 1);
	mixed[0].count = 1;
	m.nr_cpus = 16;
	mixed[3].node = 5000;
	assert_int_equal(boot_follow(work, &k, &m, &(struct boot_load){ .cmdline = "" }, &r), -EINVAL);
}

/*
 * memblock_double_array(): 24 bytes for each of 128 << 11 regions where 200,000 ranges are preserved,
 * in one piece, beside half of that.  Nothing of it dies.
 */
static void test_many_preserved_ranges(void **state)
{
	struct boot_kernel k = plain;
	uint64_t small_bytes;

	small_machine();
	follow(&k, "nokaslr", MIB);
	small_bytes = bytes_of(BOOT_SMALL);
	m.preserved_ranges = 60;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_SMALL), small_bytes);
	m.preserved_ranges = 200000;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_SMALL), small_bytes + 24 * 262144);
	assert_int_equal(r.preserved_list_wanted_bytes, 24 * 262144);
	assert_int_equal(r.preserved_list_bytes, 24 * 262144);
	/* Of 12 million only the list of 4 million has room. */
	m.preserved_ranges = 12000000;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(r.preserved_list_wanted_bytes, 24 * (4 << 20) );
	assert_true(r.preserved_list_bytes < r.preserved_list_wanted_bytes);
	assert_int_equal(r.fold.shortfall[BOOT_SHORT_PRESERVED].slots, 1);
}

/* "Registered nosave memory", with three holes 32 bytes each in the log of Debian's 7.2. */
static void test_nosave_regions(void **state)
{
	struct boot_kernel k = plain;
	uint64_t small_bytes;

	small_machine();
	follow(&k, "nokaslr", MIB);
	small_bytes = bytes_of(BOOT_SMALL);
	k.hibernates = true;
	follow(&k, "nokaslr", MIB);
	/* Nodes of two banks: before 1 MiB, and before 4 GiB. */
	assert_int_equal(bytes_of(BOOT_SMALL), small_bytes + 2 * 32);
}

/* 2 MiB with 4 KiB pages, in one piece, behind all else; on arm64 before all else. */
static void test_kfence(void **state)
{
	struct boot_kernel k = plain;
	uint64_t small_bytes;

	small_machine();
	k.kfence_bytes = 2 * MIB;
	follow(&k, "nokaslr", MIB);
	small_bytes = bytes_of(BOOT_SMALL);
	follow(&k, "nokaslr kfence.sample_interval=100", MIB);
	assert_in_range(bytes_of(BOOT_SMALL) - small_bytes, 2 * MIB + 200000, 2 * MIB + 400000);
	assert_int_equal(r.alloc[r.nr_allocs - 2].range.end_pa -
			 r.alloc[r.nr_allocs - 2].range.start_pa, 2 * MIB);
	k.kfence_on = true;
	follow(&k, "nokaslr kfence.sample_interval=0", MIB);
	assert_in_range(bytes_of(BOOT_SMALL), small_bytes - 64, small_bytes + 64);
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
/* Small pieces go where each of them fits, not all of them to one place. */
static void test_small_pieces_fill_a_gap(void **state)
{
	struct boot_kernel k = plain;
	size_t n = 0;

	ram(MIB, 3 * GIB, 0);
	scratch(2 * GIB, 96 * MIB);
	scratch(2 * GIB + 128 * MIB, 0x5000);
	m.nr_firmware_ranges = 60;
	follow(&k, "nokaslr", 0);
	assert_int_equal(r.outcome, BOOT_UP);
	/*
	 * Below node data and the two resources are 3776 bytes: too few for the 61 resources
	 * of e820, enough for 29 entries.
	 */
	for (size_t i = 0; i < r.nr_allocs; i++) {
		const struct boot_allocation *a = &r.alloc[i];

		n += a->user == BOOT_SMALL && a->range.end_pa - a->range.start_pa == 104 &&
		     a->range.start_pa >= 2 * GIB + 128 * MIB;
	}
	assert_int_equal(n, 29);
}

static void test_cma_that_is_not_built_in(void **state)
{
	struct boot_kernel k = plain;

	small_machine();
	follow(&k, "nokaslr cma=16M", MIB);
	assert_int_equal(bytes_of(BOOT_CMA), 16 * MIB);
	k.dma_cma = false;
	follow(&k, "nokaslr cma=16M", MIB);
	assert_int_equal(bytes_of(BOOT_CMA), 0);
}

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
/*
 * 7.2.13 as Debian configures it, 2 GiB and a hot-plug window up to 64 GiB: its log has a buffer
 * of 64 MiB wanted (recorded as 7.2-debian-small-window-1).
 */
static void test_swiotlb_for_what_may_be_plugged_in(void **state)
{
	ram(MIB, 2 * GIB, 0);
	scratch(GIB, 256 * MIB);
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 0);
	m.possible_end_pa = 64 * GIB;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 64 * MIB);
	/* Then the SRAT is not read. */
	follow(&plain, "nokaslr numa=off", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 0);
}

/*
 * "Faking node 0 at [mem 0x0000000000001000-0x0000000080000fff]" (recorded as 7.2-numa-fake): the
 * first page is no RAM, so that node 0 has the first page of a 17th section.
 */
static void test_fake_nodes_begin_in_the_second_page(void **state)
{
	struct boot_kernel k = plain;
	uint64_t bytes = 0;

	k.numa_emulation = true;
	ram(0, 3 * GIB, 0);
	ram(4 * GIB, 5 * GIB, 0);
	ram(5 * GIB, 9 * GIB, 1);
	scratch(2 * GIB, 256 * MIB);
	scratch(8 * GIB, 256 * MIB);
	follow(&k, "nokaslr numa=fake=4", MIB);
	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == BOOT_MEMORY_MAP && !r.alloc[i].wanted_node)
			bytes += r.alloc[i].range.end_pa - r.alloc[i].range.start_pa;
	assert_int_equal(bytes, 17 * 2 * MIB);
}

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
		TEST(test_measurements),
		TEST(test_dies_in_the_memory_map),
		TEST(test_lacks_less_than_the_margin),
		TEST(test_what_comes_behind_brk),
		TEST(test_crashkernel),
		TEST(test_hugepages),
		TEST(test_hugepages_outside_of_areas),
		TEST(test_swiotlb_halves),
		TEST(test_log_buf),
		TEST(test_percpu_units),
		TEST(test_fewer_cpus),
		TEST(test_kfence),
		TEST(test_many_preserved_ranges),
		TEST(test_late_pages),
		TEST(test_direct_map_out_of_brk),
		TEST(test_nosave_regions),
		TEST(test_small_pieces_fill_a_gap),
		TEST(test_cma_that_is_not_built_in),
		TEST(test_fewer_fake_nodes),
		TEST(test_log_buf_of_many_cpus),
		TEST(test_swiotlb_by_cpus),
		TEST(test_swiotlb_for_what_may_be_plugged_in),
		TEST(test_fake_nodes_begin_in_the_second_page),
		TEST(test_direct_map_in_pages),
		TEST(test_mem_limit),
		TEST(test_spill),
		TEST(test_large_machine),
		TEST(test_sparse_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
