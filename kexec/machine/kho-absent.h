/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KHO_MACHINE_KHO_ABSENT_H
#define KHO_MACHINE_KHO_ABSENT_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * No scratch areas are shown: file why, as a gap.  Debugfs that is hidden or not
 * there; KHO that is off, by the command line and the configuration that the kernel
 * shows in /proc/config.gz or that is installed in /boot; or KHO that is on, but not in
 * sight.  0 or -ENOMEM.
 */
int kho_absent(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

#endif
