// SPDX-License-Identifier: GPL-2.0-only
/*
 * The facts of a kernel as one line of JSON (--kho-kernel=), and the check of that successor on
 * a usual machine.  (Only an image can be written as such a line, see fuzz-image.)
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "fuzz-successor.h"
#include "fuzz.h"
#include "kho-scratch.h"
#include "machine/describe.h"
#include "successor/saved/saved.h"

static void judge(const struct successor *s)
{
	const struct kho_with with = { .cmdline = "kho=on", .advise = KHO_ADVISE_NOT };
	struct kho_check check;
	struct machine m;
	char *errors = NULL;

	if (describe_machine("8G cpus=4", &m, &errors) || kho_check(s, &m, &with, &check))
		abort();
	fuzz_check_findings(&check.findings);
	kho_check_deinit(&check);
	machine_deinit(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kho_err err = { "" };
	struct successor s;
	int ret = saved_parse((const char *)data, size, &s, &err);

	if (ret == -ENOMEM || (ret && !err.text[0]))
		abort();
	fuzz_check_line(err.text);
	if (ret)
		return 0;
	fuzz_check_line(s.release);
	judge(&s);
	successor_deinit(&s);
	return 0;
}
