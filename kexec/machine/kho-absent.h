/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_KHO_ABSENT_H
#define MACHINE_KHO_ABSENT_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * No scratch areas are shown: file why, as a gap.  Debugfs that is hidden or not there;
 * KHO that is off, where the configuration (/proc/config.gz, or the one installed for this
 * release), the command line or a line of the kernel's log says so; else KHO that is not in
 * sight, which is not known to be off.  0 or -ENOMEM.
 */
int kho_absent(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

#endif
