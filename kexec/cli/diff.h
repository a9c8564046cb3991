/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLI_DIFF_H
#define CLI_DIFF_H

#include <stdio.h>

#include "base/err.h"
#include "cli/options.h"
#include "finding/finding.h"

#define DIFF_SCHEMA	1

/*
 * What differs between the two kernels of @options->diff, images or saved facts, that matters to
 * a handover; and, where machines were named, how each is judged on them.  @ret_verdict: the
 * worst of the second; KHO_NOTE without a machine.  Errors of gate_read_whole(), saved_read() and
 * snapshot_or_tree(): @err names the file.
 */
int kho_diff(const struct kho_options *options, FILE *out, kho_verdict *ret_verdict,
	     struct kho_err *err) __attribute__((warn_unused_result));

#endif
