// SPDX-License-Identifier: GPL-2.0-only
/* The root tree and the blobs of the producers, as bytes: whole, cut and damaged. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/handover/fdt.h"
#include "mktree.h"

#define MAP_PA UINT64_C(0x200000)

static void test_a_root_tells_abi_map_and_producers(void **state)
{
	static const char *const names[] = { "memblock", "LUO", "kexec-metadata" };
	struct tree t = root_tree("kho-v5\0kho-v4", 14, 0x123456000, names, 3);
	struct handover_tree tree = { 0 };
	struct kho_err err = { "" };

	assert_int_equal(handover_fdt_root(bytes_of(&t), &tree, &err), 0);
	assert_int_equal(tree.root.nr_texts, 2);
	assert_string_equal(tree.root.text[0], "kho-v5");
	assert_string_equal(tree.root.text[1], "kho-v4");
	assert_int_equal(tree.preserved_map_pa, 0x123456000);
	assert_int_equal(tree.nr_producers, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(tree.producer[i].name, names[i]);
	assert_int_equal(tree.producer[1].blob_bytes, 73);
	assert_false(tree.producer[1].read);
	handover_tree_deinit(&tree);
}

/* Cut at every length: what is not whole is recognized by its first properties, or refused. */
static void test_a_root_that_is_cut(void **state)
{
	static const char *const names[] = { "memblock", "LUO", "kexec-metadata" };
	struct tree t = root_tree("kho-v4", 7, 0x100081000, names, 3);
	size_t read = 0;

	for (size_t n = 0; n < t.bytes; n++) {
		/* On the heap, exactly as long: a read past it is seen. */
		uint8_t *copy = malloc(n + !n);
		struct handover_tree tree = { 0 };
		struct kho_err err = { "" };

		assert_non_null(copy);
		memcpy(copy, t.aligned, n);
		if (!handover_fdt_root((struct kho_bytes){ copy, n }, &tree, &err)) {
			assert_string_equal(tree.root.text[0], "kho-v4");
			assert_int_equal(tree.nr_producers, 0);
			read += tree.preserved_map_pa == 0x100081000;
		}
		handover_tree_deinit(&tree);
		free(copy);
	}
	/* Header and reservations 48 + 16, the node 8, two properties of 20 bytes. */
	assert_int_equal(read, t.bytes - (48 + 16 + 8 + 20 + 20));
}

static void test_a_blob_tells_each_node(void **state)
{
	struct tree t = memblock_tree();
	struct handover_tree tree = { 0 };
	struct handover_producer *p = handover_add_producer(&tree, "memblock");

	assert_int_equal(handover_fdt_blob(bytes_of(&t), p), 0);
	assert_int_equal(p->read, HANDOVER_BLOB_WHOLE);
	assert_true(p->is_fdt);
	assert_int_equal(p->blob_bytes, t.bytes);
	assert_int_equal(p->nr_compatibles, 3);
	assert_string_equal(p->compatible[0].node, "/");
	assert_string_equal(p->compatible[1].node, "/state");
	assert_int_equal(p->compatible[1].nr_texts, 2);
	assert_string_equal(p->compatible[1].text[1], "reserve-mem-v1");
	assert_string_equal(p->compatible[2].node, "/trace");
	assert_int_equal(p->nr_reserve_mem, 2);
	assert_string_equal(p->reserve_mem[0], "state");
	assert_string_equal(p->reserve_mem[1], "trace");
	handover_tree_deinit(&tree);
}

static void test_luo_may_be_a_struct(void **state)
{
	uint8_t luo[32] = "luo-v5";
	struct handover_producer *p;
	struct handover_tree tree = { 0 };

	p = handover_add_producer(&tree, "LUO");
	assert_int_equal(handover_fdt_blob((struct kho_bytes){ luo, sizeof(luo) }, p), 0);
	assert_false(p->is_fdt);
	assert_int_equal(p->nr_compatibles, 1);
	assert_string_equal(p->compatible[0].text[0], "luo-v5");
	p = handover_add_producer(&tree, "other");
	assert_int_equal(handover_fdt_blob((struct kho_bytes){ luo, sizeof(luo) }, p), 0);
	assert_int_equal(p->nr_compatibles, 0);
	handover_tree_deinit(&tree);
}

/* A tree with one node below the root, of these names and formats. */
static struct tree tree_of(const void *root, size_t root_bytes, const char *name,
			   const char *behind)
{
	struct tree t = { .bytes = 0 };
	void *fdt = t.aligned;

	assert_int_equal(fdt_create(fdt, sizeof(t.aligned)), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_property(fdt, "compatible", root, root_bytes), 0);
	if (name) {
		assert_int_equal(fdt_begin_node(fdt, name), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
		assert_int_equal(fdt_begin_node(fdt, "behind"), 0);
		assert_int_equal(fdt_property_string(fdt, "compatible", behind), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
	}
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	t.bytes = fdt_totalsize(fdt);
	return t;
}

static void expect_part(const struct tree *t, size_t formats, const char *trouble)
{
	struct handover_tree tree = { 0 };
	struct handover_producer *p = handover_add_producer(&tree, "x");

	assert_int_equal(handover_fdt_blob(bytes_of(t), p), 0);
	assert_int_equal(p->read, HANDOVER_BLOB_PART);
	assert_string_equal(p->trouble, trouble);
	assert_int_equal(p->nr_compatibles, formats);
	handover_tree_deinit(&tree);
}

static void test_formats_that_are_none(void **state)
{
	static const char longest[256] = { [0 ... 254] = 'x' }, longer[257] = { [0 ... 255] = 'x' };
	static const char most[64] = { [0] = 'x', [2] = 'x', [4] = 'x', [6] = 'x' };
	const struct kho_bytes none[] = {
		{ (const uint8_t *)"", 0 },
		{ (const uint8_t *)"", 1 },
		{ (const uint8_t *)"memblock-v1", 11 },
		{ (const uint8_t *)"memblock-v1\0", 13 },
		{ (const uint8_t *)"memblock-v1\0x", 13 },
		{ (const uint8_t *)"memblock-\1", 11 },
		{ (const uint8_t *)longer, sizeof(longer) },
		{ (const uint8_t *)most, sizeof(most) },
	};
	struct tree t = tree_of(longest, sizeof(longest), NULL, NULL);
	struct handover_tree tree = { 0 };

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct tree bad = tree_of(none[i].data, none[i].size, NULL, NULL);
		struct kho_err err = { "" };

		expect_part(&bad, 0, "/: \"compatible\" is no list of formats");
		assert_int_equal(handover_fdt_root(bytes_of(&bad), &tree, &err), -EBADMSG);
		assert_int_equal(tree.root.nr_texts, 0);
		handover_tree_deinit(&tree);
	}
	assert_int_equal(handover_fdt_root(bytes_of(&t), &tree, NULL), 0);
	assert_string_equal(tree.root.text[0], longest);
	handover_tree_deinit(&tree);
}

/* A format behind what can't be read is not looked at: what was read is a part. */
static void test_a_blob_is_read_whole_or_in_part(void **state)
{
	static const char name[301] = { [0 ... 299] = 'n' };
	struct tree t = tree_of("x-v1", 5, name, "x-v9");
	struct tree cut = tree_of("x-v1", 5, NULL, NULL);

	expect_part(&t, 1, "the path of a node is longer than 256");
	/* Header and reservations 48 + 16, the node 8, a property 20, two ends, the name 11. */
	assert_int_equal(cut.bytes, 48 + 16 + 8 + 20 + 8 + 11);
	cut.bytes -= 4;
	expect_part(&cut, 0, "a device tree of which 107 of 111 bytes are there");
	t = tree_of("x-v1", 5, "n", "");
	expect_part(&t, 1, "/behind: \"compatible\" is no list of formats");
}

static void test_nodes_that_go_too_deep_are_a_part(void **state)
{
	struct tree t = { .bytes = 0 };

	assert_int_equal(fdt_create(t.aligned, sizeof(t.aligned)), 0);
	assert_int_equal(fdt_finish_reservemap(t.aligned), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(fdt_begin_node(t.aligned, i ? "n" : ""), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(fdt_end_node(t.aligned), 0);
	assert_int_equal(fdt_finish(t.aligned), 0);
	t.bytes = fdt_totalsize(t.aligned);
	expect_part(&t, 0, "nodes deeper than 16");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_root_tells_abi_map_and_producers),
		cmocka_unit_test(test_a_root_that_is_cut),
		cmocka_unit_test(test_a_blob_tells_each_node),
		cmocka_unit_test(test_luo_may_be_a_struct),
		cmocka_unit_test(test_formats_that_are_none),
		cmocka_unit_test(test_a_blob_is_read_whole_or_in_part),
		cmocka_unit_test(test_nodes_that_go_too_deep_are_a_part),
	};

	return cmocka_run_group_tests_name("handover-tree", tests, NULL, NULL);
}
