/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the check has to say: findings, each with an id that never changes its
 * meaning, a severity (findings.def has both), numbers, and a remedy.
 */
#ifndef FINDING_FINDING_H
#define FINDING_FINDING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * In the order of weight: the worst finding is the verdict.  A sure death weighs
 * more than doubt, doubt more than a known nuisance.
 */
enum kho_severity {
	KHO_NOTE,
	KHO_WARN,
	KHO_UNKNOWN,
	KHO_FAIL,
};

/* The verdict is the weight of the worst finding; KHO_NOTE reads as "ok". */
typedef enum kho_severity kho_verdict;

enum kho_finding_id {
#define FINDING(id, name, severity, meaning) KHO_F_##id,
#include "finding/findings.def"
#undef FINDING
	KHO_F_NR
};

struct kho_finding {
	enum kho_finding_id id;
	char *message;		/* one line */
	char *remedy;		/* one line, or NULL where nothing helps */
	bool accepted;		/* by name: it is reported, but no longer counts */
	bool overruled;		/* by a rehearsal; as before */
};

/* A growing list.  All zeros is an empty one. */
struct kho_findings {
	struct kho_finding *f;
	size_t n;
	size_t cap;
};

/* Append a finding; @remedy may be NULL and is copied.  0 or -ENOMEM. */
int kho_findings_add(struct kho_findings *findings, enum kho_finding_id id, const char *remedy,
		     const char *fmt, ...)
	__attribute__((warn_unused_result, format(printf, 4, 5)));

/* Append copies of all of @from.  0 or -ENOMEM. */
int kho_findings_append(struct kho_findings *findings, const struct kho_findings *from)
	__attribute__((warn_unused_result));

/* Accept all findings with an id whose entry in @ids is true. */
void kho_findings_accept(struct kho_findings *findings, const bool ids[KHO_F_NR]);

/* Of the findings that were not accepted. */
kho_verdict kho_findings_verdict(const struct kho_findings *findings);

/* "memory-map-short": the id as reports print it. */
const char *kho_finding_name(enum kho_finding_id id);
/* The id of a name of @bytes bytes; KHO_F_NR: there is none. */
enum kho_finding_id kho_finding_by_name(const char *name, size_t bytes);
enum kho_severity kho_finding_severity(enum kho_finding_id id);

/* With it the successor surely dies: it is accepted by a word of its own only. */
bool kho_finding_is_death(enum kho_finding_id id);

/* "note", "warn", "unknown", "fail". */
const char *kho_severity_name(enum kho_severity severity);
/* "ok", "warn", "unknown", "fail". */
const char *kho_verdict_name(kho_verdict verdict);

void kho_findings_deinit(struct kho_findings *findings);

#endif
