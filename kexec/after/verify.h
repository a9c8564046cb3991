/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * After the jump: was it right?  Pure: a record and what this kernel shows go in, findings
 * come out.
 */
#ifndef AFTER_VERIFY_H
#define AFTER_VERIFY_H

#include "after/here.h"
#include "after/prediction.h"
#include "base/tri.h"

enum became {
	BECAME_UNKNOWN,		/* nothing shows it */
	BECAME_UP,		/* by the recorded handover, with the kernel that was checked */
	BECAME_OTHER,		/* by another handover, or another kernel */
	BECAME_LOST,		/* a boot without any handover */
	BECAME_NOTHING,		/* no jump was made yet */
};

/* "up", "other", ...: for the JSON. */
const char *became_key(enum became became);

struct verification {
	enum became became;
	enum kho_tri right;		/* was the outcome that predicted?  UNKNOWN: can't be told */
	unsigned int compared;		/* things of both sides, a bit each */
	unsigned int differing;		/* of those */
	unsigned int facts_compared, facts_differing;
	struct kho_findings findings;
	kho_verdict verdict;		/* of those that are not accepted */
};

/* @p NULL: there is no record.  On success verification_deinit() ends it.  0 or -ENOMEM. */
int verify(const struct prediction *p, const struct here *here, const bool ignore[KHO_F_NR],
	   struct verification *v) __attribute__((warn_unused_result));

/* The newest record was verified before, by another boot.  Likewise. */
int verify_done(const bool ignore[KHO_F_NR], struct verification *v)
	__attribute__((warn_unused_result));

/* Did this kernel come by a handover? */
enum kho_tri verify_handed_over(const struct here *here);

void verification_deinit(struct verification *v);

#endif
