// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kho-command.h"
#include "kho-fleet.h"
#include "kho-options.h"
#include "kho-run.h"
#include "machine/snapshot.h"

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

int kho_command_status(const struct kho_gate *gate, int loader_status)
{
	struct kho_err err;

	if (gate->refused || (gate->judged && gate->options->mode == KHO_MODE_REPORT))
		return verdict_status(gate->verdict);
	if (gate->options->mode == KHO_MODE_REPORT) {
		kho_fail(&err, EINVAL, "--kho-report: the loader asked the kernel to load nothing; "
			 "see its message");
		return complain(&err);
	}
	return loader_status;
}

/* A loader that can't be watched is run in --kho-check only, and said to be unchecked. */
static int run_unsupervised(struct kho_gate *gate, struct kho_err *err)
{
	kho_gate_unsupervised(gate, err->text);
	if (gate->options->mode != KHO_MODE_CHECK)
		return verdict_status(gate->verdict);
	kho_become_loader(gate->options, err);
	return complain(err);
}

/* It may have had a daemon load for it, which nobody has looked at. */
static int nothing_checked(const struct kho_gate *gate)
{
	fprintf(stderr, "kexec: kho: unknown: --kho-loader=%s made no load itself: nothing was "
		"checked\n", gate->options->loader);
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
	if (gate->options->loader && !gate->asked && !wait_status)
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

/* Without an image and without a word for the loader, a report is on this machine alone. */
static int run_report(struct kho_gate *gate)
{
	const char *image = gate->options->image;
	struct kho_err err = { "" };

	if (image ? kho_gate_report_image(gate, &err) : kho_gate_report_machine(gate, &err))
		return complain(&err);
	return verdict_status(gate->verdict);
}

static int run_gate(const struct kho_options *o, char *name, kho_own_loader *own)
{
	bool loads = !o->image && (o->mode != KHO_MODE_REPORT || o->loader_argc > 1);
	struct kho_err err = { "" };
	struct kho_gate gate;
	int status;

	if (kho_gate_init(&gate, o, stdout, stderr, &err))
		return complain(&err);
	status = loads ? run_loader(&gate, name, own) : run_report(&gate);
	kho_gate_deinit(&gate);
	return status;
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
	if (!ret && fflush(stdout))
		ret = kho_fail(&err, errno, "stdout: %s", strerror(errno));
	else if (ret)
		kho_err_prefix(&err, "%s: ", path);
	return ret ? complain(&err) : 0;
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
	return verdict_status(kho_fleet_verdict(&tally));
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
	int ret = printf("%s%s", kho_options_usage, kho_options_list);

	return ret < 0 || fflush(stdout) ? EXIT_USAGE : 0;
}

int kho_command(int argc, char **argv, kho_own_loader *own)
{
	struct kho_err err = { "" };
	struct kho_options o;
	int status;

	if (kho_options_parse(argc, argv, getenv("KEXEC_KHO"), &o, &err))
		return complain(&err);
	if (o.loader)
		own = NULL;
	if (o.mode == KHO_MODE_HELP)
		status = print_help();
	else if (o.mode == KHO_MODE_SAVE_MACHINE)
		status = save_machine(&o);
	else if (o.fleet)
		status = run_fleet(&o);
	else if (o.mode == KHO_MODE_OFF)
		status = run_unchecked(&o, argv[0], own);
	else if (o.format == KHO_FORMAT_VMCOREINFO)
		status = print_vmcoreinfo(o.image);
	else
		status = run_gate(&o, argv[0], own);
	kho_options_deinit(&o);
	return status;
}
