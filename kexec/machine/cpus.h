/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_CPUS_H
#define MACHINE_CPUS_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * The possible CPUs, their nodes, the possible nodes, and the CPU flags that shape early boot.
 * None of it is a gap: where flags are not known, the model assumes those that need more memory,
 * and that there are no CPUs is a finding of the check (cpus-unknown).
 * 0 or -ENOMEM.
 */
int cpus_read(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

#endif
