/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KHO_MACHINE_HANDOVER_READ_H
#define KHO_MACHINE_HANDOVER_READ_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * Fill m->handover; the scratch areas have been read.  What can't be had is said
 * in it.  0 or -ENOMEM.
 */
int handover_read(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

/*
 * The outgoing root tree in the running kernel's memory, where no file shows it.
 * Fills @to as handover_fdt_root() does.  -ENOENT: not found; -EBADMSG; what
 * kcore_open() says; @err says why.
 */
int handover_find_root(const struct machine_tree *tree, struct handover_tree *to,
		       struct kho_err *err) __attribute__((warn_unused_result));

void handover_tree_deinit(struct handover_tree *tree);

#endif
