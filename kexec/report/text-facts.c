// SPDX-License-Identifier: GPL-2.0-only
/* All that the answer rests on: facts, machine, estimate, and the boot request by request. */
#include "config.h"

#include <inttypes.h>

#include "base/size.h"
#include "check/shortage.h"
#include "report/text-facts.h"

static void print_fact(FILE *f, const struct successor *s, enum kho_fact_id id)
{
	enum kho_source source = KHO_SRC_GIVEN;
	char number[24];
	uint64_t value = 0;

	switch (kho_fact_get(&s->fact[id], &value, &source)) {
	case KHO_FACT_KNOWN:
		snprintf(number, sizeof(number), "%" PRIu64, value);
		fprintf(f, "  %-18s %10s  %s\n", kho_fact_name(id),
			!kho_fact_is_flag(id) ? number : value ? "yes" : "no",
			kho_source_name(source));
		break;
	case KHO_FACT_CONTRADICTED:
		fprintf(f, "  %-18s %10s  sources disagree\n", kho_fact_name(id), "unknown");
		break;
	case KHO_FACT_UNKNOWN:
		fprintf(f, "  %-18s %10s\n", kho_fact_name(id), "unknown");
		break;
	}
}

static void print_successor(FILE *f, const struct successor *s, bool alone)
{
	if (!s) {
		fprintf(f, "%s: unknown\n", alone ? "running kernel" : "successor");
		return;
	}
	fprintf(f, "%s: %s, %s\n", alone ? "running kernel" : "successor",
		s->release[0] ? s->release : "release unknown", s->arch ? s->arch->machine :
		"architecture unknown");
	for (enum kho_fact_id id = 0; id < KHO_FACT_NR; id++)
		print_fact(f, s, id);
}

static void print_node(int node, void *arg)
{
	fprintf(arg, " %d", node);
}

static void print_machine(FILE *f, const struct machine *m)
{
	char size[KHO_SIZE_BYTES];

	fprintf(f, "machine: %s\n", m->release[0] ? m->release : "release unknown");
	for (size_t i = 0; i < m->scratch.n; i++) {
		const struct kho_range *area = &m->scratch.r[i];

		fprintf(f, "  scratch 0x%010" PRIx64 "-0x%010" PRIx64 " %12s  node",
			area->start_pa, area->end_pa,
			kho_size(area->end_pa - area->start_pa, size));
		kho_report_area_nodes(area, &m->memory, print_node, f);
		fputc('\n', f);
	}
	if (m->memory_known)
		fprintf(f, "  memory %s, from /%s%s%s\n",
			kho_size(kho_ranges_bytes(&m->memory), size), m->memory_source,
			m->node_source ? ", nodes from /" : "", m->node_source ? m->node_source : "");
}

/* Where the model has an answer, the estimate has none to give. */
static void print_sparsemem(FILE *f, const struct kho_check *check)
{
	const struct kho_sparsemem *sparsemem = &check->sparsemem;
	bool up = check->has_boot && check->boot.outcome == BOOT_UP;
	char need[KHO_SIZE_BYTES], usable[KHO_SIZE_BYTES];

	fprintf(f, "estimate of the memory map (it does not decide): section map %s\n",
		kho_size(sparsemem->section_map_bytes, need));
	fprintf(f, "  node  sections  longest run          need        usable\n");
	for (size_t i = 0; i < sparsemem->nr_nodes; i++) {
		const struct kho_sparsemem_node *n = &sparsemem->node[i];

		fprintf(f, "  %4d  %8" PRIu64 "  %11" PRIu64 "  %12s  %12s%s\n",
			n->node, n->sections, n->longest_run, kho_size_up(n->need_bytes, need),
			kho_size(n->usable_bytes, usable),
			up || n->usable_bytes >= n->need_bytes ? "" : "  short");
	}
}

static void print_allocation(FILE *f, const struct kho_ranges *memory,
			     const struct boot_allocation *a)
{
	char size[KHO_SIZE_BYTES];

	fprintf(f, "  %-30s %12s  0x%010" PRIx64 "-0x%010" PRIx64 "  node", boot_user_text(a->user),
		kho_size_up(a->range.end_pa - a->range.start_pa, size), a->range.start_pa,
		a->range.end_pa);
	kho_report_area_nodes(&a->range, memory, print_node, f);
	fputc('\n', f);
}

static int print_areas_left(FILE *f, const struct kho_ranges *scratch,
			    const struct boot_result *boot)
{
	for (size_t i = 0; i < scratch->n; i++) {
		char size[KHO_SIZE_BYTES];
		uint64_t left_bytes;
		int ret = kho_report_area_left(&scratch->r[i], boot, &left_bytes);

		if (ret)
			return ret;
		fprintf(f, "  %-30s %12s  0x%010" PRIx64 "-0x%010" PRIx64 "\n", "free in area",
			kho_size(left_bytes, size), scratch->r[i].start_pa, scratch->r[i].end_pa);
	}
	return 0;
}

static void print_outcome(FILE *f, const struct boot_result *boot)
{
	static const char *const dead[] = {
		[KHO_BOOT_DIES] = "dies", [KHO_BOOT_TOO_CLOSE] = "too close to tell",
		[KHO_BOOT_DEPENDS] = "comes up or dies: it depends on what is not known",
		[KHO_BOOT_LOAD_FAILS] = "the load fails",
	};
	char headroom[KHO_SIZE_BYTES];

	if (boot->outcome == BOOT_UP)
		fprintf(f, "early boot: %s, %s of scratch to spare",
			kho_boot_state(boot) == KHO_BOOT_UP ? "comes up" : "too close to tell",
			kho_size(boot->headroom_bytes, headroom));
	else
		fprintf(f, "early boot: %s", dead[kho_boot_state(boot)]);
	if (boot->kaslr)
		fprintf(f, "; the worst of %" PRIu64 " places that KASLR may choose",
			boot->fold.followed);
	fputc('\n', f);
}

/* Who takes what of the areas, in the order in which early boot asks, up to what finds no room. */
static int print_boot(FILE *f, const struct kho_report *report)
{
	const struct boot_result *boot = &report->check->boot;
	struct kho_shortage shortage;
	char size[KHO_SIZE_BYTES];

	print_outcome(f, boot);
	for (size_t i = 0; i < boot->nr_allocs; i++)
		print_allocation(f, &report->machine->memory, &boot->alloc[i]);
	if (kho_shortage_of(report->check, report->successor, &shortage))
		fprintf(f, "  %-30s %12s  %s\n", boot_user_text(shortage.user),
			kho_size_up(shortage.missing_bytes, size),
			shortage.sure ? "no room" : "no room, as far as is known");
	return print_areas_left(f, &report->machine->scratch, boot);
}

static void print_bases(FILE *f, const struct boot_bases *bases)
{
	fprintf(f, "how it boots\n");
	for (size_t i = 0; i < bases->n; i++)
		fprintf(f, "  %s: %s\n", bases->basis[i].what, bases->basis[i].how);
}

int kho_report_facts(FILE *f, const struct kho_report *report)
{
	const struct kho_check *check = report->check;

	print_successor(f, report->successor, report->alone);
	print_machine(f, report->machine);
	if (check->has_sparsemem)
		print_sparsemem(f, check);
	if (!check->has_boot)
		return 0;
	print_bases(f, &check->bases);
	return print_boot(f, report);
}
