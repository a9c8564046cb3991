// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sections, segments and fake nodes.  Expected values by hand from mm/sparse.c,
 * kernel/kexec_file.c and mm/numa_emulation.c, or from a recorded boot.
 */
#include "config.h"

#include <errno.h>

#include "model/toolbox/sections.h"
#include "model/toolbox/segments.h"
#include "model/steps/successor-ram.h"
#include "unit.h"

#define KIB	(UINT64_C(1) << 10)
#define MIB	(UINT64_C(1) << 20)
#define GIB	(UINT64_C(1) << 30)

static void add(struct kho_ranges *r, uint64_t start_pa, uint64_t end_pa, int node)
{
	assert_int_equal(kho_ranges_add(r, start_pa, end_pa, node), 0);
}

/* 3 GiB and 5 GiB: 24 sections 0..23, and 40 from number 32 on. */
static void test_sections_of_two_nodes(void **state)
{
	struct kho_ranges ram = { 0 };
	struct sections s = { 0 };
	uint64_t count;

	add(&ram, 0x1000, 0x9fc00, 0);
	add(&ram, 0x100000, 0xbffe0000, 0);
	add(&ram, 4 * GIB, 9 * GIB, 1);
	assert_int_equal(sections_find(&ram, 27, 4096, &s), 0);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.span[0].first_nr, 0);
	assert_int_equal(s.span[0].count, 24);
	assert_int_equal(s.span[1].first_nr, 32);
	assert_int_equal(s.span[1].count, 40);
	assert_int_equal(sections_group(&s, 0, &count), 1);
	assert_int_equal(count, 24);
	assert_int_equal(sections_group(&s, 1, &count), 2);
	assert_int_equal(count, 40);
	sections_deinit(&s);
	kho_ranges_deinit(&ram);
}

/* The lowest range that touches a section decides its node; a hole does not end a group. */
static void test_section_shared_by_two_nodes(void **state)
{
	struct kho_ranges ram = { 0 };
	struct sections s = { 0 };
	uint64_t count;

	add(&ram, GIB, GIB + 100 * MIB, 0);
	add(&ram, GIB + 100 * MIB, GIB + 300 * MIB, 1);
	add(&ram, 2 * GIB, 2 * GIB + 4096, 1);
	assert_int_equal(sections_find(&ram, 27, 4096, &s), 0);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.span[0].node, 0);
	assert_int_equal(s.span[0].count, 1);
	assert_int_equal(s.span[1].first_nr, 9);
	assert_int_equal(s.span[1].count, 2);
	assert_int_equal(sections_group(&s, 1, &count), 3);
	assert_int_equal(count, 3);
	sections_deinit(&s);
	kho_ranges_deinit(&ram);
}

/* Less than a page is no RAM. */
static void test_part_of_a_page(void **state)
{
	struct kho_ranges ram = { 0 };
	struct sections s = { 0 };

	add(&ram, 0x100800, 0x101000, 0);
	assert_int_equal(sections_find(&ram, 27, 4096, &s), 0);
	assert_int_equal(s.n, 0);
	sections_deinit(&s);
	kho_ranges_deinit(&ram);
}

static uint64_t place(struct segments *s, const struct kho_ranges *areas, uint64_t bytes,
		      uint64_t align, uint64_t min_pa, bool bottom_up)
{
	struct segment want = {
		.bytes = bytes, .align = align, .min_pa = min_pa, .max_pa = UINT64_MAX,
		.bottom_up = bottom_up,
	};

	return segments_add(s, areas, 4096, &want) ? s->seg[s->n - 1].got.start_pa : 0;
}

/*
 * Two areas of 16 and 8 MiB.  3 MiB at the end of the first and 1 at its start are taken:
 * 12 are left from 17 MiB on, and 11 from a multiple of 2 MiB on.
 */
static void test_what_is_left_for_what_is_refused(void **state)
{
	const struct segment want = {
		.user = 1, .bytes = 13 * MIB, .align = 2 * MIB, .max_pa = UINT64_MAX,
	};
	struct kho_ranges areas = { 0 };
	struct segments s = { 0 };

	add(&areas, 16 * MIB, 32 * MIB, 0);
	add(&areas, 64 * MIB, 72 * MIB, 0);
	assert_int_equal(place(&s, &areas, 3 * MIB, MIB, 0, false), 29 * MIB);
	assert_int_equal(place(&s, &areas, MIB, MIB, 0, true), 16 * MIB);
	assert_false(segments_add(&s, &areas, 4096, &want));
	assert_int_equal(s.refused[1].bytes, 13 * MIB);
	assert_int_equal(s.refused[1].align, 2 * MIB);
	assert_int_equal(s.refused[1].largest_bytes, 11 * MIB);
	assert_int_equal(s.refused[1].left_bytes, 20 * MIB);
	kho_ranges_deinit(&areas);
}

/* 7.2-3G_5G-1.25: scratch list, purgatory, boot parameters, kernel, initrd, as in its log. */
static void test_recorded_load(void **state)
{
	struct kho_ranges areas = { 0 };
	struct segments s = { 0 };

	add(&areas, 0xb5800000, 0xb6800000, 0);
	add(&areas, 0x236400000, 0x23ac00000, 1);
	add(&areas, 0xb3400000, 0xb5800000, 0);
	add(&areas, 0x234000000, 0x236400000, 1);
	assert_int_equal(place(&s, &areas, 64, 64 * KIB, 0, false), 0xb67f0000);
	assert_int_equal(place(&s, &areas, 0x5000, 4096, 0x3000, false), 0xb67fb000);
	assert_int_equal(place(&s, &areas, 0x1100, 4096, 0x3000, false), 0xb67f9000);
	/* 16.8 MiB: too large for the first area. */
	assert_int_equal(place(&s, &areas, 0x10c7000, 2 * MIB, 16 * MIB, false), 0x239a00000);
	assert_int_equal(place(&s, &areas, 1096188, 4096, 16 * MIB, false), 0xb66e4000);
	kho_ranges_deinit(&areas);
}

static void test_bottom_up_load(void **state)
{
	struct kho_ranges areas = { 0 };
	struct segments s = { 0 };

	add(&areas, 64 * MIB + 4096, 96 * MIB, 0);
	assert_int_equal(place(&s, &areas, 8 * MIB, 2 * MIB, 0, true), 66 * MIB);
	assert_int_equal(place(&s, &areas, MIB, 4096, 0, true), 64 * MIB + 4096);
	assert_int_equal(place(&s, &areas, MIB, 4096, 74 * MIB, true), 74 * MIB);
	assert_int_equal(place(&s, &areas, 32 * MIB, 4096, 0, true), 0);
	kho_ranges_deinit(&areas);
}

static void test_no_hole(void **state)
{
	struct kho_ranges areas = { 0 };
	struct segments s = { 0 };

	add(&areas, 32 * MIB, 40 * MIB, 0);
	add(&areas, 64 * MIB, 72 * MIB, 0);
	/* Areas are tried one by one: two of 8 MiB are not one of 9. */
	assert_int_equal(place(&s, &areas, 9 * MIB, 4096, 0, false), 0);
	assert_int_equal(place(&s, &areas, 8 * MIB, 4096, 36 * MIB, false), 64 * MIB);
	assert_int_equal(place(&s, &areas, 8 * MIB, 4096, 33 * MIB, false), 0);
	kho_ranges_deinit(&areas);
}

/*
 * numa=fake=4 on nodes of 4 GiB, 3 of node 0 below the PCI hole: seen on 7.2,
 * "Faking node 0 at [mem 0x1000-0x80000fff] ... 2 at [mem 0x80001000-0x13fffffff]".
 */
static void test_recorded_fake_nodes(void **state)
{
	struct kho_ranges ram = { 0 }, out = { 0 };

	add(&ram, 0x1000, 0x9f000, 0);
	add(&ram, 0x100000, 0xbffe0000, 0);
	add(&ram, 0x100000000, 0x140000000, 0);
	add(&ram, 0x140000000, 0x240000000, 1);
	assert_int_equal(numa_fake_split(&ram, 4, &out), 0);
	kho_ranges_normalise(&out);
	assert_int_equal(out.n, 6);
	assert_int_equal(out.r[0].node, 0);
	assert_int_equal(out.r[1].end_pa, 0x80001000);
	assert_int_equal(out.r[1].node, 0);
	assert_int_equal(out.r[2].start_pa, 0x80001000);
	assert_int_equal(out.r[2].node, 2);
	assert_int_equal(out.r[3].node, 2);
	assert_int_equal(out.r[4].start_pa, 0x140000000);
	assert_int_equal(out.r[4].end_pa, 0x1c0000000);
	assert_int_equal(out.r[4].node, 1);
	assert_int_equal(out.r[5].node, 3);
	kho_ranges_deinit(&out);
	kho_ranges_deinit(&ram);
}

static void test_too_many_fake_nodes(void **state)
{
	struct kho_ranges ram = { 0 }, out = { 0 };

	add(&ram, GIB, 2 * GIB, 0);
	assert_int_equal(numa_fake_split(&ram, 64, &out), -EINVAL);
	assert_int_equal(numa_fake_split(&ram, 0, &out), -EINVAL);
	assert_int_equal(numa_fake_split(&ram, 8, &out), 0);
	assert_int_equal(kho_ranges_bytes(&out), GIB);
	kho_ranges_deinit(&out);
	kho_ranges_deinit(&ram);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sections_of_two_nodes),
		cmocka_unit_test(test_section_shared_by_two_nodes),
		cmocka_unit_test(test_part_of_a_page),
		cmocka_unit_test(test_recorded_load),
		cmocka_unit_test(test_bottom_up_load),
		cmocka_unit_test(test_no_hole),
		cmocka_unit_test(test_what_is_left_for_what_is_refused),
		cmocka_unit_test(test_recorded_fake_nodes),
		cmocka_unit_test(test_too_many_fake_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
