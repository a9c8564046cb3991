// SPDX-License-Identifier: GPL-2.0-only
/*
 * --kho-report=html: one page without a script, a font or a picture from elsewhere.
 * All text from a machine or an image goes through html_text().
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/size.h"
#include "check/advice-text.h"
#include "check/advice.h"
#include "check/shortage.h"
#include "report/html/page-css.h"
#include "report/html/elements.h"
#include "report/html/handover-section.h"
#include "report/html/map.h"
#include "report/html/shortage-card.h"
#include "report/json-about.h"
#include "report/layout.h"
#include "report/legend.h"

static const char *or_unknown(const char *text)
{
	return text && *text ? text : "not known";
}

static void put_handover(FILE *f, const struct kho_report *report)
{
	fputs("Handover from ", f);
	html_text(f, or_unknown(report->machine->release));
	if (report->alone)
		return;
	fputs(" to ", f);
	html_text(f, or_unknown(report->successor ? report->successor->release : NULL));
}

/* A shape of its own for each, so that nothing depends on colour. */
static void put_icon(FILE *f, kho_verdict verdict)
{
	static const char *const path[] = {
		[KHO_NOTE] = "M5 12.5l4.5 4.5L19 7.5",
		[KHO_WARN] = "M12 4L2.5 20h19zM12 10v4.5M12 17.2v.1",
		[KHO_UNKNOWN] = "M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3M12 18.5v.1",
		[KHO_FAIL] = "M6 6l12 12M18 6L6 18",
	};

	fprintf(f, "<svg width=\"32\" height=\"32\" viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
		"<path class=\"icon\" d=\"%s\"/></svg>", path[verdict]);
}

static void put_page_head(FILE *f, const struct kho_report *report)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" "
	      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>", f);
	fprintf(f, "%s: ", kho_verdict_name(report->check->verdict));
	put_handover(f, report);
	fprintf(f, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", report_css);
}

static void put_figure(FILE *f, const char *what, const char *figure, const char *more)
{
	fprintf(f, "<li><span class=\"soft\">%s</span> <b>%s</b>", what, figure);
	if (*more)
		fprintf(f, " <span class=\"soft\">%s</span>", more);
	fputs("</li>\n", f);
}

/* The most important sizes. */
static void put_figures(FILE *f, const struct kho_report *report, const struct layout *layout)
{
	const struct machine *m = report->machine;
	const struct boot_result *boot = &report->check->boot;
	bool followed = report->check->has_boot;
	bool up = followed && boot->outcome == BOOT_UP;
	struct kho_shortage shortage;
	char size[KHO_SIZE_BYTES], more[48];
	uint64_t free_bytes = 0;

	for (size_t i = 0; i < layout->nr_areas; i++)
		free_bytes += layout->area[i].share[LAYOUT_FREE].bytes;
	fputs("<ul class=\"figures\" aria-label=\"Sizes\">\n", f);
	snprintf(more, sizeof(more), "in %zu areas", layout->nr_areas);
	put_figure(f, "scratch", m->scratch_known ?
		   kho_size(kho_ranges_bytes(&m->scratch), size) : "not known",
		   m->scratch_known ? more : "");
	put_figure(f, "memory map", followed && boot->map_bytes ?
		   kho_size(boot->map_bytes, size) : "not known",
		   "");
	put_figure(f, "free in the areas", followed ? kho_size(free_bytes, size) : "not known",
		   "");
	if (kho_shortage_of(report->check, report->successor, &shortage))
		put_figure(f, shortage.sure ? "short by" : "may be short by",
			   kho_size_up(shortage.missing_bytes, size), "");
	else
		put_figure(f, "headroom", up ? kho_size(boot->headroom_bytes, size) : "not known",
			   up ? "after what early boot needs" : "");
	snprintf(more, sizeof(more), "on %zu node%s", layout->nr_nodes,
		 layout->nr_nodes == 1 ? "" : "s");
	put_figure(f, "RAM", m->memory_known ? kho_size(kho_ranges_bytes(&m->memory), size) :
		   "not known", m->memory_known ? more : "");
	fputs("</ul>\n", f);
}

/* The answer of every other form, without its verdict and releases, which stand beside it. */
static void put_sentence(FILE *f, const struct kho_report *report)
{
	char *text = NULL;
	size_t bytes;
	FILE *memory = open_memstream(&text, &bytes);

	if (memory) {
		kho_report_cause(memory, report);
		if (!kho_output_close(memory) && bytes) {
			fputc(toupper((unsigned char)text[0]), f);
			html_text(f, text + 1);
			fputc('.', f);
		}
	}
	free(text);
}

static void put_header(FILE *f, const struct kho_report *report, const struct layout *layout)
{
	const struct kho_check *check = report->check;
	char accepted[KHO_ACCEPTED_BYTES];

	fputs("<header>\n<p class=\"kicker\">kexec-kho: ", f);
	fputs(report->alone ? "is this machine ready?" : "will the successor boot?", f);
	if (report->machine->host[0]) {
		fputs(" On ", f);
		html_text(f, report->machine->host);
	}
	fputs("</p>\n<h1>", f);
	put_handover(f, report);
	fprintf(f, "</h1>\n<div class=\"verdict tone-%s\">", kho_verdict_name(check->verdict));
	put_icon(f, check->verdict);
	fprintf(f, "<p><strong>Verdict: %s%s</strong>", kho_verdict_name(check->verdict),
		kho_report_accepted(&check->findings, accepted));
	put_sentence(f, report);
	if (check->has_boot && check->boot.kaslr)
		fprintf(f, " Shown is the worst of %" PRIu64 " places that KASLR may choose.",
			check->boot.fold.followed);
	fputs("</p></div>\n", f);
	put_figures(f, report, layout);
	fputs("<nav aria-label=\"Parts of this report\"><ul>\n"
	      "<li><a href=\"#findings\">Findings</a></li>\n"
	      "<li><a href=\"#map\">What will lie where</a></li>\n"
	      "<li><a href=\"#budget\">Budget</a></li>\n", f);
	if (check->has_readiness)
		fputs("<li><a href=\"#handover\">What is handed over</a></li>\n", f);
	fputs("<li><a href=\"#facts\">Facts and their sources</a></li>\n"
	      "<li><a href=\"#programs\">For programs</a></li>\n"
	      "</ul></nav>\n</header>\n", f);
}

/* The numbers that are advised: in the card of what they are the remedy for, else by themselves. */
static bool put_advice(FILE *f, const struct kho_report *report, const char *class)
{
	const struct boot_advice *advice = &report->check->advice;
	char text[KHO_ADVICE_BYTES], total[KHO_SIZE_BYTES], present[KHO_PRESENT_BYTES];
	char bare[KHO_BARE_BYTES];
	const char *left = kho_not_mended(report->check);

	if (report->check->gain == KHO_GAIN_NONE ||
	    !kho_advice_text(advice, machine_area_parameter(report->machine), text))
		return false;
	fprintf(f, "<p class=\"advice%s\"><b>Advice:</b> <code>%s</code> is enough%s: %s in all, "
		"%s. It takes effect at the next cold boot.", class, text,
		left ? " for its memory" : "",
		kho_size(advice->best.total_bytes, total),
		kho_present_text(advice, report->machine, present));
	if (left)
		fprintf(f, "\nIt does not mend %s.", left);
	if (kho_bare_text(advice, machine_area_parameter(report->machine), bare)) {
		fputs("\nThe bare minimum: ", f);
		html_text(f, bare);
		fputc('.', f);
	}
	fputs("</p>\n", f);
	return true;
}

/* True: the advice stands in it. */
static bool put_finding(FILE *f, const struct kho_report *report, const struct kho_finding *finding)
{
	bool advised = false;
	enum kho_severity severity = kho_finding_severity(finding->id);

	fprintf(f, "<li class=\"tone-%s\"><h3><span class=\"severity\">%s</span> ",
		kho_severity_name(severity), kho_severity_name(severity));
	fprintf(f, "<code>%s</code>%s</h3>\n<p>", kho_finding_name(finding->id),
		finding->accepted ? " (accepted)" : "");
	html_text(f, finding->message);
	fputs("</p>\n", f);
	if (finding->remedy) {
		fputs("<p class=\"remedy\"><b>Remedy:</b> ", f);
		html_text(f, finding->remedy);
		fputs("</p>\n", f);
	}
	if (finding->id == KHO_F_MEMORY_MAP_SHORT || finding->id == KHO_F_EARLY_MEMORY_SHORT ||
	    finding->id == KHO_F_LOAD_NO_HOLE) {
		html_shortage(f, report);
		advised = put_advice(f, report, "");
	}
	fputs("</li>\n", f);
	return advised;
}

static bool put_findings_of(FILE *f, const struct kho_report *report, enum kho_severity severity)
{
	const struct kho_findings *findings = &report->check->findings;
	bool advised = false;

	for (size_t i = 0; i < findings->n; i++)
		if (kho_finding_severity(findings->f[i].id) == severity)
			advised |= put_finding(f, report, &findings->f[i]);
	return advised;
}

static void put_findings(FILE *f, const struct kho_report *report)
{
	const struct kho_check *check = report->check;
	bool advised = false;

	html_begin_section(f, "findings", "Findings");
	if (check->findings.n)
		fputs("<ol class=\"findings\">\n", f);
	for (int severity = KHO_FAIL; severity >= KHO_NOTE; severity--)
		advised |= put_findings_of(f, report, (enum kho_severity)severity);
	fputs(check->findings.n ? "</ol>\n" : "<p class=\"card\">None.</p>\n", f);
	if (!advised)
		put_advice(f, report, " card");
	fputs("</section>\n", f);
}

/* A table in a card of its own. */
static void begin_card(FILE *f, const char *caption, const char *const *head)
{
	fputs("<div class=\"card\">", f);
	html_begin_table(f, NULL, caption, head);
}

static void end_card(FILE *f)
{
	fputs("</tbody></table></div>\n", f);
}

static const char *const fact_head[] = { "fact", "value", "source", NULL };

static void put_fact(FILE *f, const struct successor *s, enum kho_fact_id id)
{
	enum kho_source source = KHO_SRC_GIVEN;
	uint64_t value = 0;
	char number[24];

	switch (kho_fact_get(&s->fact[id], &value, &source)) {
	case KHO_FACT_KNOWN:
		snprintf(number, sizeof(number), "%" PRIu64, value);
		if (kho_fact_is_flag(id))
			snprintf(number, sizeof(number), value ? "yes" : "no");
		html_row(f, kho_fact_name(id), number, kho_source_name(source));
		break;
	case KHO_FACT_CONTRADICTED:
		html_row(f, kho_fact_name(id), "not known", "the sources disagree");
		break;
	case KHO_FACT_UNKNOWN:
		html_row(f, kho_fact_name(id), "not known", "no source has it");
		break;
	}
}

static void put_successor(FILE *f, const struct successor *s, bool alone)
{
	if (!s)
		return;
	begin_card(f, alone ? "The running kernel" : "The successor's image", fact_head);
	html_row(f, "release", or_unknown(s->release),
		s->release[0] ? kho_source_name(s->release_source) : "no source has it");
	html_row(f, "architecture", s->arch ? s->arch->machine : "not known",
		s->arch ? kho_source_name(KHO_SRC_HEADER) : "not supported");
	for (enum kho_fact_id id = 0; id < KHO_FACT_NR; id++)
		put_fact(f, s, id);
	end_card(f);
}

static void put_machine(FILE *f, const struct machine *m, const struct layout *layout)
{
	char text[48], size[KHO_SIZE_BYTES];

	begin_card(f, "This machine", fact_head);
	html_row(f, "name", or_unknown(m->host), "proc/sys/kernel/hostname");
	html_row(f, "running release", or_unknown(m->release), "proc/sys/kernel/osrelease");
	snprintf(text, sizeof(text), "%zu, %s", layout->nr_areas,
		 kho_size(kho_ranges_bytes(&m->scratch), size));
	html_row(f, "scratch areas", m->scratch_known ? text : "not known",
		or_unknown(m->scratch_source));
	html_row(f, "RAM", m->memory_known ? kho_size(kho_ranges_bytes(&m->memory), size) :
		"not known", or_unknown(m->memory_source));
	snprintf(text, sizeof(text), "%zu", layout->nr_nodes);
	html_row(f, "nodes with RAM", m->memory_known ? text : "not known",
		m->node_source ? m->node_source : m->memory_known ? "the only one" : "not known");
	end_card(f);
}

static void put_bases(FILE *f, const struct boot_bases *bases)
{
	static const char *const head[] = { "question", "answer, and how it is known", NULL };

	begin_card(f, "How the successor boots", head);
	for (size_t i = 0; i < bases->n; i++)
		html_row(f, bases->basis[i].what, bases->basis[i].how, NULL);
	end_card(f);
}

/* An estimate that the verdict does not depend on: the memory map of each node. */
static void put_sparsemem(FILE *f, const struct kho_check *check)
{
	const struct kho_sparsemem *sparsemem = &check->sparsemem;
	bool up = check->has_boot && check->boot.outcome == BOOT_UP;
	static const char *const head[] = {
		"node", "#sections", "#need, bytes", "#largest piece, bytes", NULL
	};

	begin_card(f, "An estimate that does not decide: the memory map of each node, if allocated in one piece", head);
	for (size_t i = 0; i < sparsemem->nr_nodes; i++) {
		const struct kho_sparsemem_node *n = &sparsemem->node[i];

		fprintf(f, "<tr><th scope=\"row\">%d</th><td class=\"number\">%" PRIu64
			"</td><td class=\"number\">", n->node, n->sections);
		html_number(f, n->need_bytes);
		fputs("</td><td class=\"number\">", f);
		html_number(f, n->usable_bytes);
		if (!up && n->usable_bytes < n->need_bytes)
			fputs("<br>short", f);
		fputs("</td></tr>\n", f);
	}
	end_card(f);
}

static void put_options(FILE *f, const struct kho_about *about)
{
	fputs("<tr><th scope=\"row\">options</th><td><code>", f);
	for (int i = 0; i < about->nr_options; i++) {
		fputs(i ? " " : "", f);
		html_text(f, about->option[i]);
	}
	fputs("</code></td></tr>\n", f);
}

/* What the report is of: of two pages, which is which. */
static void put_about(FILE *f, const struct kho_about *about)
{
	static const char *const head[] = { "what", "value", NULL };
	char time[KHO_ABOUT_TIME], bytes[24];

	if (!about)
		return;
	fputs("<div class=\"card\">", f);
	html_begin_table(f, "about", "This report", head);
	html_row(f, "made by", PACKAGE_STRING, NULL);
	html_row(f, "on", or_unknown(about->host), NULL);
	html_row(f, "at", kho_about_time(about, time), NULL);
	html_row(f, "image", about->image ? about->image : "none", NULL);
	if (about->image)
		html_row(f, "its SHA-256", or_unknown(about->image_sha256), NULL);
	snprintf(bytes, sizeof(bytes), "%" PRIu64, about->initrd_bytes);
	html_row(f, "bytes of the initrd", about->initrd_known ? bytes : "not known", NULL);
	html_row(f, "command line", about->cmdline ? about->cmdline : "not known", NULL);
	put_options(f, about);
	end_card(f);
}

static void put_facts_section(FILE *f, const struct kho_report *report, const struct layout *layout)
{
	html_begin_section(f, "facts", "Facts and their sources");
	fputs("<div class=\"grid\">\n", f);
	put_about(f, report->about);
	put_successor(f, report->successor, report->alone);
	put_machine(f, report->machine, layout);
	if (report->check->has_boot)
		put_bases(f, &report->check->bases);
	if (report->check->has_sparsemem)
		put_sparsemem(f, report->check);
	fputs("</div>\n</section>\n", f);
}

/* The JSON report, to read and copy; no program runs in this page. */
static int put_json(FILE *f, const struct kho_report *report)
{
	char *text = NULL, *rest, *line;
	size_t bytes;
	FILE *memory = open_memstream(&text, &bytes);
	int ret;

	if (!memory)
		return -ENOMEM;
	ret = kho_report_json(memory, report);
	if (kho_output_close(memory) && !ret)
		ret = -ENOMEM;
	html_begin_section(f, "programs", "For programs");
	fputs("<details><summary>The same report as JSON</summary>\n"
	      "<pre id=\"report-json\" tabindex=\"0\" aria-label=\"JSON\">\n", f);
	for (rest = text; !ret && (line = strsep(&rest, "\n")); ) {
		html_text(f, line);
		if (rest)
			fputc('\n', f);
	}
	fputs("</pre></details>\n</section>\n", f);
	free(text);
	return ret;
}

int kho_report_html(FILE *f, const struct kho_report *report)
{
	struct layout layout;
	int ret = layout_make(report, &layout);

	if (ret)
		return ret;
	put_page_head(f, report);
	put_header(f, report, &layout);
	fputs("<main>\n", f);
	put_findings(f, report);
	html_map(f, report, &layout);
	html_budget(f, report, &layout);
	html_handover(f, report);
	put_facts_section(f, report, &layout);
	ret = put_json(f, report);
	fprintf(f, "</main>\n<footer><p>%s. Addresses are physical; the end of a range is the "
		"first that is not in it.</p></footer>\n</body>\n</html>\n", PACKAGE_STRING);
	layout_deinit(&layout);
	return ret;
}
