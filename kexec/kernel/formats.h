/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels with KHO: the formats of the handover, one row each, and
 * what they call the areas, one line a name (area-names.def).  A new format or name is a new row.
 */
#ifndef KERNEL_FORMATS_H
#define KERNEL_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

/* KHO_FDT_COMPATIBLE is this and a number. */
#define KHO_ABI_PREFIX "kho-v"

/* How the map of preserved memory is laid out. */
enum kho_map_layout {
	KHO_MAP_LIST,	/* pages that point to pages of bits, each of one order */
	KHO_MAP_RADIX,	/* a tree whose keys are address and order in one */
};

struct kho_format {
	const char *abi;	/* KHO_FDT_COMPATIBLE: "compatible" of the root tree */
	enum kho_map_layout map;
};

/* The row of @abi; NULL: no format that is known. */
const struct kho_format *kho_format_by_abi(const char *abi);

/* KHO_RADIX_KEY_WIDTH: a page frame number, and one bit more for the order. */
unsigned int kho_radix_key_bits(unsigned int page_shift);

/*
 * KHO_TREE_MAX_DEPTH (include/linux/kho/abi/kexec_handover.h): levels of a KHO_MAP_RADIX, the
 * leaves counted, as 7.1.13, 7.2.13 and 7.3.4 have it.
 */
unsigned int kho_radix_levels(unsigned int page_shift);

/*
 * Up to 7.1-rc5 the bit for the order was left out of the sum, under the same format.  Does
 * that make another number of levels?  It does with pages of 16 KiB: 4 in place of 5.
 */
bool kho_radix_levels_vary(unsigned int page_shift);

struct kho_area_names {
	const char *phys, *len;	/* files, below the root */
	const char *parameter;	/* early parameter that sizes them, without '=' */
};

/* In the order in which kernels came to use them; a row of NULLs ends them. */
extern const struct kho_area_names kho_area_names[];

/*
 * The parameter that sizes the areas of the kernel that shows them in file @source;
 * where that is NULL or no such file, the one that @cmdline (may be NULL)
 * gives; with neither the one that a kernel of @release (may be NULL or "": not known) knows.
 */
const char *kho_area_parameter(const char *source, const char *cmdline, const char *release);

#endif
