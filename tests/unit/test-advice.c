// SPDX-License-Identifier: GPL-2.0-only
/* An advice whose steps are spent: nothing is known then, and the report must say so. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "check/advice.h"
#include "check/suppose.h"
#include "kho-scratch.h"
#include "machine/describe.h"
#include "model-fixture.h"

static struct kho_prepared prepared;
static struct machine machine;
static struct kho_check check;
static struct kho_with with;

/* A machine without areas; @steps for its advice, 0 for as many as usual. */
static void advise(uint64_t steps)
{
	char *errors;

	prepared = (struct kho_prepared){ .kernel = plain };
	with = (struct kho_with){ .cmdline = "kho=on nokaslr", .prepared = &prepared, .work = work,
				  .headroom_percent = 10, .advice_steps = steps };
	check = (struct kho_check){ .has_boot = false };
	assert_int_equal(describe_machine("8G nodes=2 cpus=4", &machine, &errors), 0);
	free(errors);
	assert_int_equal(kho_advise(&machine, &with, &check), 0);
	assert_int_equal(kho_advise_findings(&machine, &with, &check), 0);
}

static void done(void)
{
	kho_check_deinit(&check);
	machine_deinit(&machine);
}

static const struct kho_finding *cut_short(void)
{
	for (size_t i = 0; i < check.findings.n; i++)
		if (check.findings.f[i].id == KHO_F_ADVICE_CUT_SHORT)
			return &check.findings.f[i];
	return NULL;
}

static void what_is_not_known_is_said(void **state)
{
	advise(1000);
	assert_false(check.advice.best.found);
	assert_non_null(cut_short());
	assert_non_null(strstr(cut_short()->message, "more than 1000 steps"));
	assert_non_null(cut_short()->remedy);
	done();
}

static void enough_steps(void **state)
{
	advise(0);
	assert_true(check.advice.best.found);
	assert_null(cut_short());
	done();
}

/* It is not taken for a machine into which nothing fits. */
static void a_plan_knows_it_too(void **state)
{
	struct boot_advice advice;

	advise(1000);
	assert_int_equal(kho_plan_setting(&machine, &with, 1, &advice), 0);
	assert_true(advice.spent);
	assert_false(advice.best.found || advice.no_fit);
	done();
}

/* The areas are laid out, but not all that they may be. */
static void a_what_if_knows_it_too(void **state)
{
	const struct boot_setting set = { .low_bytes = 256 << 20, .global_bytes = 256 << 20,
					  .node_bytes = 256 << 20 };
	static const struct successor successor;
	const struct kho_finding *said = NULL;

	advise(1000);
	assert_int_equal(kho_suppose(&successor, &with, &set, &machine), 0);
	assert_true(machine.scratch_known);
	for (size_t i = 0; i < machine.gaps.n; i++)
		if (machine.gaps.f[i].id == KHO_F_LAYOUT_WORST)
			said = &machine.gaps.f[i];
	assert_non_null(said);
	assert_non_null(strstr(said->message, "more than 1000 steps"));
	done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_not_known_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(enough_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(a_plan_knows_it_too, setup, teardown),
		cmocka_unit_test_setup_teardown(a_what_if_knows_it_too, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
