/* SPDX-License-Identifier: GPL-2.0-only */
/* The machines of a plan or of a comparison, in the order of the words. */
#ifndef CLI_PLAN_EACH_MACHINE_H
#define CLI_PLAN_EACH_MACHINE_H

#include "cli/options.h"
#include "machine/machine.h"

/*
 * Call @visit for each machine of --kho-machine, --kho-describe and --kho-fleet, or, without any of
 * them, for this one.  @name is its host's, or where it came from.  @machine passes over to @visit;
 * an error of it ends the walk.
 * 0; errors of @visit, of snapshot_or_tree(), of open() and read(); -EINVAL; -ENOMEM; all in @err.
 */
int kho_each_machine(const struct kho_options *options,
		     int (*visit)(void *arg, struct machine *machine, const char *name,
				  struct kho_err *err),
		     void *arg, struct kho_err *err) __attribute__((warn_unused_result));

#endif
