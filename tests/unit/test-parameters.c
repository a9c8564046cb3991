// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of parameters against lists made from kernel sources by
 * tests/kernels/list-parameters: none is forgotten.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/parameters.h"
#include "unit.h"

static const struct parameter *find(const char *name, const char *arch)
{
	const struct param p = { .name = name, .name_bytes = strlen(name) };

	return parameter_find(&p, arch);
}

static void check_list(const char *release)
{
	const char *top = getenv("top_srcdir");
	char path[4096], name[128], arch[16];
	size_t n = 0, missing = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/data/parameters/%s.txt", top ? top : ".", release);
	f = fopen(path, "r");
	if (!f)
		fail_msg("%s can't be opened", path);
	while (fscanf(f, "%127s %15s", name, arch) == 2) {
		const char *machine = strcmp(arch, "any") ? arch : "x86_64";

		n++;
		if (find(name, machine) &&
		    (strcmp(arch, "any") || find(name, "aarch64") || !strcmp(name, "memmap")))
			continue;
		print_error("%s (%s) of %s has no row\n", name, arch, release);
		missing++;
	}
	fclose(f);
	assert_in_range(n, 250, 1000);
	assert_int_equal(missing, 0);
}

static void test_each_of_6_18_has_a_row(void **state)
{
	check_list("6.18");
}

static void test_each_of_7_3_has_a_row(void **state)
{
	check_list("7.3");
}

static void test_names(void **state)
{
	assert_null(find("", NULL));
	assert_null(find("memtes", NULL));
	assert_null(find("memtestx", NULL));
	assert_null(find("cma_pernode", NULL));	/* no kernel has it */
	assert_non_null(find("cma-pernuma", NULL));
	assert_ptr_equal(find("no_kvmclock", NULL), find("no-kvmclock", NULL));
	assert_non_null(find("memmap", "x86_64"));
	assert_null(find("memmap", "aarch64"));
	assert_non_null(find("kpti", "aarch64"));
	assert_null(find("kpti", "x86_64"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_of_6_18_has_a_row),
		cmocka_unit_test(test_each_of_7_3_has_a_row),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
