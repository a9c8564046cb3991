/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the areas of a setting may come to lie.  At a cold boot the first kernel is in their way,
 * at a place that its KASLR chooses, and its initrd, where the boot loader puts it: an area goes
 * above or below them, apart from its neighbour or not, or finds no room.
 *
 * Not every place is tried: one for each way in which the areas can be arranged around them.
 */
#ifndef MODEL_LAYOUTS_H
#define MODEL_LAYOUTS_H

#include "model/areas.h"

/* What is not known of the first boot. */
struct boot_places {
	bool kaslr;			/* the first kernel may be anywhere; else at its address */
	uint64_t initrd_bytes;		/* of its initrd, at the most */
	/* The largest alignments that the successor asks for in the areas; 0: no more than they have */
	uint64_t crash_align_bytes;
	uint64_t page_align_bytes;	/* of gigantic pages */
};

/* All zeros is an empty list.  The first one is that of boot_lay_out(). */
struct boot_layouts {
	struct kho_ranges *areas;
	size_t n;			/* of them */
	size_t cap;
};

/*
 * The layouts of @set that differ in what can matter to a boot: the order of the areas, which of
 * them touch, their nodes and sizes, which are below 4 GiB, and how they lie to the alignments.
 * @layouts is emptied first.
 * 0; -ENOSPC: in some place an area finds no room, and the kernel turns KHO off; -ENOMEM.
 */
int boot_layouts_find(const struct boot_cold_memory *memory, const struct boot_setting *set,
		      const struct boot_places *places, struct boot_layouts *layouts)
	__attribute__((warn_unused_result));

void boot_layouts_deinit(struct boot_layouts *layouts);

#endif
