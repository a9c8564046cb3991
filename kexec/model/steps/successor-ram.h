/* SPDX-License-Identifier: GPL-2.0-only */
/* The RAM and its nodes as the successor sees them: mem=, memmap=, numa=. */
#ifndef MODEL_STEPS_SUCCESSOR_RAM_H
#define MODEL_STEPS_SUCCESSOR_RAM_H

#include "model/toolbox/run.h"

/*
 * Fill @b's ram, banks, areas, limit_pa and ram_bytes from its machine and
 * command line.  0 or -ENOMEM.
 */
int successor_ram(struct boot *b) __attribute__((warn_unused_result));

/*
 * numa=fake=@nodes: cut @ram, whose nodes are known, into fake nodes, appended to
 * @out (mm/numa_emulation.c, split_nodes_interleave()).  -EINVAL: too little
 * memory for so many, the kernel then leaves the nodes as they are; -ENOMEM.
 */
int numa_fake_split(const struct kho_ranges *ram, uint64_t nodes, struct kho_ranges *out)
	__attribute__((warn_unused_result));

#endif
