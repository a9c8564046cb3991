// SPDX-License-Identifier: GPL-2.0-only
/* RAM as the successor sees it, by hand from arch/x86/kernel/e820.c and mm/numa_memblks.c. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "model/steps/successor-ram.h"
#include "unit.h"

#define MIB	(UINT64_C(1) << 20)
#define GIB	(UINT64_C(1) << 30)

/* Two nodes of 4 GiB, 3 of the first below the PCI hole; areas of 64 MiB at 2 and 6 GiB. */
struct fixture {
	struct boot_kernel kernel;
	struct boot_machine machine;
	struct boot *b;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct kho_ranges *ram = &f->machine.ram, *scratch = &f->machine.scratch;

	assert_non_null(f);
	f->b = calloc(1, sizeof(*f->b));
	assert_non_null(f->b);
	f->kernel = (struct boot_kernel){
		.arch = &kho_arch_x86_64, .page_bytes = 4096, .max_physmem_bits = 46,
	};
	f->b->kernel = &f->kernel;
	f->b->machine = &f->machine;
	assert_int_equal(kho_ranges_add(ram, 0, 3 * GIB, 0), 0);
	assert_int_equal(kho_ranges_add(ram, 4 * GIB, 5 * GIB, 0), 0);
	assert_int_equal(kho_ranges_add(ram, 5 * GIB, 9 * GIB, 1), 0);
	assert_int_equal(kho_ranges_add(scratch, 2 * GIB, 2 * GIB + 64 * MIB, KHO_NO_NODE), 0);
	assert_int_equal(kho_ranges_add(scratch, 6 * GIB, 6 * GIB + 64 * MIB, KHO_NO_NODE), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	kho_ranges_deinit(&f->machine.ram);
	kho_ranges_deinit(&f->machine.scratch);
	kho_ranges_deinit(&f->b->ram);
	kho_ranges_deinit(&f->b->banks);
	kho_ranges_deinit(&f->b->areas);
	kho_ranges_deinit(&f->b->unmapped);
	free(f->b);
	free(f);
	return 0;
}

static void see(struct fixture *f, const char *cmdline)
{
	cmdline_parse(cmdline, &(struct cmdline_reader){ .arch = f->kernel.arch }, 8 * GIB,
		      &f->b->cmd);
	assert_int_equal(successor_ram(f->b), 0);
}

static void expect_range(struct fixture *f, size_t i, uint64_t start_pa, uint64_t end_pa, int node)
{
	assert_in_range(i, 0, f->b->ram.n - 1);
	assert_int_equal(f->b->ram.r[i].start_pa, start_pa);
	assert_int_equal(f->b->ram.r[i].end_pa, end_pa);
	assert_int_equal(f->b->ram.r[i].node, node);
}

static void test_as_it_is(void **state)
{
	struct fixture *f = *state;

	see(f, "");
	assert_int_equal(f->b->ram_bytes, 8 * GIB);
	assert_int_equal(f->b->nr_nodes, 2);
	assert_int_equal(f->b->cut_bytes, 0);
}

/* numa_meminfo_cover_memory(): more than 1 MiB on no node, and the SRAT is not used. */
static void test_memmap_adds(void **state)
{
	struct fixture *f = *state;

	see(f, "memmap=1T@1T");
	assert_int_equal(f->b->ram_bytes, 8 * GIB + 1024 * GIB);
	assert_int_equal(f->b->nr_nodes, 1);
	assert_int_equal(f->b->cut_bytes, 0);
	expect_range(f, f->b->ram.n - 1, 1024 * GIB, 2048 * GIB, 0);
	for (size_t i = 0; i < f->b->areas.n; i++)
		assert_int_equal(f->b->areas.r[i].node, 0);
	assert_int_equal(f->b->cmd.nr_not_followed, 1);
	/* Where there is RAM already, nothing is added. */
	see(f, "memmap=2G@5G");
	assert_int_equal(f->b->ram_bytes, 8 * GIB);
	assert_int_equal(f->b->nr_nodes, 2);
	assert_int_equal(f->b->cmd.nr_not_followed, 0);
	see(f, "memmap=512K@3G");
	assert_int_equal(f->b->nr_nodes, 2);
	/* Nothing lies above what the kernel can address, 2^46. */
	see(f, "memmap=1T@0x3fff00000000");
	assert_int_equal(f->b->ram.r[f->b->ram.n - 1].end_pa, UINT64_C(1) << 46);
}

/* Each of mem= and memmap= works on what those before it have left. */
static void test_order(void **state)
{
	struct fixture *f = *state;

	see(f, "mem=1G memmap=1G@8G");
	expect_range(f, 0, 0, GIB, 0);
	assert_int_equal(f->b->ram_bytes, 2 * GIB + 128 * MIB);
	assert_int_equal(f->b->cut_bytes, 6 * GIB - 128 * MIB);
	see(f, "memmap=1G@8G mem=1G");
	assert_int_equal(f->b->ram_bytes, GIB + 128 * MIB);
}

/* e820__update_table(): another kind wins over RAM, wherever it stands. */
static void test_reserved_wins(void **state)
{
	struct fixture *f = *state;

	see(f, "memmap=1G$8G memmap=1G@8G");
	assert_int_equal(f->b->ram_bytes, 7 * GIB);
	see(f, "memmap=1G@8G memmap=1G$8G");
	assert_int_equal(f->b->ram_bytes, 7 * GIB);
}

/* The areas were added to memblock before. */
static void test_exactmap(void **state)
{
	struct fixture *f = *state;

	see(f, "memmap=exactmap,1G@0,1G@7G");
	assert_int_equal(f->b->ram_bytes, 2 * GIB + 128 * MIB);
	expect_range(f, 0, 0, GIB, 0);
	expect_range(f, 1, 2 * GIB, 2 * GIB + 64 * MIB, 0);
	expect_range(f, 2, 6 * GIB, 6 * GIB + 64 * MIB, 1);
	expect_range(f, 3, 7 * GIB, 8 * GIB, 1);
	assert_int_equal(f->b->cut_area_bytes, 128 * MIB);
}

/* arch/arm64/mm/init.c: mem= is an amount, memmap= is nothing. */
static void test_arm64(void **state)
{
	struct fixture *f = *state;

	f->kernel.arch = &kho_arch_arm64;
	see(f, "mem=1G memmap=1T@1T mem=5G");
	assert_int_equal(f->b->ram_bytes, 5 * GIB);
	expect_range(f, 2, 5 * GIB, 6 * GIB, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_as_it_is, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memmap_adds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reserved_wins, setup, teardown),
		cmocka_unit_test_setup_teardown(test_exactmap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_arm64, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
