/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_PAGE_SIZE_H
#define MACHINE_PAGE_SIZE_H

#include <stdint.h>

#include "machine/tree.h"

/*
 * PAGE_SIZE of the running kernel, out of the auxiliary vector that it gives to every
 * program (/proc/self/auxv, AT_PAGESZ); 0 where that is not to be had.
 */
uint64_t page_size_read(const struct machine_tree *tree);

#endif
