/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KHO_MACHINE_NODES_H
#define KHO_MACHINE_NODES_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * Which physical addresses belong to which node: from the SRAT, exact, which is
 * what the successor itself will read; else from the links between memory blocks
 * and nodes; else, where the kernel knows one node only, all to node 0.
 * Sets m->node_source; what can't be had becomes a gap and leaves @map empty.
 * 0 or -ENOMEM.
 */
int nodes_read(const struct machine_tree *tree, struct machine *m, struct kho_ranges *map)
	__attribute__((warn_unused_result));

#endif
