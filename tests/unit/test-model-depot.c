// SPDX-License-Identifier: GPL-2.0-only
/* The stack depot: who asks for it, and what it takes (lib/stackdepot.c, mm/slub.c). */
#include "config.h"

#include <stdio.h>

#include "kernel/words.h"
#include "model-fixture.h"
#include "model/toolbox/stack-depot.h"

static struct stack_depot_words read_words(const char *text)
{
	struct stack_depot_words words = { 0 };
	struct param p;

	while ((text = param_next(text, &p)))
		stack_depot_parse(&p, &words);
	return words;
}

static unsigned int users(const char *text)
{
	return read_words(text).users;
}

/* page_owner= is kstrtobool(), kmemleak= strcmp(); a request is never taken back. */
static void test_who_asks(void **state)
{
	assert_int_equal(users("page_owner=on"), STACK_DEPOT_PAGE_OWNER);
	assert_int_equal(users("page_owner=Y quiet page_owner=off"), STACK_DEPOT_PAGE_OWNER);
	assert_int_equal(users("page_owner page_owner=off page_owner="), 0);
	assert_int_equal(users("kmemleak=on"), STACK_DEPOT_KMEMLEAK);
	assert_int_equal(users("kmemleak kmemleak=off kmemleak=1 kmemleak=only"), 0);
	assert_int_equal(users("page-owner=1 kmemleak=on slub-debug=U"), 7);
	assert_true(read_words("stack_depot_disable=on").off);
	assert_false(read_words("stack_depot_disable").off);
	assert_false(read_words("stack_depot_disable=1 stack_depot_disable=0").off);
}

/* parse_slub_debug_flags(): blocks of flags, and of flags and slabs. */
static void test_slab_debug(void **state)
{
	static const char *const keep[] = {
		"slab_debug", "slab_debug=", "slub_debug=U", "slab_debug=fzpu", "slab_debug=U;",
		"slab_debug=,dentry", "slab_debug=U,dentry", "slab_debug=;F,kmalloc-*;U,dentry",
		"slab_debug=U,dentry;F", "slab_debug=F;U", "slab_debug=-U", "slab_debug=F slab_debug=U",
		"slab_debug=U slab_debug=-", "slab_debug=F,a;,b",
	};
	static const char *const drop[] = {
		"slab_debug=F", "slab_debug=-", "slab_debug=U-", "slab_debug=O", "slab_debug=;",
		"slab_debug=F,kmalloc-u", "slub_debug=-,dentry", "slab_debug=U;F", "slab_debug=F,Users;P",
		"slab_max_order=U", "xslab_debug=U",
	};

	for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++)
		if (users(keep[i]) != STACK_DEPOT_SLAB_DEBUG)
			fail_msg("%s keeps stacks", keep[i]);
	for (size_t i = 0; i < sizeof(drop) / sizeof(drop[0]); i++)
		if (users(drop[i]))
			fail_msg("%s keeps no stacks", drop[i]);
}

/* The first kernel's areas in the logs of the three recorded handovers of 7.2.13 with slab_debug=U. */
struct areas {
	uint64_t low_pa, low_bytes, global_pa, global_bytes, node0_pa, node1_pa, node_bytes;
};

static const struct areas short_of_6_mib = {	/* 16M,64M,34M */
	0xba400000, 16 * MIB, 0x237c00000, 64 * MIB, 0x139800000, 0x235800000, 36 * MIB,
};
static const struct areas short_of_4_mib = {	/* 16M,66M,34M */
	0xba400000, 16 * MIB, 0x237800000, 68 * MIB, 0x139800000, 0x235400000, 36 * MIB,
};
static const struct areas ample = {		/* 64M,128M,64M */
	0xb7400000, 64 * MIB, 0x233c00000, 128 * MIB, 0x137c00000, 0x22fc00000, 64 * MIB,
};

static void follow_7_2(const struct areas *a, const char *more)
{
	struct boot_kernel k = plain;
	char cmdline[256];

	snprintf(cmdline, sizeof(cmdline), "console=ttyS0 earlyprintk=ttyS0 no_timer_check panic=1 "
		 "kho=on %s nokaslr memblock=debug", more);
	m.ram.n = m.scratch.n = 0;
	ram(0x1000, 0x9f000, 0);
	ram(0x100000, 0xbffe0000, 0);
	ram(4 * GIB, 5 * GIB, 0);
	ram(5 * GIB, 9 * GIB, 1);
	scratch(a->low_pa, a->low_bytes);
	scratch(a->global_pa, a->global_bytes);
	scratch(a->node0_pa, a->node_bytes);
	scratch(a->node1_pa, a->node_bytes);
	k.depot_users = STACK_DEPOT_SLAB_DEBUG;
	follow(&k, cmdline, 1367271);
}

static bool has(enum boot_user user, uint64_t start_pa, uint64_t bytes)
{
	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == user && r.alloc[i].range.start_pa == start_pa &&
		    r.alloc[i].range.end_pa == start_pa + bytes)
			return true;
	return false;
}

/* 16 bytes for each 16 KiB of 8 GiB, halved where that is not free in one piece. */
static void test_table(void **state)
{
	follow_7_2(&ample, "slab_debug=U");
	assert_true(has(BOOT_HASHES, 0x237200000, 8 * MIB));
	assert_true(has(BOOT_SMALL, 0x23ba86000, 65536));
	follow_7_2(&short_of_4_mib, "slab_debug=U");
	assert_true(has(BOOT_HASHES, 0x235400000, 4 * MIB));
	assert_true(has(BOOT_SMALL, 0x23bae7000, 65536));
	follow_7_2(&short_of_6_mib, "slab_debug=U");
	assert_true(has(BOOT_HASHES, 0x23b8f7000, 2 * MIB));
	assert_true(has(BOOT_SMALL, 0x23b8e7000, 65536));
}

static void test_without(void **state)
{
	follow_7_2(&ample, "slab_debug=F");
	assert_int_equal(bytes_of(BOOT_HASHES), 0);
	follow_7_2(&ample, "slab_debug=U stack_depot_disable=on");
	assert_int_equal(bytes_of(BOOT_HASHES), 0);
	/* A kernel without CONFIG_PAGE_OWNER. */
	follow_7_2(&ample, "page_owner=on");
	assert_int_equal(bytes_of(BOOT_HASHES), 0);
}

/* CONFIG_STACKDEPOT_ALWAYS_INIT; 4096 lists at least, 16 MiB at most. */
static void test_always(void **state)
{
	struct boot_kernel k = plain;

	k.depot_always = true;
	ram(MIB, 192 * MIB, 0);
	ram(192 * MIB, 384 * MIB, 1);
	scratch(64 * MIB, 96 * MIB);
	follow(&k, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_HASHES), MIB / 2);
	m.ram.n = m.scratch.n = 0;
	ram(MIB, 26 * MIB, 0);
	ram(26 * MIB, 46 * MIB, 1);
	scratch(2 * MIB, 44 * MIB);
	follow(&k, "nokaslr", 0);
	assert_int_equal(bytes_of(BOOT_HASHES), 65536);
	m.ram.n = m.scratch.n = 0;
	ram(MIB, 32 * GIB, 0);
	ram(32 * GIB, 64 * GIB, 1);
	scratch(8 * GIB, 2 * GIB);
	follow(&k, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_HASHES), 16 * MIB);
	follow(&k, "nokaslr stack_depot_disable=y", MIB);
	assert_int_equal(bytes_of(BOOT_HASHES), 0);
}

/* Of the pointers to the pools; the command lines are as long, since copies of them are taken too. */
static uint64_t pool_bytes(const char *pools)
{
	char more[128];
	uint64_t without;

	snprintf(more, sizeof(more), "slab_debug=F stack_depot_max_pools=%s", pools);
	follow_7_2(&ample, more);
	without = bytes_of(BOOT_SMALL);
	more[11] = 'U';
	follow_7_2(&ample, more);
	return bytes_of(BOOT_SMALL) - without;
}

/* 1024 to 131071 with pages of 4 KiB (the log of 7.2-depot-state names that limit), else 8192. */
static void test_pools(void **state)
{
	assert_int_equal(pool_bytes("0x10000"), 0x80000);
	assert_int_equal(pool_bytes("131071"), 131071 * 8);
	assert_int_equal(pool_bytes("0x20000"), 0x10000);
	assert_int_equal(pool_bytes("02000"), 0x2000);
	assert_int_equal(pool_bytes("1023"), 0x10000);
	assert_int_equal(pool_bytes("2048k"), 0x10000);
	assert_int_equal(pool_bytes("4294969344"), 0x10000);
}

static bool has_pools(uint64_t bytes)
{
	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == BOOT_SMALL &&
		    r.alloc[i].range.end_pa - r.alloc[i].range.start_pa == bytes)
			return true;
	return false;
}

/*
 * Without room for them the table is given back: of 1 MiB and more, so that a list of 20000
 * preserved ranges has its 768 KiB.
 */
static void test_no_room_for_pools(void **state)
{
	struct boot_kernel k = plain;
	unsigned int without = 0, up = 0;

	k.depot_always = true;
	m.preserved_ranges = 20000;
	ram(MIB, 3 * GIB, 0);
	scratch(GIB, 0);
	for (uint64_t bytes = 64 * MIB; bytes < 80 * MIB; bytes += MIB / 4) {
		m.scratch.r[0].end_pa = GIB + bytes;
		follow(&k, "nokaslr iommu=off stack_depot_max_pools=131071", 0);
		up += r.outcome == BOOT_UP;
		if (r.headroom_bytes < 15 * MIB / 2 || has_pools(131071 * 8))
			continue;
		without++;
		assert_int_equal(r.preserved_list_wanted_bytes, 768 << 10);
		assert_int_equal(r.preserved_list_bytes, 768 << 10);
	}
	assert_in_range(without, 1, up - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_asks),
		cmocka_unit_test(test_slab_debug),
		TEST(test_table),
		TEST(test_without),
		TEST(test_always),
		TEST(test_pools),
		TEST(test_no_room_for_pools),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
