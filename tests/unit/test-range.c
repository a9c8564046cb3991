// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "base/range.h"
#include "unit.h"

static void add(struct kho_ranges *ranges, uint64_t start_pa, uint64_t end_pa, int node)
{
	assert_int_equal(kho_ranges_add(ranges, start_pa, end_pa, node), 0);
}

static void assert_range(const struct kho_ranges *ranges, size_t i, uint64_t start_pa,
			 uint64_t end_pa, int node)
{
	assert_true(i < ranges->n);
	assert_int_equal(ranges->r[i].start_pa, start_pa);
	assert_int_equal(ranges->r[i].end_pa, end_pa);
	assert_int_equal(ranges->r[i].node, node);
}

static void test_end_before_start_is_refused(void **state)
{
	struct kho_ranges ranges = { 0 };

	assert_int_equal(kho_ranges_add(&ranges, 8, 7, 0), -EINVAL);
	assert_int_equal(ranges.n, 0);
}

static void test_normalise_merges_one_node_only(void **state)
{
	struct kho_ranges ranges = { 0 };

	add(&ranges, 30, 40, 1);	/* touches the next, but another node */
	add(&ranges, 40, 50, 0);
	add(&ranges, 10, 20, 0);
	add(&ranges, 15, 25, 0);	/* overlaps */
	add(&ranges, 25, 30, 0);	/* touches */
	add(&ranges, 60, 60, 0);	/* empty */
	kho_ranges_normalise(&ranges);
	assert_int_equal(ranges.n, 3);
	assert_range(&ranges, 0, 10, 30, 0);
	assert_range(&ranges, 1, 30, 40, 1);
	assert_range(&ranges, 2, 40, 50, 0);
	assert_int_equal(kho_ranges_bytes(&ranges), 40);
	kho_ranges_deinit(&ranges);
}

static void test_normalise_keeps_the_longer_of_two(void **state)
{
	struct kho_ranges ranges = { 0 };

	add(&ranges, 0, 100, 0);
	add(&ranges, 10, 20, 0);
	kho_ranges_normalise(&ranges);
	assert_int_equal(ranges.n, 1);
	assert_range(&ranges, 0, 0, 100, 0);
	kho_ranges_deinit(&ranges);
}

static void test_cut_names_the_uncovered(void **state)
{
	struct kho_ranges from = { 0 }, map = { 0 }, out = { 0 };

	add(&map, 10, 20, 0);
	add(&map, 20, 30, 1);
	add(&map, 40, 50, 0);
	add(&from, 5, 45, KHO_NO_NODE);
	add(&from, 50, 60, KHO_NO_NODE);
	assert_int_equal(kho_ranges_cut(&from, &map, &out), 0);
	assert_int_equal(out.n, 6);
	assert_range(&out, 0, 5, 10, KHO_NO_NODE);
	assert_range(&out, 1, 10, 20, 0);
	assert_range(&out, 2, 20, 30, 1);
	assert_range(&out, 3, 30, 40, KHO_NO_NODE);
	assert_range(&out, 4, 40, 45, 0);
	assert_range(&out, 5, 50, 60, KHO_NO_NODE);
	kho_ranges_deinit(&from);
	kho_ranges_deinit(&map);
	kho_ranges_deinit(&out);
}

static void test_cut_to_the_end_of_the_address_space(void **state)
{
	struct kho_ranges from = { 0 }, map = { 0 }, out = { 0 };

	add(&map, 0, UINT64_MAX, 3);
	add(&from, UINT64_MAX - 1, UINT64_MAX, KHO_NO_NODE);
	assert_int_equal(kho_ranges_cut(&from, &map, &out), 0);
	assert_int_equal(out.n, 1);
	assert_range(&out, 0, UINT64_MAX - 1, UINT64_MAX, 3);
	kho_ranges_deinit(&from);
	kho_ranges_deinit(&map);
	kho_ranges_deinit(&out);
}

static void test_what_two_lists_have_in_common(void **state)
{
	struct kho_ranges a = { 0 }, b = { 0 };

	assert_int_equal(kho_ranges_common_bytes(&a, &b), 0);
	add(&a, 10, 20, 0);
	add(&a, 20, 30, 1);
	add(&a, 40, 100, 0);
	assert_int_equal(kho_ranges_common_bytes(&a, &b), 0);
	add(&b, 0, 10, KHO_NO_NODE);
	assert_int_equal(kho_ranges_common_bytes(&a, &b), 0);
	add(&b, 15, 45, KHO_NO_NODE);	/* 5, 10 and 5 */
	add(&b, 50, 60, KHO_NO_NODE);
	add(&b, 90, 110, KHO_NO_NODE);
	assert_int_equal(kho_ranges_common_bytes(&a, &b), 40);
	assert_int_equal(kho_ranges_common_bytes(&b, &a), 40);
	kho_ranges_deinit(&a);
	kho_ranges_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end_before_start_is_refused),
		cmocka_unit_test(test_normalise_merges_one_node_only),
		cmocka_unit_test(test_normalise_keeps_the_longer_of_two),
		cmocka_unit_test(test_cut_names_the_uncovered),
		cmocka_unit_test(test_what_two_lists_have_in_common),
		cmocka_unit_test(test_cut_to_the_end_of_the_address_space),
	};

	return cmocka_run_group_tests_name("range", tests, NULL, NULL);
}
