/* SPDX-License-Identifier: GPL-2.0-only */
/* What the machine's device tree takes when a kernel unflattens it. */
#ifndef MACHINE_DEVICE_TREE_H
#define MACHINE_DEVICE_TREE_H

#include "machine/machine.h"
#include "machine/tree.h"

/* Into @m->device_tree; what can't be read is not known. */
void device_tree_read(const struct machine_tree *tree, struct machine *m);

#endif
