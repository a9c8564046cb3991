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

static int parse(struct table *t, struct srat_blocks *blocks)
{
	struct kho_err err;
	int ret;

	*blocks = (struct srat_blocks){ .memory = { 0 } };
	ret = srat_parse(t->bytes, t->n, blocks, &err);
	kho_ranges_normalise(&blocks->memory);
	return ret;
}

static void end(struct table *t, struct srat_blocks *blocks)
{
	free(t->bytes);
	srat_blocks_deinit(blocks);
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
	struct srat_blocks b;
	struct table t;

	/* Memory stands first in the table, but processors are read first. */
	begin(&t, 3);
	add_memory(&t, 7, 0, 64 * MIB, 1);
	add_memory(&t, 300, 64 * MIB, 64 * MIB, 1);
	add_cpu(&t, 300, 1);
	add_x2apic(&t, 1023);
	add_memory(&t, 1023, 128 * MIB, 64 * MIB, 1);
	assert_int_equal(parse(&t, &b), 0);
	assert_int_equal(b.memory.n, 3);
	assert_range(&b.memory, 0, 0, 64 * MIB, 2);
	assert_range(&b.memory, 1, 64 * MIB, 128 * MIB, 0);
	assert_range(&b.memory, 2, 128 * MIB, 192 * MIB, 1);
	end(&t, &b);
}

static void test_what_is_not_enabled_does_not_count(void **state)
{
	struct srat_blocks b;
	struct table t;

	begin(&t, 3);
	add_cpu(&t, 5, 0);
	add_memory(&t, 5, 0, 64 * MIB, 0);
	add_memory(&t, 6, 64 * MIB, 64 * MIB, 3);	/* enabled, hot-pluggable */
	assert_int_equal(parse(&t, &b), 0);
	assert_int_equal(b.memory.n, 1);
	assert_range(&b.memory, 0, 64 * MIB, 128 * MIB, 0);
	assert_int_equal(b.end_pa, 128 * MIB);
	assert_int_equal(b.hotpluggable.n, 1);
	assert_range(&b.hotpluggable, 0, 64 * MIB, 128 * MIB, KHO_NO_NODE);
	end(&t, &b);
}

static void test_old_revisions_have_domains_of_eight_bits(void **state)
{
	struct srat_blocks b;
	struct table t;

	begin(&t, 1);
	add_memory(&t, 0x5501, 0, MIB, 1);
	add_memory(&t, 0x6601, MIB, MIB, 1);
	assert_int_equal(parse(&t, &b), 0);
	assert_int_equal(b.memory.n, 1);
	assert_range(&b.memory, 0, 0, 2 * MIB, 0);
	end(&t, &b);
}

static void test_unknown_structures_are_passed_over(void **state)
{
	struct srat_blocks b;
	struct table t;
	size_t at;

	begin(&t, 3);
	at = grow(&t, 9);
	put(&t, at, 200 | 9 << 8, 2);
	add_memory(&t, 0, 0, MIB, 1);
	assert_int_equal(parse(&t, &b), 0);
	assert_range(&b.memory, 0, 0, MIB, 0);
	end(&t, &b);
}

static void test_damaged_tables_are_refused(void **state)
{
	struct srat_blocks b;
	struct table t;

	begin(&t, 3);
	t.bytes[0] = 'X';
	assert_int_equal(parse(&t, &b), -EBADMSG);
	end(&t, &b);

	begin(&t, 3);
	put(&t, 4, 49, 4);	/* says one byte more than there is */
	assert_int_equal(parse(&t, &b), -EBADMSG);
	end(&t, &b);

	begin(&t, 3);
	add_memory(&t, 0, 0, MIB, 1);
	put(&t, 49, 41, 1);	/* the structure ends behind the table */
	assert_int_equal(parse(&t, &b), -EBADMSG);
	end(&t, &b);
}

/* lib/fw_table.c, acpi_parse_entries_array(): where no more than a head is left, it ends. */
static void test_what_is_behind_the_last_structure_is_not_looked_at(void **state)
{
	struct srat_blocks b;
	struct table t;

	begin(&t, 3);
	add_memory(&t, 0, 0, MIB, 1);
	grow(&t, 2);
	assert_int_equal(parse(&t, &b), 0);
	assert_int_equal(b.memory.n, 1);
	end(&t, &b);
}

/* drivers/acpi/numa/srat.c, numa_add_memblk_to(): empty or wrapping blocks are passed over. */
static void test_blocks_that_are_none_are_passed_over(void **state)
{
	struct srat_blocks b;
	struct table t;

	begin(&t, 3);
	add_memory(&t, 3, 0, 0, 1);
	add_memory(&t, 4, UINT64_MAX - MIB, 2 * MIB, 1);
	add_memory(&t, 5, MIB, UINT64_MAX - 2 * MIB, 1);
	assert_int_equal(parse(&t, &b), 0);
	assert_int_equal(b.memory.n, 1);
	assert_range(&b.memory, 0, MIB, UINT64_MAX - MIB, 2);
	end(&t, &b);
}

/* acpi_parse_gi_affinity(): a disabled initiator ends the walk over processors. */
static void test_a_disabled_initiator_ends_the_first_walk(void **state)
{
	struct srat_blocks b;
	struct table t;
	size_t at;

	begin(&t, 3);
	at = grow(&t, 32);
	put(&t, at, 5 | 32 << 8, 2);
	add_cpu(&t, 9, 1);
	add_memory(&t, 8, 0, MIB, 1);
	add_memory(&t, 9, MIB, MIB, 1);
	assert_int_equal(parse(&t, &b), 0);
	assert_range(&b.memory, 0, 0, MIB, 0);
	assert_range(&b.memory, 1, MIB, 2 * MIB, 1);
	put(&t, at + 24, 1, 4);		/* enabled: domain 0 is node 0, and 9 is node 1 */
	srat_blocks_deinit(&b);
	assert_int_equal(parse(&t, &b), 0);
	assert_range(&b.memory, 0, 0, MIB, 2);
	assert_range(&b.memory, 1, MIB, 2 * MIB, 1);
	end(&t, &b);
}

/* bad_srat(), and a length of 0, which fails acpi_table_parse_srat(). */
static void test_tables_that_every_kernel_drops(void **state)
{
	struct srat_blocks b;
	struct table t;
	size_t at;

	begin(&t, 3);
	add_memory(&t, 0, 0, MIB, 1);
	put(&t, 49, 0, 1);
	assert_int_equal(parse(&t, &b), -ENOTSUP);
	end(&t, &b);

	begin(&t, 3);		/* shorter than 40, though not enabled */
	at = grow(&t, 39);
	put(&t, at, 1 | 39 << 8, 2);
	add_memory(&t, 0, 0, MIB, 1);
	assert_int_equal(parse(&t, &b), -ENOTSUP);
	end(&t, &b);

	begin(&t, 3);		/* a local APIC of other than 16 */
	at = grow(&t, 18);
	put(&t, at, 0 | 18 << 8, 2);
	add_memory(&t, 0, 0, MIB, 1);
	assert_int_equal(parse(&t, &b), -ENOTSUP);
	end(&t, &b);

	begin(&t, 3);		/* MAX_PXM_DOMAINS is 1024 at most */
	add_x2apic(&t, 1024);
	add_memory(&t, 0, 0, MIB, 1);
	assert_int_equal(parse(&t, &b), -ENOTSUP);
	end(&t, &b);

	begin(&t, 3);
	add_memory(&t, 0, 0, MIB, 0);
	assert_int_equal(parse(&t, &b), -ENOTSUP);
	end(&t, &b);

	begin(&t, 3);		/* NR_NODE_MEMBLKS is 2048 at most */
	for (uint64_t i = 0; i < 2049; i++)
		add_memory(&t, 0, i * MIB, MIB, 1);
	assert_int_equal(parse(&t, &b), -ENOTSUP);
	end(&t, &b);
}

/* ---- the table against the RAM: numa_cleanup_meminfo() ---- */

#define RANGES(array) { (struct kho_range *)(array), sizeof(array) / sizeof((array)[0]), 0 }

static const struct srat_rules x86 = { .nodeless_limit_bytes = MIB, .page_bytes = 4096 };

static void test_blocks_are_cut_to_the_ram(void **state)
{
	static const struct kho_range ram[] = {
		{ MIB, 10 * MIB, -1 }, { 20 * MIB, 30 * MIB, -1 },
	};
	static const struct kho_range block[] = {
		{ 0, 10 * MIB, 0 },
		{ 12 * MIB, 14 * MIB, 3 }, { 13 * MIB, 15 * MIB, 4 },	/* overlap where no RAM is */
		{ 18 * MIB, 25 * MIB, 1 }, { 26 * MIB, 50 * MIB, 1 },	/* the hole is node 1's */
		{ 40 * MIB, 60 * MIB, 2 },				/* and so does this one */
	};
	const struct kho_ranges rams = RANGES(ram), blocks = RANGES(block);
	struct kho_ranges map = { 0 };
	struct kho_err err;

	assert_int_equal(srat_nodes(&rams, &blocks, &x86, &map, &err), 0);
	assert_int_equal(map.n, 2);
	assert_range(&map, 0, MIB, 10 * MIB, 0);
	assert_range(&map, 1, 18 * MIB, 30 * MIB, 1);
	kho_ranges_deinit(&map);
}

static void test_overlaps_count_where_both_have_ram(void **state)
{
	static const struct kho_range ram[] = { { 0, 10 * MIB, -1 }, { 20 * MIB, 30 * MIB, -1 } };
	/* In a hole, but each touches RAM. */
	static const struct kho_range block[] = { { 0, 15 * MIB, 0 }, { 12 * MIB, 30 * MIB, 1 } };
	const struct kho_ranges rams = RANGES(ram), blocks = RANGES(block);
	struct kho_ranges map = { 0 };
	struct kho_err err;

	assert_int_equal(srat_nodes(&rams, &blocks, &x86, &map, &err), -ENOTSUP);
	assert_string_equal(err.text, "nodes 0 and 1 both have memory at 0xc00000");
	kho_ranges_deinit(&map);
}

/* memblock_validate_numa_coverage(): more than the threshold, in whole pages. */
static void test_how_much_ram_may_lack_a_node(void **state)
{
	static const struct kho_range ram[] = { { 0, 10 * MIB, -1 } };
	struct srat_rules arm64 = { .nodeless_limit_bytes = 0, .page_bytes = 65536 };
	struct kho_range block = { 0, 9 * MIB, 0 };
	const struct kho_ranges rams = RANGES(ram), blocks = { &block, 1, 1 };
	struct kho_ranges map = { 0 };
	struct kho_err err;

	assert_int_equal(srat_nodes(&rams, &blocks, &x86, &map, &err), 0);
	kho_ranges_deinit(&map);
	block.end_pa -= 4096;
	assert_int_equal(srat_nodes(&rams, &blocks, &x86, &map, &err), -ENOTSUP);
	kho_ranges_deinit(&map);
	block.end_pa = 10 * MIB - 4096;		/* no whole page of 64 KiB */
	assert_int_equal(srat_nodes(&rams, &blocks, &arm64, &map, &err), 0);
	kho_ranges_deinit(&map);
	arm64.page_bytes = 4096;
	assert_int_equal(srat_nodes(&rams, &blocks, &arm64, &map, &err), -ENOTSUP);
	kho_ranges_deinit(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domains_are_numbered_as_they_are_met),
		cmocka_unit_test(test_what_is_not_enabled_does_not_count),
		cmocka_unit_test(test_old_revisions_have_domains_of_eight_bits),
		cmocka_unit_test(test_unknown_structures_are_passed_over),
		cmocka_unit_test(test_damaged_tables_are_refused),
		cmocka_unit_test(test_what_is_behind_the_last_structure_is_not_looked_at),
		cmocka_unit_test(test_blocks_that_are_none_are_passed_over),
		cmocka_unit_test(test_a_disabled_initiator_ends_the_first_walk),
		cmocka_unit_test(test_tables_that_every_kernel_drops),
		cmocka_unit_test(test_blocks_are_cut_to_the_ram),
		cmocka_unit_test(test_overlaps_count_where_both_have_ram),
		cmocka_unit_test(test_how_much_ram_may_lack_a_node),
	};

	return cmocka_run_group_tests_name("srat", tests, NULL, NULL);
}
