// SPDX-License-Identifier: GPL-2.0-only
/* The whole road: what must hold for any machine, and cases worked out by hand. */
#include "config.h"

#include <errno.h>

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
		TEST(test_a_budget_of_work),
		TEST(test_memory_map_of_two_nodes),
		TEST(test_load_fails),
		TEST(test_measurements),
		TEST(test_dies_in_the_memory_map),
		TEST(test_lacks_less_than_the_margin),
		TEST(test_what_comes_behind_brk),
		TEST(test_many_preserved_ranges),
		TEST(test_nosave_regions),
		TEST(test_fewer_fake_nodes),
		TEST(test_fake_nodes_begin_in_the_second_page),
		TEST(test_mem_limit),
		TEST(test_spill),
		TEST(test_large_machine),
		TEST(test_sparse_buffer),
		TEST(test_nodes_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
