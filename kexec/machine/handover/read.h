/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_HANDOVER_READ_H
#define MACHINE_HANDOVER_READ_H

#include "machine/kcore.h"
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
 * Fills @to as handover_fdt_root() does.  -ENOENT: not found; -EBADMSG: two of
 * them; -ENOMEM; what kcore_read() says; @err says why.
 */
int handover_find_root(const struct kcore *core, struct handover_tree *to, struct kho_err *err)
	__attribute__((warn_unused_result));

void handover_tree_deinit(struct handover_tree *tree);

#endif
