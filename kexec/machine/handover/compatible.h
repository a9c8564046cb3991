/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one way to a struct handover_compatible: who has one may use its first text
 * without a look.
 */
#ifndef MACHINE_HANDOVER_COMPATIBLE_H
#define MACHINE_HANDOVER_COMPATIBLE_H

#include "machine/handover/handover.h"
#include "base/cursor.h"

/* Formats of one node, and the bytes of one with its NUL: kernels have one of some 15. */
#define HANDOVER_TEXTS		32
#define HANDOVER_TEXT_BYTES	256

/*
 * Copies of @n texts, and of @node made printable.  On success @c is to be given to
 * handover_compatible_deinit(); on an error it is empty.
 * -EBADMSG: none, more than HANDOVER_TEXTS, or one that is empty, not printable ASCII
 * or too long: nothing is cut, for a format that is cut is another one; -ENOMEM.
 */
int handover_compatible_init(struct handover_compatible *c, const char *node,
			     const char *const *text, size_t n)
	__attribute__((warn_unused_result));

/* The same of a property's value: texts one behind the other, each with its NUL. */
int handover_compatible_parse(struct handover_compatible *c, const char *node,
			      struct kho_bytes value) __attribute__((warn_unused_result));

void handover_compatible_deinit(struct handover_compatible *c);

#endif
