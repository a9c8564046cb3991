/* SPDX-License-Identifier: GPL-2.0-only */
/* The device trees and structs that producers hand over, as bytes. */
#ifndef MACHINE_HANDOVER_FDT_H
#define MACHINE_HANDOVER_FDT_H

#include "base/err.h"
#include "machine/handover/handover.h"
#include "base/cursor.h"

/* The root is one page: more producers do not fit. */
#define HANDOVER_PRODUCERS 256

/* A whole device tree, of the version that all kernels with KHO write. */
bool handover_is_fdt(struct kho_bytes bytes);

/*
 * The root tree (include/linux/kho/abi/kexec_handover.h): its ABI, where the map
 * of preserved memory is, and one producer a child.  Of one that is cut, as Linux
 * 7.x shows it, no producers.  @bytes must be aligned for a u64.
 * -EBADMSG: not a valid device tree; -ENOMEM.
 */
int handover_fdt_root(struct kho_bytes bytes, struct handover_tree *tree, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * What @p handed over; its name is set.  Bytes that are no device tree are read whole.
 * What is damaged, or more than is believed, is read in part, and p->trouble says where
 * the reading ended.  0 or -ENOMEM.
 */
int handover_fdt_blob(struct kho_bytes bytes, struct handover_producer *p)
	__attribute__((warn_unused_result));

/* One more format of @p; errors of handover_compatible_init(). */
int handover_add_compatible(struct handover_producer *p, const char *node,
			    const char *const *text, size_t n) __attribute__((warn_unused_result));

/* One more region of reserve_mem=, with a copy of @name made printable.  0 or -ENOMEM. */
int handover_add_reserve_mem(struct handover_producer *p, const char *name)
	__attribute__((warn_unused_result));

/* Put a printable copy of @text in the place of *@trouble.  0 or -ENOMEM. */
int handover_trouble(char **trouble, const char *text) __attribute__((warn_unused_result));

/* One more producer of @tree, with a copy of @name made printable.  NULL: no memory. */
struct handover_producer *handover_add_producer(struct handover_tree *tree, const char *name);

#endif
