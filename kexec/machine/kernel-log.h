/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_KERNEL_LOG_H
#define MACHINE_KERNEL_LOG_H

#include "base/unpack/unpack.h"
#include "machine/tree.h"

/*
 * The first line of the kernel's log that holds all of @words, from the first of them
 * on, printable; NULL where the log can't be read, or no longer has such a line.  From
 * /dev/kmsg; of a copied machine, from the file of this name, in any of the formats of
 * dmesg.  The caller frees it.
 */
char *kernel_log_find(const struct machine_tree *tree, const char *const words[2]);

/*
 * All of the kernel's log, record by record as /dev/kmsg has them; of a copied machine the file.
 * Nothing behind @limit_bytes.  Errors of open(); -ENOMEM.
 */
int kernel_log_read(const struct machine_tree *tree, size_t limit_bytes, struct kho_buffer *log)
	__attribute__((warn_unused_result));

#endif
