/* SPDX-License-Identifier: GPL-2.0-only */
/* As much of a PE file as is needed to find its sections by name. */
#ifndef SUCCESSOR_CONTAINERS_PE_H
#define SUCCESSOR_CONTAINERS_PE_H

#include <stdbool.h>

#include "base/cursor.h"

#define PE_MAX_SECTIONS	96	/* what the Windows loader allows */
#define PE_NAME_BYTES	8	/* a longer name is not possible in an image */

struct pe_section {
	char name[PE_NAME_BYTES + 1];
	uint64_t offset;	/* in the file, which may end before */
	uint64_t bytes;		/* without the padding behind it */
	uint64_t memory_bytes;	/* when it is loaded: with what is not in the file */
};

/* In the order of the file. */
struct pe_sections {
	struct pe_section s[PE_MAX_SECTIONS];
	size_t n;
};

/* "MZ": what every PE file starts with, and many others. */
bool pe_match(struct kho_bytes file);

/*
 * The sections of the PE file that begins with @head, as its table says.
 * -ENOENT: this is no PE file, or @head ends before the table does.
 */
int pe_read_sections(struct kho_bytes head, struct pe_sections *sections)
	__attribute__((warn_unused_result));

#endif
