/* SPDX-License-Identifier: GPL-2.0-only */
/* How much scratch is right: any number of kernels on any number of machines. */
#ifndef CLI_PLAN_PLAN_H
#define CLI_PLAN_PLAN_H

#include <stdio.h>

#include "cli/options.h"

/*
 * Plan what @options say, and print it to @out.  *@verdict: ok where each machine has a setting
 * with which all kernels are ok; fail where one has none; unknown where one can't be known.
 * Errors of kho_gate_read_image() and snapshot_or_tree(); -ENOMEM; all in @err.
 */
int kho_plan(const struct kho_options *options, FILE *out, kho_verdict *verdict,
	     struct kho_err *err) __attribute__((warn_unused_result));

#endif
