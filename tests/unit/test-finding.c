// SPDX-License-Identifier: GPL-2.0-only
/* The table of severities in the code, against the one in the man page. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finding/explanation.h"
#include "finding/finding.h"
#include "unit.h"

static const char *manual_severity(const char *name)
{
	static char severity[16];
	char path[4096], line[256], found[64];
	const char *top = getenv("top_srcdir");
	FILE *f;

	snprintf(path, sizeof(path), "%s/doc/kexec-kho.8", top ? top : ".");
	f = fopen(path, "re");
	assert_non_null(f);
	severity[0] = '\0';
	while (fgets(line, sizeof(line), f)) {
		char word[16];

		if (sscanf(line, ".It %63s Ta %15s Ta", found, word) == 2 && !strcmp(found, name))
			strcpy(severity, word);
	}
	fclose(f);
	return severity;
}

static void test_the_manual_has_every_finding(void **state)
{
	for (enum kho_finding_id id = 0; id < KHO_F_NR; id++) {
		assert_non_null(kho_finding_name(id));
		assert_string_equal(manual_severity(kho_finding_name(id)),
				    kho_severity_name(kho_finding_severity(id)));
	}
}

/* Where there is nothing to do, it is a note. */
static void test_every_remedy_ends_with_a_command(void **state)
{
	for (enum kho_finding_id id = 0; id < KHO_F_NR; id++) {
		const struct kho_explanation e = kho_finding_explain(id);

		if (kho_finding_severity(id) == KHO_NOTE && !e.command[0])
			assert_int_equal(strncmp(e.action, "Nothing", strlen("Nothing")), 0);
		else
			assert_true(e.command[0]);
		assert_true(e.action[0] && e.why[0] && e.accept[0]);
	}
}

static void test_the_worst_is_the_verdict(void **state)
{
	struct kho_findings findings = { 0 };

	assert_string_equal(kho_verdict_name(kho_findings_verdict(&findings)), "ok");
	assert_int_equal(kho_findings_add(&findings, KHO_F_CRASH_LOAD, NULL, "note"), 0);
	assert_string_equal(kho_verdict_name(kho_findings_verdict(&findings)), "ok");
	assert_int_equal(kho_findings_add(&findings, KHO_F_SWIOTLB_SHORT, NULL, "warn"), 0);
	assert_string_equal(kho_verdict_name(kho_findings_verdict(&findings)), "warn");
	assert_int_equal(kho_findings_add(&findings, KHO_F_KHO_UNSEEN, "x", "unknown"), 0);
	assert_string_equal(kho_verdict_name(kho_findings_verdict(&findings)), "unknown");
	assert_int_equal(kho_findings_add(&findings, KHO_F_LOAD_NO_HOLE, NULL, "fail"), 0);
	assert_int_equal(kho_findings_add(&findings, KHO_F_KHO_UNSEEN, NULL, "unknown"), 0);
	assert_string_equal(kho_verdict_name(kho_findings_verdict(&findings)), "fail");
	kho_findings_deinit(&findings);
}

static void test_what_is_accepted_does_not_count(void **state)
{
	struct kho_findings findings = { 0 };
	bool ids[KHO_F_NR] = { false };

	assert_int_equal(kho_findings_add(&findings, KHO_F_SWIOTLB_SHORT, NULL, "warn"), 0);
	assert_int_equal(kho_findings_add(&findings, KHO_F_ABI_MISMATCH, NULL, "fail"), 0);
	ids[KHO_F_ABI_MISMATCH] = true;
	kho_findings_accept(&findings, ids);
	assert_false(findings.f[0].accepted);
	assert_true(findings.f[1].accepted);
	assert_string_equal(kho_verdict_name(kho_findings_verdict(&findings)), "warn");
	ids[KHO_F_SWIOTLB_SHORT] = true;
	kho_findings_accept(&findings, ids);
	assert_string_equal(kho_verdict_name(kho_findings_verdict(&findings)), "ok");
	kho_findings_deinit(&findings);
}

static void test_a_finding_by_its_name(void **state)
{
	for (enum kho_finding_id id = 0; id < KHO_F_NR; id++)
		assert_int_equal(kho_finding_by_name(kho_finding_name(id),
						     strlen(kho_finding_name(id))), id);
	assert_int_equal(kho_finding_by_name("abi-mismatch,more", 12), KHO_F_ABI_MISMATCH);
	assert_int_equal(kho_finding_by_name("abi-mismatch", 3), KHO_F_NR);
	assert_int_equal(kho_finding_by_name("", 0), KHO_F_NR);
}

static void test_what_is_not_printable_is_replaced(void **state)
{
	struct kho_findings findings = { 0 };

	assert_int_equal(kho_findings_add(&findings, KHO_F_KHO_OFF, NULL, "a\nb\033[2Jc\xff"), 0);
	assert_string_equal(findings.f[0].message, "a?b?[2Jc?");
	kho_findings_deinit(&findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_manual_has_every_finding),
		cmocka_unit_test(test_every_remedy_ends_with_a_command),
		cmocka_unit_test(test_the_worst_is_the_verdict),
		cmocka_unit_test(test_what_is_accepted_does_not_count),
		cmocka_unit_test(test_a_finding_by_its_name),
		cmocka_unit_test(test_what_is_not_printable_is_replaced),
	};

	return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
