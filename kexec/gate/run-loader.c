// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gate/find-loader.h"
#include "gate/run-loader.h"
#include "gate/supervise.h"

static int find_loader(const char *wanted, char path[PATH_MAX], char **argv, struct kho_err *err)
{
	int ret = kho_loader_find(wanted, path, err);

	if (!ret)
		argv[0] = path;
	return ret;
}

int kho_become_loader(const char *wanted, char **argv, struct kho_err *err)
{
	char path[PATH_MAX];
	int ret = find_loader(wanted, path, argv, err);

	if (ret)
		return ret;
	setenv("KEXEC_KHO", "off", 1);
	execv(path, argv);
	return kho_fail(err, errno, "%s: %s", path, strerror(errno));
}

/* A load there is a hypercall, which no seccomp filter sees. */
static bool is_xen_control_domain(void)
{
	FILE *f = fopen("/proc/xen/capabilities", "re");
	char line[256];
	bool is = f && fgets(line, sizeof(line), f) && strstr(line, "control_d");

	if (f)
		fclose(f);
	return is;
}

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

int kho_run_loader(struct kho_gate *gate, const char *wanted, char **argv, int *ret_wait_status,
		   struct kho_err *err)
{
	char path[PATH_MAX];
	int ret = find_loader(wanted, path, argv, err);

	if (ret)
		return ret;
	if (is_xen_control_domain())
		return kho_fail(err, ENOTSUP, "the loader can't be supervised in a Xen control "
				"domain: it loads by hypercall");
	ret = kho_supervise(path, argv, gate, ret_wait_status, err);
	if (ret == -EINTR) {
		die_of(WTERMSIG(*ret_wait_status));
		/* Nobody cleans up: the check may still run. */
		_exit(128 + WTERMSIG(*ret_wait_status));
	}
	return ret;
}

int kho_end_as_loader(int wait_status)
{
	if (!WIFSIGNALED(wait_status))
		return WEXITSTATUS(wait_status);
	die_of(WTERMSIG(wait_status));
	return 128 + WTERMSIG(wait_status);
}
