// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>

#include "base/size.h"
#include "check/shortage.h"
#include "report/html/elements.h"
#include "report/html/shortage-card.h"

/* What is wanted to scale: the part that there was room for, and the part that is missing. */
static void put_bar(FILE *f, const struct kho_shortage *s)
{
	double had = (double)(s->wanted_bytes - s->missing_bytes) * 100 / (double)s->wanted_bytes;
	char wanted[KHO_SIZE_BYTES], missing[KHO_SIZE_BYTES];
	bool map = s->user == BOOT_MEMORY_MAP;

	fprintf(f, "<svg class=\"bar\" role=\"img\" height=\"42\" aria-label=\"%s: ",
		boot_user_text(s->user));
	html_number(f, s->missing_bytes);
	fputs(" of ", f);
	html_number(f, s->wanted_bytes);
	fputs(" bytes are missing\">\n", f);
	fprintf(f, "<g class=\"%s\"><rect x=\"0\" y=\"6\" width=\"%.4f%%\" height=\"30\"/></g>\n",
		map ? "f-map" : "f-free", had);
	fprintf(f, "<rect class=\"missing\" y=\"6\" height=\"30\" style=\"x:min(%.4f%%,100%% - 6px);"
		"width:max(6px,%.4f%%)\"/>\n", had, 100 - had);
	fputs("<rect class=\"frame\" x=\"0\" y=\"6\" width=\"100%\" height=\"30\"/>\n</svg>\n", f);
	fprintf(f, "<p class=\"small\">Of %s, %s are missing (at the right end).</p>\n",
		kho_size(s->wanted_bytes, wanted), kho_size_up(s->missing_bytes, missing));
}

/* @size is @bytes as people read them. */
static void put_size(FILE *f, const char *what, const char *size, uint64_t bytes)
{
	fprintf(f, "<tr><th scope=\"row\">%s</th><td>%s", what, size);
	if (bytes >= 1000) {
		fputs(" (", f);
		html_number(f, bytes);
		fputs(" bytes)", f);
	}
	fputs("</td></tr>\n", f);
}

void html_shortage(FILE *f, const struct kho_report *report)
{
	static const char *const head[] = { "what", "value", NULL };
	char text[96], size[KHO_SIZE_BYTES];
	struct kho_shortage s;

	if (!kho_shortage_of(report->check, report->successor, &s))
		return;
	put_bar(f, &s);
	html_begin_table(f, "shortage", "The request that finds no room", head);
	snprintf(text, sizeof(text), "the %s", boot_user_text(s.user));
	if (s.node != KHO_NO_NODE)
		snprintf(text, sizeof(text), "the %s of node %d", boot_user_text(s.user), s.node);
	html_row(f, "for", text, NULL);
	snprintf(text, sizeof(text), "%" PRIu64 " piece%s of %s", s.pieces, s.pieces == 1 ? "" : "s",
		 kho_size_up(s.piece_bytes, size));
	html_row(f, "wanted", text, NULL);
	put_size(f, "missing", kho_size_up(s.missing_bytes, size), s.missing_bytes);
	put_size(f, "largest piece left", kho_size(s.largest_bytes, size), s.largest_bytes);
	put_size(f, "all that is left", kho_size(s.left_bytes, size), s.left_bytes);
	if (s.function) {
		snprintf(text, sizeof(text), "%s(), %s", s.function, s.file);
		html_row(f, "asked for by", text, NULL);
	}
	html_row(f, s.load ? "what shows" : "early console", s.console, NULL);
	if (!s.load)
		html_row(f, "other console", KHO_SHORTAGE_SILENT, NULL);
	fputs("</tbody></table>\n", f);
}
