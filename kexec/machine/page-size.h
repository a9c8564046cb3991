/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_PAGE_SIZE_H
#define MACHINE_PAGE_SIZE_H

#include <stdint.h>

#include "machine/tree.h"

/*
 * PAGE_SIZE of the running kernel: out of the auxiliary vector that it gives to every
 * program (/proc/self/auxv, AT_PAGESZ).  A copied tree may lack it; then the pages that
 * /proc/zoneinfo counts as managed are all of MemTotal in /proc/meminfo, and only one page
 * size makes the two equal (mm/page_alloc.c, totalram_pages() is the sum of
 * zone_managed_pages()).  0: neither file is there, or the two do not fit.
 */
uint64_t page_size_read(const struct machine_tree *tree);

#endif
