// SPDX-License-Identifier: GPL-2.0-only
/* The answer in one line: as a report begins, and as a refusal and a log have it. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "base/size.h"
#include "check/advice-text.h"
#include "check/shortage.h"
#include "report/report.h"
#include "report/terminal.h"

const struct kho_finding *kho_report_deciding(const struct kho_check *check)
{
	for (size_t i = 0; check->verdict != KHO_NOTE && i < check->findings.n; i++) {
		const struct kho_finding *finding = &check->findings.f[i];

		if (!finding->accepted && !finding->overruled &&
		    kho_finding_severity(finding->id) == check->verdict)
			return finding;
	}
	return NULL;
}

/* "node 1's memory map is 528 KiB short" */
static void put_short(FILE *f, const struct kho_shortage *shortage)
{
	char missing[KHO_SIZE_BYTES], piece[KHO_SIZE_BYTES], largest[KHO_SIZE_BYTES];

	kho_size_up(shortage->missing_bytes, missing);
	kho_size_up(shortage->piece_bytes, piece);
	kho_size(shortage->largest_bytes, largest);
	if (shortage->load)
		fprintf(f, "the load fails: no hole of %s for the %s, the largest has %s", piece,
			boot_user_text(shortage->user), largest);
	else if (shortage->user == BOOT_MEMORY_MAP)
		fprintf(f, "node %d's memory map is %s short", shortage->node, missing);
	else if (shortage->node != KHO_NO_NODE)
		fprintf(f, "the %s of node %d is %s short", boot_user_text(shortage->user),
			shortage->node, missing);
	else
		fprintf(f, "the %s is %s short", boot_user_text(shortage->user), missing);
}

/* Is the finding that decides the death itself? */
static bool tells_death(const struct kho_finding *finding)
{
	return finding->id == KHO_F_MEMORY_MAP_SHORT || finding->id == KHO_F_EARLY_MEMORY_SHORT ||
	       finding->id == KHO_F_LOAD_NO_HOLE;
}

static void put_fine(FILE *f, const struct kho_report *report)
{
	const struct kho_check *check = report->check;
	struct kho_shortage shortage;
	char headroom[KHO_SIZE_BYTES];

	if (kho_shortage_of(check, report->successor, &shortage)) {
		fputs(shortage.load ? "" : shortage.sure ? "it dies in early boot: " :
		      "it may die in early boot: ", f);
		put_short(f, &shortage);
		fputs(", which was accepted", f);
	} else if (report->alone) {
		fputs("nothing was found that prevents a handover", f);
	} else if (check->has_boot && check->boot.outcome == BOOT_UP) {
		fprintf(f, "it boots inside the scratch areas, with %s to spare",
			kho_size(check->boot.headroom_bytes, headroom));
	} else {
		fputs("nothing was found that prevents it", f);
	}
}

static void put_cause(FILE *f, const struct kho_report *report, const struct kho_finding *finding)
{
	const struct kho_check *check = report->check;
	struct kho_shortage shortage;
	char advice[KHO_ADVICE_BYTES];

	if (!finding) {
		put_fine(f, report);
		return;
	}
	if (tells_death(finding) && kho_shortage_of(check, report->successor, &shortage))
		put_short(f, &shortage);
	else
		fputs(finding->message, f);
	if (tells_death(finding) &&
	    kho_advice_text(&check->advice, machine_area_parameter(report->machine), advice))
		fprintf(f, "; boot with %s", advice);
}

static void put_accepted(FILE *f, const struct kho_findings *findings)
{
	char text[KHO_ACCEPTED_BYTES];

	fputs(kho_report_accepted(findings, text), f);
}

const char *kho_report_accepted(const struct kho_findings *findings, char text[KHO_ACCEPTED_BYTES])
{
	size_t n[KHO_FAIL + 1] = { 0 }, used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < findings->n; i++)
		n[kho_finding_severity(findings->f[i].id)] += findings->f[i].accepted;
	for (int severity = KHO_FAIL; severity >= KHO_NOTE; severity--)
		if (n[severity])
			used += (size_t)snprintf(text + used, KHO_ACCEPTED_BYTES - used, "%s%zu %s",
						 used ? ", " : " (", n[severity],
						 kho_severity_name((enum kho_severity)severity));
	if (used)
		snprintf(text + used, KHO_ACCEPTED_BYTES - used, " accepted)");
	return text;
}

void kho_report_cause(FILE *f, const struct kho_report *report)
{
	put_cause(f, report, kho_report_deciding(report->check));
}

void kho_report_answer(FILE *f, const struct kho_report *report, const char *arrow)
{
	const struct kho_check *check = report->check;
	const struct successor *s = report->successor;
	const char *verdict = kho_verdict_name(check->verdict);

	while (*verdict)
		fputc(toupper((unsigned char)*verdict++), f);
	put_accepted(f, &check->findings);
	fprintf(f, " %s", report->machine->release[0] ? report->machine->release : "?");
	if (!report->alone)
		fprintf(f, " %s %s", arrow, s && s->release[0] ? s->release : "?");
	fputs(": ", f);
	kho_report_cause(f, report);
}

const char *kho_report_arrow(void)
{
	return terminal_is_utf8() ? "→" : "->";
}
