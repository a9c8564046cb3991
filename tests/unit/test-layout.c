// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "report/layout.h"
#include "report-fixture.h"
#include "unit.h"

static struct layout lay_out(const struct fixture *f)
{
	struct layout layout;

	assert_int_equal(layout_make(&f->report, &layout), 0);
	return layout;
}

static void assert_piece(const struct layout_area *area, size_t i, uint64_t start_pa,
			 uint64_t end_pa, unsigned int user)
{
	assert_true(i < area->nr_pieces);
	assert_int_equal(area->piece[i].start_pa, start_pa);
	assert_int_equal(area->piece[i].end_pa, end_pa);
	assert_int_equal(area->piece[i].user, user);
}

static void assert_share(const struct layout_area *area, unsigned int user, uint64_t bytes,
			 size_t pieces, uint64_t first_pa, uint64_t end_pa)
{
	assert_int_equal(area->share[user].bytes, bytes);
	assert_int_equal(area->share[user].pieces, pieces);
	assert_int_equal(area->share[user].first_pa, first_pa);
	assert_int_equal(area->share[user].end_pa, end_pa);
}

static void test_an_area_is_covered_without_a_gap(void **state)
{
	struct layout layout;
	struct fixture f;

	fixture_init(&f);
	fixture_area(&f, 1000, 2000);
	fixture_take(&f, BOOT_MEMORY_MAP, 1500, 1600);
	fixture_take(&f, BOOT_MEMORY_MAP, 1400, 1500);	/* touches: one piece */
	fixture_take(&f, BOOT_KERNEL, 900, 1100);	/* stands out */
	fixture_take(&f, BOOT_MEMORY_MAP, 1900, 2000);
	layout = lay_out(&f);
	assert_true(layout.followed);
	assert_int_equal(layout.area[0].nr_pieces, 5);
	assert_piece(&layout.area[0], 0, 1000, 1100, BOOT_KERNEL);
	assert_piece(&layout.area[0], 1, 1100, 1400, LAYOUT_FREE);
	assert_piece(&layout.area[0], 2, 1400, 1600, BOOT_MEMORY_MAP);
	assert_piece(&layout.area[0], 3, 1600, 1900, LAYOUT_FREE);
	assert_piece(&layout.area[0], 4, 1900, 2000, BOOT_MEMORY_MAP);
	assert_share(&layout.area[0], BOOT_KERNEL, 100, 1, 1000, 1100);
	assert_share(&layout.area[0], BOOT_MEMORY_MAP, 300, 2, 1400, 2000);
	assert_share(&layout.area[0], LAYOUT_FREE, 600, 2, 1100, 1900);
	assert_int_equal(layout.beyond.nr_pieces, 1);
	assert_piece(&layout.beyond, 0, 900, 1000, BOOT_KERNEL);
	layout_deinit(&layout);
	fixture_deinit(&f);
}

static void test_the_later_one_has_the_room(void **state)
{
	struct layout layout;
	struct fixture f;

	fixture_init(&f);
	fixture_area(&f, 0, 100);
	fixture_take(&f, BOOT_KERNEL, 10, 60);
	fixture_take(&f, BOOT_PERCPU, 20, 30);
	fixture_take(&f, BOOT_PURGATORY, 50, 80);	/* later, but for the load only */
	layout = lay_out(&f);
	assert_int_equal(layout.area[0].nr_pieces, 6);
	assert_piece(&layout.area[0], 0, 0, 10, LAYOUT_FREE);
	assert_piece(&layout.area[0], 1, 10, 20, BOOT_KERNEL);
	assert_piece(&layout.area[0], 2, 20, 30, BOOT_PERCPU);
	assert_piece(&layout.area[0], 3, 30, 60, BOOT_KERNEL);
	assert_piece(&layout.area[0], 4, 60, 80, BOOT_PURGATORY);
	assert_piece(&layout.area[0], 5, 80, 100, LAYOUT_FREE);
	layout_deinit(&layout);
	fixture_deinit(&f);
}

static void test_what_was_not_followed_is_not_free(void **state)
{
	struct layout layout;
	struct fixture f;

	fixture_init(&f);
	f.check.has_boot = false;
	fixture_area(&f, 10, 30);
	layout = lay_out(&f);
	assert_false(layout.followed);
	assert_int_equal(layout.area[0].nr_pieces, 1);
	assert_piece(&layout.area[0], 0, 10, 30, LAYOUT_UNKNOWN);
	assert_int_equal(layout.area[0].share[LAYOUT_FREE].bytes, 0);
	assert_int_equal(layout.beyond.nr_pieces, 0);
	layout_deinit(&layout);
	fixture_deinit(&f);
}

static void test_areas_in_any_order_with_a_piece_between(void **state)
{
	struct layout layout;
	struct fixture f;

	fixture_init(&f);
	fixture_area(&f, 300, 400);
	fixture_area(&f, 100, 200);
	fixture_take(&f, BOOT_HUGEPAGES, 150, 350);
	layout = lay_out(&f);
	assert_int_equal(layout.nr_areas, 2);
	assert_piece(&layout.area[0], 0, 300, 350, BOOT_HUGEPAGES);
	assert_piece(&layout.area[1], 1, 150, 200, BOOT_HUGEPAGES);
	assert_int_equal(layout.beyond.nr_pieces, 1);
	assert_piece(&layout.beyond, 0, 200, 300, BOOT_HUGEPAGES);
	layout_deinit(&layout);
	fixture_deinit(&f);
}

static void test_marks_leave_holes_out(void **state)
{
	struct layout layout;
	struct fixture f;

	fixture_init(&f);
	fixture_ram(&f, 0, 100, 0);
	fixture_ram(&f, 200, 300, 1);
	fixture_ram(&f, 300, 400, 0);	/* node 0 goes on: its bytes 100 to 200 */
	fixture_area(&f, 350, 360);
	fixture_area(&f, 290, 310);	/* on both */
	fixture_area(&f, 50, 60);
	layout = lay_out(&f);
	assert_int_equal(layout.nr_nodes, 2);
	assert_int_equal(layout.node[0].ram_bytes, 200);
	assert_int_equal(layout.node[0].nr_marks, 3);
	assert_int_equal(layout.node[0].mark[0].area, 2);
	assert_int_equal(layout.node[0].mark[0].from_bytes, 50);
	assert_int_equal(layout.node[0].mark[0].to_bytes, 60);
	assert_int_equal(layout.node[0].mark[1].area, 1);
	assert_int_equal(layout.node[0].mark[1].from_bytes, 100);
	assert_int_equal(layout.node[0].mark[1].to_bytes, 110);
	assert_int_equal(layout.node[0].mark[2].area, 0);
	assert_int_equal(layout.node[0].mark[2].from_bytes, 150);
	assert_int_equal(layout.node[1].nr_marks, 1);
	assert_int_equal(layout.node[1].mark[0].from_bytes, 90);
	assert_int_equal(layout.node[1].mark[0].to_bytes, 100);
	layout_deinit(&layout);
	fixture_deinit(&f);
}

static void test_preserved_memory_by_node(void **state)
{
	struct layout layout;
	struct fixture f;

	fixture_init(&f);
	fixture_ram(&f, 0, 100, 0);
	fixture_ram(&f, 200, 300, 1);
	fixture_ram(&f, 300, 400, 0);
	fixture_ram(&f, 500, 600, KHO_NO_NODE);
	fixture_preserve(&f, 10, 20);
	fixture_preserve(&f, 90, 110);	/* half of it is no RAM */
	fixture_preserve(&f, 120, 130);	/* nothing of it is */
	fixture_preserve(&f, 290, 310);	/* on both */
	fixture_preserve(&f, 590, 600);
	layout = lay_out(&f);
	/* No node is the first: -1. */
	assert_int_equal(layout.node[0].node, KHO_NO_NODE);
	assert_int_equal(layout.node[0].nr_preserved, 1);
	assert_int_equal(layout.node[0].preserved[0].from_bytes, 90);
	assert_int_equal(layout.node[1].nr_preserved, 3);
	assert_int_equal(layout.node[1].preserved_bytes, 30);
	assert_int_equal(layout.node[1].preserved[1].start_pa, 90);
	assert_int_equal(layout.node[1].preserved[1].end_pa, 100);
	assert_int_equal(layout.node[1].preserved[2].start_pa, 300);
	assert_int_equal(layout.node[1].preserved[2].from_bytes, 100);
	assert_int_equal(layout.node[1].preserved[2].to_bytes, 110);
	assert_int_equal(layout.node[2].nr_preserved, 1);
	assert_int_equal(layout.node[2].preserved[0].from_bytes, 90);
	assert_int_equal(layout.node[2].preserved[0].to_bytes, 100);
	layout_deinit(&layout);
	fixture_deinit(&f);
}

static void test_roles_want_an_area_on_each_node(void **state)
{
	struct layout layout;
	struct fixture f;

	fixture_init(&f);
	fixture_ram(&f, 0, 100, 0);
	fixture_ram(&f, 100, 200, 2);
	fixture_area(&f, 10, 20);
	fixture_area(&f, 110, 120);
	fixture_area(&f, 30, 40);
	fixture_area(&f, 130, 140);
	layout = lay_out(&f);
	assert_int_equal(layout.area[0].role, LAYOUT_LOWMEM);
	assert_int_equal(layout.area[1].role, LAYOUT_GLOBAL);
	assert_int_equal(layout.area[2].role, LAYOUT_OF_NODE);
	assert_int_equal(layout.area[2].role_node, 0);
	assert_int_equal(layout.area[3].role_node, 2);
	layout_deinit(&layout);

	f.machine.scratch.r[3] = (struct kho_range){ 50, 60, KHO_NO_NODE };	/* not on node 2 */
	layout = lay_out(&f);
	assert_int_equal(layout.area[0].role, LAYOUT_NO_ROLE);
	layout_deinit(&layout);

	f.machine.scratch.n = 3;
	layout = lay_out(&f);
	assert_int_equal(layout.area[0].role, LAYOUT_NO_ROLE);
	layout_deinit(&layout);
	fixture_deinit(&f);
}

static void test_by_size(void **state)
{
	struct layout_area area = { 0 };
	unsigned int user[LAYOUT_USERS];

	area.share[LAYOUT_FREE].bytes = 1000;
	area.share[BOOT_INITRD].bytes = 5;
	area.share[BOOT_SMALL].bytes = 7;
	area.share[BOOT_KERNEL].bytes = 5;
	assert_int_equal(layout_by_size(&area, user), 4);
	assert_int_equal(user[0], BOOT_SMALL);
	assert_int_equal(user[1], BOOT_KERNEL);		/* equal: in the order of the enum */
	assert_int_equal(user[2], BOOT_INITRD);
	assert_int_equal(user[3], LAYOUT_FREE);
}

/* Who has @pa, asked of each allocation in turn. */
static unsigned int owner_of(const struct boot_result *boot, uint64_t pa)
{
	unsigned int owner = LAYOUT_FREE;

	for (size_t i = 0; i < boot->nr_allocs; i++) {
		const struct boot_allocation *a = &boot->alloc[i];

		if (pa < a->range.start_pa || pa >= a->range.end_pa)
			continue;
		if (a->user != BOOT_PURGATORY || owner == LAYOUT_FREE)
			owner = a->user;
	}
	return owner;
}

static void assert_as_asked(const struct fixture *f, const struct layout_area *area)
{
	uint64_t pa = area->range.start_pa, sum = 0;

	for (size_t i = 0; i < area->nr_pieces; i++) {
		const struct layout_piece *p = &area->piece[i];

		assert_int_equal(p->start_pa, pa);
		assert_true(p->end_pa > pa);
		assert_true(!i || p->user != area->piece[i - 1].user);
		for (; pa < p->end_pa; pa++)
			assert_int_equal(owner_of(&f->check.boot, pa), p->user);
	}
	assert_int_equal(pa, area->range.end_pa);
	for (unsigned int user = 0; user < LAYOUT_USERS; user++)
		sum += area->share[user].bytes;
	assert_int_equal(sum, area->range.end_pa - area->range.start_pa);
}

static void test_any_heap_of_allocations(void **state)
{
	srand(8);
	for (int round = 0; round < 200; round++) {
		struct layout layout;
		struct fixture f;

		fixture_init(&f);
		fixture_area(&f, 120, 180);
		fixture_area(&f, 20, 100);
		for (int n = rand() % 30; n > 0; n--) {
			uint64_t start_pa = (uint64_t)(rand() % 200);

			fixture_take(&f, (enum boot_user)(rand() % BOOT_USER_NR), start_pa,
				     start_pa + 1 + (uint64_t)(rand() % 40));
		}
		layout = lay_out(&f);
		assert_as_asked(&f, &layout.area[0]);
		assert_as_asked(&f, &layout.area[1]);
		layout_deinit(&layout);
		fixture_deinit(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_area_is_covered_without_a_gap),
		cmocka_unit_test(test_the_later_one_has_the_room),
		cmocka_unit_test(test_what_was_not_followed_is_not_free),
		cmocka_unit_test(test_areas_in_any_order_with_a_piece_between),
		cmocka_unit_test(test_marks_leave_holes_out),
		cmocka_unit_test(test_preserved_memory_by_node),
		cmocka_unit_test(test_roles_want_an_area_on_each_node),
		cmocka_unit_test(test_by_size),
		cmocka_unit_test(test_any_heap_of_allocations),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
