// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maps of preserved memory, put together by hand after the kernel's own headers:
 * kernel/kexec_handover.c of 6.18 and include/linux/kho/abi/kexec_handover.h of 7.2.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/formats.h"
#include "machine/kcore.h"
#include "machine/handover/preserved.h"
#include "mkcore.h"
#include "unit.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define DIRECT_MAP UINT64_C(0xffff888000000000)

/* RAM from 1 MiB to 2 GiB and from 4 to 6 GiB, vmalloc, and the kernel's image at 16 MiB. */
static void begin(struct mkcore *mk, uint64_t page_bytes)
{
	mkcore_init(mk, -1, page_bytes);
	mkcore_segment(mk, MIB, DIRECT_MAP + MIB, 2 * GIB - MIB);
	mkcore_segment(mk, UINT64_MAX, UINT64_C(0xffffc90000000000), 4096);
	mkcore_segment(mk, 4 * GIB, DIRECT_MAP + 4 * GIB, 2 * GIB);
	mkcore_segment(mk, 16 * MIB, UINT64_C(0xffffffff81000000), 4 * MIB + 0x123);
	mkcore_headers(mk);
}

static void open_core(struct mkcore *mk, struct kcore *core)
{
	struct kho_err err = { "" };

	assert_int_equal(kcore_init(mk->fd, core, &err), 0);
}

/* Read the map of a handover whose root has this ABI. */
static void read_map(struct mkcore *mk, const char *abi, uint64_t map_pa,
		     struct machine_handover *h)
{
	static const struct kho_err no_err = { "" };
	struct kcore core;

	*h = (struct machine_handover){ .out = { .state = HANDOVER_READ,
						 .preserved_map_pa = map_pa } };
	h->out.root.node = strdup("/");
	h->out.root.text = calloc(1, sizeof(*h->out.root.text));
	assert_non_null(h->out.root.text);
	h->out.root.text[0] = strdup(abi);
	h->out.root.nr_texts = 1;
	open_core(mk, &core);
	assert_int_equal(preserved_read(&core, &no_err, h), 0);
	kcore_close(&core);
}

static void assert_range(const struct kho_ranges *ranges, size_t i, uint64_t start_pa,
			 uint64_t end_pa)
{
	assert_true(i < ranges->n);
	assert_int_equal(ranges->r[i].start_pa, start_pa);
	assert_int_equal(ranges->r[i].end_pa, end_pa);
}

static void assert_trouble(struct machine_handover *h, const char *trouble)
{
	assert_false(h->preserved_known);
	assert_int_equal(h->preserved.n, 0);
	assert_int_equal(h->preserved_map.n, 0);
	assert_non_null(h->preserved_trouble);
	assert_string_equal(h->preserved_trouble, trouble);
	machine_handover_deinit(h);
}

static void test_memory_is_read_by_its_address(void **state)
{
	struct mkcore mk;
	struct kcore core;
	uint8_t page[4096];
	uint64_t pa;

	begin(&mk, 4096);
	mkcore_put(&mk, 0x200000, "low", 4);
	mkcore_put(&mk, 5 * GIB, "high", 5);
	open_core(&mk, &core);
	assert_int_equal(core.page_bytes, 4096);
	assert_int_equal(core.nr_segments, 3);
	assert_int_equal(kcore_read(&core, 0x200000, page, sizeof(page)), 0);
	assert_string_equal((char *)page, "low");
	assert_int_equal(kcore_read(&core, 5 * GIB, page, sizeof(page)), 0);
	assert_string_equal((char *)page, "high");
	/* Behind the image's last byte, and before and behind RAM. */
	assert_int_equal(kcore_read(&core, 20 * MIB, page, sizeof(page)), 0);
	assert_int_equal(kcore_read(&core, 2 * GIB - 4095, page, sizeof(page)), -EFAULT);
	assert_int_equal(kcore_read(&core, 3 * GIB, page, sizeof(page)), -EFAULT);
	assert_int_equal(kcore_read(&core, UINT64_MAX, page, sizeof(page)), -EFAULT);
	assert_int_equal(kcore_image(&core)->start_pa, 16 * MIB);
	assert_int_equal(kcore_direct_map(&core, DIRECT_MAP + 5 * GIB, &pa), 0);
	assert_int_equal(pa, 5 * GIB);
	assert_int_equal(kcore_direct_map(&core, DIRECT_MAP + 3 * GIB, &pa), -ENOENT);
	assert_int_equal(kcore_direct_map(&core, UINT64_C(0xffffffff81000000), &pa), -ENOENT);
	kcore_close(&core);
}

static void test_what_is_no_core_is_refused(void **state)
{
	struct kho_err err = { "" };
	struct mkcore mk;
	struct kcore core;

	begin(&mk, 4096);
	assert_int_equal(pwrite(mk.fd, "\x7f" "ELF\x01", 5, 0), 5);
	assert_int_equal(kcore_init(mk.fd, &core, &err), -EBADMSG);
	assert_string_equal(err.text, "proc/kcore: not the ELF core of a 64-bit "
				      "little-endian kernel");
	begin(&mk, 12345);
	assert_int_equal(kcore_init(mk.fd, &core, &err), -EBADMSG);
	begin(&mk, 4096);
	assert_int_equal(ftruncate(mk.fd, 100), 0);
	assert_int_equal(kcore_init(mk.fd, &core, &err), -EBADMSG);
	assert_string_equal(err.text, "proc/kcore: its program headers are cut");
}

/*
 * Order 0, 0x12345000: key 1 << 52 | 0x12345.  Its nine bits from 51 up: 2, from 15
 * up: 2, the rest 0; bit 9029 of the leaf.  The run goes on over the next two pages.
 * Order 9, 0x140000000: key 1 << 43 | 0xa00.  From 42 up: 2; bit 2560 of the leaf.
 */
static void put_radix(struct mkcore *mk)
{
	static const uint64_t root = 0x200000;

	mkcore_put_u64(mk, root + 2 * 8, 0x201000);		/* level 5 */
	mkcore_put_u64(mk, 0x201000, 0x202000);			/* 4 */
	mkcore_put_u64(mk, 0x202000, 0x203000);			/* 3 */
	mkcore_put_u64(mk, 0x203000, 0x204000);			/* 2 */
	mkcore_put_u64(mk, 0x204000 + 2 * 8, 0x205000);		/* 1 */
	mkcore_set_bit(mk, 0x205000, 9029);
	mkcore_set_bit(mk, 0x205000, 9030);
	mkcore_set_bit(mk, 0x205000, 9031);
	mkcore_put_u64(mk, root, 0x300000);
	mkcore_put_u64(mk, 0x300000 + 2 * 8, 0x301000);
	mkcore_put_u64(mk, 0x301000, 0x302000);
	mkcore_put_u64(mk, 0x302000, 0x303000);
	mkcore_put_u64(mk, 0x303000, 0x304000);
	mkcore_set_bit(mk, 0x304000, 2560);
}

static void test_a_tree_is_walked(void **state)
{
	static const char *const abis[] = { "kho-v3", "kho-v4" };
	struct machine_handover h;
	struct mkcore mk;

	for (size_t i = 0; i < 2; i++) {
		begin(&mk, 4096);
		put_radix(&mk);
		read_map(&mk, abis[i], 0x200000, &h);
		assert_true(h.preserved_known);
		assert_string_equal(h.preserved_source, "proc/kcore");
		assert_int_equal(h.preserved.n, 2);
		assert_range(&h.preserved, 0, 0x12345000, 0x12348000);
		assert_range(&h.preserved, 1, 0x140000000, 0x140200000);
		assert_int_equal(h.preserved_map.n, 2);
		assert_range(&h.preserved_map, 0, 0x200000, 0x206000);
		assert_range(&h.preserved_map, 1, 0x300000, 0x305000);
		machine_handover_deinit(&h);
	}
}

/*
 * Pages of 64 KiB: a leaf has 19 bits of the key, a table 13.  Order 0, 0x120050000:
 * key 1 << 48 | 0x12005.  From 45 up: 8, from 19 and 32 up: 0; bit 0x12005.
 */
static void test_pages_may_be_larger(void **state)
{
	struct machine_handover h;
	struct mkcore mk;

	begin(&mk, 65536);
	mkcore_put_u64(&mk, 0x200000 + 8 * 8, 0x210000);
	mkcore_put_u64(&mk, 0x210000, 0x220000);
	mkcore_put_u64(&mk, 0x220000, 0x230000);
	mkcore_set_bit(&mk, 0x230000, 0x12005);
	read_map(&mk, "kho-v4", 0x200000, &h);
	assert_true(h.preserved_known);
	assert_int_equal(h.preserved.n, 1);
	assert_range(&h.preserved, 0, 0x120050000, 0x120060000);
	machine_handover_deinit(&h);
}

/*
 * Pages of 16 KiB, KHO_TREE_MAX_DEPTH 5: a leaf has 17 bits of the key, a table 11.  Order 0,
 * 0x120054000: key 1 << 50 | 0x48015.  From 50 up: 1, from 17 up: 2, the rest 0; bit 0x8015.
 */
static void test_pages_of_16_kib(void **state)
{
	struct machine_handover h;
	struct mkcore mk;

	begin(&mk, 16384);
	mkcore_put_u64(&mk, 0x200000 + 1 * 8, 0x204000);	/* level 4 */
	mkcore_put_u64(&mk, 0x204000, 0x208000);		/* 3 */
	mkcore_put_u64(&mk, 0x208000, 0x20c000);		/* 2 */
	mkcore_put_u64(&mk, 0x20c000 + 2 * 8, 0x210000);	/* 1 */
	mkcore_set_bit(&mk, 0x210000, 0x8015);
	read_map(&mk, "kho-v4", 0x200000, &h);
	assert_true(h.preserved_known);
	assert_int_equal(h.preserved.n, 1);
	assert_range(&h.preserved, 0, 0x120054000, 0x120058000);
	machine_handover_deinit(&h);
}

/*
 * The same pages, KHO_TREE_MAX_DEPTH 4, as 7.1-rc1 to rc5 have it: order 1, key 1 << 49 | 0x2400a,
 * begins with entry 1024 (from 39 up) of the topmost table.
 */
static void test_a_map_of_fewer_levels_is_refused(void **state)
{
	struct machine_handover h;
	struct mkcore mk;

	begin(&mk, 16384);
	mkcore_put_u64(&mk, 0x200000 + 1024 * 8, 0x204000);
	mkcore_put_u64(&mk, 0x204000, 0x208000);
	mkcore_put_u64(&mk, 0x208000 + 1 * 8, 0x20c000);
	mkcore_set_bit(&mk, 0x20c000, 0x400a);
	read_map(&mk, "kho-v3", 0x200000, &h);
	assert_trouble(&h, "the map at 0x200000: a key of more than 51 bits: a map of 5 levels "
			   "has none");
}

/* As pahole and the sources of 7.1.13, 7.2.13 and 7.3.4 have KHO_TREE_MAX_DEPTH. */
static void test_levels_by_page_size(void **state)
{
	assert_int_equal(kho_radix_levels(12), 6);
	assert_int_equal(kho_radix_levels(14), 5);
	assert_int_equal(kho_radix_levels(16), 4);
	assert_false(kho_radix_levels_vary(12));
	assert_true(kho_radix_levels_vary(14));
	assert_false(kho_radix_levels_vary(16));
}

/*
 * Two parts of the list.  Order 0, bits from 0x08000000 (128 MiB a page of bits);
 * order 4, bits from 4 GiB: bit 3 is the 64 KiB at 4 GiB + 192 KiB.
 */
static void put_list(struct mkcore *mk)
{
	mkcore_put_u64(mk, 0x400000, 0x500000);			/* the next part */
	mkcore_put_u64(mk, 0x400008, UINT64_C(1) << 32 | 0);	/* order 0, one entry */
	mkcore_put_u64(mk, 0x400010, 0x08000000);
	mkcore_put_u64(mk, 0x400018, 0x401000);
	mkcore_set_bit(mk, 0x401000, 0);
	mkcore_set_bit(mk, 0x401000, 63);
	mkcore_set_bit(mk, 0x401000, 64);
	mkcore_set_bit(mk, 0x401000, 32767);
	mkcore_put_u64(mk, 0x500008, UINT64_C(1) << 32 | 4);
	mkcore_put_u64(mk, 0x500010, 4 * GIB);
	mkcore_put_u64(mk, 0x500018, 0x501000);
	mkcore_set_bit(mk, 0x501000, 3);
}

static void test_a_list_is_walked(void **state)
{
	struct machine_handover h;
	struct mkcore mk;

	begin(&mk, 4096);
	put_list(&mk);
	read_map(&mk, "kho-v1", 0x400000, &h);
	assert_true(h.preserved_known);
	assert_int_equal(h.preserved.n, 4);
	assert_range(&h.preserved, 0, 0x08000000, 0x08001000);
	assert_range(&h.preserved, 1, 0x0803f000, 0x08041000);
	assert_range(&h.preserved, 2, 0x0ffff000, 0x10000000);
	assert_range(&h.preserved, 3, 0x100030000, 0x100040000);
	assert_int_equal(h.preserved_map.n, 2);
	assert_range(&h.preserved_map, 0, 0x400000, 0x402000);
	assert_range(&h.preserved_map, 1, 0x500000, 0x502000);
	machine_handover_deinit(&h);
}

static void test_an_unknown_layout_is_said(void **state)
{
	struct machine_handover h;
	struct mkcore mk;

	begin(&mk, 4096);
	put_radix(&mk);
	read_map(&mk, "kho-v9", 0x200000, &h);
	assert_trouble(&h, "the layout of its map is not known: kho-v9");
	begin(&mk, 4096);
	read_map(&mk, "kho-v4", 0, &h);
	assert_trouble(&h, "kho/out/fdt names no map");
}

static void test_damaged_trees_are_refused(void **state)
{
	struct machine_handover h;
	struct mkcore mk;

	begin(&mk, 4096);
	put_radix(&mk);
	mkcore_put_u64(&mk, 0x203000, 0x204008);
	read_map(&mk, "kho-v4", 0x200000, &h);
	assert_trouble(&h, "the map at 0x200000: 0x204008 is not the address of a page");

	begin(&mk, 4096);
	put_radix(&mk);
	mkcore_put_u64(&mk, 0x203000, 3 * GIB);
	read_map(&mk, "kho-v4", 0x200000, &h);
	assert_trouble(&h, "the map at 0x200000: 0xc0000000: no memory is there");

	/* Bit 52 is the highest that tells an order. */
	begin(&mk, 4096);
	put_radix(&mk);
	mkcore_put_u64(&mk, 0x200000 + 4 * 8, 0x201000);
	read_map(&mk, "kho-v4", 0x200000, &h);
	assert_trouble(&h, "the map at 0x200000: a key of more than 53 bits: a map of 6 levels "
			   "has none");

	begin(&mk, 4096);
	put_radix(&mk);
	mkcore_put_u64(&mk, 0x300000, 0x301000);
	read_map(&mk, "kho-v4", 0x200000, &h);
	assert_trouble(&h, "the map at 0x200000: it has a leaf of no order");

	/* Order 0 at 2 GiB: there is no RAM. */
	begin(&mk, 4096);
	put_radix(&mk);
	mkcore_put_u64(&mk, 0x204000 + 16 * 8, 0x206000);
	mkcore_set_bit(&mk, 0x206000, 0);
	read_map(&mk, "kho-v4", 0x200000, &h);
	assert_trouble(&h, "the map at 0x200000: it names 0x80000000 to 0x80001000, which is not "
			   "all memory");
}

/* Every entry of a table points to the table itself: six levels of 512 would never end. */
static void test_a_map_that_runs_in_circles_ends(void **state)
{
	struct machine_handover h;
	struct mkcore mk;

	begin(&mk, 4096);
	for (unsigned int i = 0; i < 512; i++)
		mkcore_put_u64(&mk, 0x200000 + 8 * i, i < 4 ? 0x200000 : 0);
	read_map(&mk, "kho-v4", 0x200000, &h);
	assert_false(h.preserved_known);
	machine_handover_deinit(&h);

	begin(&mk, 4096);
	mkcore_put_u64(&mk, 0x400000, 0x400000);
	read_map(&mk, "kho-v1", 0x400000, &h);
	assert_trouble(&h, "the map at 0x400000: it has more than 524288 pages");

	begin(&mk, 4096);
	mkcore_put_u64(&mk, 0x400008, UINT64_C(256) << 32);	/* a page has 255 entries */
	read_map(&mk, "kho-v1", 0x400000, &h);
	assert_trouble(&h, "the map at 0x400000: the page at 0x400000 is no part of the list");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_is_read_by_its_address),
		cmocka_unit_test(test_what_is_no_core_is_refused),
		cmocka_unit_test(test_a_tree_is_walked),
		cmocka_unit_test(test_pages_may_be_larger),
		cmocka_unit_test(test_pages_of_16_kib),
		cmocka_unit_test(test_a_map_of_fewer_levels_is_refused),
		cmocka_unit_test(test_levels_by_page_size),
		cmocka_unit_test(test_a_list_is_walked),
		cmocka_unit_test(test_an_unknown_layout_is_said),
		cmocka_unit_test(test_damaged_trees_are_refused),
		cmocka_unit_test(test_a_map_that_runs_in_circles_ends),
	};

	return cmocka_run_group_tests_name("preserved", tests, NULL, NULL);
}
