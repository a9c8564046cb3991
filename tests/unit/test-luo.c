// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "machine/handover/handover.h"
#include "machine/kcore.h"
#include "mkcore.h"
#include "producers/luo.h"
#include "producers/producer.h"
#include "unit.h"

#define MIB (UINT64_C(1) << 20)
#define IMAGE_PA (16 * MIB)

static struct handover_tree tree_with(const char *name)
{
	static struct handover_producer p;

	p = (struct handover_producer){ .name = (char *)name, .read = true };
	return (struct handover_tree){ .producer = &p, .nr_producers = 1 };
}

/* RAM, and in it the kernel's image, mapped a second time. */
static void open_core(struct mkcore *made, struct kcore *core)
{
	struct kho_err err;

	mkcore_init(made, -1, 4096);
	mkcore_segment(made, MIB, 0xffff888000100000, 63 * MIB);
	mkcore_segment(made, IMAGE_PA, 0xffffffff81000000, 4 * MIB);
	mkcore_headers(made);
	assert_int_equal(kcore_init(made->fd, core, &err), 0);
}

static void put(struct mkcore *made, uint64_t at, const char *text)
{
	mkcore_put(made, IMAGE_PA + at, text, strlen(text) + 1);
}

static void test_every_version_once(void **state)
{
	struct handover_tree out = tree_with("LUO");
	const struct luo_state *luo;
	struct mkcore made;
	struct kcore core;

	open_core(&made, &core);
	put(&made, 100, "memfd-v3");
	/* Where the pieces that are read meet: the number is cut in two. */
	put(&made, 65500, "memfd-v2");
	put(&made, 65536 - 8, "memfd-v45");
	put(&made, 2 * MIB, "memfd-vx");
	put(&made, 2 * MIB + 100, "memfd-v9b");
	put(&made, 4 * MIB - 10, "memfd-v12");
	assert_int_equal(handover_read_kernel(&core, &out), 0);
	luo = out.producer[0].state;
	assert_non_null(luo);
	assert_int_equal(luo->n, 4);
	assert_int_equal(luo->version[0], 3);
	assert_int_equal(luo->version[1], 2);
	assert_int_equal(luo->version[2], 45);
	assert_int_equal(luo->version[3], 12);
	producer_luo.free_state(out.producer[0].state);
	kcore_close(&core);
}

static void test_only_where_live_update_hands_over(void **state)
{
	struct handover_tree out = tree_with("memblock");
	struct mkcore made;
	struct kcore core;

	open_core(&made, &core);
	put(&made, 100, "memfd-v3");
	assert_int_equal(handover_read_kernel(&core, &out), 0);
	assert_null(out.producer[0].state);
	kcore_close(&core);
}

static void test_a_kernel_without_memfd(void **state)
{
	struct handover_tree out = tree_with("LUO");
	const struct luo_state *luo;
	struct mkcore made;
	struct kcore core;

	open_core(&made, &core);
	assert_int_equal(handover_read_kernel(&core, &out), 0);
	luo = out.producer[0].state;
	assert_non_null(luo);
	assert_int_equal(luo->n, 0);
	producer_luo.free_state(out.producer[0].state);
	kcore_close(&core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_version_once),
		cmocka_unit_test(test_only_where_live_update_hands_over),
		cmocka_unit_test(test_a_kernel_without_memfd),
	};

	return cmocka_run_group_tests_name("luo", tests, NULL, NULL);
}
