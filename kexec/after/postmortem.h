/* SPDX-License-Identifier: GPL-2.0-only */
/* Of which allocation, or of what else, did the kernel die whose last words a console kept? */
#ifndef AFTER_POSTMORTEM_H
#define AFTER_POSTMORTEM_H

#include "after/console-log.h"
#include "after/prediction.h"
#include "base/tri.h"

enum death_cause {
	DEATH_NONE,		/* the log shows no death */
	DEATH_MEMORY_MAP,	/* no memory for the memory map */
	DEATH_ALLOCATION,	/* nor for something else that early boot asked for */
	DEATH_STATE,		/* a producer's state is of a format that it panics at */
	DEATH_GONE,		/* what was handed over is not in its memory */
	DEATH_DESTROYED,	/* or was written over */
	DEATH_USERSPACE,	/* no root file system, no init */
	DEATH_OTHER,		/* an oops or a panic of another kind */
	DEATH_SILENT,		/* it ends without a word */
};

/* "memory_map", ...: for the JSON; and for people. */
const char *death_key(enum death_cause cause);
const char *death_text(enum death_cause cause);

/* Texts are the log's. */
struct postmortem {
	const struct log_boot *boot;	/* that died; NULL: none */
	enum death_cause cause;
	const char *cause_line;		/* the first that tells of it; NULL: none */
	const char *death_line;		/* the panic, or the last oops; NULL: none */
	const char *last_line;		/* of this kernel; NULL: it said nothing */
	char place[64];			/* the function in which it was; "": not told */
	bool by_reader;			/* or one that called it reads what was handed over */
	const char *stage;		/* how far it had come */
	const char *cmdline;		/* NULL: not told */
	int node;			/* of the memory map; KHO_NO_NODE: not told */
	bool has_request;		/* the last one that was not met (memblock=debug): */
	uint64_t request_bytes;
	int request_node;
	char request_function[48];
	struct seen seen;

	enum kho_tri right;		/* had the record predicted it? */
	bool of_record;			/* this kernel is the one of the record */
	struct kho_findings findings;
	kho_verdict verdict;
};

/* @p NULL: there is no record.  On success postmortem_deinit() ends it.  0 or -ENOMEM. */
int postmortem(const struct log *log, const struct prediction *p, const bool ignore[KHO_F_NR],
	       struct postmortem *pm) __attribute__((warn_unused_result));

/* "kho_scratch=64M,128M,96M": what the record advises; "": nothing. */
void prediction_advice(const struct prediction *p, char text[96]);

void postmortem_deinit(struct postmortem *pm);

#endif
