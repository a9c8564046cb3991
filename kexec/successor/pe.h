/* SPDX-License-Identifier: GPL-2.0-only */
/* As much of a PE file as is needed to find its sections by name. */
#ifndef KHO_PE_H
#define KHO_PE_H

#include <stdbool.h>

#include "successor/cursor.h"

/* "MZ": what every PE file starts with, and many others. */
bool pe_match(struct kho_bytes file);

/*
 * The section called @name, without the padding behind it.  -ENOENT: there is
 * none, or this is no PE file; -ERANGE: it ends behind the file.
 */
int pe_section(struct kho_bytes file, const char *name, struct kho_bytes *section)
	__attribute__((warn_unused_result));

#endif
