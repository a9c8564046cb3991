// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/suppose.h"
#include "cli/plan/outcome.h"
#include "cli/plan/each-machine.h"
#include "cli/plan/plan.h"
#include "cli/plan/print-plan.h"
#include "gate/decide.h"
#include "gate/installed.h"
#include "successor/saved/saved.h"

#define SEE_HELP "; see kexec --kho-help"

/* The machines stay, for the question of one setting for all. */
struct planner {
	const struct kho_options *o;
	struct plan *plan;
	struct machine *machine;
	size_t cap;
	struct boot_work *work;
	struct machine own;		/* whose running kernel is planned for; else empty */
};

/* The one behind the last was read. */
static int add_kernel(struct planner *p, struct kho_err *err)
{
	struct plan_kernel *k = &p->plan->kernel[p->plan->nr_kernels];
	struct kho_with *with = &p->plan->with[p->plan->nr_kernels];

	p->plan->nr_kernels++;
	if (successor_remember(&k->successor))
		return kho_fail(err, ENOMEM, "out of memory");
	kho_prepare(&k->successor, &k->prepared);
	with->prepared = &k->prepared;
	with->work = p->work;
	with->no_list = true;
	with->advise = KHO_ADVISE_NOT;
	return 0;
}

/* No image is named: the kernel that runs on the machine, and is to follow itself as it was booted. */
static int read_running(struct planner *p, struct kho_err *err)
{
	const struct kho_options *o = p->o;
	struct plan_kernel *k = &p->plan->kernel[0];
	struct machine *m = &p->own;
	int ret;

	if (o->fleet || o->nr_sources > 1 || o->policy.describe || o->policy.image.append ||
	    o->policy.image.initrd)
		return kho_fail(err, EINVAL, "--kho-plan: for several or described machines, and with "
				"--kho-append and --kho-initrd, it needs the kernels' images" SEE_HELP);
	ret = kho_gate_read_machine(&o->policy, m, err);
	if (ret) {
		*m = (struct machine){ .memory_known = false };
		return ret;
	}
	if (!kho_read_installed(o->policy.machine, m, &k->successor, &p->plan->with[0]))
		return kho_fail(err, ENOENT, "--kho-plan: the running kernel %s is not to be read where "
				"distributions install it (/boot/vmlinuz-%s): name an image", m->release,
				m->release);
	k->path = "the running kernel";
	p->plan->with[0].headroom_percent = o->policy.headroom_percent;
	return add_kernel(p, err);
}

static int read_kernels(struct planner *p, struct kho_err *err)
{
	const struct kho_options *o = p->o;
	struct plan *plan = p->plan;

	for (int i = 1; i < o->loader_argc; i++) {
		struct plan_kernel *k = &plan->kernel[plan->nr_kernels];
		struct kho_with *with = &plan->with[plan->nr_kernels];
		struct kho_policy policy = o->policy;
		int ret;

		if (o->loader_argv[i][0] == '-')
			return kho_fail(err, EINVAL, "'%s': with --kho-plan no loader is run; only images "
					"stand beside its options", o->loader_argv[i]);
		if (plan->nr_kernels == PLAN_KERNELS)
			return kho_fail(err, EINVAL, "--kho-plan: more than %d images", PLAN_KERNELS);
		k->path = o->loader_argv[i];
		if (saved_is(k->path))
			policy.kernel = k->path;
		else
			policy.image.path = k->path;
		ret = kho_gate_read_image(&policy, &k->successor, with, err);
		if (!ret)
			ret = add_kernel(p, err);
		if (ret)
			return ret;
	}
	return 0;
}

/* Verdicts of one machine with its present areas, and with the setting for all kernels. */
static int fill_row(struct planner *p, const struct machine *m, struct plan_row *row)
{
	const struct plan *plan = p->plan;
	const struct boot_setting *now = p->o->policy.suppose ? &p->o->policy.setting : NULL;
	int ret = kho_plan_setting(m, plan->with, plan->nr_kernels, &row->advice);

	row->parameter = machine_area_parameter(m);
	row->known = m->memory_known;
	row->has_areas = m->scratch_known || now;
	row->present_bytes = now ? 0 : kho_ranges_bytes(&m->scratch);
	for (size_t k = 0; k < plan->nr_kernels && !ret; k++) {
		const struct successor *s = &plan->kernel[k].successor;

		row->now[k] = row->then[k] = KHO_UNKNOWN;
		if (row->has_areas)
			ret = kho_room_verdict(s, m, &plan->with[k], now, false, &row->now[k]);
		if (!ret && row->advice.best.found)
			ret = kho_room_verdict(s, m, &plan->with[k], &row->advice.best.setting,
					       true, &row->then[k]);
	}
	return ret;
}

/* @m passes over. */
static int add_machine(void *planner, struct machine *m, const char *name, struct kho_err *err)
{
	struct planner *p = planner;
	struct plan *plan = p->plan;
	struct plan_row *row;
	int ret;

	if (plan->nr_rows == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 16;
		struct plan_row *rows = realloc(plan->row, cap * sizeof(*rows));
		struct machine *machines = rows ? realloc(p->machine, cap * sizeof(*machines)) : NULL;

		if (rows)
			plan->row = rows;
		if (!machines) {
			machine_deinit(m);
			return kho_fail(err, ENOMEM, "out of memory");
		}
		p->machine = machines;
		p->cap = cap;
	}
	row = &plan->row[plan->nr_rows];
	*row = (struct plan_row){ .known = false };
	snprintf(row->name, sizeof(row->name), "%s", name);
	kho_make_printable(row->name);
	p->machine[plan->nr_rows++] = *m;
	ret = fill_row(p, m, row);
	return ret ? kho_fail(err, -ret, "--kho-plan: %s", strerror(-ret)) : 0;
}

/* The largest of each number, if with that all kernels are ok on all machines. */
static int find_for_all(struct planner *p)
{
	struct plan *plan = p->plan;
	struct boot_setting *set = &plan->setting;
	int ret = 0;

	plan->for_all = plan->nr_rows > 1;
	for (size_t i = 0; i < plan->nr_rows && plan->for_all; i++) {
		const struct boot_setting *its = &plan->row[i].advice.best.setting;

		plan->for_all = plan->row[i].advice.best.found && !its->percent &&
				!plan->row[i].advice.best.nokaslr;
		set->low_bytes = its->low_bytes > set->low_bytes ? its->low_bytes : set->low_bytes;
		set->global_bytes = its->global_bytes > set->global_bytes ? its->global_bytes :
									    set->global_bytes;
		set->node_bytes = its->node_bytes > set->node_bytes ? its->node_bytes : set->node_bytes;
	}
	for (size_t i = 0; i < plan->nr_rows && plan->for_all; i++)
		for (size_t k = 0; k < plan->nr_kernels && plan->for_all && !ret; k++) {
			kho_verdict verdict = KHO_UNKNOWN;

			ret = kho_room_verdict(&plan->kernel[k].successor, &p->machine[i],
					       &plan->with[k], set, false, &verdict);
			plan->for_all = verdict == KHO_NOTE;
		}
	return ret;
}

static kho_verdict plan_verdict(const struct plan *plan)
{
	kho_verdict verdict = plan->nr_rows ? KHO_NOTE : KHO_UNKNOWN;

	for (size_t i = 0; i < plan->nr_rows; i++) {
		const struct plan_row *row = &plan->row[i];
		kho_verdict its = row->advice.best.found ? KHO_NOTE :
				  row->advice.no_fit ? KHO_FAIL : KHO_UNKNOWN;

		for (size_t k = 0; k < plan->nr_kernels && row->advice.best.found; k++)
			its = row->then[k] > its ? row->then[k] : its;
		verdict = its > verdict ? its : verdict;
	}
	return verdict;
}

int kho_plan(const struct kho_options *o, FILE *out, kho_verdict *verdict, struct kho_err *err)
{
	struct planner p = { .o = o, .plan = calloc(1, sizeof(*p.plan)) };
	int ret = 0;

	p.work = boot_work_create();
	if (!p.plan || !p.work)
		ret = kho_fail(err, ENOMEM, "out of memory");
	if (!ret)
		ret = o->loader_argc < 2 ? read_running(&p, err) : read_kernels(&p, err);
	if (!ret)
		ret = kho_each_machine(o, add_machine, &p, err);
	if (!ret && find_for_all(&p))
		ret = kho_fail(err, ENOMEM, "out of memory");
	if (!ret) {
		plan_print(out, p.plan, o->plan_format);
		*verdict = plan_verdict(p.plan);
	}
	for (size_t i = 0; p.plan && i < p.plan->nr_kernels; i++)
		successor_deinit(&p.plan->kernel[i].successor);
	for (size_t i = 0; p.plan && i < p.plan->nr_rows; i++)
		machine_deinit(&p.machine[i]);
	if (p.plan)
		free(p.plan->row);
	machine_deinit(&p.own);
	free(p.machine);
	free(p.plan);
	boot_work_destroy(p.work);
	return ret;
}
