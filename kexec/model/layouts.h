/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the areas of a setting may come to lie.  At a cold boot the first kernel is in their way,
 * at a place that its KASLR chooses, and its initrd, where the boot loader puts it: an area goes
 * above or below them, apart from its neighbour or not, or finds no room.  Where a crash kernel is
 * aligned in them, the initrd below which they end is one of any size.
 *
 * Not every place is tried: one for each way in which the areas can be arranged around them.
 */
#ifndef MODEL_LAYOUTS_H
#define MODEL_LAYOUTS_H

#include "model/areas.h"

#define BOOT_PAGE_ENDS	24

/* Bytes after a multiple of a gigantic page. */
struct boot_page_ends {
	uint64_t at[BOOT_PAGE_ENDS];
	size_t n;
};

/* What is not known of the first boot. */
struct boot_places {
	bool kaslr;			/* the first kernel may be anywhere; else at its address */
	uint64_t initrd_bytes;		/* of its initrd, at the most */
	/* The largest alignments that the successor asks for in the areas; 0: no more than they have */
	uint64_t crash_align_bytes;
	uint64_t page_align_bytes;	/* of gigantic pages */
	/* Where areas end that lie below the first kernel, as those pages see it; NULL: anywhere */
	const struct boot_page_ends *page_ends;
};

struct boot_layout {
	struct kho_ranges areas;
	uint64_t page_end_bytes;	/* of page_ends, the one that was tried with it */
};

/* All zeros is an empty list.  The first one is that of boot_lay_out(). */
struct boot_layouts {
	struct boot_layout *layout;
	size_t n;
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

/*
 * What the first kernel's initrd is taken to have: what the successor's has, @load's; where that is not
 * known up to @most_bytes (0: it is known), if an eighth of the free memory is as much.
 */
uint64_t boot_first_initrd_bytes(const struct boot_load *load, uint64_t most_bytes, uint64_t free_bytes);

/* What a boot that was followed, @seen, asks of the layouts; the first kernel's initrd has @initrd_bytes. */
struct boot_places boot_places_of(const struct boot_kernel *kernel,
				  const struct boot_cold_memory *memory,
				  const struct boot_result *seen, uint64_t initrd_bytes);

/*
 * The layouts of @set at @cold's boot of @kernel, for @load; @initrd_most_bytes is that of
 * boot_first_initrd_bytes().  Errors as boot_areas_of() and boot_layouts_find();
 * @layouts is to be given to boot_layouts_deinit() in any case.
 */
int boot_layouts_of(struct boot_work *work, const struct boot_kernel *kernel,
		    const struct boot_machine *machine, const struct boot_load *load,
		    const struct boot_cold *cold, const struct boot_setting *set,
		    uint64_t initrd_most_bytes, struct boot_layouts *layouts)
	__attribute__((warn_unused_result));

void boot_layouts_deinit(struct boot_layouts *layouts);

#endif
