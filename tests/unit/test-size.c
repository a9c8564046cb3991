// SPDX-License-Identifier: GPL-2.0-only
/* Expected texts were worked out by hand. */
#include "config.h"

#include "base/size.h"
#include "unit.h"

#define KIB	UINT64_C(1024)
#define MIB	(KIB * 1024)

static void assert_size(uint64_t bytes, const char *down, const char *up)
{
	char text[KHO_SIZE_BYTES];

	assert_string_equal(kho_size(bytes, text), down);
	assert_string_equal(kho_size_up(bytes, text), up);
}

static void test_what_is_exact_stays_so(void **state)
{
	assert_size(0, "0 bytes", "0 bytes");
	assert_size(64, "64 bytes", "64 bytes");
	assert_size(1023, "1023 bytes", "1023 bytes");
	assert_size(KIB, "1 KiB", "1 KiB");
	assert_size(528 * KIB, "528 KiB", "528 KiB");
	assert_size(16 * MIB, "16 MiB", "16 MiB");
	assert_size(MIB + MIB / 4, "1.25 MiB", "1.25 MiB");
	assert_size(39 * MIB + MIB / 2, "39.5 MiB", "39.5 MiB");
	assert_size(2048 * MIB, "2 GiB", "2 GiB");
}

static void test_three_digits(void **state)
{
	assert_size(KIB + 1, "1 KiB", "1.01 KiB");
	/* 15 MiB and 1023 KiB: 15.999 */
	assert_size(16 * MIB - KIB, "15.9 MiB", "16 MiB");
	assert_size(9 * MIB + 1000 * KIB, "9.97 MiB", "9.98 MiB");
	assert_size(10 * MIB - 1, "9.99 MiB", "10 MiB");
	assert_size(100 * MIB - 1, "99.9 MiB", "100 MiB");
	assert_size(123 * MIB + 1, "123 MiB", "124 MiB");
	assert_size(UINT64_MAX, "16383 PiB", "16384 PiB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_exact_stays_so),
		cmocka_unit_test(test_three_digits),
	};

	return cmocka_run_group_tests_name("size", tests, NULL, NULL);
}
