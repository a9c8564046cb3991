/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Another program as the loader: the one that kho_loader_find() finds for @wanted.
 * @argv ends in NULL; its first word is left for the loader's path.
 */
#ifndef GATE_RUN_LOADER_H
#define GATE_RUN_LOADER_H

#include "base/err.h"
#include "gate/decide.h"

/*
 * Become it, with no check.  Returns only when that could not be: errors of
 * kho_loader_find() and exec().
 */
int kho_become_loader(const char *wanted, char **argv, struct kho_err *err);

/*
 * Run it under @gate.  @ret_wait_status is as of waitpid().  Errors: those of
 * kho_loader_find() and kho_supervise(), but for -EINTR: then it ends the process.
 */
int kho_run_loader(struct kho_gate *gate, const char *wanted, char **argv, int *ret_wait_status,
		   struct kho_err *err) __attribute__((warn_unused_result));

/*
 * The exit status of a loader that has ended.  Where a signal ended it, the same signal
 * ends this process, so that the caller sees the same.
 */
int kho_end_as_loader(int wait_status) __attribute__((warn_unused_result));

#endif
