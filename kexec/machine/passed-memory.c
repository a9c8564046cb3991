// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "machine/passed-memory.h"

void passed_memory_deinit(struct passed_memory *memory)
{
	kho_ranges_deinit(&memory->ram);
	kho_ranges_deinit(&memory->unmapped);
	kho_ranges_deinit(&memory->hotplugged);
	memory->boot_map_known = false;
}
