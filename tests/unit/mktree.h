/* SPDX-License-Identifier: GPL-2.0-only */
/* Device trees as KHO makes them, written by libfdt. */
#ifndef TESTS_UNIT_MKTREE_H
#define TESTS_UNIT_MKTREE_H

#include <libfdt.h>

#include "base/cursor.h"
#include "unit.h"

struct tree {
	uint64_t aligned[512];
	size_t bytes;
};

/* kho_out_fdt_setup() and kho_add_subtree() of 7.2, kho_finalize() of 6.18. */
static inline struct tree root_tree(const char *abi, size_t abi_bytes, uint64_t map_pa,
			     const char *const *producers, size_t n)
{
	struct tree t = { .bytes = 0 };
	void *fdt = t.aligned;
	uint64_t blob_pa = 0x500000, blob_bytes = 73;

	assert_int_equal(fdt_create(fdt, sizeof(t.aligned)), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_property(fdt, "compatible", abi, abi_bytes), 0);
	assert_int_equal(fdt_property(fdt, "preserved-memory-map", &map_pa, 8), 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(fdt_begin_node(fdt, producers[i]), 0);
		assert_int_equal(fdt_property(fdt, "preserved-data", &blob_pa, 8), 0);
		assert_int_equal(fdt_property(fdt, "blob-size", &blob_bytes, 8), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
	}
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	t.bytes = fdt_totalsize(fdt);
	return t;
}

static inline struct kho_bytes bytes_of(const struct tree *t)
{
	return (struct kho_bytes){ (const uint8_t *)t->aligned, t->bytes };
}

/* mm/memblock.c, prepare_kho_fdt(). */
static inline struct tree memblock_tree(void)
{
	struct tree t = { .bytes = 0 };
	void *fdt = t.aligned;

	assert_int_equal(fdt_create(fdt, sizeof(t.aligned)), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_property_string(fdt, "compatible", "memblock-v1"), 0);
	assert_int_equal(fdt_begin_node(fdt, "state"), 0);
	assert_int_equal(fdt_property(fdt, "compatible", "reserve-mem-v2\0reserve-mem-v1", 30), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, "trace"), 0);
	assert_int_equal(fdt_property_string(fdt, "compatible", "reserve-mem-v1"), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	t.bytes = fdt_totalsize(fdt);
	return t;
}

#endif
