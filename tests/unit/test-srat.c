// SPDX-License-Identifier: GPL-2.0-only
/* Tables made by hand after ACPI 6.5, 5.2.16. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/srat.h"
#include "unit.h"

#define MIB (UINT64_C(1) << 20)

struct table {
	uint8_t *bytes;		/* on the heap, exactly as long: a read past it is seen */
	size_t n;
};

static void put(struct table *t, size_t at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		t->bytes[at + i] = (uint8_t)(value >> 8 * i);
}

static size_t grow(struct table *t, size_t bytes)
{
	size_t at = t->n;

	t->bytes = realloc(t->bytes, t->n + bytes);
	assert_non_null(t->bytes);
	memset(t->bytes + at, 0, bytes);
	t->n += bytes;
	put(t, 4, t->n, 4);
	return at;
}

static void begin(struct table *t, uint8_t revision)
{
	*t = (struct table){ 0 };
	t->bytes = calloc(1, 48);
	assert_non_null(t->bytes);
	t->n = 48;
	memcpy(t->bytes, "SRAT", 4);
	put(t, 4, 48, 4);
	put(t, 8, revision, 1);
}

static void add_cpu(struct table *t, uint32_t pxm, uint32_t flags)
{
	size_t at = grow(t, 16);

	put(t, at + 1, 16, 1);
	put(t, at + 2, pxm, 1);
	put(t, at + 4, flags, 4);
	put(t, at + 9, pxm >> 8, 3);
}

static void add_x2apic(struct table *t, uint32_t pxm)
{
	size_t at = grow(t, 24);

	put(t, at, 2 | 24 << 8, 2);
	put(t, at + 4, pxm, 4);
	put(t, at + 12, 1, 4);
}

static void add_memory(struct table *t, uint32_t pxm, uint64_t start_pa, uint64_t bytes,
		       uint32_t flags)
{
	size_t at = grow(t, 40);

	put(t, at, 1 | 40 << 8, 2);
	put(t, at + 2, pxm, 4);
	put(t, at + 8, start_pa, 8);
	put(t, at + 16, bytes, 8);
	put(t, at + 28, flags, 4);
}

static int parse(struct table *t, struct kho_ranges *map)
{
	struct kho_err err;

	*map = (struct kho_ranges){ 0 };
	return srat_parse(t->bytes, t->n, map, &err);
}

static void end(struct table *t, struct kho_ranges *map)
{
	free(t->bytes);
	kho_ranges_deinit(map);
}

static void assert_range(const struct kho_ranges *map, size_t i, uint64_t start_pa,
			 uint64_t end_pa, int node)
{
	assert_true(i < map->n);
	assert_int_equal(map->r[i].start_pa, start_pa);
	assert_int_equal(map->r[i].end_pa, end_pa);
	assert_int_equal(map->r[i].node, node);
}

static void test_domains_are_numbered_as_they_are_met(void **state)
{
	struct kho_ranges map;
	struct table t;

	/* Memory stands first in the table, but processors are read first. */
	begin(&t, 3);
	add_memory(&t, 7, 0, 64 * MIB, 1);
	add_memory(&t, 300, 64 * MIB, 64 * MIB, 1);
	add_cpu(&t, 300, 1);
	add_x2apic(&t, 70000);
	add_memory(&t, 70000, 128 * MIB, 64 * MIB, 1);
	assert_int_equal(parse(&t, &map), 0);
	assert_int_equal(map.n, 3);
	assert_range(&map, 0, 0, 64 * MIB, 2);
	assert_range(&map, 1, 64 * MIB, 128 * MIB, 0);
	assert_range(&map, 2, 128 * MIB, 192 * MIB, 1);
	end(&t, &map);
}

static void test_what_is_not_enabled_does_not_count(void **state)
{
	struct kho_ranges map;
	struct table t;

	begin(&t, 3);
	add_cpu(&t, 5, 0);
	add_memory(&t, 5, 0, 64 * MIB, 0);
	add_memory(&t, 6, 64 * MIB, 64 * MIB, 3);	/* enabled, hot-pluggable */
	assert_int_equal(parse(&t, &map), 0);
	assert_int_equal(map.n, 1);
	assert_range(&map, 0, 64 * MIB, 128 * MIB, 0);
	end(&t, &map);
}

static void test_old_revisions_have_domains_of_eight_bits(void **state)
{
	struct kho_ranges map;
	struct table t;

	begin(&t, 1);
	add_memory(&t, 0x5501, 0, MIB, 1);
	add_memory(&t, 0x6601, MIB, MIB, 1);
	assert_int_equal(parse(&t, &map), 0);
	assert_int_equal(map.n, 1);
	assert_range(&map, 0, 0, 2 * MIB, 0);
	end(&t, &map);
}

static void test_unknown_structures_are_passed_over(void **state)
{
	struct kho_ranges map;
	struct table t;
	size_t at;

	begin(&t, 3);
	at = grow(&t, 9);
	put(&t, at, 200 | 9 << 8, 2);
	add_memory(&t, 0, 0, MIB, 1);
	assert_int_equal(parse(&t, &map), 0);
	assert_range(&map, 0, 0, MIB, 0);
	end(&t, &map);
}

static void test_damaged_tables_are_refused(void **state)
{
	struct kho_ranges map;
	struct table t;

	begin(&t, 3);
	t.bytes[0] = 'X';
	assert_int_equal(parse(&t, &map), -EBADMSG);
	end(&t, &map);

	begin(&t, 3);
	put(&t, 4, 49, 4);	/* says one byte more than there is */
	assert_int_equal(parse(&t, &map), -EBADMSG);
	end(&t, &map);

	begin(&t, 3);
	add_memory(&t, 0, 0, MIB, 1);
	put(&t, 49, 41, 1);	/* the structure ends behind the table */
	assert_int_equal(parse(&t, &map), -EBADMSG);
	end(&t, &map);

	begin(&t, 3);
	add_memory(&t, 0, 0, MIB, 1);
	put(&t, 49, 0, 1);	/* would never advance */
	assert_int_equal(parse(&t, &map), -EBADMSG);
	end(&t, &map);

	begin(&t, 3);
	add_memory(&t, 0, UINT64_MAX - MIB, 2 * MIB, 1);
	assert_int_equal(parse(&t, &map), -EBADMSG);
	end(&t, &map);

	begin(&t, 3);
	grow(&t, 1);		/* half a structure's head */
	assert_int_equal(parse(&t, &map), -EBADMSG);
	end(&t, &map);
}

static void test_nodes_that_overlap_are_refused(void **state)
{
	struct kho_ranges map;
	struct table t;

	begin(&t, 3);
	add_memory(&t, 0, 0, 2 * MIB, 1);
	add_memory(&t, 1, MIB, 2 * MIB, 1);
	assert_int_equal(parse(&t, &map), -EBADMSG);
	end(&t, &map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domains_are_numbered_as_they_are_met),
		cmocka_unit_test(test_what_is_not_enabled_does_not_count),
		cmocka_unit_test(test_old_revisions_have_domains_of_eight_bits),
		cmocka_unit_test(test_unknown_structures_are_passed_over),
		cmocka_unit_test(test_damaged_tables_are_refused),
		cmocka_unit_test(test_nodes_that_overlap_are_refused),
	};

	return cmocka_run_group_tests_name("srat", tests, NULL, NULL);
}
