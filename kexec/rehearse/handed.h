/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the running kernel hands over, as the successor finds it in memory: the root
 * of the device tree and the map of preserved memory, in the running kernel's format
 * (machine/preserved*.c reads the same).  Ranges only: nothing is in that memory.
 */
#ifndef REHEARSE_HANDED_H
#define REHEARSE_HANDED_H

#include "rehearse/guest.h"
#include "base/range.h"

#define HANDED_TREE_BYTES	4096

/* What is handed over, and pages that may be written. */
struct handed {
	const char *format;		/* "kho-v4", of the root's compatible */
	unsigned int page_shift;
	const struct kho_ranges *preserved;
	const struct kho_ranges *map;	/* pages of the running kernel's own map; taken first */
	struct kho_range spare;		/* pages to take when those are used up */
	uint64_t tree_pa;		/* a page for the root */
	struct kho_ranges written;	/* pages that the map took in the end */
};

/*
 * Write both.  -ENOTSUP: a format that is not known; -ENOSPC: more pages wanted than
 * there are; -ENOMEM; errors of guest_write().
 */
int handed_write(struct handed *handed, struct guest *guest, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The map alone, for handed_write(); *@root_pa 0: none. */
int handed_write_radix(struct handed *handed, struct guest *guest, uint64_t *root_pa,
		       struct kho_err *err) __attribute__((warn_unused_result));
int handed_write_list(struct handed *handed, struct guest *guest, uint64_t *root_pa,
		      struct kho_err *err) __attribute__((warn_unused_result));

/* The next page for the map; 0: none is left. */
uint64_t handed_next_page(struct handed *handed);

/*
 * Cut [*pa, end_pa) at its front into the largest aligned power of two: its order in
 * pages.  *@pa moves on.
 */
unsigned int handed_next_order(const struct handed *handed, uint64_t *pa, uint64_t end_pa);

#endif
