// SPDX-License-Identifier: GPL-2.0-only
/*
 * The request that finds no room.  The texts of the console are those of the kernel's source:
 * mm/numa.c, mm/sparse.c (7.2 and 7.3), mm/memblock.c, arch/x86/mm/init.c, arch/arm64/mm/mmu.c,
 * arch/x86/kernel/setup_percpu.c, mm/percpu.c, mm/mm_init.c.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "check/shortage.h"
#include "unit.h"

#define KIB	UINT64_C(1024)
#define MIB	(KIB * 1024)

/* A piece of 4 KiB for @user of @node, in a kernel of @release: what the console shows. */
static void assert_shows(const char *release, const struct kho_arch *arch, enum boot_user user,
			 int node, const char *function, const char *console)
{
	struct kho_check check = {
		.has_boot = true,
		.boot = {
			.outcome = BOOT_DIES, .failed = user, .failed_node = node,
			.unmet = { .bytes = 4096, .align = 4096, .pieces = 1 },
		},
	};
	struct kho_shortage shortage;
	struct successor s;

	successor_init(&s);
	s.arch = arch;
	strcpy(s.release, release);
	assert_true(kho_shortage_of(&check, &s, &shortage));
	assert_string_equal(shortage.function, function);
	assert_string_equal(shortage.console, console);
	assert_true(shortage.sure);
	successor_deinit(&s);
}

#define PANIC "Kernel panic - not syncing: "

static void test_what_a_console_shows(void **state)
{
	const struct kho_arch *x86 = &kho_arch_x86_64, *arm64 = &kho_arch_arm64;

	assert_shows("7.2.13", x86, BOOT_MEMORY_MAP, 3, "vmemmap_populate",
		     "sparse_init_nid: node[3] memory map backing failed, then \"" PANIC
		     "Attempted to kill the idle task!\"");
	assert_shows("7.3.4", x86, BOOT_MEMORY_MAP, 3, "vmemmap_populate",
		     PANIC "Failed to allocate memmap for section ...");
	assert_shows("7.10.1", x86, BOOT_USAGE_MAP, 3, "sparse_usage_init",
		     PANIC "Failed to allocate usemap for node 3");
	assert_shows("6.18.15", x86, BOOT_NODE_DATA, 1, "alloc_node_data",
		     PANIC "Cannot allocate 4096 bytes for node 1 data");
	assert_shows("7.2.13", x86, BOOT_NODE_DATA, KHO_NO_NODE, "alloc_offline_node_data",
		     PANIC "alloc_offline_node_data: Failed to allocate 0x0000000000001000 bytes");
	assert_shows("7.2.13", x86, BOOT_SECTION_TABLE, 1, "sparse_index_alloc",
		     PANIC "sparse_index_alloc: Failed to allocate 4096 bytes nid=1");
	assert_shows("7.2.13", x86, BOOT_PAGE_TABLES, KHO_NO_NODE, "alloc_low_pages",
		     PANIC "alloc_low_pages: can not alloc memory");
	assert_shows("7.2.13", arm64, BOOT_PAGE_TABLES, KHO_NO_NODE, "early_pgtable_alloc",
		     PANIC "Failed to allocate page table page");
	assert_shows("7.2.13", x86, BOOT_PERCPU, KHO_NO_NODE, "setup_per_cpu_areas",
		     PANIC "cannot initialize percpu area (err=-12)");
	assert_shows("7.2.13", arm64, BOOT_PERCPU, KHO_NO_NODE, "setup_per_cpu_areas",
		     PANIC "Failed to initialize percpu areas.");
	assert_shows("7.2.13", x86, BOOT_HASHES, KHO_NO_NODE, "alloc_large_system_hash",
		     PANIC "Failed to allocate Dentry cache hash table");
}

/* Of the 10 MiB of node 1's map 6 were had, and 2 of node 0's. */
static void test_what_is_missing(void **state)
{
	struct boot_allocation alloc[] = {
		{ BOOT_MEMORY_MAP, 0, 1, { 0, 2 * MIB, 0 } },
		{ BOOT_MEMORY_MAP, 1, 3, { 4 * MIB, 10 * MIB, 0 } },
		{ BOOT_MAP_TABLES, 1, 1, { 10 * MIB, 10 * MIB + 4096, 0 } },
	};
	struct boot_result boot = {
		.outcome = BOOT_DIES, .failed = BOOT_MEMORY_MAP, .failed_node = 1,
		.failed_map_bytes = 10 * MIB, .alloc = alloc, .nr_allocs = 3,
		.unmet = { .bytes = 4096, .pieces = 5, .largest_bytes = 64 },
	};

	assert_int_equal(kho_missing_bytes(&boot), 4 * MIB);
	/* A piece of 3 MiB where 2 are left lacks one; of pages each lacks all of itself. */
	boot.failed = BOOT_PERCPU;
	boot.unmet = (struct boot_unmet){ .bytes = 3 * MIB, .pieces = 1, .largest_bytes = 2 * MIB };
	assert_int_equal(kho_missing_bytes(&boot), MIB);
	boot.unmet = (struct boot_unmet){ .bytes = 4096, .pieces = 5, .largest_bytes = 64 };
	assert_int_equal(kho_missing_bytes(&boot), 5 * 4096);
}

/* What comes up lacks nothing, and what is too close is not sure. */
static void test_what_is_no_shortage(void **state)
{
	struct kho_check check = { .has_boot = true, .boot = { .outcome = BOOT_UP } };
	struct kho_shortage shortage;

	assert_false(kho_shortage_of(&check, NULL, &shortage));
	check.boot.outcome = BOOT_DIES;
	assert_false(kho_shortage_of(&check, NULL, &shortage));
	check.boot.unmet = (struct boot_unmet){ .bytes = 4096, .pieces = 1 };
	check.boot.lacking_bytes = 4096;
	assert_true(kho_shortage_of(&check, NULL, &shortage));
	assert_false(shortage.sure);
	check.has_boot = false;
	assert_false(kho_shortage_of(&check, NULL, &shortage));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_console_shows),
		cmocka_unit_test(test_what_is_missing),
		cmocka_unit_test(test_what_is_no_shortage),
	};

	return cmocka_run_group_tests_name("shortage", tests, NULL, NULL);
}
