/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Another program as the loader: the one that --kho-loader names, else the
 * kexec that kho_loader_find() finds.
 */
#ifndef GATE_RUN_LOADER_H
#define GATE_RUN_LOADER_H

#include "base/err.h"
#include "gate/decide.h"
#include "cli/options.h"

/*
 * Become it, with no check.  Returns only when that could not be: errors of
 * kho_loader_find() and exec().
 */
int kho_become_loader(const struct kho_options *o, struct kho_err *err);

/*
 * Run it under @gate.  @wait_status is as of waitpid().  Errors: those of
 * kho_loader_find() and kho_supervise(), but for -EINTR: then it ends the process.
 */
int kho_run_loader(struct kho_gate *gate, int *wait_status, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * Its exit status; 1 where that would be one of a verdict (2, 3, 4), which is reported.  Where
 * it died of a signal, die of that too, so that whoever called sees the same.
 */
int kho_end_as_loader(int wait_status) __attribute__((warn_unused_result));

#endif
