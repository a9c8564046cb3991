// SPDX-License-Identifier: GPL-2.0-only
/* main() of the installed kexec: --kho-* are ours, all else is the loader's. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kho-fleet.h"
#include "kho-gate.h"
#include "kho-loader.h"
#include "kho-options.h"
#include "kho-supervise.h"
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

/* Returns only when it could not. */
static int become(const char *path, char **argv)
{
	struct kho_err err;

	unsetenv("KEXEC_KHO");
	execv(path, argv);
	kho_fail(&err, errno, "%s: %s", path, strerror(errno));
	return complain(&err);
}

/* Die as the loader did, so that whoever called sees the same. */
static void die_of(int signal)
{
	struct rlimit no_core = { 0, 0 };
	sigset_t set;

	setrlimit(RLIMIT_CORE, &no_core);
	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(signal);
}

static int loader_status(const struct kho_gate *gate, int wait_status)
{
	struct kho_err err;

	if (gate->refused || (gate->judged && gate->options->mode == KHO_MODE_REPORT))
		return verdict_status(gate->verdict);
	if (gate->options->mode == KHO_MODE_REPORT) {
		kho_fail(&err, EINVAL, "--kho-report: the loader asked the kernel to load nothing; "
			 "see its message");
		return complain(&err);
	}
	if (WIFSIGNALED(wait_status)) {
		die_of(WTERMSIG(wait_status));
		return 128 + WTERMSIG(wait_status);
	}
	return WEXITSTATUS(wait_status);
}

/* A loader that can't be watched is run in --kho-check only, and said to be unchecked. */
static int run_unsupervised(struct kho_gate *gate, const char *path, const struct kho_err *err)
{
	const struct kho_options *o = gate->options;

	kho_gate_unsupervised(gate, err->text);
	if (o->mode == KHO_MODE_CHECK)
		return become(path, o->loader_argv);
	return verdict_status(gate->verdict);
}

static int run_loader(struct kho_gate *gate)
{
	const struct kho_options *o = gate->options;
	struct kho_err err = { "" };
	char path[PATH_MAX];
	int status, ret;

	if (kho_loader_find(o->loader, path, &err))
		return complain(&err);
	o->loader_argv[0] = path;
	/* The last of -l, -f, -e counts: with this one nothing is executed. */
	if (o->mode == KHO_MODE_REPORT)
		o->loader_argv[o->loader_argc] = (char *)"-l";
	ret = kho_supervise(path, o->loader_argv, gate, &status, &err);
	if (ret == -ENOTSUP)
		return run_unsupervised(gate, path, &err);
	return ret ? complain(&err) : loader_status(gate, status);
}

static int run_gate(const struct kho_options *o)
{
	struct kho_err err = { "" };
	struct kho_gate gate;
	int status;

	if (kho_gate_init(&gate, o, stdout, stderr, &err))
		return complain(&err);
	if (!o->image)
		status = run_loader(&gate);
	else if (kho_gate_report_image(&gate, &err))
		status = complain(&err);
	else
		status = verdict_status(gate.verdict);
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

static int run_as_loader(const struct kho_options *o)
{
	struct kho_err err = { "" };
	char path[PATH_MAX];

	if (kho_loader_find(o->loader, path, &err))
		return complain(&err);
	o->loader_argv[0] = path;
	return become(path, o->loader_argv);
}

int main(int argc, char **argv)
{
	struct kho_err err = { "" };
	struct kho_options o;
	int status;

	if (kho_options_parse(argc, argv, getenv("KEXEC_KHO"), &o, &err))
		return complain(&err);
	if (o.mode == KHO_MODE_HELP)
		status = fputs(kho_options_help, stdout) < 0 || fflush(stdout) ? EXIT_USAGE : 0;
	else if (o.mode == KHO_MODE_SAVE_MACHINE)
		status = save_machine(&o);
	else if (o.fleet)
		status = run_fleet(&o);
	else if (o.mode == KHO_MODE_OFF)
		status = run_as_loader(&o);
	else if (o.format == KHO_FORMAT_VMCOREINFO)
		status = print_vmcoreinfo(o.image);
	else
		status = run_gate(&o);
	kho_options_deinit(&o);
	return status;
}
