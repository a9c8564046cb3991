// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "cli/diff.h"
#include "gate/read-kernel.h"
#include "kernel/questions.h"
#include "kho-scratch.h"
#include "machine/snapshot/snapshot.h"
#include "successor/saved/answers.h"

#define VALUE_BYTES 64
#define NONE "none or unknown"		/* what the model has as 0 */

struct diff_side {
	const char *path;
	struct successor s;
	struct kho_prepared prepared;
};

/* Both sides, and how many lines were written. */
struct diff {
	struct diff_side side[2];
	FILE *out;
	unsigned int lines;
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

static void put_change(struct diff *d, const char *name, const char *before, const char *after)
{
	if (!strcmp(before, after))
		return;
	fprintf(d->out, "  %-28s %s -> %s\n", name, before, after);
	d->lines++;
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
		if (json_object_object_get_ex(other, text, NULL) || !is_handover_format(text))
			continue;
		(void)alone;
		fprintf(d->out, "  format %s is %s\n", text, what);
		d->lines++;
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

static int judge_side(struct diff *d, const struct kho_options *o, const struct machine *m, int i,
		      kho_verdict *ret_verdict)
{
	struct diff_side *side = &d->side[i];
	struct kho_with with = {
		.given = o->policy.image.append ?: side->s.uki.cmdline,
		.initrd_unknown = !side->s.uki.initrd_bytes,
		.initrd_bytes = side->s.uki.initrd_bytes, .bootconfig = KHO_TRI_UNKNOWN,
		.prepared = &side->prepared, .advise = KHO_ADVISE_NOT, .no_list = true,
	};
	struct kho_check check;
	int ret = successor_command_line(&side->s, with.given, &with.cmdline);

	if (!ret)
		ret = kho_check(&side->s, m, &with, &check);
	if (ret)
		return ret;
	kho_check_accept(&check, o->policy.ignore);
	fprintf(d->out, "%s verdict %s", i ? "+++" : "---", kho_verdict_name(check.verdict));
	for (size_t f = 0; f < check.findings.n; f++)
		if (kho_finding_severity(check.findings.f[f].id) > KHO_NOTE)
			fprintf(d->out, " %s", kho_finding_name(check.findings.f[f].id));
	fputc('\n', d->out);
	*ret_verdict = check.verdict;
	kho_check_deinit(&check);
	return 0;
}

static int judge_both(struct diff *d, const struct kho_options *o, kho_verdict *ret_verdict,
		      struct kho_err *err)
{
	struct machine m;
	int ret = snapshot_or_tree(o->policy.machine, &m, err);

	if (ret)
		return ret;
	for (int i = 0; i < 2 && !ret; i++)
		ret = judge_side(d, o, &m, i, ret_verdict);
	machine_deinit(&m);
	return ret ? kho_fail(err, -ret, "--kho-diff: %s", strerror(-ret)) : 0;
}

static int put_differences(struct diff *d, const struct kho_options *o, kho_verdict *ret_verdict,
			   struct kho_err *err)
{
	put_both_images(d);
	put_fact_changes(d);
	put_formats_of(d, 0, "gone");
	put_formats_of(d, 1, "new");
	put_parameters(d);
	put_model(d);
	if (!d->lines)
		fprintf(d->out, "  nothing that matters to a handover\n");
	return o->machine_given ? judge_both(d, o, ret_verdict, err) : 0;
}

int kho_diff(const struct kho_options *o, FILE *out, kho_verdict *ret_verdict, struct kho_err *err)
{
	struct diff d = { .side = { { .path = o->diff[0] }, { .path = o->diff[1] } }, .out = out };
	int ret = read_side(&d.side[0], err);

	*ret_verdict = KHO_NOTE;
	if (ret)
		return ret;
	ret = read_side(&d.side[1], err);
	if (!ret) {
		ret = put_differences(&d, o, ret_verdict, err);
		successor_deinit(&d.side[1].s);
	}
	successor_deinit(&d.side[0].s);
	return ret;
}
