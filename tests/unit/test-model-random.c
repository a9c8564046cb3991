// SPDX-License-Identifier: GPL-2.0-only
/* Machines made at random: what must hold for any; and the advice for one. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "model/find-setting.h"
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

static int advise(const struct boot_load *load, const struct boot_cold *cold,
		  const struct boot_want *want, struct boot_advice *a)
{
	const struct boot_case one = { .kernel = &plain, .load = *load };

	return boot_advise(work, &one, 1, &m, cold, want, NULL, a);
}

/*
 * On a machine whose two nodes of 4 GiB want 128 MiB of map and whose load wants 64 MiB of
 * bounce buffer below 4 GiB; tests/model/advice has what holds for every machine.
 */
static void test_advice(void **state)
{
	const struct boot_cold cold = { .release = "7.2.0" };
	const struct boot_want want = { .outside_bytes = 64 * MIB };
	struct boot_load load = { .cmdline = "nokaslr", .initrd_bytes = MIB };
	struct boot_advice a;

	small_machine();
	assert_int_equal(advise(&load, &cold, &want, &a), 0);
	assert_true(a.best.found && a.bare.found && !a.no_fit && !a.spent);
	assert_int_equal(a.present_bytes, 336 * MIB);
	assert_int_equal(a.step_bytes, 4 * MIB);
	/* Map, bounce buffer and kernel, and 28 MiB at most for everything else. */
	assert_in_range(a.best.total_bytes, (128 + 64 + 14) * MIB, (128 + 64 + 14 + 28) * MIB);
	assert_in_range(a.bare.total_bytes, (128 + 14) * MIB, (128 + 14 + 20) * MIB);
	assert_int_equal(a.bare.lacks[BOOT_SHORT_SWIOTLB] > 0, true);
}

static void test_advice_leaves_the_margin(void **state)
{
	const struct boot_cold cold = { .release = "7.2.0" };
	const struct boot_want want = { .margin_percent = 0 }, more = { .margin_percent = 100 };
	struct boot_load load = { .cmdline = "nokaslr", .initrd_bytes = MIB };
	struct boot_advice none, some;

	small_machine();
	assert_int_equal(advise(&load, &cold, &want, &none), 0);
	assert_int_equal(advise(&load, &cold, &more, &some), 0);
	assert_true(some.best.found);
	/* The bounce buffer comes out of what is free then, and takes half of that. */
	assert_true(some.best.headroom_bytes >= 128 * MIB);
	assert_in_range(some.best.total_bytes - none.best.total_bytes, 32 * MIB, 72 * MIB);
}

/* RAM that the areas and the loader's buffers do not leave. */
static void test_no_advice_fits(void **state)
{
	const struct boot_cold cold = { .release = "7.2.0" };
	const struct boot_want want = { .outside_bytes = 64 * MIB }, all = { .outside_bytes = 8 * GIB };
	struct boot_load load = { .cmdline = "nokaslr", .initrd_bytes = 6 * GIB };
	struct boot_advice a;

	small_machine();
	assert_int_equal(advise(&load, &cold, &want, &a), 0);
	assert_true(!a.best.found && !a.bare.found && a.no_fit);
	assert_int_equal(a.no_fit_for, BOOT_INITRD);
	load.initrd_bytes = MIB;
	assert_int_equal(advise(&load, &cold, &all, &a), 0);
	assert_true(!a.best.found && a.no_fit);
}

/* kho_parse_scratch_size() of 6.18 to 7.3. */
static void test_settings_are_read_as_the_kernel_reads_them(void **state)
{
	static const char *const refused[] = {
		"", "%", "0%", "-1%", "4294967296%", "12345678901%", "16M", "16M,42M", "16M,42M,", ",1M,1M",
		"16M,42M,50M,", "16M,42M,50M,1M", "0,0,0", "16M 42M 50M", "150 %", "x",
	};
	struct boot_setting set;

	assert_true(boot_setting_parse("16M,0x2a00000,1G", &set));
	assert_true(!set.percent && set.low_bytes == 16 * MIB && set.global_bytes == 42 * MIB &&
		    set.node_bytes == GIB);
	assert_true(boot_setting_parse("0,0,1", &set));
	assert_true(boot_setting_parse("150%", &set) && set.percent == 150);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (boot_setting_parse(refused[i], &set))
			fail_msg("taken: \"%s\"", refused[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_random_machines),
		TEST(test_advice),
		TEST(test_advice_leaves_the_margin),
		TEST(test_no_advice_fits),
		TEST(test_settings_are_read_as_the_kernel_reads_them),
	};

	return cmocka_run_group_tests_name("model-random", tests, NULL, NULL);
}
