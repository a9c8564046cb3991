/* SPDX-License-Identifier: GPL-2.0-only */
/* How often was the check right?  Over the lines of --kho-verify of many machines, by kernel. */
#ifndef AFTER_SUMMARY_H
#define AFTER_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "finding/finding.h"

/* More kernels than these are one row. */
#define SUMMARY_KERNELS		256
#define SUMMARY_LINE_BYTES	(1u << 20)

struct summary_row {
	char kernel[128];	/* the successor */
	uint64_t boots;		/* that were verified, after a jump */
	uint64_t right, wrong;	/* the outcome; the others can't be told */
	uint64_t up;		/* by the recorded handover */
	uint64_t exact;		/* of those: each number and each fact was right */
};

struct summary {
	struct summary_row row[SUMMARY_KERNELS];
	size_t nr_rows;
	uint64_t errors;	/* lines that are no verification */
};

/* Adds all lines of @in.  -EIO: reading failed; -ENOMEM. */
int summary_read(FILE *in, struct summary *summary, struct kho_err *err)
	__attribute__((warn_unused_result));

void summary_tell(FILE *f, const struct summary *summary, bool json);

/* WARN: something was wrong; UNKNOWN: some line was no verification, or there was none. */
kho_verdict summary_verdict(const struct summary *summary);

#endif
