/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The readers of facts, one file each.  A reader adds a claim to @s for what it finds,
 * and a note for what the image holds but it cannot read.  Only a lack of memory
 * (-ENOMEM) stops the reading of an image.
 */
#ifndef SUCCESSOR_FACTS_FACTS_H
#define SUCCESSOR_FACTS_FACTS_H

#include "successor/claims/claims.h"

/* VMCOREINFO, out of the code that makes it. */
int facts_from_code(struct successor *s) __attribute__((warn_unused_result));

/* .BTF through libbpf: sizeof(struct page), functions that tell of a feature. */
int facts_from_btf(struct successor *s) __attribute__((warn_unused_result));

/* The built-in configuration (CONFIG_IKCONFIG). */
int facts_from_ikconfig(struct successor *s) __attribute__((warn_unused_result));

/*
 * Functions in kallsyms, where no earlier reader knows: SYMBOL(vmemmap) came to
 * VMCOREINFO only in 6.11, and BTF and IKCONFIG may be absent.
 */
void facts_from_kallsyms(struct successor *s);

/*
 * Numbers in the code that stand in no table: NR_CPUS and the size of the kernel's log, which it
 * prints, where kallsyms has no data; the percpu section's size, where no ELF header tells; the
 * levels of a preserved map, where BTF has not told.
 */
int facts_from_constants(struct successor *s) __attribute__((warn_unused_result));

/* KHO_TREE_MAX_DEPTH, by its name in the kernel; no kernel has so many. */
#define MAP_LEVELS		"KHO_TREE_MAX_DEPTH"
#define MAP_MAX_LEVELS		32

/* For a reader: there is room for one constant of each name. */
void image_keep_constant(struct successor_image *image, const char *name, uint64_t value);

/* The constant, or the initial value of the variable, that a reader kept; -ENOENT. */
int constant_of_image(const struct successor_image *image, const char *name, uint64_t *value)
	__attribute__((warn_unused_result));

/* Constants in the kernel's data: boot parameters' names, the version banner. */
void facts_from_strings(struct successor *s);

/* What follows from the architecture and, where that varies, the page size. */
void facts_from_arch(struct successor *s);

#endif
