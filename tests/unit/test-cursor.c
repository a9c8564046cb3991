// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cursor.h"
#include "unit.h"

static const uint8_t eight[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void test_numbers_in_both_orders(void **state)
{
	struct cursor c = cursor_init((struct kho_bytes){ eight, sizeof(eight) });
	uint16_t two;
	uint32_t four;
	uint64_t all;
	uint8_t one;

	assert_int_equal(cursor_u8(&c, &one), 0);
	assert_int_equal(one, 1);
	assert_int_equal(cursor_u16(&c, &two), 0);
	assert_int_equal(two, 0x0302);
	assert_int_equal(cursor_u32(&c, &four), 0);
	assert_int_equal(four, 0x07060504);
	c.big_endian = true;
	assert_int_equal(cursor_seek(&c, 0), 0);
	assert_int_equal(cursor_u64(&c, &all), 0);
	assert_true(all == UINT64_C(0x0102030405060708));
}

static void test_an_error_does_not_move_it(void **state)
{
	struct cursor c = cursor_init((struct kho_bytes){ eight, sizeof(eight) });
	struct kho_bytes bytes;
	const char *text;
	uint32_t four = 77;
	uint64_t all;

	assert_int_equal(cursor_seek(&c, 5), 0);
	assert_int_equal(cursor_u32(&c, &four), -ERANGE);
	assert_int_equal(four, 77);
	assert_int_equal(cursor_u64(&c, &all), -ERANGE);
	assert_int_equal(cursor_skip(&c, 4), -ERANGE);
	assert_int_equal(cursor_skip(&c, UINT64_MAX), -ERANGE);
	assert_int_equal(cursor_seek(&c, 9), -ERANGE);
	assert_int_equal(cursor_align(&c, 16), -ERANGE);
	assert_int_equal(cursor_bytes(&c, 4, &bytes), -ERANGE);
	assert_int_equal(cursor_bytes(&c, UINT64_MAX - 4, &bytes), -ERANGE);
	assert_int_equal(cursor_string(&c, &text), -ERANGE);
	assert_int_equal(c.pos, 5);
}

static void test_string_ends_at_its_nul(void **state)
{
	static const uint8_t data[] = { 'a', 'b', 0, 0, 'c' };
	struct cursor c = cursor_init((struct kho_bytes){ data, sizeof(data) });
	const char *text;

	assert_int_equal(cursor_string(&c, &text), 0);
	assert_string_equal(text, "ab");
	assert_int_equal(cursor_string(&c, &text), 0);
	assert_string_equal(text, "");
	assert_int_equal(cursor_string(&c, &text), -ERANGE);
	assert_int_equal(c.pos, 4);
}

static void test_align_counts_from_the_start(void **state)
{
	struct cursor c = cursor_init((struct kho_bytes){ eight, sizeof(eight) });

	assert_int_equal(cursor_align(&c, 4), 0);
	assert_int_equal(c.pos, 0);
	assert_int_equal(cursor_skip(&c, 1), 0);
	assert_int_equal(cursor_align(&c, 4), 0);
	assert_int_equal(c.pos, 4);
}

static void test_slices_do_not_wrap(void **state)
{
	struct kho_bytes all = { eight, sizeof(eight) }, slice;

	assert_int_equal(bytes_slice(all, 8, 0, &slice), 0);
	assert_int_equal(bytes_slice(all, 8, 1, &slice), -ERANGE);
	assert_int_equal(bytes_slice(all, UINT64_MAX, 2, &slice), -ERANGE);
	assert_int_equal(bytes_slice(all, 2, UINT64_MAX - 1, &slice), -ERANGE);
	assert_int_equal(bytes_slice(all, 2, 3, &slice), 0);
	assert_ptr_equal(slice.data, eight + 2);
	assert_true(bytes_have(all, 6, eight + 6, 2));
	assert_false(bytes_have(all, 7, eight + 6, 2));
}

/* The bytes end where a page does, and the next can't be touched. */
static void test_nothing_behind_the_end_is_read(void **state)
{
	size_t page = sysconf(_SC_PAGESIZE);
	uint8_t *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	struct cursor c;
	const char *text;
	uint64_t all;

	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(mprotect(map + page, page, PROT_NONE), 0);
	memset(map, 'x', page);
	c = cursor_init((struct kho_bytes){ map + page - 7, 7 });
	assert_int_equal(cursor_u64(&c, &all), -ERANGE);
	assert_int_equal(cursor_string(&c, &text), -ERANGE);
	assert_int_equal(cursor_skip(&c, 7), 0);
	assert_int_equal(cursor_string(&c, &text), -ERANGE);
	munmap(map, 2 * page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_in_both_orders),
		cmocka_unit_test(test_an_error_does_not_move_it),
		cmocka_unit_test(test_string_ends_at_its_nul),
		cmocka_unit_test(test_align_counts_from_the_start),
		cmocka_unit_test(test_slices_do_not_wrap),
		cmocka_unit_test(test_nothing_behind_the_end_is_read),
	};

	return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
