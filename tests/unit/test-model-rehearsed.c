// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that rehearsals of random machines showed (tests/rehearse/cases/kept.txt); the values are
 * those of the kernels' logs there.
 */
#include "config.h"

#include "arch/arch.h"
#include "model/toolbox/run.h"
#include "model-fixture.h"

/* 300118 and 300539: two nodes take three masks of CPUs, four possible ones five, of 8 bytes each. */
static void test_masks_of_cpus(void **state)
{
	struct boot_kernel k = plain;
	uint64_t without;

	small_machine();
	follow(&k, "nokaslr", MIB);
	without = bytes_of(BOOT_SMALL);
	k.cpumask_offstack = true;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(bytes_of(BOOT_SMALL) - without, 3 * 8);
	follow(&k, "nokaslr numa=off", MIB);
	k.cpumask_offstack = false;
	without = bytes_of(BOOT_SMALL);
	follow(&k, "nokaslr numa=off", MIB);
	assert_int_equal(without - bytes_of(BOOT_SMALL), 2 * 8);
}

static void test_masks_of_possible_nodes(void **state)
{
	struct boot_kernel k = plain;
	uint64_t with;

	small_machine();
	m.possible_nodes = 4;
	k.cpumask_offstack = true;
	follow(&k, "nokaslr", MIB);
	with = bytes_of(BOOT_SMALL);
	k.cpumask_offstack = false;
	follow(&k, "nokaslr", MIB);
	assert_int_equal(with - bytes_of(BOOT_SMALL), 5 * 8);
}

/* 300194: no resource of an I/O APIC, 64 bytes and the 11 of its name. */
static void test_no_ioapic(void **state)
{
	static const char *const words[] = { "nokaslr nosmp", "noapic", "maxcpus=0" };
	static const char *const same_length[] = { "nokaslr quiet", "noapiv", "maxcpus=1" };

	small_machine();
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		uint64_t with;

		follow(&plain, same_length[i], MIB);
		with = bytes_of(BOOT_SMALL);
		follow(&plain, words[i], MIB);
		assert_int_equal(with - bytes_of(BOOT_SMALL), 75);
	}
}

/* 70020 and all others of arm64: nothing between the hash tables and the bounce buffer. */
static void test_arm64_takes_no_late_pages(void **state)
{
	assert_null(kho_arch_arm64.boot->late_pages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_masks_of_cpus),
		TEST(test_masks_of_possible_nodes),
		TEST(test_no_ioapic),
		TEST(test_arm64_takes_no_late_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
