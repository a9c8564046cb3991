// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine in words (--kho-describe=): errors are lines of text, and a machine that is described
 * is one that a snapshot holds: it is written, read and written again as the same line.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz-successor.h"
#include "fuzz.h"
#include "kho-scratch.h"
#include "machine/describe.h"
#include "machine/snapshot/snapshot.h"

static void check_errors(char *errors)
{
	char *line = errors;

	if (!line || !*line)
		abort();
	while (*line) {
		char *end = strchr(line, '\n');

		if (!end)
			abort();
		*end = '\0';
		fuzz_check_line(line);
		line = end + 1;
	}
	free(errors);
}

static void check_machine(const struct machine *m)
{
	fuzz_check_ram(m);
	fuzz_check_findings(&m->gaps);
}

static void check_snapshot(const struct machine *m)
{
	struct snapshot_reader *reader = snapshot_reader_create();
	char *line, *again = NULL;
	struct kho_err err;
	struct machine back;
	int ret = snapshot_write(m, &line, &err);

	/* Longer than a snapshot may be: too many pieces of memory. */
	if (ret && ret != -EFBIG)
		abort();
	if (!ret) {
		if (snapshot_parse(reader, line, strlen(line), &back, &err) ||
		    snapshot_write(&back, &again, &err) || strcmp(line, again))
			abort();
		machine_deinit(&back);
		free(line);
	}
	free(again);
	snapshot_reader_destroy(reader);
}

static void judge(const struct machine *m)
{
	const struct kho_with with = { .cmdline = "kho=on", .advise = KHO_ADVISE_NOT };
	struct kho_check check;
	struct successor s;

	fuzz_successor(&s, !strcmp(m->arch, "aarch64"));
	if (kho_check(&s, m, &with, &check))
		abort();
	fuzz_check_findings(&check.findings);
	kho_check_deinit(&check);
	successor_deinit(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *errors = NULL;
	struct machine m;
	int ret;

	if (!text)
		abort();
	ret = describe_machine(text, &m, &errors);
	if (ret == -EINVAL) {
		check_errors(errors);
	} else if (ret) {
		abort();
	} else {
		check_machine(&m);
		check_snapshot(&m);
		judge(&m);
		machine_deinit(&m);
	}
	free(text);
	return 0;
}
