// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check/advice-text.h"
#include "cli/plan/print-plan.h"

#define MIB(bytes)	((bytes) >> 20)

static const char *reason(const struct plan_row *row)
{
	if (!row->known)
		return "its memory is not known";
	if (row->advice.spent)
		return "not found within the steps that are allowed";
	return row->advice.no_fit ? "none fits: " : "a fact of a kernel is not known";
}

static const char *for_whom(const struct plan_row *row)
{
	return row->known && row->advice.no_fit ? boot_user_text(row->advice.no_fit_for) : "";
}

static const char *now_text(const struct plan_row *row, size_t k)
{
	return row->has_areas ? kho_verdict_name(row->now[k]) : "off";
}

/* Kernels of a fleet may call the parameter otherwise. */
static void print_for_all(FILE *f, const struct plan *plan)
{
	const char *parameter = plan->row[0].parameter, *other = NULL;
	char setting[KHO_SETTING_BYTES];

	if (!plan->for_all) {
		fputs("all machines: no one setting was found with which all are ok\n", f);
		return;
	}
	for (size_t i = 1; i < plan->nr_rows && !other; i++)
		if (strcmp(plan->row[i].parameter, parameter))
			other = plan->row[i].parameter;
	kho_setting_text(&plan->setting, setting);
	fprintf(f, "all machines: kho=on %s=%s", parameter, setting);
	if (other)
		fprintf(f, " (%s=%s where the kernel calls it so)", other, setting);
	fputc('\n', f);
}

static void print_text(FILE *f, const struct plan *plan)
{
	char setting[KHO_SETTING_BYTES], initrd[KHO_INITRD_BYTES];

	for (size_t k = 0; k < plan->nr_kernels; k++)
		fprintf(f, "kernel %zu: %s  %s\n", k + 1, plan->kernel[k].successor.release,
			plan->kernel[k].path);
	for (size_t i = 0; i < plan->nr_rows; i++) {
		const struct plan_row *row = &plan->row[i];

		fprintf(f, "machine: %s\n  now: ", row->name);
		for (size_t k = 0; k < plan->nr_kernels; k++)
			fprintf(f, "%s%s", k ? ", " : "", now_text(row, k));
		if (row->present_bytes)
			fprintf(f, " (%" PRIu64 " MiB)", MIB(row->present_bytes));
		if (!row->advice.best.found) {
			fprintf(f, "\n  no %s=: %s%s\n", row->parameter, reason(row), for_whom(row));
			continue;
		}
		kho_setting_text(&row->advice.best.setting, setting);
		fprintf(f, "\n  kho=on %s=%s%s: ", row->parameter, setting,
			row->advice.best.nokaslr ? " nokaslr" : "");
		for (size_t k = 0; k < plan->nr_kernels; k++)
			fprintf(f, "%s%s", k ? ", " : "", kho_verdict_name(row->then[k]));
		kho_advised_initrd(&row->advice.best, initrd);
		fprintf(f, " (%" PRIu64 " MiB; the default is %" PRIu64 "%s)\n",
			MIB(row->advice.best.total_bytes), MIB(row->advice.default_bytes), initrd);
	}
	if (plan->nr_rows < 2)
		return;
	print_for_all(f, plan);
}

/* RFC 4180: a field in quotes, quotes doubled. */
static void put_csv_field(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', f);
		fputc(*text, f);
	}
	fputs("\",", f);
}

static void print_csv(FILE *f, const struct plan *plan)
{
	fputs("machine,image,release,now,present_bytes,setting,total_bytes,then,nokaslr,why\n", f);
	for (size_t i = 0; i < plan->nr_rows; i++)
		for (size_t k = 0; k < plan->nr_kernels; k++) {
			const struct plan_row *row = &plan->row[i];
			char setting[KHO_SETTING_BYTES] = "";
			bool found = row->advice.best.found;

			if (found)
				kho_setting_text(&row->advice.best.setting, setting);
			put_csv_field(f, row->name);
			put_csv_field(f, plan->kernel[k].path);
			put_csv_field(f, plan->kernel[k].successor.release);
			fprintf(f, "%s,%" PRIu64 ",", now_text(row, k), row->present_bytes);
			put_csv_field(f, setting);
			fprintf(f, "%" PRIu64 ",%s,%s,%s%s\n", row->advice.best.total_bytes,
				found ? kho_verdict_name(row->then[k]) : "",
				!found ? "" : row->advice.best.nokaslr ? "yes" : "no",
				found ? "" : reason(row), found ? "" : for_whom(row));
		}
}

static void put_json_string(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			fprintf(f, "\\%c", *text);
		else if ((unsigned char)*text < 0x20)
			fprintf(f, "\\u%04x", (unsigned char)*text);
		else
			fputc(*text, f);
	fputc('"', f);
}

static void put_row(FILE *f, const struct plan *plan, const struct plan_row *row)
{
	const struct boot_advised *best = &row->advice.best;
	char setting[KHO_SETTING_BYTES];

	fputs("{\"machine\":", f);
	put_json_string(f, row->name);
	fprintf(f, ",\"parameter\":\"%s\",\"present_bytes\":%" PRIu64 ",\"default_bytes\":%" PRIu64
		",\"now\":[", row->parameter, row->present_bytes, row->advice.default_bytes);
	for (size_t k = 0; k < plan->nr_kernels; k++)
		fprintf(f, "%s\"%s\"", k ? "," : "", now_text(row, k));
	if (!best->found) {
		fprintf(f, "],\"setting\":null,\"why\":\"%s%s\"}", reason(row), for_whom(row));
		return;
	}
	kho_setting_text(&best->setting, setting);
	fprintf(f, "],\"setting\":\"%s\",\"nokaslr\":%s,\"initrd_bytes\":", setting,
		best->nokaslr ? "true" : "false");
	if (best->initrd_bytes)
		fprintf(f, "%" PRIu64, best->initrd_bytes);
	else
		fputs("null", f);
	fprintf(f, ",\"total_bytes\":%" PRIu64 ",\"then\":[", best->total_bytes);
	for (size_t k = 0; k < plan->nr_kernels; k++)
		fprintf(f, "%s\"%s\"", k ? "," : "", kho_verdict_name(row->then[k]));
	fputs("]}", f);
}

static void print_json(FILE *f, const struct plan *plan)
{
	char setting[KHO_SETTING_BYTES];

	fprintf(f, "{\"schema\":%d,\"kernels\":[", PLAN_SCHEMA);
	for (size_t k = 0; k < plan->nr_kernels; k++) {
		fprintf(f, "%s{\"image\":", k ? "," : "");
		put_json_string(f, plan->kernel[k].path);
		fputs(",\"release\":", f);
		put_json_string(f, plan->kernel[k].successor.release);
		fputc('}', f);
	}
	fputs("],\"machines\":[", f);
	for (size_t i = 0; i < plan->nr_rows; i++) {
		fputs(i ? ",\n" : "\n", f);
		put_row(f, plan, &plan->row[i]);
	}
	kho_setting_text(&plan->setting, setting);
	fprintf(f, "\n],\"setting_for_all\":%s%s%s}\n", plan->for_all ? "\"" : "",
		plan->for_all ? setting : "null", plan->for_all ? "\"" : "");
}

void plan_print(FILE *f, const struct plan *plan, enum kho_plan_format format)
{
	switch (format) {
	case KHO_PLAN_TEXT:
		print_text(f, plan);
		break;
	case KHO_PLAN_CSV:
		print_csv(f, plan);
		break;
	case KHO_PLAN_JSON:
		print_json(f, plan);
		break;
	}
}
