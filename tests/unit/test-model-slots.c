// SPDX-License-Identifier: GPL-2.0-only
/* Many slots of KASLR: what holds in some of them, and which ones there are. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "model-fixture.h"

/*
 * Below 4 GiB lies one area of 96 MiB, in which nothing is but the bounce buffer, and
 * the kernel where KASLR puts it there: at 40 places from 0 to 78 MiB.  It ends 14.4 MiB
 * from where it begins, so 64 MiB are left in one piece above it up to 16 MiB, and below
 * it from 64 MiB on; else half of that.
 */
static void test_what_is_short_in_some_slots(void **state)
{
	const struct boot_shortfall *s = &r.fold.shortfall[BOOT_SHORT_SWIOTLB];

	ram(MIB, 3 * GIB, 0);
	ram(4 * GIB, 8 * GIB, 0);
	scratch(5 * GIB, 512 * MIB);
	scratch(2 * GIB, 96 * MIB);
	follow(&plain, "", 2 * MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_int_equal(s->slots, 40 - 9 - 8);
	assert_int_equal(s->least, 0);
	assert_int_equal(s->most, 32 * MIB);
	assert_int_equal(r.swiotlb_bytes, 32 * MIB);
	assert_true(r.runs < r.slots / 10);
}

/*
 * Two areas of 16 and 128 MiB, empty but for boot parameters and initrd at the top
 * of the first, and the kernel at the top of the second, 110 MiB in.  Slots of 18
 * MiB, 2 MiB apart, from 512 MiB on: none in the first.  In the second the packed
 * kernel, from 0xcd12c4 of its load address on, is out of bounds: 122.8 MiB remain,
 * (122.8 - 18) / 2 + 1 = 53.  With 4 MiB at 64 MiB left out, (64 - 18) / 2 + 1 = 24
 * below, and (54.8 - 18) / 2 + 1 = 19 above.
 */
static void test_slots_by_hand(void **state)
{
	ram(MIB, 3 * GIB, 0);
	scratch(2 * GIB, 16 * MIB);
	scratch(GIB, 128 * MIB);
	follow(&plain, "", MIB);
	assert_true(r.kaslr);
	assert_int_equal(r.slots, 53);
	assert_int_equal(r.fold.followed, 53);
	follow(&plain, "memmap=4M$1088M", MIB);
	assert_int_equal(r.slots, 43);
	follow(&plain, "nokaslr", MIB);
	assert_false(r.kaslr);
}

/* More than four memmap= make the decompressor give up choosing. */
static void test_too_many_memmaps_for_kaslr(void **state)
{
	small_machine();
	follow(&plain, "memmap=4K$1M,4K$2M,4K$3M,4K$4M", MIB);
	assert_true(r.kaslr);
	follow(&plain, "memmap=4K$1M,4K$2M,4K$3M,4K$4M,4K$5M", MIB);
	assert_false(r.kaslr);
	assert_int_equal(r.cut_bytes, 5 * 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_short_in_some_slots),
		TEST(test_slots_by_hand),
		TEST(test_too_many_memmaps_for_kaslr),
	};

	return cmocka_run_group_tests_name("model-slots", tests, NULL, NULL);
}
