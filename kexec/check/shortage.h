/* SPDX-License-Identifier: GPL-2.0-only */
/* The request with which the boot, or the load, ends: who asks, for what, and what then shows. */
#ifndef CHECK_SHORTAGE_H
#define CHECK_SHORTAGE_H

#include "check/check.h"

#define KHO_SHORTAGE_LINE	200

struct kho_shortage {
	bool load;			/* kexec_file_load's, not the successor's */
	bool sure;			/* else it depends on what is not known, or is too close */
	enum boot_user user;
	int node;			/* that it is for, or KHO_NO_NODE */
	uint64_t piece_bytes;		/* of one piece */
	uint64_t align;
	uint64_t pieces;		/* that were not to be had */
	uint64_t largest_bytes;		/* the largest piece that was left */
	uint64_t left_bytes;		/* all that was left */
	uint64_t wanted_bytes;		/* of a memory map: all of its node's; else the request */
	/* Of a memory map: all of it that its node lacks.  Else: what the request lacks. */
	uint64_t missing_bytes;
	const char *function;		/* that asks, and its file in the kernel's source; or NULL */
	const char *file;
	char console[KHO_SHORTAGE_LINE];	/* the text of the death, if a console shows it */
};

/* What a console shows that is not an early one: it is set up when all of this is over. */
#define KHO_SHORTAGE_SILENT	"nothing, without earlyprintk= or earlycon: it looks like a hang"

/*
 * What @check found to be short.  False: nothing is, its boot was not followed, or what kills it
 * was met, but where mem= or memmap= cuts.  @s may be NULL.
 */
bool kho_shortage_of(const struct kho_check *check, const struct successor *s,
		     struct kho_shortage *shortage);

/* Its missing_bytes alone, of a result with a list of allocations. */
uint64_t kho_missing_bytes(const struct boot_result *boot);

#endif
