// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "base/size.h"
#include "check/advice-text.h"
#include "check/advice.h"
#include "rehearse/overrule.h"
#include "report/report.h"
#include "report/text-facts.h"

/* An accepted finding keeps its severity. */
static const char *accepted(const struct kho_finding *finding)
{
	if (finding->accepted)
		return kho_finding_is_death(finding->id) ? " (accepted, a certain death)" :
							   " (accepted)";
	return finding->overruled ? " (overruled)" : "";
}

/* The findings of one severity, each line with @prefix. */
static void print_findings_of(FILE *f, const struct kho_findings *findings,
			      enum kho_severity severity, const char *prefix, const char *indent)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct kho_finding *finding = &findings->f[i];

		if (kho_finding_severity(finding->id) != severity)
			continue;
		fprintf(f, "%s%s%s: %s: %s\n", prefix, kho_severity_name(severity),
			accepted(finding), kho_finding_name(finding->id), finding->message);
		if (finding->remedy)
			fprintf(f, "%s%sremedy: %s\n", prefix, indent, finding->remedy);
	}
}

/* The worst first. */
static void print_findings(FILE *f, const struct kho_findings *findings, const char *prefix,
			   const char *indent)
{
	for (int severity = KHO_FAIL; severity >= KHO_NOTE; severity--)
		print_findings_of(f, findings, (enum kho_severity)severity, prefix, indent);
}

/* Of the finding that decides: what it means, and what to do, at length. */
static void print_where_explained(FILE *f, const struct kho_check *check, const char *prefix)
{
	const struct kho_finding *finding = kho_report_deciding(check);

	if (finding)
		fprintf(f, "%smore: kexec --kho-explain=%s\n", prefix,
			kho_finding_name(finding->id));
}

void kho_report_findings(FILE *f, const struct kho_check *check)
{
	print_findings(f, &check->findings, "kexec: kho: ", "");
	print_where_explained(f, check, "kexec: kho: ");
}

static void print_advice(FILE *f, const struct machine *m, const struct kho_check *check)
{
	const struct boot_advice *advice = &check->advice;
	char text[KHO_ADVICE_BYTES], total[KHO_SIZE_BYTES], present[KHO_PRESENT_BYTES];
	char initrd[KHO_INITRD_BYTES], bare[KHO_BARE_BYTES];
	const char *left = kho_not_mended(check);

	if (check->gain == KHO_GAIN_NONE ||
	    !kho_advice_text(advice, machine_area_parameter(m), text))
		return;
	kho_advised_initrd(&advice->best, initrd);
	fprintf(f, "advice: %s is enough%s (%s in all, %s); takes effect at the next cold boot%s%s%s\n",
		text, left ? " for its memory" : "", kho_size(advice->best.total_bytes, total),
		kho_present_text(advice, m, present), initrd, left ? "; it does not mend " : "",
		left ? left : "");
	if (kho_bare_text(advice, machine_area_parameter(m), bare))
		fprintf(f, "bare minimum: %s\n", bare);
}

void kho_report_conclusion(FILE *f, const struct kho_check *check)
{
	char text[KHO_ACCEPTED_BYTES];

	fprintf(f, "verdict: %s%s\n", kho_verdict_name(check->verdict),
		kho_report_accepted(&check->findings, text));
}

void kho_report_begin(FILE *f, const struct kho_report *report)
{
	kho_report_answer(f, report, kho_report_arrow());
	fputc('\n', f);
	print_findings(f, &report->check->findings, "", "  ");
	kho_report_shortage(f, report);
	print_where_explained(f, report->check, "");
}

int kho_report_text(FILE *f, const struct kho_report *report)
{
	int ret = 0;

	kho_report_begin(f, report);
	print_advice(f, report->machine, report->check);
	if (report->check->has_readiness)
		kho_report_handover(f, report);
	if (report->verbose)
		ret = kho_report_facts(f, report);
	if (report->rehearsal)
		rehearsal_tell(f, report->rehearsal);
	kho_report_conclusion(f, report->check);
	return ret;
}
