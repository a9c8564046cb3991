/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_DMA_H
#define MACHINE_DMA_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * What shows whether a device of the machine needs a bounce buffer, into @m->dma: the PCI devices
 * that do DMA, and how much of its own buffer the running kernel ever used.  What can't be read
 * is not known, and no gap.  0 or -ENOMEM.
 */
int dma_read(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

#endif
