/* SPDX-License-Identifier: GPL-2.0-only */
/* Sizes as people read them: three digits and a unit.  Programs get bytes. */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stdint.h>

#define KHO_SIZE_BYTES	32

/*
 * "64 bytes", "528 KiB", "1.25 MiB", "39.4 MiB": what does not fit in three digits is
 * rounded down, so that what there is is never more than it is.
 */
const char *kho_size(uint64_t bytes, char text[KHO_SIZE_BYTES]);

/* The same rounded up: of what is needed, or lacks. */
const char *kho_size_up(uint64_t bytes, char text[KHO_SIZE_BYTES]);

#endif
