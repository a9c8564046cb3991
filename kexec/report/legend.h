/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of a layout's users in a drawing, and which of them share a colour. */
#ifndef REPORT_LEGEND_H
#define REPORT_LEGEND_H

#include "report/layout.h"

enum legend_family {
	LEGEND_LOADED,		/* brought by the load */
	LEGEND_MAP,		/* the memory map and what comes with it */
	LEGEND_KERNEL,		/* other allocations of the kernel */
	LEGEND_RESERVED,	/* set aside by a parameter */
	LEGEND_FREE,
	LEGEND_UNKNOWN,
	LEGEND_FAMILIES
};

/* A letter of its own: 'M' for the memory map.  @user: as in struct layout_piece. */
char legend_letter(unsigned int user);

/* "memory map", "free", "not known". */
const char *legend_text(unsigned int user);

enum legend_family legend_family(unsigned int user);

/* "86.8", "<0.1": @part in percent of @whole, rounded down; both are below 2^53. */
#define LEGEND_PERCENT_BYTES 8
const char *legend_percent(uint64_t part, uint64_t whole, char text[LEGEND_PERCENT_BYTES]);

/*
 * How early boot ends, in one line: "early boot comes up", "early boot dies: no room
 * for the memory map of node 1", "early boot is not followed: ...".
 */
#define LEGEND_LINE_BYTES 160
const char *legend_outcome(const struct kho_check *check, char text[LEGEND_LINE_BYTES]);

/* How much of the memory map was allocated when the boot died of it; "" where it did not. */
const char *legend_missing(const struct kho_check *check, char text[LEGEND_LINE_BYTES]);

#endif
