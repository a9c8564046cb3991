// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>

#include "rehearse/judge.h"
#include "report/report.h"

#define MIB(bytes) ((bytes) >> 20)

/* An accepted finding keeps its severity. */
static const char *accepted(const struct kho_finding *finding)
{
	return finding->accepted ? " (accepted)" : finding->overruled ? " (overruled)" : "";
}

void kho_report_findings(FILE *f, const struct kho_check *check)
{
	for (size_t i = 0; i < check->findings.n; i++) {
		const struct kho_finding *finding = &check->findings.f[i];

		fprintf(f, "kexec: kho: %s%s: %s: %s\n",
			kho_severity_name(kho_finding_severity(finding->id)), accepted(finding),
			kho_finding_name(finding->id), finding->message);
		if (finding->remedy)
			fprintf(f, "kexec: kho: remedy: %s\n", finding->remedy);
	}
}

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
	fprintf(f, "machine: %s\n", m->release[0] ? m->release : "release unknown");
	for (size_t i = 0; i < m->scratch.n; i++) {
		const struct kho_range *area = &m->scratch.r[i];

		fprintf(f, "  scratch 0x%010" PRIx64 "-0x%010" PRIx64 " %8" PRIu64 " MiB  node",
			area->start_pa, area->end_pa, MIB(area->end_pa - area->start_pa));
		kho_report_area_nodes(area, &m->memory, print_node, f);
		fputc('\n', f);
	}
	if (m->memory_known)
		fprintf(f, "  memory %" PRIu64 " MiB, from /%s, nodes from /%s\n",
			MIB(kho_ranges_bytes(&m->memory)), m->memory_source, m->node_source);
}

static void print_sparsemem(FILE *f, const struct kho_sparsemem *sparsemem)
{
	fprintf(f, "memory map: section map %" PRIu64 " KiB\n", sparsemem->section_map_bytes >> 10);
	fprintf(f, "  node  sections  longest run  need MiB  usable MiB\n");
	for (size_t i = 0; i < sparsemem->nr_nodes; i++) {
		const struct kho_sparsemem_node *n = &sparsemem->node[i];

		fprintf(f, "  %4d  %8" PRIu64 "  %11" PRIu64 "  %8" PRIu64 "  %10" PRIu64 "%s\n",
			n->node, n->sections, n->longest_run,
			MIB(n->need_bytes + (1 << 20) - 1), MIB(n->usable_bytes),
			n->usable_bytes >= n->need_bytes ? "" : "  short");
	}
}

static void print_allocation(FILE *f, const struct kho_ranges *memory,
			     const struct boot_allocation *a)
{
	fprintf(f, "  %-30s %10" PRIu64 " KiB  0x%010" PRIx64 "-0x%010" PRIx64 "  node",
		boot_user_text(a->user), (a->range.end_pa - a->range.start_pa + 1023) >> 10,
		a->range.start_pa, a->range.end_pa);
	kho_report_area_nodes(&a->range, memory, print_node, f);
	fputc('\n', f);
}

static int print_areas_left(FILE *f, const struct kho_ranges *scratch,
			    const struct boot_result *boot)
{
	for (size_t i = 0; i < scratch->n; i++) {
		uint64_t left_bytes;
		int ret = kho_report_area_left(&scratch->r[i], boot, &left_bytes);

		if (ret)
			return ret;
		fprintf(f, "  %-30s %10" PRIu64 " KiB  0x%010" PRIx64 "-0x%010" PRIx64 "\n",
			"free in area", left_bytes >> 10, scratch->r[i].start_pa, scratch->r[i].end_pa);
	}
	return 0;
}

/* Who takes what of the areas, in the order in which early boot asks. */
static int print_boot(FILE *f, const struct kho_report *report)
{
	static const char *const dead[] = {
		[KHO_BOOT_DIES] = "dies", [KHO_BOOT_TOO_CLOSE] = "too close to tell",
		[KHO_BOOT_DEPENDS] = "comes up or dies: it depends on what is not known",
	};
	const struct boot_result *boot = &report->check->boot;

	if (boot->outcome == BOOT_LOAD_FAILS)
		return 0;
	if (boot->outcome == BOOT_UP)
		fprintf(f, "early boot: %s, %" PRIu64 " KiB of scratch to spare",
			kho_boot_state(boot) == KHO_BOOT_UP ? "comes up" : "too close to tell",
			boot->headroom_bytes >> 10);
	else
		fprintf(f, "early boot: %s", dead[kho_boot_state(boot)]);
	if (boot->kaslr)
		fprintf(f, "; the worst of %" PRIu64 " places that KASLR may choose",
			boot->fold.followed);
	fputc('\n', f);
	for (size_t i = 0; i < boot->nr_allocs; i++)
		print_allocation(f, &report->machine->memory, &boot->alloc[i]);
	return print_areas_left(f, &report->machine->scratch, boot);
}

static void print_bases(FILE *f, const struct boot_bases *bases)
{
	fprintf(f, "how it boots\n");
	for (size_t i = 0; i < bases->n; i++)
		fprintf(f, "  %s: %s\n", bases->basis[i].what, bases->basis[i].how);
}

/* Also where it is smaller than what there is now. */
static void print_advice(FILE *f, const struct machine *m, const struct boot_advice *advice)
{
	if (!advice->found)
		return;
	fprintf(f, "advice: %s=%" PRIu64 "M,%" PRIu64 "M,%" PRIu64 "M is enough (%" PRIu64
		" MiB in all, now %" PRIu64 "); takes effect at the next cold boot\n",
		machine_area_parameter(m), MIB(advice->low_bytes), MIB(advice->global_bytes), MIB(advice->node_bytes),
		MIB(advice->total_bytes), MIB(advice->present_bytes));
}

static void print_findings(FILE *f, const struct kho_check *check)
{
	for (size_t i = 0; i < check->findings.n; i++) {
		const struct kho_finding *finding = &check->findings.f[i];

		fprintf(f, "%s%s: %s: %s\n",
			kho_severity_name(kho_finding_severity(finding->id)), accepted(finding),
			kho_finding_name(finding->id), finding->message);
		if (finding->remedy)
			fprintf(f, "  remedy: %s\n", finding->remedy);
	}
}

void kho_report_conclusion(FILE *f, const struct kho_check *check)
{
	print_findings(f, check);
	fprintf(f, "verdict: %s\n", kho_verdict_name(check->verdict));
}

int kho_report_text(FILE *f, const struct kho_report *report)
{
	int ret = 0;

	print_successor(f, report->successor, report->alone);
	print_machine(f, report->machine);
	if (report->check->has_sparsemem)
		print_sparsemem(f, &report->check->sparsemem);
	if (report->check->has_boot) {
		print_bases(f, &report->check->bases);
		ret = print_boot(f, report);
		print_advice(f, report->machine, &report->check->advice);
	}
	if (report->rehearsal)
		rehearsal_tell(f, report->rehearsal);
	if (report->check->has_readiness)
		kho_report_handover(f, report);
	kho_report_conclusion(f, report->check);
	return ret;
}
