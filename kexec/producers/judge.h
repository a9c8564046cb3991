/* SPDX-License-Identifier: GPL-2.0-only */
/* What the successor does with the state of one producer: the tools of its judge. */
#ifndef PRODUCERS_JUDGE_H
#define PRODUCERS_JUDGE_H

#include "base/list.h"
#include "check/readiness/readiness.h"

#define SAME_FORMAT "use a successor that reads the same format"
#define TRY_IT "try this handover on a test machine"

/* One blob that is judged. */
struct producer_case {
	const struct kho_readiness_of *of;
	const struct handover_producer *p;
	enum kho_fate *fate;	/* KHO_FATE_ARRIVES before; anything else is a finding */
	struct kho_findings *findings;
};

/* What follows where the successor lacks a format: "NAME: @what FORMATS: @consequence". */
struct producer_unread {
	enum kho_fate fate;	/* UNKNOWN: producer-unknown; else producer-mismatch */
	const char *remedy;
	const char *what;	/* "its blob is" */
	const char *consequence;
};

/* The first format of the blob that the successor does not have; NULL: it has all. */
const struct handover_compatible *producer_unread_format(const struct producer_case *c);

/* Report that the successor does not have @format.  0 or -ENOMEM. */
int producer_lacks(const struct producer_case *c, const struct handover_compatible *format,
		   const struct producer_unread *unread) __attribute__((warn_unused_result));

#endif
