// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "machine/memory-told.h"

void memory_told_deinit(struct memory_told *memory)
{
	kho_ranges_deinit(&memory->ram);
	kho_ranges_deinit(&memory->hotplugged);
	memory->boot_map_known = false;
}
