/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names in the kernel's own symbol table (scripts/kallsyms.c makes it,
 * kernel/kallsyms.c reads it), and where they lie.
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
	uint32_t nr_symbols;
	struct kho_bytes names;				/* no more than the names */
	struct kho_bytes token[KALLSYMS_TOKENS];	/* printable, without the NUL */
	struct kho_bytes offsets;			/* four bytes a name, or too few: not known */
	bool pc_relative;				/* since 7.1: from where each offset stands */
};

/* The tables, each from its first byte to the end of what it stands in. */
struct kallsyms_tables {
	uint32_t nr_symbols;
	struct kho_bytes names, token_table, token_index;
	struct kho_bytes offsets;	/* empty: none */
	bool pc_relative;
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
 * Where the variable @name lies, in bytes from _text.  -ENOENT: it or the offsets are not there;
 * data is listed with CONFIG_KALLSYMS_ALL only.
 */
int kallsyms_variable(const struct kallsyms *k, const char *name, int64_t *offset)
	__attribute__((warn_unused_result));

/*
 * Where the function that @va stands in begins: the last symbol of code at or before it.  -ENOENT:
 * there is none, or it is not known where they lie.
 */
int kallsyms_entry(struct successor_image *image, uint64_t va, uint64_t *entry)
	__attribute__((warn_unused_result));

/* Where the function @name begins.  -ENOENT. */
int kallsyms_function(struct successor_image *image, const char *name, uint64_t *entry)
	__attribute__((warn_unused_result));

/*
 * The initial value of an unsigned variable of @bytes (1, 4 or 8), as the image has it.  -ENOENT: it
 * is not known where it lies, or it is only cleared.
 */
int kallsyms_initial(struct successor_image *image, const char *name, unsigned int bytes,
		     uint64_t *value) __attribute__((warn_unused_result));

/*
 * kallsyms_has_function() of the tables in the image, whose addresses are in its VMCOREINFO (since
 * Linux 6.0).  UNKNOWN: there are no tables, or they do not fit together.
 */
enum kho_tri kallsyms_of_image(struct successor_image *image, const char *name);

#endif
