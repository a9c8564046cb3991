/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names in the kernel's own symbol table (scripts/kallsyms.c makes it,
 * kernel/kallsyms.c reads it): names only, their addresses are not looked at.
 */
#ifndef SUCCESSOR_FACTS_KALLSYMS_H
#define SUCCESSOR_FACTS_KALLSYMS_H

#include "base/err.h"
#include "base/cursor.h"
#include "base/tri.h"
#include "successor/image/image.h"

#define KALLSYMS_TOKENS 256

/* A kernel has two hundred thousand. */
#define KALLSYMS_MAX_SYMBOLS (1u << 21)

/* And their names, packed, four MiB. */
#define KALLSYMS_MAX_NAMES_BYTES (64u << 20)

struct kallsyms {
	struct kho_bytes names;				/* no more than the names */
	struct kho_bytes token[KALLSYMS_TOKENS];	/* printable, without the NUL */
};

/* The tables, each from its first byte to the end of what it stands in. */
struct kallsyms_tables {
	uint32_t nr_symbols;
	struct kho_bytes names, token_table, token_index;
};

/* Check that the tables fit together, and all names.  -EINVAL: they don't. */
int kallsyms_init(struct kallsyms *k, const struct kallsyms_tables *tables)
	__attribute__((warn_unused_result));

/*
 * Is there a function of this name?  One that the compiler has split off of it
 * counts as well ("name.isra.0").
 */
bool kallsyms_has_function(const struct kallsyms *k, const char *name);

/*
 * The same of the tables in the image, whose addresses are in its VMCOREINFO (since
 * Linux 6.0).  UNKNOWN: there are no tables, or they do not fit together.
 */
enum kho_tri kallsyms_of_image(struct successor_image *image, const char *name);

#endif
