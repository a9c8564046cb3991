/* SPDX-License-Identifier: GPL-2.0-only */
/* From what an image says to what the model wants to know. */
#ifndef MODEL_BOOT_KERNEL_H
#define MODEL_BOOT_KERNEL_H

#include "model/toolbox/data.h"
#include "successor/successor.h"

/* How it is known what the successor does, or how large something is. */
struct boot_basis {
	const char *what;	/* "scratch is extended": constant text */
	const char *how;	/* "message in the image": constant text */
	bool image;		/* the image says it; else release or a rule of thumb */
};

#define BOOT_BASES	16

struct boot_bases {
	struct boot_basis basis[BOOT_BASES];
	size_t n;
};

/*
 * Fill @k from @s.  A size that the image does not give is taken large.  A behaviour that
 * neither the image nor the release decides is marked unknown (extends_unknown) or taken as
 * a new kernel's.
 * -ENODATA: a fact without which no boot can be followed is not known; @missing,
 * never NULL then, names it.  @bases may be NULL.
 */
int boot_kernel_from_successor(const struct successor *s, struct boot_kernel *k,
			       struct boot_bases *bases, const char **missing)
	__attribute__((warn_unused_result));

/*
 * Fill what the load alone wants of @k, with the running kernel's @page_bytes (0: not
 * known, the successor's are taken).  False: the image does not tell.
 */
bool boot_kernel_for_load(const struct successor *s, uint64_t page_bytes, struct boot_kernel *k);

#endif
