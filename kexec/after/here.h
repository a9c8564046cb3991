/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel that runs now shows of how it came up. */
#ifndef AFTER_HERE_H
#define AFTER_HERE_H

#include "after/record.h"
#include "after/seen.h"

struct here {
	struct machine machine;
	char boot_id[KHO_BOOT_ID_TEXT];		/* "" not known */
	char build_id[KHO_BUILD_ID_TEXT];	/* likewise */
	bool has_running;
	struct successor running;		/* by its own VMCOREINFO */
	bool has_log;				/* its log could be read */
	struct seen seen;			/* what that tells; all unknown without it */
	uint64_t free_bytes;			/* MemAvailable; 0: not known */
};

/*
 * Of the machine whose proc/, sys/ and dev/kmsg stand below @root.  What it does not show is
 * not known.  On success here_deinit() ends it.  Errors of machine_read().
 */
int here_read(const char *root, struct here *here, struct kho_err *err)
	__attribute__((warn_unused_result));

void here_deinit(struct here *here);

#endif
