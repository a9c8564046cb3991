/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_RUNNING_ARCH_H
#define MACHINE_RUNNING_ARCH_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * Set m->arch and m->arch_source.  /proc/sys/kernel/arch (since Linux 6.1) is the kernel's
 * own word.  A tree without it is searched for what only one architecture with KHO shows;
 * every piece of evidence counts, and two that contradict each other leave the architecture
 * unknown, with a gap that names both.  0 or -ENOMEM.
 */
int running_arch_read(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

#endif
