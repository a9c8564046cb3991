// SPDX-License-Identifier: GPL-2.0-only
/* Preserved memory: scratch that is extended around it, and what mem= cuts away. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "model-fixture.h"

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
	/* There it ends: nothing of what would come after it is reported. */
	assert_int_equal(r.failed, BOOT_NODE_DATA);
	assert_int_equal(r.failed_node, 1);
	assert_int_equal(bytes_of(BOOT_SECTION_TABLE), 0);
	assert_int_equal(bytes_of(BOOT_MEMORY_MAP), 0);
	follow(&plain, "nokaslr memmap=4M$8544M", MIB);		/* just behind the area */
	assert_int_equal(r.outcome, BOOT_UP);
	assert_false(r.failed_in_cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_extended_scratch),
		TEST(test_blocks_that_must_stay_free),
		TEST(test_preserved_memory_that_is_cut_away),
		TEST(test_scratch_that_is_cut_off),
	};

	return cmocka_run_group_tests_name("model-preserved", tests, NULL, NULL);
}
