// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "after/prediction.h"
#include "after/summary.h"
#include "after/tell.h"

typedef unsigned long long ull;

static struct summary_row *row_of(struct summary *summary, const char *kernel)
{
	struct summary_row *row;

	for (size_t i = 0; i < summary->nr_rows; i++)
		if (!strcmp(summary->row[i].kernel, kernel))
			return &summary->row[i];
	if (summary->nr_rows == SUMMARY_KERNELS)
		return &summary->row[SUMMARY_KERNELS - 1];
	row = &summary->row[summary->nr_rows++];
	snprintf(row->kernel, sizeof(row->kernel), "%s",
		 summary->nr_rows == SUMMARY_KERNELS ? "others" : kernel);
	kho_make_printable(row->kernel);
	return row;
}

static bool is(struct json_object *o, bool value)
{
	return json_object_is_type(o, json_type_boolean) &&
	       (bool)json_object_get_boolean(o) == value;
}

/* Each number (an object with "right") or fact (a boolean) of @all. */
static bool all_right(struct json_object *all)
{
	if (!json_object_is_type(all, json_type_object))
		return false;
	json_object_object_foreach(all, key, value) {
		struct json_object *right = json_object_is_type(value, json_type_object) ?
					    json_at(value, "right", NULL) : value;

		(void)key;
		if (!is(right, true))
			return false;
	}
	return true;
}

/* False: it is no verification. */
static bool take_verification(struct summary *summary, const char *line)
{
	struct json_object *o = json_tokener_parse(line), *version, *right;
	const char *became, *kernel;
	struct summary_row *row;

	version = json_at(o, "kexec_kho_verification", NULL);
	if (!json_object_is_type(version, json_type_int) ||
	    json_object_get_int(version) != VERIFICATION_SCHEMA) {
		json_object_put(o);
		return false;
	}
	became = json_text(json_at(o, "became", NULL));
	kernel = json_text(json_at(o, "successor", NULL));
	/* Before the jump, or without a record, there is nothing to count. */
	if (strcmp(became, became_key(BECAME_NOTHING)) && json_at(o, "predicted", NULL)) {
		right = json_at(o, "right", NULL);
		row = row_of(summary, *kernel ? kernel : "not known");
		row->boots++;
		row->right += is(right, true);
		row->wrong += is(right, false);
		if (!strcmp(became, became_key(BECAME_UP))) {
			row->up++;
			row->exact += all_right(json_at(o, "things", NULL)) &&
				      all_right(json_at(o, "facts", NULL));
		}
	}
	json_object_put(o);
	return true;
}

int summary_read(FILE *in, struct summary *summary, struct kho_err *err)
{
	size_t room = 0;
	char *line = NULL;
	ssize_t n;

	/* json-c is not asked about lines that no verification has. */
	while ((n = getline(&line, &room, in)) > 0)
		if (strspn(line, " \t\r\n") != (size_t)n &&
		    (n > SUMMARY_LINE_BYTES || !take_verification(summary, line)))
			summary->errors++;
	free(line);
	return ferror(in) ? kho_fail(err, EIO, "it can't be read to its end") : 0;
}

static int by_kernel(const void *a, const void *b)
{
	const struct summary_row *x = a, *y = b;

	return strverscmp(x->kernel, y->kernel);
}

static void tell_row(FILE *f, const struct summary_row *r, bool json)
{
	ull open = (ull)(r->boots - r->right - r->wrong);

	if (!json) {
		fprintf(f, "%-32s %8llu %8llu %8llu %8llu %8llu %8llu\n", r->kernel, (ull)r->boots,
			(ull)r->right, (ull)r->wrong, open, (ull)r->up, (ull)r->exact);
		return;
	}
	/* Printable ASCII, but for these two. */
	fputs("{\"kernel\":\"", f);
	for (const char *c = r->kernel; *c; c++)
		fprintf(f, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
	fprintf(f, "\",\"boots\":%llu,\"right\":%llu,\"wrong\":%llu,\"open\":%llu,\"up\":%llu,"
		"\"exact\":%llu}\n", (ull)r->boots, (ull)r->right, (ull)r->wrong, open, (ull)r->up,
		(ull)r->exact);
}

void summary_tell(FILE *f, const struct summary *summary, bool json)
{
	struct summary sorted = *summary;

	qsort(sorted.row, sorted.nr_rows, sizeof(sorted.row[0]), by_kernel);
	if (!json)
		fprintf(f, "%-32s %8s %8s %8s %8s %8s %8s\n", "kernel", "boots", "right", "wrong",
			"open", "up", "exact");
	for (size_t i = 0; i < sorted.nr_rows; i++)
		tell_row(f, &sorted.row[i], json);
	if (summary->errors && !json)
		fprintf(f, "%llu lines are no verification\n", (ull)summary->errors);
}

kho_verdict summary_verdict(const struct summary *summary)
{
	kho_verdict verdict = summary->errors || !summary->nr_rows ? KHO_UNKNOWN : KHO_NOTE;

	for (size_t i = 0; i < summary->nr_rows; i++)
		if (verdict == KHO_NOTE && (summary->row[i].wrong ||
					    summary->row[i].exact < summary->row[i].up))
			verdict = KHO_WARN;
	return verdict;
}
