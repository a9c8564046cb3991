// SPDX-License-Identifier: GPL-2.0-only
/* Which machines of a fleet share an advice: those that differ in nothing that it depends on. */
#include "config.h"

#include "check/advice-memo.h"
#include "unit.h"

#define GIB (UINT64_C(1) << 30)

static struct kho_range ram[] = { { 0, GIB, 0 }, { GIB, 3 * GIB, 1 } };
static struct kho_range areas[] = { { GIB, GIB + 4096, 0 } };
static struct boot_cpus cpus[] = { { 0, 4 }, { 1, 4 } };

static struct boot_machine machine(void)
{
	return (struct boot_machine){
		.ram = { .r = ram, .n = 2 }, .scratch = { .r = areas, .n = 1 }, .cpus = cpus,
		.nr_cpus = 2, .nr_firmware_ranges = 9,
	};
}

static const struct boot_cold cold = { .cmdline = "root=UUID=1234 kho=on quiet", .release = "7.2.13" };

static bool knows(struct kho_advice_memo *memo, const struct boot_machine *bm,
		  const struct boot_cold *first)
{
	struct boot_advice advice;

	return kho_advice_memo_find(memo, bm, first, &advice);
}

static struct kho_advice_memo *with_one(void)
{
	struct kho_advice_memo *memo = kho_advice_memo_create();
	struct boot_advice advice = { .present_bytes = 1, .step_bytes = 77 };
	struct boot_machine bm = machine();

	assert_non_null(memo);
	assert_false(knows(memo, &bm, &cold));
	kho_advice_memo_keep(memo, &advice);
	return memo;
}

static void areas_and_root_do_not_matter(void **state)
{
	struct kho_advice_memo *memo = with_one();
	struct boot_machine bm = machine();
	struct boot_cold other = cold;
	struct boot_advice advice;

	bm.scratch.n = 0;
	other.cmdline = "root=UUID=4321 kho=on quiet";
	assert_true(kho_advice_memo_find(memo, &bm, &other, &advice));
	assert_int_equal(advice.step_bytes, 77);
	assert_int_equal(advice.present_bytes, 0);
	kho_advice_memo_destroy(memo);
}

static void all_else_does(void **state)
{
	struct kho_advice_memo *memo = with_one();
	struct boot_machine bm;
	struct boot_cold other;
	const struct boot_cpus one = { 0, 1 };

#define DIFFERS(change) do { \
	bm = machine(); \
	other = cold; \
	change; \
	assert_false(knows(memo, &bm, &other)); \
} while (0)
	DIFFERS(bm.ram.n = 1);
	DIFFERS(bm.nr_cpus = 1);
	DIFFERS(bm.own_cpus = &one; bm.nr_own_cpus = 1);
	DIFFERS(bm.boot_services = bm.scratch);
	DIFFERS(bm.ima_bytes = 4096);
	DIFFERS(bm.possible_end_pa = 4 * GIB);
	DIFFERS(bm.unmapped = bm.ram);
	DIFFERS(bm.device_tree.known = true);
	DIFFERS(bm.device_tree.nodes = 7);
	DIFFERS(bm.device_tree.properties = 7);
	DIFFERS(bm.device_tree.names_bytes = 64);
	DIFFERS(bm.possible_nodes = 3);
	DIFFERS(bm.nr_firmware_ranges = 8);
	DIFFERS(bm.five_level = true);
	DIFFERS(bm.gbpages = true);
	DIFFERS(bm.lpa2 = true);
	DIFFERS(bm.lpa2_known = true);
	DIFFERS(other.release = "6.18.15");
	DIFFERS(other.kernel_pa = GIB);
	DIFFERS(other.initrd.end_pa = 4096);
	/* A parameter of early boot, and one that is longer. */
	DIFFERS(other.cmdline = "root=UUID=1234 kho=no quiet");
	DIFFERS(other.cmdline = "root=UUID=12345 kho=on quiet");
	DIFFERS(other.cmdline = NULL);
	ram[1].node = 0;
	DIFFERS((void)0);
	ram[1].node = 1;
	cpus[1].count = 5;
	DIFFERS((void)0);
	cpus[1].count = 4;
	bm = machine();
	assert_true(knows(memo, &bm, &cold));
	kho_advice_memo_destroy(memo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(areas_and_root_do_not_matter),
		cmocka_unit_test(all_else_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
