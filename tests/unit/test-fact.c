// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "successor/claims/fact.h"
#include "unit.h"

static void test_no_claim_is_unknown(void **state)
{
	struct kho_fact fact = { 0 };

	assert_int_equal(kho_fact_get(&fact, NULL, NULL), KHO_FACT_UNKNOWN);
	assert_false(kho_fact_disputed(&fact));
}

static void test_agreement_names_the_first_source(void **state)
{
	struct kho_fact fact = { 0 };
	enum kho_source source;
	uint64_t value;

	kho_fact_claim(&fact, KHO_SRC_ARCH, 64);
	kho_fact_claim(&fact, KHO_SRC_BTF, 64);
	assert_int_equal(kho_fact_get(&fact, &value, &source), KHO_FACT_KNOWN);
	assert_int_equal(value, 64);
	assert_int_equal(source, KHO_SRC_BTF);
}

static void test_disagreement_is_not_known(void **state)
{
	struct kho_fact fact = { 0 };

	kho_fact_claim(&fact, KHO_SRC_BTF, 64);
	kho_fact_claim(&fact, KHO_SRC_CODE, 56);
	assert_int_equal(kho_fact_get(&fact, NULL, NULL), KHO_FACT_CONTRADICTED);
	assert_true(kho_fact_disputed(&fact));
}

static void test_the_user_wins_but_the_dispute_stays(void **state)
{
	struct kho_fact fact = { 0 };
	enum kho_source source;
	uint64_t value;

	kho_fact_claim(&fact, KHO_SRC_BTF, 64);
	kho_fact_claim(&fact, KHO_SRC_GIVEN, 128);
	assert_int_equal(kho_fact_get(&fact, &value, &source), KHO_FACT_KNOWN);
	assert_int_equal(value, 128);
	assert_int_equal(source, KHO_SRC_GIVEN);
	assert_true(kho_fact_disputed(&fact));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_claim_is_unknown),
		cmocka_unit_test(test_agreement_names_the_first_source),
		cmocka_unit_test(test_disagreement_is_not_known),
		cmocka_unit_test(test_the_user_wins_but_the_dispute_stays),
	};

	return cmocka_run_group_tests_name("fact", tests, NULL, NULL);
}
