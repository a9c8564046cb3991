// SPDX-License-Identifier: GPL-2.0-only
/* What is handed over, and what happens to it, for people. */
#include "config.h"

#include <inttypes.h>

#include "base/list.h"
#include "base/size.h"
#include "report/report.h"

static void print_formats(FILE *f, const struct kho_report *report)
{
	const struct kho_readiness *r = &report->check->readiness;
	struct kho_list written, read;

	kho_readiness_formats(r, &written, &read);
	fprintf(f, "  format %s", written.used ? written.text : "unknown");
	if (!report->alone)
		fprintf(f, "; the successor reads %s", read.used ? read.text : "none");
	fputc('\n', f);
}

/* "  memblock         memblock-v1, reserve-mem-v1; reserve_mem kho_state: arrives" */
static void print_producer(FILE *f, const struct handover_producer *p, const char *fate)
{
	struct kho_list formats, regions;

	kho_producer_formats(p, &formats);
	kho_producer_regions(p, &regions);
	fprintf(f, "  %-16s %s", p->name, formats.text);
	if (regions.used)
		fprintf(f, "; reserve_mem %s", regions.text);
	fprintf(f, "%s%s\n", fate ? ": " : "", fate ? fate : "");
}

static void print_preserved(FILE *f, const struct kho_report *report)
{
	const struct machine_handover *h = &report->machine->handover;
	const struct kho_readiness *r = &report->check->readiness;
	char size[KHO_SIZE_BYTES];

	if (!h->preserved_known) {
		fprintf(f, "  preserved memory unknown\n");
		return;
	}
	fprintf(f, "  preserved %s in %zu ranges, from /%s; %" PRIu64 " of %" PRIu64
		" blocks of 1 GiB contain none of it\n", kho_size_up(kho_ranges_bytes(&h->preserved), size),
		h->preserved.n, h->preserved_source, r->free_gib_blocks, r->gib_blocks);
}

const char *kho_report_fate(const struct kho_check *check, enum kho_fate fate)
{
	bool up = !check->has_boot || kho_boot_state(&check->boot) == KHO_BOOT_UP;

	return fate == KHO_FATE_ARRIVES && !up ? "would arrive, if the successor came up" :
						 kho_fate_name(fate);
}

void kho_report_handover(FILE *f, const struct kho_report *report)
{
	static const char *const ready[] = {
		[KHO_FATE_ARRIVES] = "ready on this side",
		[KHO_FATE_LOST] = "nothing would be handed over",
		[KHO_FATE_PANIC] = "unknown", [KHO_FATE_UNKNOWN] = "unknown",
	};
	const struct kho_readiness *r = &report->check->readiness;
	const struct handover_tree *out = &report->machine->handover.out;

	fprintf(f, "handover: %s\n",
		report->alone ? ready[r->handover] : kho_report_fate(report->check, r->handover));
	if (!report->machine->scratch_known)
		return;
	print_formats(f, report);
	for (size_t i = 0; i < out->nr_producers; i++)
		print_producer(f, &out->producer[i],
			       report->alone ? NULL :
			       kho_report_fate(report->check, r->producer[i]));
	print_preserved(f, report);
	fprintf(f, "  memory that is preserved between now and the jump is not known\n");
}
