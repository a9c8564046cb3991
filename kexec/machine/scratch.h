/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_SCRATCH_H
#define MACHINE_SCRATCH_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * The scratch areas, as kernel/liveupdate/kexec_handover_debugfs.c shows them:
 * one hexadecimal number a line, starts and lengths in files of their own.
 * What can't be read becomes a gap.  0 or -ENOMEM.
 */
int scratch_read(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

#endif
