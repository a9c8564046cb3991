/* SPDX-License-Identifier: GPL-2.0-only */
/* The machines that a report or a plan is for, and the areas that they are taken to have. */
#ifndef CLI_PLAN_SOURCES_H
#define CLI_PLAN_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "gate/policy.h"

/* A machine of a plan, in the order of the words. */
struct kho_plan_source {
	bool described;
	const char *value;		/* a tree, a tarball or a snapshot; or words */
	char *text;			/* the words that were read from a file, or the name under
					 * which what came by a pipe is kept; NULL */
};

/* --kho-scratch=; -EINVAL. */
int kho_take_scratch(struct kho_policy *policy, const char *value, struct kho_err *err);

/* Only a plan is for several machines: -EINVAL where several are given. */
int kho_check_one_source(const struct kho_plan_source *source, size_t n, struct kho_err *err);

/*
 * Read the files of descriptions ("@FILE") and the machines that come by a pipe ("-"), and look
 * for errors in all descriptions: all of them go to stderr, each in a line of its own.  The last one is @policy's describe.
 * 0; -EINVAL, said; errors of open() and read(), in @err; -ENOMEM.
 */
int kho_sources_read(struct kho_plan_source *source, size_t n, struct kho_policy *policy,
		     struct kho_err *err) __attribute__((warn_unused_result));

void kho_sources_deinit(struct kho_plan_source *source, size_t n);

#endif
