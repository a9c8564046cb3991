/* SPDX-License-Identifier: GPL-2.0-only */
/* A list in words, for a message: "kho-v3, kho-v4". */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stddef.h>

#define KHO_LIST_BYTES 400

/* All zeros is an empty one.  What does not fit is cut off. */
struct kho_list {
	char text[KHO_LIST_BYTES];
	size_t used;
};

/* Append an item, behind a comma unless it is the first. */
void kho_list_add(struct kho_list *list, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
