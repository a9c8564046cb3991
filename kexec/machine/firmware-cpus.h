/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_FIRMWARE_CPUS_H
#define MACHINE_FIRMWARE_CPUS_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * Where the running kernel's own possible CPUs are cut (by nr_cpus= and the like, or its
 * CONFIG_NR_CPUS), put those that firmware lists in their place, with their nodes.  What can't be
 * read becomes a gap, and the CPUs are unknown.  0 or -ENOMEM.
 */
int firmware_cpus_read(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

#endif
