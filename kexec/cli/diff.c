// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "base/json.h"
#include "cli/diff.h"
#include "cli/plan/each-machine.h"
#include "gate/read-kernel.h"
#include "kernel/questions.h"
#include "kho-scratch.h"
#include "successor/saved/answers.h"

#define VALUE_BYTES 64
#define NONE "none or unknown"		/* what the model has as 0 */

struct diff_side {
	const char *path;
	struct successor s;
	struct kho_prepared prepared;
};

/* Both sides, and what was found; as text it is written at once. */
struct diff {
	const struct kho_options *o;
	struct diff_side side[2];
	FILE *out;
	struct builder b;
	bool json, many;		/* several machines: each has its name */
	struct json_object *changes, *machines;
	unsigned int lines;
	unsigned int nr_machines, worse, better;
	kho_verdict verdict;		/* the worst of the second kernel */
};

/* An image by way of what would be saved of it: so both sides have the same answers. */
static int read_side_image(struct diff_side *side, struct kho_err *err)
{
	struct successor image;
	char *line;
	int ret = gate_read_whole(side->path, &image, err);

	if (ret)
		return ret;
	ret = saved_write(&image, &line, err);
	successor_deinit(&image);
	if (!ret) {
		ret = saved_parse(line, strlen(line), &side->s, err);
		free(line);
	}
	if (ret)
		kho_err_prefix(err, "%s: ", side->path);
	return ret;
}

static int read_side(struct diff_side *side, struct kho_err *err)
{
	int ret = saved_is(side->path) ? saved_read(side->path, &side->s, err) :
					 read_side_image(side, err);

	if (!ret)
		kho_prepare(&side->s, &side->prepared);
	return ret;
}

/* Of JSON; as text each kind has a form of its own. */
static void note_change(struct diff *d, const char *name, const char *before, const char *after)
{
	struct json_object *o;

	d->lines++;
	if (!d->json)
		return;
	o = made(&d->b, json_object_new_object());
	put_string(&d->b, o, "what", name);
	put_string(&d->b, o, "before", before);
	put_string(&d->b, o, "after", after);
	push(&d->b, d->changes, o);
}

static void put_change(struct diff *d, const char *name, const char *before, const char *after)
{
	if (!strcmp(before, after))
		return;
	if (!d->json)
		fprintf(d->out, "  %-28s %s -> %s\n", name, before, after);
	note_change(d, name, before, after);
}

static void put_fact_changes(struct diff *d)
{
	for (enum kho_fact_id id = 0; id < KHO_FACT_NR; id++) {
		char text[2][VALUE_BYTES];

		for (int i = 0; i < 2; i++) {
			uint64_t value;

			if (kho_fact_get(&d->side[i].s.fact[id], &value, NULL) != KHO_FACT_KNOWN)
				strcpy(text[i], "unknown");
			else if (kho_fact_is_flag(id))
				strcpy(text[i], value ? "yes" : "no");
			else
				snprintf(text[i], VALUE_BYTES, "%llu", (unsigned long long)value);
		}
		put_change(d, kho_fact_name(id), text[0], text[1]);
	}
}

/* What the model takes of a kernel: sizes, and what it does at boot. */
static void put_number(struct diff *d, const char *name, uint64_t before, uint64_t after)
{
	char text[2][VALUE_BYTES];

	snprintf(text[0], VALUE_BYTES, "%llu", (unsigned long long)before);
	snprintf(text[1], VALUE_BYTES, "%llu", (unsigned long long)after);
	put_change(d, name, before ? text[0] : NONE, after ? text[1] : NONE);
}

static void put_flag(struct diff *d, const char *name, bool before, bool after)
{
	put_change(d, name, before ? "yes" : "no", after ? "yes" : "no");
}

static void put_model(struct diff *d)
{
	const struct boot_kernel *a = &d->side[0].prepared.kernel, *b = &d->side[1].prepared.kernel;

	if (d->side[0].prepared.missing || d->side[1].prepared.missing) {
		put_change(d, "what the model lacks", d->side[0].prepared.missing ?: "nothing",
			   d->side[1].prepared.missing ?: "nothing");
		return;
	}
	put_number(d, "kernel, bytes while it boots", a->init_bytes, b->init_bytes);
	put_number(d, "kernel, bytes", a->kernel_bytes, b->kernel_bytes);
	put_number(d, "unpacked, bytes", a->output_bytes, b->output_bytes);
	put_number(d, "percpu section, bytes", a->percpu_bytes, b->percpu_bytes);
	put_number(d, "percpu dynamic, bytes", a->percpu_dynamic_bytes, b->percpu_dynamic_bytes);
	put_number(d, "data of a node, bytes", a->node_data_bytes, b->node_data_bytes);
	put_number(d, "struct mem_section, bytes", a->mem_section_bytes, b->mem_section_bytes);
	put_number(d, "log, bytes", a->log_buf_bytes, b->log_buf_bytes);
	put_number(d, "CMA area, bytes", a->cma_bytes, b->cma_bytes);
	put_number(d, "CPUs at most", a->nr_cpus, b->nr_cpus);
	put_change(d, "extends scratch over free blocks",
		   a->extends_unknown ? "unknown" : a->extends_scratch ? "yes" : "no",
		   b->extends_unknown ? "unknown" : b->extends_scratch ? "yes" : "no");
	put_flag(d, "one buffer a node for the map", a->sparse_buffer, b->sparse_buffer);
	put_flag(d, "map after setup_arch()", a->map_after_setup_arch, b->map_after_setup_arch);
	put_flag(d, "KASLR", a->kaslr, b->kaslr);
}

/* Of the handover: the kernel writes them with "-v"; other texts of that form are not. */
static bool is_handover_format(const char *text)
{
	return strstr(text, "-v") || strstr(text, "_luo_v");
}

static void put_formats_of(struct diff *d, int with, const char *what)
{
	struct json_object *has = d->side[with].s.answers->formats;
	struct json_object *other = d->side[!with].s.answers->formats;

	if (!has || !other)
		return;
	json_object_object_foreach(has, text, alone) {
		char name[2 * VALUE_BYTES];

		if (json_object_object_get_ex(other, text, NULL) || !is_handover_format(text))
			continue;
		(void)alone;
		if (!d->json)
			fprintf(d->out, "  format %s is %s\n", text, what);
		snprintf(name, sizeof(name), "format %s", text);
		note_change(d, name, with ? "no" : "yes", with ? "yes" : "no");
	}
}

static void put_parameters(struct diff *d)
{
	static const char *const text[] = { "unknown", "no", "yes" };
	const char *name;

	for (size_t i = 0; (name = question_parameter(i)); i++) {
		char title[VALUE_BYTES];

		snprintf(title, sizeof(title), "parameter %s", name);
		put_change(d, title, text[successor_has_parameter(&d->side[0].s, name) + 1],
			   text[successor_has_parameter(&d->side[1].s, name) + 1]);
	}
}

static void put_both_images(struct diff *d)
{
	for (int i = 0; i < 2; i++) {
		const struct successor *s = &d->side[i].s;

		fprintf(d->out, "%s %s: %s, %s\n", i ? "+++" : "---", d->side[i].path, s->release,
			s->arch ? s->arch->machine : "architecture unknown");
	}
}

static int judge_side(struct diff *d, const struct machine *m, int i, struct kho_check *check)
{
	struct diff_side *side = &d->side[i];
	struct kho_with with = {
		.given = d->o->policy.image.append ?: side->s.uki.cmdline,
		.initrd_unknown = !side->s.uki.initrd_bytes,
		.initrd_bytes = side->s.uki.initrd_bytes, .bootconfig = KHO_TRI_UNKNOWN,
		.prepared = &side->prepared, .advise = KHO_ADVISE_NOT, .no_list = true,
	};
	int ret = successor_command_line(&side->s, with.given, &with.cmdline);

	if (!ret)
		ret = kho_check(&side->s, m, &with, check);
	if (!ret)
		kho_check_accept(check, d->o->policy.ignore);
	return ret;
}

static void put_verdict_text(FILE *f, const struct kho_check *check, const char *mark)
{
	fprintf(f, "%s verdict %s", mark, kho_verdict_name(check->verdict));
	for (size_t i = 0; i < check->findings.n; i++)
		if (kho_finding_severity(check->findings.f[i].id) > KHO_NOTE)
			fprintf(f, " %s", kho_finding_name(check->findings.f[i].id));
	fputc('\n', f);
}

static struct json_object *verdict_object(struct builder *b, const struct kho_check *check)
{
	struct json_object *o = made(b, json_object_new_object());
	struct json_object *ids = made(b, json_object_new_array());

	for (size_t i = 0; i < check->findings.n; i++) {
		enum kho_finding_id id = check->findings.f[i].id;

		if (kho_finding_severity(id) > KHO_NOTE)
			push(b, ids, made(b, json_object_new_string(kho_finding_name(id))));
	}
	put_string(b, o, "verdict", kho_verdict_name(check->verdict));
	put(b, o, "findings", ids);
	return o;
}

/* The verdict of @i in @verdict, and into the text or @machine. */
static int put_side(struct diff *d, const struct machine *m, int i, struct json_object *machine,
		    kho_verdict *verdict)
{
	struct kho_check check;
	int ret = judge_side(d, m, i, &check);

	if (ret)
		return ret;
	if (d->json)
		put(&d->b, machine, i ? "after" : "before", verdict_object(&d->b, &check));
	else
		put_verdict_text(d->out, &check, i ? "+++" : "---");
	*verdict = check.verdict;
	kho_check_deinit(&check);
	return 0;
}

/* Both kernels on one machine, which passes over. */
static int judge_both(void *arg, struct machine *m, const char *name, struct kho_err *err)
{
	struct diff *d = arg;
	struct json_object *machine = d->json ? made(&d->b, json_object_new_object()) : NULL;
	kho_verdict verdict[2] = { KHO_UNKNOWN, KHO_UNKNOWN };
	char printable[256];
	int ret = 0;

	snprintf(printable, sizeof(printable), "%s", name);
	kho_make_printable(printable);
	if (d->json)
		put_string(&d->b, machine, "machine", printable);
	else if (d->many)
		fprintf(d->out, "machine: %s\n", printable);
	for (int i = 0; i < 2 && !ret; i++)
		ret = put_side(d, m, i, machine, &verdict[i]);
	machine_deinit(m);
	if (d->json)
		push(&d->b, d->machines, machine);
	d->nr_machines++;
	d->worse += verdict[1] > verdict[0];
	d->better += verdict[1] < verdict[0];
	d->verdict = verdict[1] > d->verdict ? verdict[1] : d->verdict;
	return ret ? kho_fail(err, -ret, "--kho-diff: %s", strerror(-ret)) : 0;
}

static int put_machines(struct diff *d, struct kho_err *err)
{
	int ret = kho_each_machine(d->o, judge_both, d, err);

	if (!ret && !d->json && d->many)
		fprintf(d->out, "%u machines: %u worse, %u better, %u as before\n", d->nr_machines,
			d->worse, d->better, d->nr_machines - d->worse - d->better);
	return ret;
}

static struct json_object *kernel_object(struct diff *d, int i)
{
	const struct successor *s = &d->side[i].s;
	struct json_object *o = made(&d->b, json_object_new_object());

	put_string(&d->b, o, "image", d->side[i].path);
	put_string(&d->b, o, "release", s->release);
	put_string(&d->b, o, "arch", s->arch ? s->arch->machine : NULL);
	return o;
}

static int print_diff_json(struct diff *d, struct kho_err *err)
{
	struct json_object *o = made(&d->b, json_object_new_object());
	struct json_object *summary = made(&d->b, json_object_new_object());
	const char *text;

	put_int(&d->b, o, "kexec_kho_diff", DIFF_SCHEMA);
	put(&d->b, o, "before", kernel_object(d, 0));
	put(&d->b, o, "after", kernel_object(d, 1));
	put(&d->b, o, "changes", json_object_get(d->changes));
	put(&d->b, o, "machines", json_object_get(d->machines));
	put_int(&d->b, summary, "worse", (int)d->worse);
	put_int(&d->b, summary, "better", (int)d->better);
	put_int(&d->b, summary, "same", (int)(d->nr_machines - d->worse - d->better));
	put(&d->b, o, "summary", summary);
	text = d->b.failed ? NULL : json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
								  JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		fprintf(d->out, "%s\n", text);
	json_object_put(o);
	return text ? 0 : kho_fail(err, ENOMEM, "out of memory");
}

static int put_differences(struct diff *d, struct kho_err *err)
{
	int ret = 0;

	if (!d->json)
		put_both_images(d);
	put_fact_changes(d);
	put_formats_of(d, 0, "gone");
	put_formats_of(d, 1, "new");
	put_parameters(d);
	put_model(d);
	if (!d->lines && !d->json)
		fprintf(d->out, "  nothing that matters to a handover\n");
	if (d->o->nr_sources || d->o->fleet)
		ret = put_machines(d, err);
	return !ret && d->json ? print_diff_json(d, err) : ret;
}

int kho_diff(const struct kho_options *o, FILE *out, kho_verdict *ret_verdict, struct kho_err *err)
{
	struct diff d = {
		.o = o, .side = { { .path = o->diff[0] }, { .path = o->diff[1] } }, .out = out,
		.json = o->policy.format == KHO_FORMAT_JSON,
		.many = o->nr_sources > 1 || o->fleet, .verdict = KHO_NOTE,
	};
	int ret = read_side(&d.side[0], err);

	*ret_verdict = KHO_NOTE;
	if (ret)
		return ret;
	if (d.json) {
		d.changes = made(&d.b, json_object_new_array());
		d.machines = made(&d.b, json_object_new_array());
	}
	ret = read_side(&d.side[1], err);
	if (!ret) {
		ret = put_differences(&d, err);
		successor_deinit(&d.side[1].s);
	}
	json_object_put(d.changes);
	json_object_put(d.machines);
	successor_deinit(&d.side[0].s);
	*ret_verdict = d.verdict;
	return ret;
}
