/* SPDX-License-Identifier: GPL-2.0-only */
/* Who needs the bounce buffer (swiotlb) of the successor. */
#ifndef CHECK_BOUNCE_H
#define CHECK_BOUNCE_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/machine.h"

#define KHO_BOUNCE_BYTES 256

/*
 * Does a device of @m need more of a bounce buffer than the @got_bytes that it gets under a kernel
 * with @cmdline (NULL: not known)?  True also where that is not known.  @why says it in half a
 * sentence.
 */
bool kho_needs_bounce_buffer(const struct machine *m, const char *cmdline, uint64_t got_bytes,
			     char why[KHO_BOUNCE_BYTES]);

#endif
