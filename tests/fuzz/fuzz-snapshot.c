// SPDX-License-Identifier: GPL-2.0-only
/*
 * A snapshot of a machine: what is read must be written and read again as the same
 * line.  As a fleet does, with a reader that is used again.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "machine/snapshot/snapshot.h"

/* The line of what stands in @text; NULL where that is no snapshot, or none can be written. */
static char *line_of(struct snapshot_reader *reader, const char *text, size_t size)
{
	struct kho_err err;
	struct machine m;
	char *line;
	int ret;

	if (snapshot_parse(reader, text, size, &m, &err))
		return NULL;
	if (!m.scratch_known && !m.gaps.n)
		abort();
	ret = snapshot_write(&m, &line, &err);
	/* What was read escaped may be longer than what may be read. */
	if (ret && ret != -EFBIG)
		abort();
	machine_deinit(&m);
	return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot_reader *reader;
	char *line, *again;

	if (!reader)
		reader = snapshot_reader_create();
	line = line_of(reader, (const char *)data, size);
	if (line) {
		again = line_of(reader, line, strlen(line));
		if (!again || strcmp(line, again))
			abort();
		free(again);
	}
	free(line);
	return 0;
}
