// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "after/record.h"
#include "after/tell.h"
#include "base/output.h"
#include "base/std-fds.h"
#include "cli/after.h"
#include "cli/command.h"
#include "cli/diff.h"
#include "cli/explain.h"
#include "cli/fleet/fleet.h"
#include "cli/options.h"
#include "cli/plan/plan.h"
#include "cli/plan/print-plan.h"
#include "gate/decision-log.h"
#include "gate/installed.h"
#include "gate/read-kernel.h"
#include "gate/run-loader.h"
#include "machine/snapshot/snapshot.h"
#include "report/report.h"
#include "successor/saved/saved.h"

#define EXIT_USAGE 1

static int print_error(const struct kho_err *err)
{
	fprintf(stderr, "kexec: %s\n", err->text);
	return EXIT_USAGE;
}

static int verdict_status(kho_verdict verdict)
{
	static const int status[] = {
		[KHO_NOTE] = 0, [KHO_WARN] = 2, [KHO_FAIL] = 3, [KHO_UNKNOWN] = 4,
	};

	return status[verdict];
}

/* @status, if all of the output has reached its reader; @lost is an errno of before, or 0. */
static int end_output(FILE *f, int lost, int status)
{
	int ret = kho_output_close(f);
	struct kho_err err;

	if (!lost && !ret)
		return status;
	kho_fail(&err, EIO, "stdout: %s", kho_output_strerror(lost ? lost : -ret));
	return print_error(&err);
}

/* 2, 3 and 4 are those of verdicts: a script must be able to rely on that. */
static int loaders_status(int status)
{
	status &= 0xff;
	if (status < 2 || status > 4)
		return status;
	fprintf(stderr, "kexec: kho: the loader's exit status was %d; it is reported as 1, because "
		"2 to 4 are those of a verdict\n", status);
	return EXIT_FAILURE;
}

int kho_command_status(struct kho_gate *gate, int loader_status)
{
	struct kho_err err;

	if (gate->policy->mode != KHO_MODE_REPORT)
		return gate->refused ? verdict_status(gate->verdict) :
				       loaders_status(loader_status);
	if (gate->judged)
		return end_output(gate->out, gate->lost, verdict_status(gate->verdict));
	kho_fail(&err, EINVAL, "--kho-report: the loader made no load; see its message");
	return print_error(&err);
}

/* A loader that can't be supervised runs in --kho-check only, and is reported as unchecked. */
static int run_unsupervised(struct kho_gate *gate, const struct kho_options *o,
			    struct kho_err *err)
{
	kho_gate_unsupervised(gate, err->text);
	if (gate->policy->mode != KHO_MODE_CHECK)
		return kho_command_status(gate, 0);
	kho_become_loader(o->loader, o->loader_argv, err);
	return print_error(err);
}

/*
 * A daemon may have made the load for it, and nobody has checked that.  Unloads and crash
 * loads are not checked.
 */
static int nothing_checked(const struct kho_gate *gate, const char *loader)
{
	fprintf(stderr, "kexec: kho: unknown: --kho-loader=%s made no load itself that carries a "
		"handover: nothing was checked\n", loader);
	return gate->policy->mode == KHO_MODE_CHECK ? 0 : verdict_status(KHO_UNKNOWN);
}

/*
 * A dry run of a load by kexec_load has no image to look at: it is made once more with -s, as
 * kexec_file_load, and the report says both.  Where there is none by that either, it is alone.
 */
static int run_by_file(struct kho_gate *gate, const struct kho_options *o, int argc,
		       int *wait_status, struct kho_err *err)
{
	const struct kho_load classic = {
		.kind = KHO_LOAD_CLASSIC, .kernel_fd = -1, .initrd_fd = -1,
	};
	int ret;

	gate->repeats = false;
	o->loader_argv[argc] = (char *)"-s";
	ret = kho_run_loader(gate, o->loader, o->loader_argv, wait_status, err);
	if (!ret && !gate->judged)
		kho_gate_decide(gate, &classic);
	return ret;
}

static int run_other_loader(struct kho_gate *gate, const struct kho_options *o, int argc)
{
	struct kho_err err = { "" };
	int wait_status, ret;

	gate->repeats = o->task == KHO_TASK_DRY_RUN && !o->loader;
	ret = kho_run_loader(gate, o->loader, o->loader_argv, &wait_status, &err);
	if (!ret && gate->classic)
		ret = run_by_file(gate, o, argc, &wait_status, &err);
	if (ret == -ENOTSUP)
		return run_unsupervised(gate, o, &err);
	if (ret)
		return print_error(&err);
	if (gate->refused || gate->policy->mode == KHO_MODE_REPORT)
		return kho_command_status(gate, 0);
	if (o->loader && !gate->judged && !wait_status)
		return nothing_checked(gate, o->loader);
	return kho_command_status(gate, kho_end_as_loader(wait_status));
}

/* In a dry run stdout is the report's alone. */
static int part_stdout(struct kho_gate *gate)
{
	int fd = dup(STDOUT_FILENO);
	struct kho_err err;

	gate->out = fd < 0 ? NULL : fdopen(fd, "w");
	if (gate->out && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
		return 0;
	kho_fail(&err, errno, "stdout: %s", strerror(errno));
	return print_error(&err);
}

static int run_loader(struct kho_gate *gate, const struct kho_options *o, char *name,
		      kho_own_loader *own)
{
	bool dry_run = o->task == KHO_TASK_DRY_RUN;
	int argc = o->loader_argc;

	/* The last of -l, -f, -e counts: with this one nothing is executed. */
	if (dry_run)
		o->loader_argv[argc++] = (char *)"-l";
	if (!own)
		return run_other_loader(gate, o, argc);
	if (dry_run && part_stdout(gate))
		return EXIT_USAGE;
	o->loader_argv[0] = name;
	return kho_command_status(gate, own(argc, o->loader_argv, gate));
}

static int run_report(struct kho_gate *gate)
{
	struct kho_err err = { "" };

	if (gate->policy->image.path || gate->policy->kernel ? kho_gate_report_image(gate, &err) :
				       kho_gate_report_machine(gate, &err))
		return print_error(&err);
	return kho_command_status(gate, 0);
}

static int run_gate(const struct kho_options *o, char *name, kho_own_loader *own)
{
	bool loads = o->task == KHO_TASK_LOAD || o->task == KHO_TASK_DRY_RUN;
	struct kho_err err = { "" };
	struct kho_gate gate;

	if (kho_gate_init(&gate, &o->policy, stdout, stderr, &err))
		return print_error(&err);
	return loads ? run_loader(&gate, o, name, own) : run_report(&gate);
}

/* For makedumpfile and crash too: it needs neither a machine nor a loader. */
static int print_vmcoreinfo(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct kho_err err = { "" };
	struct successor s;
	int ret;

	if (fd < 0) {
		kho_fail(&err, errno, "%s: %s", path, strerror(errno));
		return print_error(&err);
	}
	ret = successor_read_fd(fd, &s, &err);
	close(fd);
	if (!ret) {
		ret = successor_vmcoreinfo_text(&s, stdout, &err);
		successor_deinit(&s);
	}
	if (!ret)
		return end_output(stdout, 0, 0);
	kho_err_prefix(&err, "%s: ", path);
	return print_error(&err);
}

/* The snapshot says what could not be read; that is no error here. */
static int save_machine(const struct kho_options *o)
{
	struct kho_err err = { "" };
	struct machine m;
	int ret;

	if (kho_gate_read_machine(&o->policy, &m, &err))
		return print_error(&err);
	for (size_t i = 0; i < m.gaps.n; i++)
		fprintf(stderr, "kexec: kho: %s: %s\n", kho_finding_name(m.gaps.f[i].id),
			m.gaps.f[i].message);
	ret = snapshot_save(&m, o->save_machine, &err);
	machine_deinit(&m);
	return ret ? print_error(&err) : end_output(stdout, 0, 0);
}

/* Of the image alone: neither a machine nor a loader is wanted. */
static int save_kernel(const struct kho_options *o)
{
	const char *name = strcmp(o->save_kernel, "-") ? o->save_kernel : "stdout";
	struct kho_err err = { "" };
	struct successor s;
	char *line;
	int ret;

	if (gate_read_whole(o->policy.image.path, &s, &err))
		return print_error(&err);
	ret = saved_write(&s, &line, &err);
	successor_deinit(&s);
	if (ret) {
		kho_err_prefix(&err, "%s: ", o->policy.image.path);
		return print_error(&err);
	}
	ret = kho_output_save(o->save_kernel, line);
	free(line);
	if (!ret)
		return end_output(stdout, 0, 0);
	kho_fail(&err, -ret, "%s: %s", name, strerror(-ret));
	return print_error(&err);
}

static int run_fleet(const struct kho_options *o)
{
	struct kho_err err = { "" };
	struct fleet_tally tally;

	if (kho_fleet(o, stdout, stderr, &tally, &err))
		return print_error(&err);
	if (!tally.machines && !tally.errors)
		fprintf(stderr, "kexec: kho: unknown: %s: there is no machine in it: nothing was "
			"checked\n", strcmp(o->fleet, "-") ? o->fleet : "stdin");
	return end_output(stdout, 0, verdict_status(kho_fleet_verdict(&tally)));
}

static int run_after(const struct kho_options *o,
		     int (*task)(const struct kho_options *, FILE *, kho_verdict *,
				 struct kho_err *))
{
	struct kho_err err = { "" };
	kho_verdict verdict;

	if (task(o, stdout, &verdict, &err))
		return print_error(&err);
	return end_output(stdout, 0, verdict_status(verdict));
}

static int run_diff(const struct kho_options *o)
{
	struct kho_err err = { "" };
	kho_verdict verdict;

	if (kho_diff(o, stdout, &verdict, &err))
		return print_error(&err);
	return end_output(stdout, 0, verdict_status(verdict));
}

static int run_unchecked(const struct kho_options *o, char *name, kho_own_loader *own)
{
	struct kho_err err = { "" };

	if (own) {
		o->loader_argv[0] = name;
		return own(o->loader_argc, o->loader_argv, NULL);
	}
	kho_become_loader(o->loader, o->loader_argv, &err);
	return print_error(&err);
}

static int print_explanation(const char *name)
{
	kho_explain(stdout, name);
	return end_output(stdout, 0, 0);
}

static int print_version(void)
{
	static const struct {
		const char *what;
		int schema;
	} format[] = {
		{ "JSON report", KHO_REPORT_SCHEMA },
		{ "fleet record", FLEET_SCHEMA },
		{ "snapshot", SNAPSHOT_VERSION },
		{ "facts of a kernel", SAVED_VERSION },
		{ "comparison", DIFF_SCHEMA },
		{ "plan", PLAN_SCHEMA },
		{ "decision", KHO_DECISION_SCHEMA },
		{ "record of a load", KHO_RECORD_SCHEMA },
		{ "verification", VERIFICATION_SCHEMA },
		{ "postmortem", POSTMORTEM_SCHEMA },
	};

	puts(PACKAGE_STRING);
	for (size_t i = 0; i < sizeof(format) / sizeof(format[0]); i++)
		printf("%s: schema %d\n", format[i].what, format[i].schema);
	printf("settings: %s/kexec-kho.conf\n", KHO_SYSCONFDIR);
	if (KHO_PROJECT_URL[0])
		printf("project: %s\n", KHO_PROJECT_URL);
	return end_output(stdout, 0, 0);
}

static int print_help(void)
{
	printf("%s%s", kho_options_usage, kho_options_list);
	return end_output(stdout, 0, 0);
}

/* No error: a load that carries no handover must not fail for it. */
static void print_complaints(const struct kho_settings *settings)
{
	for (size_t i = 0; i < settings->nr_complaints; i++)
		fprintf(stderr, "kexec: kho: %s\n", settings->complaint[i]);
}

static int run_task(const struct kho_options *o, char *name, kho_own_loader *own)
{
	switch (o->task) {
	case KHO_TASK_UNCHECKED:
		return run_unchecked(o, name, own);
	case KHO_TASK_FLEET:
		return run_fleet(o);
	case KHO_TASK_VMCOREINFO:
		return print_vmcoreinfo(o->policy.image.path);
	case KHO_TASK_SAVE_MACHINE:
		return save_machine(o);
	case KHO_TASK_PLAN:
		return run_after(o, kho_plan);
	case KHO_TASK_EXPLAIN:
		return print_explanation(o->explain);
	case KHO_TASK_VERSION:
		return print_version();
	case KHO_TASK_VERIFY:
		return run_after(o, o->fleet ? kho_verify_summary : kho_verify);
	case KHO_TASK_POSTMORTEM:
		return run_after(o, kho_postmortem);
	case KHO_TASK_SAVE_KERNEL:
		return save_kernel(o);
	case KHO_TASK_DIFF:
		return run_diff(o);
	case KHO_TASK_HELP:
		return print_help();
	default:
		return run_gate(o, name, own);
	}
}

int kho_command(int argc, char **argv, kho_own_loader *own)
{
	struct kho_settings settings = { 0 };
	struct kho_err err = { "" };
	struct kho_options o;
	int status;

	kho_std_occupy();
	if (kho_settings_environment(&settings, environ)) {
		kho_fail(&err, ENOMEM, "out of memory");
		status = print_error(&err);
	} else if (kho_options_parse(argc, argv, &settings, &o, &err)) {
		status = print_error(&err);
	} else {
		print_complaints(&settings);
		if (!kho_sources_read(o.source, o.nr_sources, &o.policy, &err))
			status = run_task(&o, argv[0], o.loader ? NULL : own);
		else
			status = err.text[0] ? print_error(&err) : EXIT_USAGE;
		kho_sources_deinit(o.source, o.nr_sources);
		kho_options_deinit(&o);
	}
	kho_settings_deinit(&settings);
	return status;
}
