/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine of a report, and the running kernel's own image, where distributions install it. */
#ifndef GATE_INSTALLED_H
#define GATE_INSTALLED_H

#include "base/err.h"
#include "check/check.h"
#include "gate/policy.h"
#include "machine/machine.h"

/*
 * Read the image of @m's release below @root; @with gets the size of its initrd, none where none
 * is installed, and the running kernel's own command line.  False: it is not there, or can't be read.  True: @s is to be given to
 * successor_deinit().
 */
bool kho_read_installed(const char *root, const struct machine *m, struct successor *s,
			struct kho_with *with);

/*
 * Read the machine of @policy: its words, or its tree or snapshot.  On success @m is to be given to
 * machine_deinit().  Errors of snapshot_or_tree().
 */
int kho_gate_read_machine(const struct kho_policy *policy, struct machine *m, struct kho_err *why)
	__attribute__((warn_unused_result));

#endif
