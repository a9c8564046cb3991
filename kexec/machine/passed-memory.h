/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_PASSED_MEMORY_H
#define MACHINE_PASSED_MEMORY_H

#include <stdbool.h>

#include "base/range.h"

/* What the running kernel shows of its memory; ascending, no node. */
struct passed_memory {
	struct kho_ranges ram;		/* that is passed to a successor */
	struct kho_ranges unmapped;	/* of it, what the firmware keeps: MEMBLOCK_NOMAP */
	struct kho_ranges hotplugged;	/* RAM in DIMMs that were plugged in after boot */
	bool boot_map_known;		/* the map of the boot tells which is which */
};

void passed_memory_deinit(struct passed_memory *memory);

#endif
