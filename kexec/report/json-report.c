// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "base/output.h"
#include "check/advice-text.h"
#include "check/shortage.h"
#include "rehearse/overrule.h"
#include "report/json-about.h"
#include "report/json-readiness.h"
#include "report/json-report.h"
#include "report/report.h"

static void put_fact(struct builder *b, struct json_object *to, struct json_object *sources,
		     const struct successor *s, enum kho_fact_id id)
{
	enum kho_source source;
	uint64_t value;

	if (!s || kho_fact_get(&s->fact[id], &value, &source) != KHO_FACT_KNOWN) {
		put(b, to, kho_fact_name(id), NULL);
		return;
	}
	if (kho_fact_is_flag(id))
		put_bool(b, to, kho_fact_name(id), value);
	else
		put_u64(b, to, kho_fact_name(id), value);
	put_string(b, sources, kho_fact_name(id), kho_source_name(source));
}

static struct json_object *successor_object(struct builder *b, const struct kho_report *report)
{
	const struct successor *s = report->successor;
	const struct kho_check *check = report->check;
	struct json_object *o = made(b, json_object_new_object());
	struct json_object *sources = made(b, json_object_new_object());

	put_string(b, o, "release", s ? s->release : NULL);
	put_string(b, o, "arch", s && s->arch ? s->arch->machine : NULL);
	for (enum kho_fact_id id = 0; id < KHO_FACT_NR; id++)
		put_fact(b, o, sources, s, id);
	if (check->has_sparsemem) {
		put_u64(b, o, "pages_per_section", check->sparsemem.pages_per_section);
		put_u64(b, o, "section_map_bytes", check->sparsemem.section_map_bytes);
	} else {
		put(b, o, "pages_per_section", NULL);
		put(b, o, "section_map_bytes", NULL);
	}
	if (s && s->release[0])
		put_string(b, sources, "release", kho_source_name(s->release_source));
	put(b, o, "sources", sources);
	return o;
}

struct json_nodes {
	struct builder *b;
	struct json_object *array;
};

static void push_node(int node, void *arg)
{
	struct json_nodes *list = arg;

	push(list->b, list->array, made(list->b, json_object_new_int(node)));
}

static struct json_object *area_object(struct builder *b, const struct kho_range *area,
				       const struct kho_ranges *memory)
{
	struct json_object *o = made(b, json_object_new_object());
	struct json_nodes list = { b, made(b, json_object_new_array()) };

	put_u64(b, o, "start", area->start_pa);
	put_u64(b, o, "bytes", area->end_pa - area->start_pa);
	kho_report_area_nodes(area, memory, push_node, &list);
	put(b, o, "nodes", list.array);
	return o;
}

static struct json_object *machine_object(struct builder *b, const struct kho_report *report)
{
	const struct machine *m = report->machine;
	const struct kho_sparsemem *sparsemem = &report->check->sparsemem;
	struct json_object *o = made(b, json_object_new_object());
	struct json_object *scratch = m->scratch_known ? made(b, json_object_new_array()) : NULL;
	struct json_object *nodes = NULL;

	for (size_t i = 0; i < m->scratch.n; i++)
		push(b, scratch, area_object(b, &m->scratch.r[i], &m->memory));
	if (report->check->has_sparsemem)
		nodes = made(b, json_object_new_array());
	for (size_t i = 0; i < sparsemem->nr_nodes; i++) {
		struct json_object *node = made(b, json_object_new_object());

		put_int(b, node, "node", sparsemem->node[i].node);
		put_u64(b, node, "sections", sparsemem->node[i].sections);
		put_u64(b, node, "runs", sparsemem->node[i].runs);
		put_u64(b, node, "longest_run", sparsemem->node[i].longest_run);
		push(b, nodes, node);
	}
	put_string(b, o, "release", m->release);
	put(b, o, "scratch", scratch);
	put(b, o, "nodes", nodes);
	return o;
}

static struct json_object *sparsemem_object(struct builder *b, const struct kho_check *check)
{
	const struct kho_sparsemem *sparsemem = &check->sparsemem;
	struct json_object *o = made(b, json_object_new_object());
	struct json_object *nodes = NULL;

	if (check->has_sparsemem)
		nodes = made(b, json_object_new_array());
	for (size_t i = 0; i < sparsemem->nr_nodes; i++) {
		struct json_object *node = made(b, json_object_new_object());

		put_int(b, node, "node", sparsemem->node[i].node);
		put_u64(b, node, "need_bytes", sparsemem->node[i].need_bytes);
		put_u64(b, node, "usable_bytes", sparsemem->node[i].usable_bytes);
		put_bool(b, node, "fits",
			 sparsemem->node[i].usable_bytes >= sparsemem->node[i].need_bytes);
		push(b, nodes, node);
	}
	put(b, o, "nodes", nodes);
	if (check->has_sparsemem && sparsemem->worst < sparsemem->nr_nodes)
		put_int(b, o, "worst_node", sparsemem->node[sparsemem->worst].node);
	else
		put(b, o, "worst_node", NULL);
	return o;
}

static struct json_object *allocations_array(struct builder *b, const struct boot_result *boot)
{
	struct json_object *array = made(b, json_object_new_array());

	for (size_t i = 0; i < boot->nr_allocs; i++) {
		const struct boot_allocation *a = &boot->alloc[i];
		struct json_object *o = made(b, json_object_new_object());

		put_string(b, o, "user", boot_user_key(a->user));
		put_node(b, o, "wanted_node", a->wanted_node);
		put_node(b, o, "node", a->range.node);
		put_u64(b, o, "start", a->range.start_pa);
		put_u64(b, o, "bytes", a->range.end_pa - a->range.start_pa);
		put_u64(b, o, "pieces", a->pieces);
		push(b, array, o);
	}
	return array;
}

static struct json_object *areas_left_array(struct builder *b, const struct kho_report *report)
{
	const struct kho_ranges *scratch = &report->machine->scratch;
	struct json_object *array = made(b, json_object_new_array());

	for (size_t i = 0; i < scratch->n; i++) {
		uint64_t left_bytes = 0;

		if (kho_report_area_left(&scratch->r[i], &report->check->boot, &left_bytes))
			b->failed = true;
		push(b, array, made(b, json_object_new_uint64(left_bytes)));
	}
	return array;
}

static struct json_object *bases_array(struct builder *b, const struct boot_bases *bases)
{
	struct json_object *array = made(b, json_object_new_array());

	for (size_t i = 0; i < bases->n; i++) {
		struct json_object *o = made(b, json_object_new_object());

		put_string(b, o, "what", bases->basis[i].what);
		put_string(b, o, "how", bases->basis[i].how);
		put_bool(b, o, "from_image", bases->basis[i].image);
		push(b, array, o);
	}
	return array;
}

static void put_shortened(struct builder *b, struct json_object *o, const struct boot_result *boot)
{
	put_u64(b, o, "map_bytes", boot->map_bytes);
	put_u64(b, o, "map_off_node_bytes", boot->map_off_node_bytes);
	put_u64(b, o, "cut_bytes", boot->cut_bytes);
	put_u64(b, o, "swiotlb_wanted_bytes", boot->swiotlb_wanted_bytes);
	put_u64(b, o, "swiotlb_bytes", boot->swiotlb_bytes);
	put_u64(b, o, "crashkernel_wanted_bytes", boot->crashkernel_wanted_bytes);
	put_u64(b, o, "crashkernel_bytes", boot->crashkernel_bytes);
	put_u64(b, o, "crashkernel_cma_wanted_bytes", boot->crashkernel_cma_wanted_bytes);
	put_u64(b, o, "crashkernel_cma_bytes", boot->crashkernel_cma_bytes);
	put_u64(b, o, "hugepages_wanted", boot->hugepages_wanted);
	put_u64(b, o, "hugepages", boot->hugepages);
}

/* What the places that come up lack: the most and the least, and in how many. */
static struct json_object *shortfalls_object(struct builder *b, const struct boot_fold *fold)
{
	struct json_object *all = made(b, json_object_new_object());

	for (int i = 0; i < BOOT_SHORT_NR; i++) {
		struct json_object *o = made(b, json_object_new_object());

		put_u64(b, o, "most", fold->shortfall[i].most);
		put_u64(b, o, "least", fold->shortfall[i].least);
		put_u64(b, o, "slots", fold->shortfall[i].slots);
		put(b, all, boot_short_key((enum boot_short)i), o);
	}
	return all;
}

/* NULL where no setting was found. */
static struct json_object *setting_object(struct builder *b, const struct boot_advised *a)
{
	char text[KHO_SETTING_BYTES];
	struct json_object *o;

	if (!a->found)
		return NULL;
	o = made(b, json_object_new_object());
	kho_setting_text(&a->setting, text);
	put_string(b, o, "setting", text);
	put_u64(b, o, "percent", a->setting.percent);
	put_u64(b, o, "low_bytes", a->setting.low_bytes);
	put_u64(b, o, "global_bytes", a->setting.global_bytes);
	put_u64(b, o, "node_bytes", a->setting.node_bytes);
	put_u64(b, o, "total_bytes", a->total_bytes);
	put_u64(b, o, "headroom_bytes", a->headroom_bytes);
	put_bool(b, o, "nokaslr", a->nokaslr);
	put(b, o, "initrd_bytes",
	    a->initrd_bytes ? made(b, json_object_new_uint64(a->initrd_bytes)) : NULL);
	return o;
}

/* With what it goes without, in the worst place of the kernel. */
static struct json_object *bare_object(struct builder *b, const struct boot_advice *advice)
{
	struct json_object *o = setting_object(b, &advice->bare), *lacks;

	if (!o)
		return NULL;
	lacks = made(b, json_object_new_object());
	for (int i = 0; i < BOOT_SHORT_NR; i++)
		put_u64(b, lacks, boot_short_key((enum boot_short)i), advice->bare.lacks[i]);
	put(b, o, "lacks", lacks);
	put_bool(b, o, "wants_free_blocks", advice->bare_extends);
	return o;
}

static struct json_object *advice_object(struct builder *b, const struct kho_check *check)
{
	static const char *const gain[] = {
		[KHO_GAIN_NONE] = "none", [KHO_GAIN_KHO] = "kho", [KHO_GAIN_ROOM] = "room",
		[KHO_GAIN_MEMORY] = "memory",
	};
	const struct boot_advice *advice = &check->advice;
	struct json_object *o = setting_object(b, &advice->best);

	if (!o)
		return NULL;
	put_string(b, o, "gain", gain[check->gain]);
	put_u64(b, o, "present_bytes", advice->present_bytes);
	put_u64(b, o, "default_bytes", advice->default_bytes);
	put_u64(b, o, "step_bytes", advice->step_bytes);
	put(b, o, "bare_minimum", bare_object(b, advice));
	return o;
}

/* The request that finds no room; NULL where there is none. */
static struct json_object *shortage_object(struct builder *b, const struct kho_report *report)
{
	struct kho_shortage s;
	struct json_object *o;

	if (!kho_shortage_of(report->check, report->successor, &s))
		return NULL;
	o = made(b, json_object_new_object());
	put_string(b, o, "user", boot_user_key(s.user));
	put_node(b, o, "node", s.node);
	put_u64(b, o, "piece_bytes", s.piece_bytes);
	put_u64(b, o, "align", s.align);
	put_u64(b, o, "pieces", s.pieces);
	put_u64(b, o, "missing_bytes", s.missing_bytes);
	put_u64(b, o, "largest_bytes", s.largest_bytes);
	put_u64(b, o, "left_bytes", s.left_bytes);
	put_string(b, o, "function", s.function);
	put_string(b, o, "file", s.file);
	put_string(b, o, "console", s.console);
	return o;
}

/* NULL where the boot could not be followed. */
static struct json_object *model_object(struct builder *b, const struct kho_report *report)
{
	static const char *const outcome[] = {
		[BOOT_UP] = "up", [BOOT_LOAD_FAILS] = "load_fails", [BOOT_DIES] = "dies",
	};
	const struct boot_result *boot = &report->check->boot;
	bool up = boot->outcome == BOOT_UP;
	struct json_object *o;

	if (!report->check->has_boot)
		return NULL;
	o = made(b, json_object_new_object());
	put_string(b, o, "outcome", outcome[boot->outcome]);
	put_string(b, o, "failed", up ? NULL : boot_user_key(boot->failed));
	put_node(b, o, "failed_node", up ? KHO_NO_NODE : boot->failed_node);
	put_bool(b, o, "depends_on_preserved", boot->depends_on_preserved);
	put_bool(b, o, "depends_on_extension", boot->depends_on_extension);
	put_bool(b, o, "depends_on_lpa2", boot->depends_on_lpa2);
	put_bool(b, o, "kaslr", boot->kaslr);
	put_u64(b, o, "slots", boot->slots);
	put_u64(b, o, "slots_followed", boot->fold.followed);
	put_u64(b, o, "slots_dying", boot->fold.dying);
	put_u64(b, o, "slots_close", boot->fold.close);
	put_bool(b, o, "too_close", kho_boot_state(boot) == KHO_BOOT_TOO_CLOSE);
	put_u64(b, o, "margin_bytes", BOOT_MARGIN_BYTES);
	put_u64(b, o, "lacking_bytes", boot->lacking_bytes);
	put_u64(b, o, "headroom_bytes", boot->headroom_bytes);
	put(b, o, "shortage", shortage_object(b, report));
	put_shortened(b, o, boot);
	put(b, o, "shortfalls", shortfalls_object(b, &boot->fold));
	put(b, o, "allocations", allocations_array(b, boot));
	put(b, o, "areas_left_bytes", areas_left_array(b, report));
	put(b, o, "advice", advice_object(b, report->check));
	put(b, o, "basis", bases_array(b, &report->check->bases));
	return o;
}

struct json_object *kho_findings_array(struct builder *b, const struct kho_findings *findings)
{
	struct json_object *array = made(b, json_object_new_array());

	for (size_t i = 0; i < findings->n; i++) {
		const struct kho_finding *f = &findings->f[i];
		struct json_object *o = made(b, json_object_new_object());

		put_string(b, o, "id", kho_finding_name(f->id));
		put_string(b, o, "severity", kho_severity_name(kho_finding_severity(f->id)));
		put_bool(b, o, "accepted", f->accepted);
		put_bool(b, o, "overruled", f->overruled);
		put_string(b, o, "message", f->message);
		put_string(b, o, "remedy", f->remedy);
		push(b, array, o);
	}
	return array;
}

/* As a text begins; its arrow is ASCII in whatever locale. */
static struct json_object *answer_string(struct builder *b, const struct kho_report *report)
{
	char *text = NULL;
	size_t bytes;
	FILE *memory = open_memstream(&text, &bytes);
	struct json_object *o = NULL;

	if (memory)
		kho_report_answer(memory, report, "->");
	if (memory && !kho_output_close(memory))
		o = json_object_new_string(text);
	free(text);
	return made(b, o);
}

struct json_object *kho_report_object(struct builder *b, const struct kho_report *report)
{
	struct json_object *o = made(b, json_object_new_object());

	put_int(b, o, "schema", KHO_REPORT_SCHEMA);
	put(b, o, "about", kho_report_about(b, report));
	put_string(b, o, "verdict", kho_verdict_name(report->check->verdict));
	put(b, o, "answer", answer_string(b, report));
	put(b, o, "successor", successor_object(b, report));
	put(b, o, "machine", machine_object(b, report));
	put(b, o, "sparsemem", sparsemem_object(b, report->check));
	put(b, o, "model", model_object(b, report));
	put(b, o, "advice", advice_object(b, report->check));
	put(b, o, "rehearsal", report->rehearsal ? rehearsal_object(b, report->rehearsal) : NULL);
	put(b, o, "readiness", kho_report_readiness(b, report));
	put(b, o, "findings", kho_findings_array(b, &report->check->findings));
	return o;
}

int kho_report_json(FILE *f, const struct kho_report *report)
{
	struct builder b = { false };
	struct json_object *o = kho_report_object(&b, report);
	const char *text;

	text = b.failed ? NULL : json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
							       JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		fprintf(f, "%s\n", text);
	json_object_put(o);
	return text ? 0 : -ENOMEM;
}
