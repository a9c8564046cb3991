/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_HANDOVER_FIND_ROOT_H
#define MACHINE_HANDOVER_FIND_ROOT_H

#include "base/err.h"
#include "machine/handover/handover.h"
#include "machine/kcore.h"

/*
 * The outgoing root tree in the running kernel's memory, where no file shows it.
 * Fills @to as handover_fdt_root() does.  -ENOENT: not found; -EBADMSG: two of
 * them; -ENOMEM; what kcore_read() says; @err says why.
 */
int handover_find_root(const struct kcore *core, struct handover_tree *to, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
