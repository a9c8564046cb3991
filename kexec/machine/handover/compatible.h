/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list of formats.  The functions here are the only way to fill one, so that whoever
 * holds one that is not empty may use its first text.
 */
#ifndef MACHINE_HANDOVER_COMPATIBLE_H
#define MACHINE_HANDOVER_COMPATIBLE_H

#include <stddef.h>

#include "base/cursor.h"

/*
 * A node of a blob that says which ABI it follows; a list, as device trees have them.
 * Filled by the functions below only.
 */
struct handover_compatible {
	char *node;		/* path in its blob: "/" for the root, "/luo-session" */
	char **text;		/* printable, in their order */
	size_t nr_texts;	/* at least 1; 0 in one that is empty: none was read */
};

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
