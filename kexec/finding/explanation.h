/* SPDX-License-Identifier: GPL-2.0-only */
/* A finding explained: explanations.def has the texts, and the manual and a page are made of it too. */
#ifndef FINDING_EXPLANATION_H
#define FINDING_EXPLANATION_H

#include "finding/finding.h"

/* Each a paragraph on one line. */
struct kho_explanation {
	const char *meaning;	/* as in findings.def */
	const char *why;	/* it happens */
	const char *action;	/* what to do */
	const char *command;	/* that does it, or shows more; "": there is none */
	const char *accept;	/* when it is safe to */
	const char *example;	/* its message in a report */
};

struct kho_explanation kho_finding_explain(enum kho_finding_id id);

#endif
