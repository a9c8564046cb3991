/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_MEMORY_H
#define MACHINE_MEMORY_H

#include "machine/machine.h"
#include "machine/passed-memory.h"
#include "machine/tree.h"

/*
 * The RAM that is passed to a successor, into @memory: the firmware's memory map
 * where the kernel shows it (x86: what kexec_file_load passes on,
 * arch/x86/kernel/kexec-bzimage64.c), else /proc/iomem.
 * Sets memory_source, firmware_ranges and lost of @m; what can't be read becomes a gap.
 * On success @memory is to be given to passed_memory_deinit().  0 or -ENOMEM.
 */
int memory_read(const struct machine_tree *tree, struct machine *m, struct passed_memory *memory)
	__attribute__((warn_unused_result));

#endif
