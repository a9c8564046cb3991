// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that rehearsals of random machines showed (tests/rehearse/cases/kept.txt); the values are
 * those of the kernels' logs there.
 */
#include "config.h"

#include "arch/arch.h"
#include "model/toolbox/run.h"
#include "model-fixture.h"

/* 300118 and 300539: two nodes take three masks of CPUs, four possible ones five, of 8 bytes each. */
static void test_masks_of_cpus(void **state)
{
	struct boot_kernel k = plain;
	uint64_t without;

	small_machine();
	follow(&k, "nokaslr", MIB);
	without = bytes_of(BOOT_SMALL);
	k.cpumask_offstack = true;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_SMALL) - without, 3 * 8);
	follow(&k, "nokaslr numa=off", MIB);
	k.cpumask_offstack = false;
	without = bytes_of(BOOT_SMALL);
	follow(&k, "nokaslr numa=off", MIB);
	assert_int_equal(without - bytes_of(BOOT_SMALL), 2 * 8);
}

static void test_masks_of_possible_nodes(void **state)
{
	struct boot_kernel k = plain;
	uint64_t with;

	small_machine();
	m.possible_nodes = 4;
	k.cpumask_offstack = true;
	follow(&k, "nokaslr", MIB);
	with = bytes_of(BOOT_SMALL);
	k.cpumask_offstack = false;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(with - bytes_of(BOOT_SMALL), 5 * 8);
}

/* 300194: no resource of an I/O APIC, 64 bytes and the 11 of its name. */
static void test_no_ioapic(void **state)
{
	static const char *const words[] = { "nokaslr nosmp", "noapic", "maxcpus=0" };
	static const char *const same_length[] = { "nokaslr quiet", "noapiv", "maxcpus=1" };

	small_machine();
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		uint64_t with;

		follow(&plain, same_length[i], MIB);
		with = bytes_of(BOOT_SMALL);
		follow(&plain, words[i], MIB);
		assert_int_equal(with - bytes_of(BOOT_SMALL), 75);
	}
}

/* 70020 and all others of arm64: nothing between the hash tables and the bounce buffer. */
static void test_arm64_takes_no_late_pages(void **state)
{
	assert_null(kho_arch_arm64.boot->late_pages);
}

/* The first piece of @user in the list; nr_allocs: there is none. */
static size_t first_of(enum boot_user user)
{
	size_t i = 0;

	while (i < r.nr_allocs && r.alloc[i].user != user)
		i++;
	return i;
}

static struct boot_kernel on_arm64(void)
{
	struct boot_kernel k = plain;

	k.arch = &kho_arch_arm64;
	k.load_min_pa = k.four_level_physmem_bits = 0;
	k.max_physmem_bits = 48;
	k.kaslr = false;
	return k;
}

/* 300500, 300822: log_buf_len= is met behind percpu memory on arm64, on x86-64 before NODE_DATA. */
static void test_log_buf_len(void **state)
{
	const struct boot_kernel k = on_arm64();

	small_machine();
	follow(&plain, "nokaslr log_buf_len=4M", MIB);
	assert_true(first_of(BOOT_LOG_BUF) < first_of(BOOT_NODE_DATA));
	follow(&k, "nokaslr log_buf_len=4M", MIB);
	assert_true(first_of(BOOT_LOG_BUF) < r.nr_allocs);
	assert_true(first_of(BOOT_LOG_BUF) > first_of(BOOT_PERCPU));
	assert_int_equal(r.log_buf_bytes, 4 * MIB);
}

/* 70026: an area ends at 4 GiB, and the buffer of 64 MiB lies at 0xfbfff000. */
static void test_swiotlb_below_4g(void **state)
{
	struct boot_kernel k = on_arm64();

	ram(GIB, 9 * GIB, 0);
	scratch(8 * GIB, 512 * MIB);
	scratch(4 * GIB - 256 * MIB, 256 * MIB);
	follow(&k, "nokaslr", MIB);
	assert_int_equal(r.alloc[first_of(BOOT_SWIOTLB)].range.start_pa, 0xfbfff000);
}

/*
 * 710001: 2 GiB of RAM below 4 GiB and 16 CPUs.  The log has 16 MiB; with swiotlb=32768, the default, and
 * with swiotlb=force "SWIOTLB bounce buffer size roundup to 4MB".
 */
static void test_swiotlb_for_kmalloc(void **state)
{
	static const struct boot_cpus cpus = { 0, 16 };
	struct boot_kernel k = on_arm64();

	m.cpus = &cpus;
	ram(GIB, 0xc6c00000, 0);
	scratch(0x8c000000, 128 * MIB);
	follow(&k, "swiotlb=8192", MIB);
	assert_int_equal(r.swiotlb_bytes, 16 * MIB);
	follow(&k, "swiotlb=32768", MIB);
	assert_int_equal(r.swiotlb_bytes, 4 * MIB);
	follow(&k, "swiotlb=force", MIB);
	assert_int_equal(r.swiotlb_bytes, 4 * MIB);
}

/* 301164: a node that has a CPU and no memory has its pg_data_t with the others on arm64. */
static void test_nodes_without_memory(void **state)
{
	const struct boot_kernel k = on_arm64();
	size_t last = 0;

	small_machine();
	m.possible_nodes = 3;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_NODE_DATA), 3 * 0x4040);
	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == BOOT_NODE_DATA)
			last = i;
	assert_true(last < first_of(BOOT_SECTION_TABLE));
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_NODE_DATA), 3 * 0x4040);
	assert_true(r.alloc[r.nr_allocs - 1].user != BOOT_NODE_DATA);
}

static const struct boot_allocation *nth_of(enum boot_user user, size_t n)
{
	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == user && !n--)
			return &r.alloc[i];
	fail();
	return NULL;
}

/*
 * 300133: 7.2.13 as Debian configures it died with a warning only.  The areas took the first free
 * 16 MiB above 4 GiB, the next on node 1, the top below 4 GiB for node 0 and the first of node 3.
 */
static void test_cma_on_each_node(void **state)
{
	struct boot_kernel k = plain;

	small_machine();
	k.node_data_bytes = 4096;
	follow(&k, "nokaslr cma=16M", MIB);
	assert_int_equal(bytes_of(BOOT_CMA), 16 * MIB);
	assert_int_equal(nth_of(BOOT_CMA, 0)->range.start_pa, 8 * GIB);
	k.cma_per_node = true;
	follow(&k, "nokaslr cma=16M", MIB);
	assert_int_equal(bytes_of(BOOT_CMA), 3 * 16 * MIB);
	assert_int_equal(nth_of(BOOT_CMA, 1)->range.node, 0);
	assert_int_equal(nth_of(BOOT_CMA, 2)->range.start_pa, 8 * GIB + 16 * MIB);
	follow(&k, "nokaslr cma=16M numa=off", MIB);
	assert_int_equal(bytes_of(BOOT_CMA), 16 * MIB);
}

/* 80000: 2 tables below the highest free 2 MiB, the third above, once that is mapped. */
static void test_tables_of_the_direct_map(void **state)
{
	struct boot_kernel k = plain;

	ram(0, 0x9fc00, 0);
	ram(MIB, 0x80000000, 0);
	ram(4 * GIB, 0x4540ed000, 0);
	scratch(0x7e600000, 0x1000000);
	scratch(0x58000000, 0x6800000);
	scratch(0x443800000, 0xf800000);
	m.five_level = m.gbpages = false;
	k.init_bytes = 0x3e1a000;
	k.kernel_bytes = 0x3a00000;
	k.brk_offset_bytes = 0x3200000;
	follow(&k, "nokaslr", 58654503);
	assert_int_equal(nth_of(BOOT_PAGE_TABLES, 0)->range.start_pa, 0x44f7fe000);
	assert_int_equal(nth_of(BOOT_PAGE_TABLES, 0)->pieces, 2);
	assert_int_equal(nth_of(BOOT_PAGE_TABLES, 1)->range.start_pa, 0x44f80f000);
	assert_int_equal(bytes_of(BOOT_PAGE_TABLES), 3 * 4096);
}

/*
 * 300949: 7.2.13 with 30 CPUs on four nodes of 60 firmware ranges.  The list of 128 reserved regions
 * is full when the percpu information is given back, and 8 KiB are taken for one of 256, below it.
 */
static void test_list_of_regions_doubles(void **state)
{
	static const struct boot_cpus cpus[] = { { 0, 32 }, { 1, 32 } };
	uint64_t chunk_pa, few_pa;

	small_machine();
	m.cpus = cpus;
	m.nr_cpus = 2;
	follow(&plain, "nokaslr nosmp", MIB);
	few_pa = r.headroom_bytes;
	follow(&plain, "nokaslr nr_cpus=1", MIB);
	chunk_pa = r.headroom_bytes;
	assert_in_range(few_pa - chunk_pa, 0, 4096);
	m.nr_firmware_ranges = 8;
	follow(&plain, "nokaslr", MIB);
	few_pa = r.headroom_bytes;
	m.nr_firmware_ranges = 60;
	follow(&plain, "nokaslr", MIB);
	/* The ranges' resources, 52 pieces of 104 bytes, and the list. */
	assert_in_range(few_pa - r.headroom_bytes, 52 * (64 + 104) + 8192, 52 * (64 + 104) + 8192 + 64);
}

/* 900033: "percpu: 59 4K pages/cpu s212992 r8192 d20480" of 32 CPUs; seven tables in its log. */
static void test_percpu_in_pages(void **state)
{
	static const struct boot_cpus cpus = { 0, 32 };
	struct boot_kernel k = plain;
	size_t i;

	k.percpu_bytes = 212992;
	k.percpu_reserved_bytes = 8192;
	small_machine();
	m.cpus = &cpus;
	follow(&k, "nokaslr percpu_alloc=page", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(bytes_of(BOOT_PERCPU), 32 * 59 * 4096);
	for (i = 0; r.alloc[i].user != BOOT_PERCPU; i++)
		;
	while (r.alloc[i].user == BOOT_PERCPU)
		i++;
	assert_int_equal(r.alloc[i].user, BOOT_SMALL);
	assert_int_equal(r.alloc[i].pieces, 7);
}

/* 700509: RAM ends at 0xe536a000, and 0xa5360000 bytes of it are memory to 64 KiB pages. */
static void test_whole_pages(void **state)
{
	struct kho_range page = { 0xb0000000, 0xb0010000, KHO_NO_NODE };
	const struct kho_ranges kept = { .r = &page, .n = 1 };
	struct boot_kernel k = on_arm64();

	k.page_bytes = 65536;
	k.pmd_bytes = 512 * MIB;
	k.section_size_bits = 29;
	k.mem_section_bytes = 32;
	k.max_physmem_bits = 52;
	k.extends_scratch = true;
	ram(GIB, 0xe536a000, 0);
	scratch(0xe0000000, 64 * MIB);
	scratch(0x84000000, 128 * MIB);
	scratch(0xc4000000, 64 * MIB);
	m.preserved = &kept;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(nth_of(BOOT_SECTION_TABLE, 0)->range.start_pa, 0xe5358000);
	assert_int_equal(nth_of(BOOT_SECTION_TABLE, 1)->range.start_pa, 0xe5348000);
}

/*
 * 700603: 25 CPUs of two pages each on a node without a section of its own, whose data is at
 * 0xcffe8d00: 0xcfcc0000 in the log, 32 KiB higher if only aligned to 4 KiB.
 */
static void test_percpu_in_whole_pages(void **state)
{
	static const struct boot_cpus cpus = { 1, 25 };
	struct boot_kernel k = on_arm64();

	k.page_bytes = 65536;
	k.pmd_bytes = 512 * MIB;
	k.section_size_bits = 29;
	k.node_data_bytes = 0x17300;
	k.percpu_bytes = 67672;
	k.percpu_reserved_bytes = 8192;
	k.percpu_dynamic_bytes = 55208;
	ram(GIB, 0xc8000000, 0);
	ram(0xc8000000, 0xd0000000, 1);
	ram(0xd0000000, 0xf5a00000, 2);
	scratch(0xc0000000, 128 * MIB);
	scratch(0xcc000000, 64 * MIB);
	scratch(0xe8000000, 64 * MIB);
	m.cpus = &cpus;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(nth_of(BOOT_NODE_DATA, 1)->range.start_pa, 0xcffe8d00);
	assert_int_equal(nth_of(BOOT_PERCPU, 0)->range.start_pa, 0xcfcc0000);
	assert_int_equal(bytes_of(BOOT_PERCPU), 25 * 2 * 65536);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_masks_of_cpus),
		TEST(test_masks_of_possible_nodes),
		TEST(test_no_ioapic),
		TEST(test_arm64_takes_no_late_pages),
		TEST(test_log_buf_len),
		TEST(test_swiotlb_below_4g),
		TEST(test_swiotlb_for_kmalloc),
		TEST(test_nodes_without_memory),
		TEST(test_cma_on_each_node),
		TEST(test_list_of_regions_doubles),
		TEST(test_tables_of_the_direct_map),
		TEST(test_percpu_in_pages),
		TEST(test_whole_pages),
		TEST(test_percpu_in_whole_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
