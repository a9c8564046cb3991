/* SPDX-License-Identifier: GPL-2.0-only */
/* The rehearsal inside a check: findings, and what of the model's they overrule. */
#ifndef REHEARSE_OVERRULE_H
#define REHEARSE_OVERRULE_H

#include <stdio.h>

#include "base/json.h"
#include "kho-scratch.h"
#include "rehearse/rehearse.h"

/* What is loaded; the command line and the initrd's size are in the kho_with of the check. */
struct rehearse_files {
	const char *root;	/* where the machine was read from */
	int kernel_fd;
	int initrd_fd;		/* -1: its content is not known */
	unsigned int seconds;
	const char *log;	/* a file for the guest's console; NULL: not wanted */
};

/*
 * Rehearse what @check judged, and add to it what was seen.  Where the model says
 * something else, its findings are overruled: they are reported, but do not count.  On
 * success @r is to be given to rehearsal_deinit().  0 or -ENOMEM.
 */
int rehearse_judge(const struct successor *s, const struct machine *m, const struct kho_with *with,
		   const struct rehearse_files *files, struct kho_check *check,
		   struct rehearsal *r) __attribute__((warn_unused_result));

/* "comes up", "dies", ...: constant text. */
const char *rehearsal_outcome_text(const struct rehearsal *r);

/* As a part of a report, for people and for programs. */
void rehearsal_tell(FILE *f, const struct rehearsal *r);
struct json_object *rehearsal_object(struct builder *b, const struct rehearsal *r);

#endif
