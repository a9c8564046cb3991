/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PRODUCERS_LUO_H
#define PRODUCERS_LUO_H

#include <stddef.h>

/*
 * What the running kernel's image tells of "LUO": the formats in which it keeps memfd
 * files, every N of "memfd-vN".  The state of its struct handover_producer; NULL there: it
 * was not looked for.
 */
#define LUO_MEMFD_VERSIONS 8
struct luo_state {
	unsigned int version[LUO_MEMFD_VERSIONS];
	size_t n;
};

#endif
