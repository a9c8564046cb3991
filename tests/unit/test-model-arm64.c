// SPDX-License-Identifier: GPL-2.0-only
/*
 * 7.2.13 as Fedora configures it for arm64, on QEMU's virt with kho_scratch=96M,64M,64M: addresses
 * of its memblock=debug log.  Facts as its configuration and its VMCOREINFO have them.
 */
#include "config.h"

#include "model-fixture.h"

static const struct boot_kernel fedora = {
	.arch = &kho_arch_arm64, .page_bytes = 4096, .struct_page_bytes = 64, .pmd_bytes = 2 * MIB,
	.section_size_bits = 27, .max_physmem_bits = 48, .va_bits = 48, .vmemmap = true,
	.dma_cma = true, .cma_per_node = true, .cma_bytes = 64 * MIB, .node_data_bytes = 0x16e00,
	.mem_section_bytes = 32, .percpu_bytes = 112984, .percpu_reserved_bytes = 8192,
	.percpu_dynamic_bytes = 28 << 12, .log_buf_bytes = 1 << 18, .log_info_bytes = 112,
	.log_cpu_bytes = 4096, .percpu_chunk_bytes = 128, .nr_cpus = 4096, .cpumask_offstack = true,
	.of_property_bytes = 112, .kfence_bytes = 2 * MIB, .kfence_on = true,
	.init_bytes = 0x4a00000, .align_bytes = 2 * MIB, .relocatable = true, .rodata_full = true,
	.map_after_setup_arch = true,
};

static void fedora_machine(void)
{
	ram(0x40000000, 0x140000000, 0);
	ram(0x140000000, 0x240000000, 1);
	scratch(0xf2000000, 96 * MIB);
	scratch(0x232c00000, 64 * MIB);
	scratch(0x137c00000, 64 * MIB);
	scratch(0x236c00000, 64 * MIB);
	m.device_tree = (struct tree_counts){ true, 57, 224, 1848 };
}

static bool took(enum boot_user user, uint64_t start_pa, uint64_t end_pa)
{
	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == user && r.alloc[i].range.start_pa == start_pa &&
		    r.alloc[i].range.end_pa == end_pa)
			return true;
	return false;
}

static void test_before_the_memory_map(void **state)
{
	fedora_machine();
	follow(&fedora, "nokaslr", 990521);
	assert_int_equal(r.outcome, BOOT_UP);
	/* KFENCE's pool, the direct map in pages, the device tree, NODE_DATA. */
	assert_true(took(BOOT_SMALL, 0x23aa00000, 0x23ac00000));
	assert_int_equal(bytes_of(BOOT_PAGE_TABLES), 0x23aa00000 - 0x2399f7000);
	assert_true(took(BOOT_SMALL, 0x2399ebc00, 0x2399f6ffc));
	assert_true(took(BOOT_NODE_DATA, 0x13bbe9200, 0x13bc00000));
	assert_true(took(BOOT_NODE_DATA, 0x2399d4e00, 0x2399ebc00));
	/* Two masks of 512 bytes, and 512 for eight regions (request_standard_resources()). */
	assert_true(took(BOOT_SMALL, 0x2399d4800, 0x2399d4e00));
	/* "cma: Failed to reserve 64 MiB": nothing below 4 GiB has room for it. */
	assert_int_equal(bytes_of(BOOT_CMA), 0);
	/* NR_SECTION_ROOTS of 48 bits. */
	assert_true(took(BOOT_SECTION_TABLE, 0x2399b4800, 0x2399d4800));
}

/* What is not mapped has no table in the direct map: 512 of 2 MiB in a block of 1 GiB. */
static void test_unmapped_memory(void **state)
{
	uint64_t tables;

	fedora_machine();
	follow(&fedora, "nokaslr", 990521);
	tables = bytes_of(BOOT_PAGE_TABLES);
	assert_int_equal(kho_ranges_add(&m.unmapped, 0x80000000, 0xc0000000, KHO_NO_NODE), 0);
	follow(&fedora, "nokaslr", 990521);
	/* And the one above them. */
	assert_int_equal(bytes_of(BOOT_PAGE_TABLES), tables - 513 * 4096);
	kho_ranges_deinit(&m.unmapped);
}

/* kfence_alloc_pool_and_metadata(): 299008 bytes in a rehearsal's log. */
static void test_kfence_metadata(void **state)
{
	fedora_machine();
	follow(&fedora, "nokaslr", 990521);
	assert_int_equal(r.alloc[r.nr_allocs - 1].range.end_pa - r.alloc[r.nr_allocs - 1].range.start_pa,
			 299008);
}

/* The log of a kernel with 64K pages: "crashkernel low memory reserved: ... (128 MB)", and 448 above. */
static void test_low_crash_kernel(void **state)
{
	ram(0x40000000, 0x140000000, 0);
	ram(0x140000000, 0x240000000, 1);
	scratch(0xc0000000, 512 * MIB);
	scratch(0x1c0000000, 1024 * MIB);
	scratch(0x110000000, 256 * MIB);
	follow(&fedora, "nokaslr crashkernel=448M", 990521);
	assert_int_equal(r.crashkernel_bytes, 448 * MIB);
	assert_int_equal(bytes_of(BOOT_CRASHKERNEL), (448 + 128) * MIB);
}

/*
 * Pages of 16 KiB and CONFIG_PAGE_BLOCK_MAX_ORDER=10, kho_scratch=160M,96M,96M: "cma: Reserved 64 MiB
 * at 0x00000000f3000000", between the initrd and the boot parameters.  A PMD is 32 MiB.
 */
static void test_cma_in_page_blocks(void **state)
{
	struct boot_kernel k = fedora;

	k.page_bytes = 16384;
	k.pmd_bytes = 32 * MIB;
	k.block_bytes = 16 * MIB;
	k.max_physmem_bits = k.va_bits = 52;
	k.init_bytes = 0x4200000;
	ram(0x40000000, 0x440000000, 0);
	ram(0x440000000, 0x840000000, 1);
	scratch(0xee000000, 160 * MIB);
	scratch(0x834000000, 96 * MIB);
	scratch(0x434000000, 96 * MIB);
	scratch(0x82e000000, 96 * MIB);
	follow(&k, "nokaslr", 0x13b048);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_true(took(BOOT_CMA, 0xf3000000, 0xf7000000));
	k.block_bytes = 0;
	follow(&k, "nokaslr", 0x13b048);
	assert_int_equal(bytes_of(BOOT_CMA), 0);
}

/*
 * The same with addresses of 52 bits, on a CPU that has them or not: NR_SECTION_ROOTS and a
 * root, and a page table more.
 */
static void test_lpa2(void **state)
{
	struct boot_kernel wide = fedora;
	uint64_t tables;

	wide.max_physmem_bits = wide.va_bits = 52;
	wide.no_lpa2_physmem_bits = 48;
	fedora_machine();
	follow(&wide, "nokaslr", 990521);
	assert_int_equal(bytes_of(BOOT_SECTION_TABLE), (128 << 10) + 4096);
	tables = bytes_of(BOOT_PAGE_TABLES);
	m.lpa2 = true;
	follow(&wide, "nokaslr", 990521);
	assert_int_equal(bytes_of(BOOT_SECTION_TABLE), 2 * MIB + 4096);
	assert_int_equal(bytes_of(BOOT_PAGE_TABLES), tables + 4096);
	follow(&wide, "nokaslr arm64.nolva", 990521);
	assert_int_equal(bytes_of(BOOT_SECTION_TABLE), (128 << 10) + 4096);
}

/* Between the two needs it matters whether the CPU is known. */
static void test_lpa2_unknown(void **state)
{
	struct boot_kernel wide = fedora;
	uint64_t *end_pa;

	wide.max_physmem_bits = wide.va_bits = 52;
	wide.no_lpa2_physmem_bits = 48;
	fedora_machine();
	m.lpa2 = m.lpa2_known = true;
	m.scratch.r[1].end_pa = m.scratch.r[1].start_pa + 16 * MIB;
	end_pa = &m.scratch.r[3].end_pa;
	for (follow(&wide, "nokaslr", 990521); r.outcome == BOOT_UP; *end_pa -= MIB / 2)
		follow(&wide, "nokaslr", 990521);
	*end_pa += MIB / 2;
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_false(r.depends_on_lpa2);
	m.lpa2_known = false;
	follow(&wide, "nokaslr", 990521);
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_true(r.depends_on_lpa2);
	m.lpa2 = false;
	m.lpa2_known = true;
	follow(&wide, "nokaslr", 990521);
	assert_int_equal(r.outcome, BOOT_UP);
	/* Far too little without it, too. */
	*end_pa -= 8 * MIB;
	m.lpa2 = true;
	m.lpa2_known = false;
	follow(&wide, "nokaslr", 990521);
	assert_int_equal(r.outcome, BOOT_DIES);
	assert_false(r.depends_on_lpa2);
}

/* 700702, a node with CPUs and no memory: pg_data_t and mask of it, three masks in the log. */
static void test_mask_of_a_node_without_memory(void **state)
{
	uint64_t without;

	fedora_machine();
	follow(&fedora, "nokaslr", 990521);
	without = bytes_of(BOOT_SMALL);
	m.possible_nodes = 3;
	follow(&fedora, "nokaslr", 990521);
	assert_int_equal(bytes_of(BOOT_SMALL) - without, 512);
}

static void cpus_of_node_0(struct boot_cpus *cpus, uint64_t n)
{
	*cpus = (struct boot_cpus){ 0, n };
	m.cpus = cpus;
	m.nr_cpus = 1;
}

/* No area has room for all units in one piece: 50 pages a CPU in the log of its rehearsal. */
static void test_tables_of_percpu_pages(void **state)
{
	struct boot_cpus cpus;

	cpus_of_node_0(&cpus, 8);
	ram(0x40000000, 0x188000000, 0);
	ram(0x188200000, 0x280000000, 0);
	scratch(0xff000000, 16 * MIB);
	scratch(0x181c00000, 100 * MIB);
	scratch(0x276e00000, 146 * MIB);
	follow(&fedora, "root=UUID=0a1b2c3d-0000-4000-8000-123456789abc ro console=ttyS0 nokaslr "
	       "possible_cpus=4", 22843392);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_true(took(BOOT_PERCPU, 0xffe35000, 0xfffc5000));
	/* Behind the kernel, which ends on a PMD: one table for 1.6 MiB. */
	assert_true(took(BOOT_SMALL, 0xffe34000, 0xffe35000));
	assert_true(took(BOOT_HASHES, 0xffe13280, 0xffe33280));
}

/* With KASLR the place is empty: four tables for 6.25 MiB, and two above them. */
static void test_tables_of_percpu_pages_with_kaslr(void **state)
{
	struct boot_kernel k = fedora;
	struct boot_cpus cpus;

	k.kaslr = true;
	cpus_of_node_0(&cpus, 32);
	ram(0x40000000, 0x41bbd0000, 0);
	scratch(0xfa000000, 96 * MIB);
	scratch(0x415400000, 102 * MIB);
	scratch(0x353200000, 280 * MIB);
	follow(&k, "root=UUID=0a1b2c3d-0000-4000-8000-123456789abc ro console=ttyS0", 120989635);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_true(took(BOOT_PERCPU, 0xfeafc000, 0xfee00000));
	assert_true(took(BOOT_SMALL, 0xfeaf6000, 0xfeafc000));
	assert_true(took(BOOT_HASHES, 0xfea74ac0, 0xfeaf4ac0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_before_the_memory_map),
		TEST(test_unmapped_memory),
		TEST(test_kfence_metadata),
		TEST(test_low_crash_kernel),
		TEST(test_cma_in_page_blocks),
		TEST(test_lpa2),
		TEST(test_lpa2_unknown),
		TEST(test_mask_of_a_node_without_memory),
		TEST(test_tables_of_percpu_pages),
		TEST(test_tables_of_percpu_pages_with_kaslr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
