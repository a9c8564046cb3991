/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_NODES_H
#define MACHINE_NODES_H

#include "machine/machine.h"
#include "machine/passed-memory.h"
#include "machine/tree.h"

/*
 * Which physical addresses belong to which node for a kernel that is given @memory: from
 * the SRAT, which is what the successor itself will read, as it reads it (machine/srat.h);
 * a table that it drops leaves one node 0.  Where there is none, all to node 0 if the
 * running kernel knows one node only, else from the links between memory blocks and nodes.
 * Sets m->node_source; what can't be read becomes a gap and leaves @map empty.  0 or -ENOMEM.
 */
int nodes_read(const struct machine_tree *tree, struct machine *m,
	       const struct passed_memory *memory, struct kho_ranges *map)
	__attribute__((warn_unused_result));

#endif
