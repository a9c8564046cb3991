/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_HANDOVER_READ_HANDOVER_H
#define MACHINE_HANDOVER_READ_HANDOVER_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * Fill m->handover; the scratch areas have been read.  What can't be read is said
 * in it.  0 or -ENOMEM.
 */
int handover_read(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

#endif
