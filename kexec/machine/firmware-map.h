/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_FIRMWARE_MAP_H
#define MACHINE_FIRMWARE_MAP_H

#include "base/err.h"
#include "machine/machine.h"
#include "machine/passed-memory.h"
#include "machine/tree.h"

#define FIRMWARE_MAP "sys/firmware/memmap"

/*
 * x86: the RAM that kexec_file_load passes on.  The kernel passes e820_table_kexec
 * (arch/x86/kernel/kexec-bzimage64.c, setup_e820_entries()), in order of addresses and
 * cut after MACHINE_E820_PASSED entries; it shows that table in /sys/firmware/memmap, in
 * folders numbered from 0 (arch/x86/kernel/e820.c, e820__reserve_resources();
 * drivers/firmware/memmap.c).
 *
 * A DIMM that is plugged in later becomes one more folder there, but no entry of the
 * table (mm/memory_hotplug.c, add_memory_resource()): what is not RAM of the boot map is
 * such a DIMM.  One that is unplugged takes its folder away: what is RAM of the boot map
 * must be in some folder.  Without a boot map the numbers must have no gap.
 *
 * Fills @memory's ram, hotplugged and boot_map_known, and firmware_ranges and lost of @m.
 * -ENOENT: no such map is shown; -EBADMSG: it contradicts itself; errors of tree_read();
 * each with @err, but for -ENOENT; -ENOMEM.
 */
int firmware_map_read(const struct machine_tree *tree, struct machine *m,
		      struct passed_memory *memory, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
