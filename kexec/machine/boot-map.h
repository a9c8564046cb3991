/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_BOOT_MAP_H
#define MACHINE_BOOT_MAP_H

#include "base/err.h"
#include "base/range.h"
#include "machine/tree.h"

/* x86: where the kernel shows the boot parameters that it was started with. */
#define BOOT_MAP_SOURCE "sys/kernel/boot_params"

/*
 * x86: the RAM of the memory map that this kernel was booted with, normalised, without
 * nodes, appended to @ram: e820_table of struct boot_params, and what did not fit there,
 * in a setup_data of type SETUP_E820_EXT (arch/x86/kernel/e820.c,
 * e820__memory_setup_default() and e820__memory_setup_extended()).
 * -ENOENT: not shown, or empty; -EBADMSG: cut short, with @err; other errors of
 * tree_read(); -ENOMEM.
 */
int boot_map_read(const struct machine_tree *tree, struct kho_ranges *ram, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
