// SPDX-License-Identifier: GPL-2.0-only
/* What is handed over, and what happens to it. */
#include "config.h"

#include <inttypes.h>

#include "base/list.h"
#include "report/html/elements.h"
#include "report/html/handover-section.h"

static void begin_row(FILE *f, const char *what)
{
	fprintf(f, "<tr><th scope=\"row\">%s</th><td>", what);
}

static const char *handover_text(const struct kho_report *report)
{
	static const char *const alone[] = {
		[KHO_FATE_ARRIVES] = "ready on this side",
		[KHO_FATE_LOST] = "nothing would be handed over",
		[KHO_FATE_PANIC] = "not known", [KHO_FATE_UNKNOWN] = "not known",
	};
	static const char *const with_successor[] = {
		[KHO_FATE_ARRIVES] = "arrives: the successor takes it",
		[KHO_FATE_LOST] = "lost: the successor boots without it",
		[KHO_FATE_PANIC] = "panic: the successor panics when it reads it",
		[KHO_FATE_UNKNOWN] = "not known",
	};
	const struct kho_check *check = report->check;
	enum kho_fate fate = check->readiness.handover;

	if (report->alone)
		return alone[fate];
	if (fate == KHO_FATE_ARRIVES && check->has_boot &&
	    kho_boot_state(&check->boot) != KHO_BOOT_UP)
		return kho_report_fate(check, fate);
	return with_successor[fate];
}

static void put_formats(FILE *f, const struct kho_report *report)
{
	const struct kho_readiness *r = &report->check->readiness;
	struct kho_list written, read;

	kho_readiness_formats(r, &written, &read);
	html_row(f, "format that is written", written.used ? written.text : "not known", NULL);
	if (!report->alone)
		html_row(f, "formats that the successor reads", read.used ? read.text : "none",
			 NULL);
}

static void put_preserved_table(FILE *f, const struct kho_report *report)
{
	const struct machine_handover *h = &report->machine->handover;
	const struct kho_readiness *r = &report->check->readiness;

	begin_row(f, "preserved memory");
	if (h->preserved_known) {
		html_number(f, kho_ranges_bytes(&h->preserved));
		fprintf(f, " bytes in %zu ranges; %" PRIu64 " of %" PRIu64 " blocks of 1 GiB "
			"contain none of it", h->preserved.n, r->free_gib_blocks, r->gib_blocks);
	} else {
		fputs("not known", f);
	}
	fputs("</td></tr>\n", f);
}

static void put_chain(FILE *f, const struct machine_handover *h)
{
	begin_row(f, "how this kernel was started");
	if (h->in.state != HANDOVER_READ) {
		fputs("without a handover, as far as is known</td></tr>\n", f);
		return;
	}
	fputs("by a handover from ", f);
	html_text(f, h->previous_release ? h->previous_release : "an unknown kernel");
	if (h->hops >= 0)
		fprintf(f, ", the %" PRId64 ". since the cold boot", h->hops);
	fputs("</td></tr>\n", f);
}

static void put_producer(FILE *f, const struct handover_producer *p, const char *fate)
{
	struct kho_list formats, regions;

	kho_producer_formats(p, &formats);
	kho_producer_regions(p, &regions);
	fputs("<tr><th scope=\"row\">", f);
	html_text(f, p->name);
	fputs("</th><td>", f);
	html_text(f, formats.text);
	if (regions.used) {
		fputs("<br>reserve_mem ", f);
		html_text(f, regions.text);
	}
	fputs("</td><td>", f);
	html_text(f, fate);
	fputs("</td></tr>\n", f);
}

static void put_producers(FILE *f, const struct kho_report *report)
{
	static const char *const head[] = { "producer", "formats", "what happens to it", NULL };
	const struct handover_tree *out = &report->machine->handover.out;

	if (!out->nr_producers)
		return;
	fputs("<div class=\"card\">", f);
	html_begin_table(f, "producers", "Producers", head);
	for (size_t i = 0; i < out->nr_producers; i++)
		put_producer(f, &out->producer[i], report->alone ? "not judged" :
			     kho_report_fate(report->check,
					     report->check->readiness.producer[i]));
	fputs("</tbody></table></div>\n", f);
}

void html_handover(FILE *f, const struct kho_report *report)
{
	static const char *const head[] = { "question", "answer", NULL };

	if (!report->check->has_readiness)
		return;
	html_begin_section(f, "handover", "What is handed over");
	fputs("<div class=\"grid\">\n<div class=\"card\">", f);
	html_begin_table(f, "handover-table", "The handover", head);
	html_row(f, "what happens to it", handover_text(report), NULL);
	put_formats(f, report);
	put_preserved_table(f, report);
	put_chain(f, &report->machine->handover);
	fputs("</tbody></table>\n<p class=\"soft small\">", f);
	html_text(f, "Memory that is preserved between now and the jump is not known.");
	fputs("</p></div>\n", f);
	put_producers(f, report);
	fputs("</div>\n</section>\n", f);
}
