/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The map of preserved memory that the running kernel keeps for its successor,
 * read where it lies.  doc/handover.md describes the two layouts.
 */
#ifndef MACHINE_HANDOVER_PRESERVED_H
#define MACHINE_HANDOVER_PRESERVED_H

#include "base/err.h"
#include "base/range.h"
#include "machine/kcore.h"
#include "machine/handover/handover.h"

/*
 * Pages of a map that are read: 2 GiB of a kernel with 4 KiB pages, which is a map
 * of 64 TiB preserved page by page.  Also what ends a map that runs in circles.
 */
#define PRESERVED_MAP_PAGES	(1u << 19)
/* Twice as many, 48 MiB, may be there before they are merged. */
#define PRESERVED_RANGES	(1u << 20)

/*
 * Fill h->preserved and preserved_map, or say in preserved_trouble why not.  h->out
 * has been read.  @core is NULL where it could not be opened, for a reason that
 * @core_err says.  0 or -ENOMEM.
 */
int preserved_read(const struct kcore *core, const struct kho_err *core_err,
		   struct machine_handover *h) __attribute__((warn_unused_result));

/* One walk of a map; for the layouts. */
struct preserved_walk {
	const struct kcore *core;
	unsigned int page_shift;
	unsigned int pages_left;	/* of the limit */
	struct kho_ranges *preserved;
	struct kho_ranges *map;
	struct kho_err *err;
};

/*
 * Copy the page of the map at @pa.  -EBADMSG: no page there, or too many of them;
 * -ENOMEM; what kcore_read() says.
 */
int preserved_page(struct preserved_walk *walk, uint64_t pa, uint8_t *page)
	__attribute__((warn_unused_result));

/*
 * A page of bits: bit n says that the 1 << @shift bytes at base_pa + (n << @shift)
 * are preserved.  -EBADMSG: not memory, or too many ranges; -ENOMEM.
 */
int preserved_bits(struct preserved_walk *walk, uint64_t base_pa, unsigned int shift,
		   const uint8_t *page) __attribute__((warn_unused_result));

/* kho-v1: a list of pages that point to pages of bits, each of one order. */
int preserved_list(struct preserved_walk *walk, uint64_t first_pa)
	__attribute__((warn_unused_result));

/* kho-v3, kho-v4: a tree whose keys are address and order in one. */
int preserved_radix(struct preserved_walk *walk, uint64_t root_pa)
	__attribute__((warn_unused_result));

#endif
