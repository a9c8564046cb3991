// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>

#include "report/report.h"

#define MIB(bytes) ((bytes) >> 20)

void kho_report_findings(FILE *f, const struct kho_check *check)
{
	for (size_t i = 0; i < check->findings.n; i++) {
		const struct kho_finding *finding = &check->findings.f[i];

		fprintf(f, "kexec: kho: %s: %s: %s\n",
			kho_severity_name(kho_finding_severity(finding->id)),
			kho_finding_name(finding->id), finding->message);
		if (finding->remedy)
			fprintf(f, "kexec: kho: remedy: %s\n", finding->remedy);
	}
}

static void print_fact(FILE *f, const struct successor *s, enum kho_fact_id id)
{
	enum kho_source source = KHO_SRC_GIVEN;
	uint64_t value = 0;

	switch (kho_fact_get(&s->fact[id], &value, &source)) {
	case KHO_FACT_KNOWN:
		fprintf(f, "  %-18s %10" PRIu64 "  %s\n", kho_fact_name(id), value,
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

static void print_successor(FILE *f, const struct successor *s)
{
	if (!s) {
		fprintf(f, "successor: unknown\n");
		return;
	}
	fprintf(f, "successor: %s, %s\n", s->release[0] ? s->release : "release unknown",
		s->arch ? s->arch->machine : "architecture unknown");
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

static void print_findings(FILE *f, const struct kho_check *check)
{
	for (size_t i = 0; i < check->findings.n; i++) {
		const struct kho_finding *finding = &check->findings.f[i];

		fprintf(f, "%s: %s: %s\n", kho_severity_name(kho_finding_severity(finding->id)),
			kho_finding_name(finding->id), finding->message);
		if (finding->remedy)
			fprintf(f, "  remedy: %s\n", finding->remedy);
	}
}

void kho_report_text(FILE *f, const struct kho_report *report)
{
	print_successor(f, report->successor);
	print_machine(f, report->machine);
	if (report->check->has_sparsemem)
		print_sparsemem(f, &report->check->sparsemem);
	print_findings(f, report->check);
	fprintf(f, "verdict: %s\n", kho_verdict_name(report->check->verdict));
}
