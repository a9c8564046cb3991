/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver over all readers of this folder: fill a struct machine. */
#ifndef MACHINE_READ_MACHINE_H
#define MACHINE_READ_MACHINE_H

#include "base/err.h"
#include "machine/machine.h"

/* Can @root be used?  As machine_read(), and nothing is read yet. */
int machine_probe(const char *root, struct kho_err *err) __attribute__((warn_unused_result));

/*
 * Read the machine whose proc/ and sys/ stand below @root ("/" for this one).
 * What a machine does not show becomes a gap, not an error.
 * -ENOENT, -ENOTDIR, -EACCES: @root cannot be used; -EINVAL: it has neither proc nor sys; those of
 * packed_tree_read(), where it is a tarball; -ENOMEM.
 */
int machine_read(const char *root, struct machine *m, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
