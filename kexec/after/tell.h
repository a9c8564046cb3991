/* SPDX-License-Identifier: GPL-2.0-only */
/* A verification and a post-mortem as text, JSON and metrics; doc/after.md describes them. */
#ifndef AFTER_TELL_H
#define AFTER_TELL_H

#include <stdio.h>

#include "after/postmortem.h"
#include "after/verify.h"

/* Of the JSON lines of --kho-verify; it is raised when a key changes its meaning. */
#define VERIFICATION_SCHEMA	1

struct told {
	const struct prediction *p;	/* NULL: there is no record */
	const struct here *here;
	const struct verification *v;
};

void verify_tell_text(FILE *f, const struct told *told);

/* One line, to be freed.  NULL: out of memory. */
char *verify_tell_json(const struct told *told);

void verify_tell_metrics(FILE *f, const struct told *told);

/* Of the JSON of --kho-postmortem. */
#define POSTMORTEM_SCHEMA	1

/* @path: of the log.  @p NULL: there is no record. */
void postmortem_tell_text(FILE *f, const char *path, const struct log *log,
			  const struct prediction *p, const struct postmortem *pm);

/* One line.  0; -1: out of memory. */
int postmortem_tell_json(FILE *f, const char *path, const struct log *log,
			 const struct prediction *p, const struct postmortem *pm)
	__attribute__((warn_unused_result));

/* The findings of a list, as every report for people ends. */
void tell_findings(FILE *f, const struct kho_findings *findings, kho_verdict verdict);

#endif
