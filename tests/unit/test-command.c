// SPDX-License-Identifier: GPL-2.0-only
/* The exit status with a loader's, as kexec-kho(8) has it under EXIT STATUS. */
#include "config.h"

#include "cli/command.h"
#include "unit.h"

static int status_of(enum kho_mode mode, bool refused, kho_verdict verdict, int loader_status)
{
	const struct kho_policy policy = { .mode = mode };
	struct kho_gate gate = {
		.policy = &policy, .judged = true, .refused = refused, .verdict = verdict,
	};

	return kho_command_status(&gate, loader_status);
}

static void test_a_load_that_was_allowed(void **state)
{
	static const struct {
		int loader, ours;
	} status[] = {
		{ 0, 0 }, { 1, 1 }, { 2, 1 }, { 3, 1 }, { 4, 1 }, { 5, 5 }, { 255, 255 },
		/* What main() returns is cut to a byte by exit(): 0x103 is 3. */
		{ -1, 255 }, { 0x103, 1 },
	};

	for (size_t i = 0; i < sizeof(status) / sizeof(status[0]); i++) {
		assert_int_equal(status_of(KHO_MODE_CHECK, false, KHO_NOTE, status[i].loader),
				 status[i].ours);
		assert_int_equal(status_of(KHO_MODE_STRICT, false, KHO_NOTE, status[i].loader),
				 status[i].ours);
	}
}

static void test_a_load_that_was_refused(void **state)
{
	assert_int_equal(status_of(KHO_MODE_STRICT_WARN, true, KHO_WARN, 0), 2);
	assert_int_equal(status_of(KHO_MODE_STRICT, true, KHO_FAIL, 0), 3);
	assert_int_equal(status_of(KHO_MODE_STRICT, true, KHO_UNKNOWN, 1), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_load_that_was_allowed),
		cmocka_unit_test(test_a_load_that_was_refused),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
