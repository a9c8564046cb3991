/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel, a machine of two nodes, and one run of the model; for one test program. */
#ifndef TESTS_UNIT_MODEL_FIXTURE_H
#define TESTS_UNIT_MODEL_FIXTURE_H

#include "model/boot.h"
#include "unit.h"

#define MIB	(UINT64_C(1) << 20)
#define GIB	(UINT64_C(1) << 30)
#define TIB	(UINT64_C(1) << 40)

/* 7.2.13 of the recorded boots. */
static const struct boot_kernel plain = {
	.arch = &kho_arch_x86_64, .page_bytes = 4096, .struct_page_bytes = 64,
	.pmd_bytes = 2 * MIB, .section_size_bits = 27, .max_physmem_bits = 52,
	.four_level_physmem_bits = 46, .vmemmap = true, .dma_cma = true,
	.node_data_bytes = 0x4040, .mem_section_bytes = 16, .percpu_bytes = 129216,
	.percpu_dynamic_bytes = 28 << 10, .brk_tables = 16, .log_buf_bytes = 1 << 17,
	.log_info_bytes = 88, .log_cpu_bytes = 4096, .percpu_chunk_bytes = 128,
	.init_bytes = 0x10c7000, .align_bytes = 2 * MIB, .load_min_pa = 16 * MIB, .relocatable = true,
	.kernel_bytes = 0xe90000, .output_bytes = 0x10535f8, .payload_offset_bytes = 0xcd12c4,
	.kaslr = true, .map_after_setup_arch = true,
};

static struct boot_work *work;
static struct boot_machine m;
static struct boot_result r;
static const struct boot_cpus one_cpu = { 0, 1 };

static inline int setup(void **state)
{
	work = boot_work_create();
	m = (struct boot_machine){ .cpus = &one_cpu, .nr_cpus = 1, .nr_firmware_ranges = 8,
				   .five_level = true, .gbpages = true };
	return work ? 0 : -1;
}

static inline int teardown(void **state)
{
	boot_work_destroy(work);
	boot_result_deinit(&r);
	kho_ranges_deinit(&m.ram);
	kho_ranges_deinit(&m.scratch);
	return 0;
}

static inline void ram(uint64_t start_pa, uint64_t end_pa, int node)
{
	assert_int_equal(kho_ranges_add(&m.ram, start_pa, end_pa, node), 0);
}

static inline void scratch(uint64_t start_pa, uint64_t bytes)
{
	assert_int_equal(kho_ranges_add(&m.scratch, start_pa, start_pa + bytes, KHO_NO_NODE), 0);
}

static inline void follow(const struct boot_kernel *k, const char *cmdline, uint64_t initrd_bytes)
{
	struct boot_load load = { .cmdline = cmdline, .initrd_bytes = initrd_bytes };

	assert_int_equal(boot_follow(work, k, &m, &load, &r), 0);
}

/* Two nodes of 4 GiB and areas of 16, 128 and 96 MiB. */
static inline void small_machine(void)
{
	ram(MIB, 3 * GIB, 0);
	ram(4 * GIB, 5 * GIB, 0);
	ram(5 * GIB, 9 * GIB, 1);
	scratch(2 * GIB, 16 * MIB);
	scratch(8 * GIB, 128 * MIB);
	scratch(2 * GIB + 64 * MIB, 96 * MIB);
	scratch(8 * GIB + 256 * MIB, 96 * MIB);
}

static inline uint64_t bytes_of(enum boot_user user)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == user)
			sum += r.alloc[i].range.end_pa - r.alloc[i].range.start_pa;
	return sum;
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
