// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/fleet/run.h"
#include "cli/options.h"
#include "base/output.h"
#include "gate/run-loader.h"
#include "base/std-fds.h"
#include "machine/snapshot/snapshot.h"

#define EXIT_USAGE 1

static int complain(const struct kho_err *err)
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
	return complain(&err);
}

int kho_command_status(struct kho_gate *gate, int loader_status)
{
	struct kho_err err;

	if (gate->options->mode != KHO_MODE_REPORT)
		return gate->refused ? verdict_status(gate->verdict) : loader_status;
	if (gate->judged)
		return end_output(gate->out, gate->lost, verdict_status(gate->verdict));
	kho_fail(&err, EINVAL, "--kho-report: the loader asked the kernel to load nothing; see its "
		 "message");
	return complain(&err);
}

/* A loader that can't be watched is run in --kho-check only, and said to be unchecked. */
static int run_unsupervised(struct kho_gate *gate, struct kho_err *err)
{
	kho_gate_unsupervised(gate, err->text);
	if (gate->options->mode != KHO_MODE_CHECK)
		return kho_command_status(gate, 0);
	kho_become_loader(gate->options, err);
	return complain(err);
}

/*
 * It may have had a daemon load for it, which nobody has looked at.  An unload or a
 * crash load is no load that could be.
 */
static int nothing_checked(const struct kho_gate *gate)
{
	fprintf(stderr, "kexec: kho: unknown: --kho-loader=%s made no load itself that carries a "
		"handover: nothing was checked\n", gate->options->loader);
	return gate->options->mode == KHO_MODE_CHECK ? 0 : verdict_status(KHO_UNKNOWN);
}

static int run_other_loader(struct kho_gate *gate)
{
	struct kho_err err = { "" };
	int wait_status, ret = kho_run_loader(gate, &wait_status, &err);

	if (ret == -ENOTSUP)
		return run_unsupervised(gate, &err);
	if (ret)
		return complain(&err);
	if (gate->refused || gate->options->mode == KHO_MODE_REPORT)
		return kho_command_status(gate, 0);
	if (gate->options->loader && !gate->judged && !wait_status)
		return nothing_checked(gate);
	return kho_end_as_loader(wait_status);
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
	return complain(&err);
}

static int run_loader(struct kho_gate *gate, char *name, kho_own_loader *own)
{
	const struct kho_options *o = gate->options;
	int argc = o->loader_argc;

	/* The last of -l, -f, -e counts: with this one nothing is executed. */
	if (o->mode == KHO_MODE_REPORT)
		o->loader_argv[argc++] = (char *)"-l";
	if (!own)
		return run_other_loader(gate);
	if (o->mode == KHO_MODE_REPORT && part_stdout(gate))
		return EXIT_USAGE;
	o->loader_argv[0] = name;
	return kho_command_status(gate, own(argc, o->loader_argv, gate));
}

static int run_report(struct kho_gate *gate)
{
	const char *image = gate->options->image;
	struct kho_err err = { "" };

	if (image ? kho_gate_report_image(gate, &err) : kho_gate_report_machine(gate, &err))
		return complain(&err);
	return kho_command_status(gate, 0);
}

static int run_gate(const struct kho_options *o, char *name, kho_own_loader *own)
{
	bool loads = o->task == KHO_TASK_LOAD || o->task == KHO_TASK_DRY_RUN;
	struct kho_err err = { "" };
	struct kho_gate gate;

	if (kho_gate_init(&gate, o, stdout, stderr, &err))
		return complain(&err);
	return loads ? run_loader(&gate, name, own) : run_report(&gate);
}

/* For makedumpfile and crash too: neither a machine nor a loader is looked at. */
static int print_vmcoreinfo(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct kho_err err = { "" };
	struct successor s;
	int ret;

	if (fd < 0) {
		kho_fail(&err, errno, "%s: %s", path, strerror(errno));
		return complain(&err);
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
	return complain(&err);
}

/* What could not be read stands in the snapshot too, and is no error here. */
static int save_machine(const struct kho_options *o)
{
	struct kho_err err = { "" };
	struct machine m;
	int ret;

	if (snapshot_or_tree(o->machine, &m, &err))
		return complain(&err);
	for (size_t i = 0; i < m.gaps.n; i++)
		fprintf(stderr, "kexec: kho: %s: %s\n", kho_finding_name(m.gaps.f[i].id),
			m.gaps.f[i].message);
	ret = snapshot_save(&m, o->save_machine, &err);
	machine_deinit(&m);
	return ret ? complain(&err) : 0;
}

static int run_fleet(const struct kho_options *o)
{
	struct kho_err err = { "" };
	struct fleet_tally tally;

	if (kho_fleet(o, stdout, isatty(STDERR_FILENO) ? stderr : NULL, &tally, &err))
		return complain(&err);
	if (!tally.machines && !tally.errors)
		fprintf(stderr, "kexec: kho: unknown: %s: not one machine was read: nothing was "
			"checked\n", strcmp(o->fleet, "-") ? o->fleet : "stdin");
	return end_output(stdout, 0, verdict_status(kho_fleet_verdict(&tally)));
}

static int run_unchecked(const struct kho_options *o, char *name, kho_own_loader *own)
{
	struct kho_err err = { "" };

	if (own) {
		o->loader_argv[0] = name;
		return own(o->loader_argc, o->loader_argv, NULL);
	}
	kho_become_loader(o, &err);
	return complain(&err);
}

static int print_help(void)
{
	printf("%s%s", kho_options_usage, kho_options_list);
	return end_output(stdout, 0, 0);
}

/* Once, and no load is stopped by it that no handover is in. */
static void tell_environment(const char *value)
{
	struct kho_err err;

	kho_fail(&err, EINVAL, "KEXEC_KHO=%s: not \"off\", \"check\", \"strict\" or "
		 "\"strict=warn\": taken as \"strict\"", value);
	fprintf(stderr, "kexec: kho: %s\n", err.text);
}

static int run_task(const struct kho_options *o, char *name, kho_own_loader *own)
{
	switch (o->task) {
	case KHO_TASK_UNCHECKED:
		return run_unchecked(o, name, own);
	case KHO_TASK_FLEET:
		return run_fleet(o);
	case KHO_TASK_VMCOREINFO:
		return print_vmcoreinfo(o->image);
	case KHO_TASK_SAVE_MACHINE:
		return save_machine(o);
	case KHO_TASK_HELP:
		return print_help();
	default:
		return run_gate(o, name, own);
	}
}

int kho_command(int argc, char **argv, kho_own_loader *own)
{
	struct kho_err err = { "" };
	struct kho_options o;
	int status;

	kho_std_occupy();
	if (kho_options_parse(argc, argv, getenv("KEXEC_KHO"), &o, &err))
		return complain(&err);
	if (o.unknown_env)
		tell_environment(o.unknown_env);
	status = run_task(&o, argv[0], o.loader ? NULL : own);
	kho_options_deinit(&o);
	return status;
}
