/* SPDX-License-Identifier: GPL-2.0-only */
/* --kho-verify and --kho-postmortem. */
#ifndef CLI_AFTER_H
#define CLI_AFTER_H

#include <stdio.h>

#include "cli/options.h"
#include "finding/finding.h"

/*
 * Verify what this boot became, by the newest record of a folder or by one record, and print it.
 * With a folder, the line of JSON is kept beside its record.  Errors of reading; -ENOMEM.
 */
int kho_verify(const struct kho_options *o, FILE *out, kho_verdict *verdict, struct kho_err *err)
	__attribute__((warn_unused_result));

/* How often the check was right, by the lines in o->fleet ("-": stdin).  As kho_verify(). */
int kho_verify_summary(const struct kho_options *o, FILE *out, kho_verdict *verdict,
		       struct kho_err *err) __attribute__((warn_unused_result));

/*
 * Say of what the kernel died whose console's log o->postmortem is, beside the record that
 * --kho-verify names, if any.  Errors of reading; -ENOMEM.
 */
int kho_postmortem(const struct kho_options *o, FILE *out, kho_verdict *verdict,
		   struct kho_err *err) __attribute__((warn_unused_result));

#endif
