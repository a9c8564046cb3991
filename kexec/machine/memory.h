/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KHO_MACHINE_MEMORY_H
#define KHO_MACHINE_MEMORY_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * The RAM that a successor will be told of, without nodes, into @ram: the
 * firmware's memory map where the kernel shows it (x86: what kexec_file_load
 * passes on, arch/x86/kernel/kexec-bzimage64.c), else /proc/iomem.
 * Sets m->memory_source; what can't be had becomes a gap.  0 or -ENOMEM.
 */
int memory_read(const struct machine_tree *tree, struct machine *m, struct kho_ranges *ram)
	__attribute__((warn_unused_result));

#endif
