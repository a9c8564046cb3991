// SPDX-License-Identifier: GPL-2.0-only
/*
 * After the jump: a console's log, and the record that it is held against.  What is
 * concluded is told as text and as JSON, and each line of it is one.
 *
 * The input is a record, a line "@log" and the log; or the log alone.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "after/tell.h"
#include "fuzz-file.h"
#include "fuzz-successor.h"
#include "fuzz.h"

#define MARK "\n@log\n"

static const bool none_accepted[KHO_F_NR];

/* Lines of text, each without another control character. */
static void check_lines(char *text)
{
	for (char *line = text, *end; line && *line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		fuzz_check_line(line);
	}
}

static void check_json(const char *text)
{
	struct json_object *json = json_tokener_parse(text);

	if (!json)
		abort();
	json_object_put(json);
}

/* What the log shows, as that of this kernel, held against the record. */
static void check_verification(const struct prediction *p, const struct seen *seen)
{
	struct here here = { .has_log = true, .seen = *seen };
	struct verification v;
	char *json;

	if (verify(p, &here, none_accepted, &v))
		abort();
	fuzz_check_findings(&v.findings);
	if ((v.differing & ~v.compared) || v.facts_differing > v.facts_compared)
		abort();
	json = verify_tell_json(&(struct told){ p, &here, &v });
	if (!json)
		abort();
	check_json(json);
	free(json);
	verification_deinit(&v);
}

/* As text, or as JSON; for free(). */
static char *told(const struct log *log, const struct prediction *p, const struct postmortem *pm,
		  bool json)
{
	char *text = NULL;
	size_t bytes;
	FILE *f = open_memstream(&text, &bytes);

	if (!f)
		abort();
	if (!json)
		postmortem_tell_text(f, "console", log, p, pm);
	else if (postmortem_tell_json(f, "console", log, p, pm))
		abort();
	if (fclose(f))
		abort();
	return text;
}

static void check_postmortem(const struct log *log, const struct prediction *p,
			     const struct postmortem *pm)
{
	char *text = told(log, p, pm, false), *json = told(log, p, pm, true);

	if (pm->cause != DEATH_NONE && !pm->boot)
		abort();
	fuzz_check_line(pm->place);
	fuzz_check_findings(&pm->findings);
	check_json(json);
	check_lines(text);
	free(text);
	free(json);
}

static void read_log(const uint8_t *data, size_t size, const struct prediction *p)
{
	struct kho_err err = { "" };
	char path[FUZZ_PATH_BYTES];
	int fd = fuzz_file(data, size, path);
	struct postmortem pm;
	struct log log;

	if (log_read(path, &log, &err)) {
		fuzz_check_line(err.text);
	} else {
		for (size_t i = 0; i < log.nr_lines; i++)
			fuzz_check_line(log.line[i]);
		if (postmortem(&log, p, none_accepted, &pm))
			abort();
		check_postmortem(&log, p, &pm);
		check_verification(p, &pm.seen);
		postmortem_deinit(&pm);
		log_deinit(&log);
	}
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *mark = memmem(data, size, MARK, strlen(MARK));
	struct kho_err err = { "" };
	char path[FUZZ_PATH_BYTES];
	struct prediction p;
	int fd, ret;

	if (!mark) {
		read_log(data, size, NULL);
		return 0;
	}
	fd = fuzz_file(data, (size_t)(mark - data), path);
	ret = prediction_read(path, &p, &err);
	close(fd);
	if (ret) {
		if (!err.text[0])
			abort();
		fuzz_check_line(err.text);
		return 0;
	}
	mark += strlen(MARK);
	read_log(mark, size - (size_t)(mark - data), &p);
	prediction_deinit(&p);
	return 0;
}
