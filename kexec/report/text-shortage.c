// SPDX-License-Identifier: GPL-2.0-only
/* The request that finds no room, in words. */
#include "config.h"

#include <inttypes.h>

#include "base/size.h"
#include "check/shortage.h"
#include "report/report.h"

static void print_wanted(FILE *f, const struct kho_shortage *shortage)
{
	char piece[KHO_SIZE_BYTES], align[KHO_SIZE_BYTES];

	kho_size_up(shortage->piece_bytes, piece);
	if (shortage->pieces > 1)
		fprintf(f, "  wanted        %" PRIu64 " pieces of %s", shortage->pieces, piece);
	else
		fprintf(f, "  wanted        %s in one piece", piece);
	if (shortage->align > 4096)
		fprintf(f, ", on a multiple of %s", kho_size(shortage->align, align));
	fputc('\n', f);
}

void kho_report_shortage(FILE *f, const struct kho_report *report)
{
	char missing[KHO_SIZE_BYTES], largest[KHO_SIZE_BYTES], left[KHO_SIZE_BYTES];
	struct kho_shortage shortage;

	if (!kho_shortage_of(report->check, report->successor, &shortage))
		return;
	fprintf(f, "what %s: no room for the %s", shortage.sure ? "fails" : "may fail",
		boot_user_text(shortage.user));
	if (shortage.node != KHO_NO_NODE)
		fprintf(f, " of node %d", shortage.node);
	fputc('\n', f);
	print_wanted(f, &shortage);
	fprintf(f, "  missing       %s\n", kho_size_up(shortage.missing_bytes, missing));
	fprintf(f, "  largest left  %s, of %s that are left\n",
		kho_size(shortage.largest_bytes, largest), kho_size(shortage.left_bytes, left));
	if (shortage.function)
		fprintf(f, "  asked for by  %s(), %s\n", shortage.function, shortage.file);
	if (shortage.load) {
		fprintf(f, "  what shows    %s\n", shortage.console);
		return;
	}
	fprintf(f, "  console       %s\n", shortage.console);
	fprintf(f, "  or            %s\n", KHO_SHORTAGE_SILENT);
}
