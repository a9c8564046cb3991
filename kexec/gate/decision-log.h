/* SPDX-License-Identifier: GPL-2.0-only */
/* The gate's decisions, for whoever asks later: in a log of JSON, and in the journal. */
#ifndef GATE_DECISION_LOG_H
#define GATE_DECISION_LOG_H

#include <stdbool.h>

#include "base/err.h"
#include "gate/policy.h"
#include "report/report.h"

/* Of a record (doc/schema/decision.schema.json); raised when a key changes its meaning. */
#define KHO_DECISION_SCHEMA	1

/* One decision. */
struct kho_decision {
	kho_verdict verdict;		/* what is decided by; that of @report may be better */
	const struct kho_report *report;	/* NULL: the check could not be made */
};

/* Does @policy want a record of each decision? */
bool kho_logs(const struct kho_policy *policy);

/*
 * Write it to where @policy wants it.  Where that fails, @err says why, and the verdict becomes
 * unknown; the last record of a place that works has the decision by that verdict.
 * Errors of kho_append() and kho_journal_send(); -ENOMEM.
 */
int kho_log(const struct kho_policy *policy, struct kho_decision *decision, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
