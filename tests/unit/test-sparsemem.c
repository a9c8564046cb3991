// SPDX-License-Identifier: GPL-2.0-only
/*
 * The estimate on machines small enough to count by hand.  Unless a test says
 * otherwise a section is 128 MiB and its map 2 MiB (x86-64: 32768 pages of
 * 64 bytes each).
 */
#include "config.h"

#include <errno.h>

#include "kho-scratch.h"
#include "unit.h"

#define MIB (UINT64_C(1) << 20)
#define SECTION (128 * MIB)
#define MAP (2 * MIB)

static const struct kho_sparsemem_shape x86 = {
	.page_bytes = 4096,
	.struct_page_bytes = 64,
	.section_size_bits = 27,
	.pmd_bytes = 2 * MIB,
	.vmemmap = true,
};

struct fixture {
	struct kho_ranges memory, scratch;
	struct kho_sparsemem out;
};

static void ram(struct fixture *f, uint64_t start_pa, uint64_t end_pa, int node)
{
	assert_int_equal(kho_ranges_add(&f->memory, start_pa, end_pa, node), 0);
}

static void area(struct fixture *f, uint64_t start_pa, uint64_t bytes)
{
	assert_int_equal(kho_ranges_add(&f->scratch, start_pa, start_pa + bytes, KHO_NO_NODE), 0);
}

static void estimate(struct fixture *f, const struct kho_sparsemem_shape *shape)
{
	assert_int_equal(kho_sparsemem_estimate(shape, &f->memory, &f->scratch, &f->out), 0);
}

static void assert_node(const struct fixture *f, size_t i, int node, uint64_t sections,
			uint64_t runs, uint64_t longest_run, uint64_t usable_bytes)
{
	assert_true(i < f->out.nr_nodes);
	assert_int_equal(f->out.node[i].node, node);
	assert_int_equal(f->out.node[i].sections, sections);
	assert_int_equal(f->out.node[i].runs, runs);
	assert_int_equal(f->out.node[i].longest_run, longest_run);
	assert_int_equal(f->out.node[i].need_bytes, longest_run * MAP);
	assert_int_equal(f->out.node[i].usable_bytes, usable_bytes);
}

static void assert_worst(const struct fixture *f, int node)
{
	assert_true(f->out.worst < f->out.nr_nodes);
	assert_int_equal(f->out.node[f->out.worst].node, node);
}

static void assert_all_fit(const struct fixture *f)
{
	assert_int_equal(f->out.worst, f->out.nr_nodes);
}

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){ 0 };
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	kho_ranges_deinit(&f->memory);
	kho_ranges_deinit(&f->scratch);
	kho_sparsemem_deinit(&f->out);
	return 0;
}

static void test_section_map_bytes(void **state)
{
	struct kho_sparsemem_shape shape = x86;

	/* 32768 * 64 = 2 MiB, whole already */
	assert_int_equal(kho_section_map_bytes(&shape), 2 * MIB);
	/* 32768 * 72 = 2.25 MiB: 4 MiB in PMDs, as it is in pages */
	shape.struct_page_bytes = 72;
	assert_int_equal(kho_section_map_bytes(&shape), 4 * MIB);
	shape.vmemmap = false;
	assert_int_equal(kho_section_map_bytes(&shape), 2304 * 1024);
	/* 32768 * 63 = 504 pages exactly; no PMDs: to the page */
	shape.struct_page_bytes = 63;
	shape.vmemmap = true;
	shape.pmd_bytes = 0;
	assert_int_equal(kho_section_map_bytes(&shape), 504 * 4096);
}

static void test_section_map_bytes_arm64(void **state)
{
	/* 64K pages: 512 MiB sections, 8192 pages * 64 = 512 KiB, in PMDs of 512 MiB */
	const struct kho_sparsemem_shape k64 = { 65536, 64, 29, 512 * MIB, true };
	/* 16K pages: 128 MiB sections, 8192 pages * 64 = 512 KiB, in PMDs of 32 MiB */
	const struct kho_sparsemem_shape k16 = { 16384, 64, 27, 32 * MIB, true };

	assert_int_equal(kho_section_map_bytes(&k64), 512 * MIB);
	assert_int_equal(kho_section_map_bytes(&k16), 32 * MIB);
}

static void test_one_section(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, 4096, 0);
	area(f, 0, MAP);
	estimate(f, &x86);
	assert_int_equal(f->out.nr_nodes, 1);
	assert_node(f, 0, 0, 1, 1, 1, MAP);
	assert_all_fit(f);
}

static void test_less_than_a_page_is_no_section(void **state)
{
	struct fixture *f = *state;

	ram(f, 100, 4095, 0);
	ram(f, SECTION, 2 * SECTION, 1);
	estimate(f, &x86);
	assert_int_equal(f->out.nr_nodes, 1);
	assert_node(f, 0, 1, 1, 1, 1, 0);
	assert_worst(f, 1);
}

static void test_a_hole_does_not_end_a_run(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, 3 * SECTION, 0);
	ram(f, 32 * SECTION, 34 * SECTION, 0);
	area(f, 0, 4 * MAP);
	estimate(f, &x86);
	assert_node(f, 0, 0, 5, 1, 5, 4 * MAP);
	assert_worst(f, 0);
}

static void test_interleaved_nodes(void **state)
{
	struct fixture *f = *state;

	/* 0: 3 then 1; 1: 2 then 4 */
	ram(f, 0, 3 * SECTION, 0);
	ram(f, 3 * SECTION, 5 * SECTION, 1);
	ram(f, 5 * SECTION, 6 * SECTION, 0);
	ram(f, 6 * SECTION, 10 * SECTION, 1);
	area(f, 0, 3 * MAP);
	area(f, 3 * SECTION, 4 * MAP);
	estimate(f, &x86);
	assert_node(f, 0, 0, 4, 2, 3, 3 * MAP);
	assert_node(f, 1, 1, 6, 2, 4, 4 * MAP);
	assert_all_fit(f);
}

static void test_a_shared_section_is_the_first_nodes(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, SECTION / 2, 0);
	ram(f, SECTION / 2, 2 * SECTION, 1);
	area(f, SECTION - MAP, 2 * MAP);
	estimate(f, &x86);
	assert_node(f, 0, 0, 1, 1, 1, MAP);
	assert_node(f, 1, 1, 1, 1, 1, MAP);
	assert_all_fit(f);
}

static void test_an_area_that_spans_nodes(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, 4 * SECTION, 0);
	ram(f, 4 * SECTION, 8 * SECTION, 1);
	/* 8 MiB: enough for one node, but only three of four MAPs lie on node 0 */
	area(f, 4 * SECTION - 3 * MAP, 4 * MAP);
	estimate(f, &x86);
	assert_node(f, 0, 0, 4, 1, 4, 3 * MAP);
	assert_node(f, 1, 1, 4, 1, 4, MAP);
	assert_worst(f, 1);	/* lacks 3 of 4, node 0 one of 4 */
}

static void test_adjacent_areas_are_one(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, 4 * SECTION, 0);
	area(f, 10 * MAP, 2 * MAP);
	area(f, 8 * MAP, 2 * MAP);
	estimate(f, &x86);
	assert_node(f, 0, 0, 4, 1, 4, 4 * MAP);
	assert_all_fit(f);
}

static void test_separate_areas_are_not_one(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, 4 * SECTION, 0);
	area(f, 0, 2 * MAP);
	area(f, 2 * MAP + 4096, 3 * MAP);
	estimate(f, &x86);
	/* the second piece counts from 6 MiB, its first multiple of 2 MiB */
	assert_node(f, 0, 0, 4, 1, 4, 3 * MAP - (2 * MIB - 4096));
	assert_worst(f, 0);
}

static void test_unaligned_area_smaller_than_its_alignment(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, SECTION, 0);
	area(f, MIB, MIB);	/* its first multiple of 2 MiB is its end */
	estimate(f, &x86);
	assert_node(f, 0, 0, 1, 1, 1, 0);
	assert_worst(f, 0);
}

static void test_zero_sized_areas(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, SECTION, 0);
	area(f, 0, 0);
	area(f, MAP, MAP);
	area(f, 2 * MAP, 0);
	estimate(f, &x86);
	assert_node(f, 0, 0, 1, 1, 1, MAP);
	assert_all_fit(f);
}

static void test_an_area_outside_memory_is_nobodys(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, SECTION, 0);
	area(f, 4 * SECTION, 64 * MAP);
	estimate(f, &x86);
	assert_node(f, 0, 0, 1, 1, 1, 0);
	assert_worst(f, 0);
}

static void test_no_memory_needs_nothing(void **state)
{
	struct fixture *f = *state;

	area(f, 0, MAP);
	estimate(f, &x86);
	assert_int_equal(f->out.nr_nodes, 0);
	assert_all_fit(f);
}

static void test_worst_is_the_largest_share(void **state)
{
	struct fixture *f = *state;

	/* node 0 lacks 10 of 100 maps, node 1 lacks 1 of 2 */
	ram(f, 0, 100 * SECTION, 0);
	ram(f, 100 * SECTION, 102 * SECTION, 1);
	area(f, 0, 90 * MAP);
	area(f, 100 * SECTION, MAP);
	estimate(f, &x86);
	assert_worst(f, 1);
}

static void test_ties_go_to_the_larger_deficit(void **state)
{
	struct fixture *f = *state;

	/* both lack half: 1 of 2 and 2 of 4 */
	ram(f, 0, 2 * SECTION, 0);
	ram(f, 2 * SECTION, 6 * SECTION, 1);
	area(f, 0, MAP);
	area(f, 2 * SECTION, 2 * MAP);
	estimate(f, &x86);
	assert_worst(f, 1);
}

static void test_equal_deficits_name_the_first_node(void **state)
{
	struct fixture *f = *state;

	ram(f, 0, 2 * SECTION, 3);
	ram(f, 2 * SECTION, 4 * SECTION, 1);
	estimate(f, &x86);
	assert_worst(f, 1);
}

static void test_4096_nodes(void **state)
{
	struct fixture *f = *state;

	/* node n has n + 1 sections and areas for n of them, but node 4095 for none */
	uint64_t at = 0;

	for (int node = 0; node < 4096; node++) {
		ram(f, at, at + (node + 1) * SECTION, node);
		area(f, at, node == 4095 ? 0 : (node + 1) * MAP);
		at += (node + 1) * SECTION;
	}
	estimate(f, &x86);
	assert_int_equal(f->out.nr_nodes, 4096);
	assert_node(f, 1000, 1000, 1001, 1, 1001, 1001 * MAP);
	assert_worst(f, 4095);
}

static void test_impossible_shapes_are_refused(void **state)
{
	struct fixture *f = *state;
	struct kho_sparsemem_shape shapes[] = { x86, x86, x86, x86, x86 };

	ram(f, 0, SECTION, 0);
	shapes[0].page_bytes = 0;
	shapes[1].page_bytes = 4095;
	shapes[2].struct_page_bytes = 0;
	shapes[3].section_size_bits = 64;
	shapes[4].pmd_bytes = 3;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(kho_sparsemem_estimate(&shapes[i], &f->memory, &f->scratch,
							&f->out), -EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_section_map_bytes),
		cmocka_unit_test(test_section_map_bytes_arm64),
		TEST(test_one_section),
		TEST(test_less_than_a_page_is_no_section),
		TEST(test_a_hole_does_not_end_a_run),
		TEST(test_interleaved_nodes),
		TEST(test_a_shared_section_is_the_first_nodes),
		TEST(test_an_area_that_spans_nodes),
		TEST(test_adjacent_areas_are_one),
		TEST(test_separate_areas_are_not_one),
		TEST(test_unaligned_area_smaller_than_its_alignment),
		TEST(test_zero_sized_areas),
		TEST(test_an_area_outside_memory_is_nobodys),
		TEST(test_no_memory_needs_nothing),
		TEST(test_worst_is_the_largest_share),
		TEST(test_ties_go_to_the_larger_deficit),
		TEST(test_equal_deficits_name_the_first_node),
		TEST(test_4096_nodes),
		TEST(test_impossible_shapes_are_refused),
	};

	return cmocka_run_group_tests_name("sparsemem", tests, NULL, NULL);
}
