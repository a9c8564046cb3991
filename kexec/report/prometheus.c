// SPDX-License-Identifier: GPL-2.0-only
/*
 * The check as metrics, in the text format that node_exporter's textfile collector
 * reads.  What is not known has no sample: 0 would read as a value.
 */
#include "config.h"

#include <inttypes.h>

#include "report/report.h"

typedef unsigned long long ull;

static void put_metric_head(FILE *f, const char *name, const char *help)
{
	fprintf(f, "# HELP kexec_kho_%s %s\n# TYPE kexec_kho_%s gauge\n", name, help, name);
}

static void gauge(FILE *f, const char *name, const char *help, uint64_t value)
{
	put_metric_head(f, name, help);
	fprintf(f, "kexec_kho_%s %llu\n", name, (ull)value);
}

/* name="value", escaped as the format wants it. */
static void label(FILE *f, const char *name, const char *value)
{
	fprintf(f, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', f);
		if (*value == '\n')
			fputs("\\n", f);
		else
			fputc(*value, f);
	}
	fputc('"', f);
}

static void print_info(FILE *f, const struct kho_report *report)
{
	const struct successor *s = report->successor;

	put_metric_head(f, "info", "The running kernel and the successor that was checked.");
	fputs("kexec_kho_info{", f);
	label(f, "release", report->machine->release);
	fputc(',', f);
	label(f, "successor", s ? s->release : "");
	fputc(',', f);
	label(f, "successor_arch", s && s->arch ? s->arch->machine : "");
	fputs("} 1\n", f);
}

/* One sample a verdict, so that a change is seen in each of them. */
static void print_verdict(FILE *f, kho_verdict verdict)
{
	put_metric_head(f, "verdict", "1 for the verdict of the check, 0 for the others.");
	for (int v = KHO_NOTE; v <= KHO_FAIL; v++)
		fprintf(f, "kexec_kho_verdict{verdict=\"%s\"} %d\n",
			kho_verdict_name((kho_verdict)v), (kho_verdict)v == verdict);
}

static void print_findings(FILE *f, const struct kho_findings *findings)
{
	unsigned int count[KHO_F_NR] = { 0 };

	if (!findings->n)
		return;
	for (size_t i = 0; i < findings->n; i++)
		count[findings->f[i].id]++;
	put_metric_head(f, "findings", "How many findings of the check have this id.");
	for (enum kho_finding_id id = 0; id < KHO_F_NR; id++)
		if (count[id])
			fprintf(f, "kexec_kho_findings{id=\"%s\",severity=\"%s\"} %u\n",
				kho_finding_name(id),
				kho_severity_name(kho_finding_severity(id)), count[id]);
}

/* Those of them that were accepted by name, and do not count. */
static void print_accepted(FILE *f, const struct kho_findings *findings)
{
	unsigned int count[KHO_F_NR] = { 0 };
	bool any = false;

	for (size_t i = 0; i < findings->n; i++) {
		count[findings->f[i].id] += findings->f[i].accepted;
		any |= findings->f[i].accepted;
	}
	if (!any)
		return;
	put_metric_head(f, "findings_accepted",
			"How many findings with this id were accepted by name.");
	for (enum kho_finding_id id = 0; id < KHO_F_NR; id++)
		if (count[id])
			fprintf(f, "kexec_kho_findings_accepted{id=\"%s\",severity=\"%s\"} %u\n",
				kho_finding_name(id),
				kho_severity_name(kho_finding_severity(id)), count[id]);
}

static void area_sample(FILE *f, const char *name, size_t area, uint64_t start_pa, uint64_t value)
{
	fprintf(f, "kexec_kho_%s{area=\"%zu\",start=\"0x%" PRIx64 "\"} %llu\n", name, area,
		start_pa, (ull)value);
}

static int print_areas(FILE *f, const struct kho_report *report)
{
	const struct kho_ranges *scratch = &report->machine->scratch;
	const struct kho_check *check = report->check;
	int ret = 0;

	if (!report->machine->scratch_known)
		return 0;
	put_metric_head(f, "scratch_bytes", "Size of a scratch area.");
	for (size_t i = 0; i < scratch->n; i++)
		area_sample(f, "scratch_bytes", i, scratch->r[i].start_pa,
			    scratch->r[i].end_pa - scratch->r[i].start_pa);
	if (!check->has_boot || check->boot.outcome != BOOT_UP)
		return 0;
	put_metric_head(f, "scratch_left_bytes",
			"Bytes of a scratch area that early boot leaves free.");
	for (size_t i = 0; i < scratch->n && !ret; i++) {
		uint64_t left_bytes;

		ret = kho_report_area_left(&scratch->r[i], &check->boot, &left_bytes);
		if (!ret)
			area_sample(f, "scratch_left_bytes", i, scratch->r[i].start_pa, left_bytes);
	}
	return ret;
}

static void print_boot(FILE *f, const struct boot_result *boot)
{
	if (boot->outcome != BOOT_LOAD_FAILS)
		gauge(f, "memory_map_bytes", "Size of the successor's memory map.",
		      boot->map_bytes);
	if (boot->outcome == BOOT_UP)
		gauge(f, "headroom_bytes",
		      "Scratch that is free after the allocations that early boot needs.",
		      boot->headroom_bytes);
}

static void print_advice(FILE *f, const struct boot_advice *advice)
{
	uint64_t needed = advice->best.total_bytes;

	if (!advice->best.found)
		return;
	gauge(f, "needed_bytes", "Smallest total of scratch with which nothing is short.",
	      needed);
	gauge(f, "wasted_bytes", "Scratch that is set aside beyond the smallest total.",
	      advice->present_bytes > needed ? advice->present_bytes - needed : 0);
}

int kho_report_prometheus(FILE *f, const struct kho_report *report)
{
	int ret;

	print_info(f, report);
	print_verdict(f, report->check->verdict);
	print_findings(f, &report->check->findings);
	print_accepted(f, &report->check->findings);
	ret = print_areas(f, report);
	if (report->check->has_boot) {
		print_boot(f, &report->check->boot);
		print_advice(f, &report->check->advice);
	}
	return ret;
}
