// SPDX-License-Identifier: GPL-2.0-only
/* Machines made at random: what must hold for any; and the advice for one. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "model/advice.h"
#include "model-fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_random_machines),
		TEST(test_advice),
		TEST(test_advice_leaves_the_margin),
	};

	return cmocka_run_group_tests_name("model-random", tests, NULL, NULL);
}
