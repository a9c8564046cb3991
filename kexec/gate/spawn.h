/* SPDX-License-Identifier: GPL-2.0-only */
/* Start a loader under the seccomp filter of gate/filter.h. */
#ifndef GATE_SPAWN_H
#define GATE_SPAWN_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* What to start, and how. */
struct kho_program {
	const char *path;
	char **argv;
	bool dry_run;		/* its stdout becomes stderr; see also kho_filter_install() */
	sigset_t mask;
	struct sigaction on_child_end;	/* its SIGCHLD */
};

/* A loader that runs. */
struct kho_child {
	pid_t pid;
	int exit_fd;		/* a pidfd: readable when it has ended */
	int notify_fd;		/* the filter's listener */
};

/*
 * Run @program, with KEXEC_KHO=off in its environment: what it runs is under this gate.
 *
 * On success the caller closes both descriptors and reaps the child.  On failure
 * there is no child any more, and the loader has not run.  -ENOTSUP: this kernel, or
 * whatever confines this process, does not let a loader be supervised; errors of
 * fork() and exec().
 */
int kho_spawn(const struct kho_program *program, struct kho_child *child, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
