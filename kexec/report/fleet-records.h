/* SPDX-License-Identifier: GPL-2.0-only */
/* The records and the summary of a fleet; doc/fleet.md describes the records. */
#ifndef REPORT_FLEET_RECORDS_H
#define REPORT_FLEET_RECORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "kho-scratch.h"

/* What is counted; all zeros is an empty one. */
struct fleet_tally {
	uint64_t machines;		/* that were judged */
	uint64_t with[KHO_FAIL + 1];	/* by verdict */
	uint64_t accepted;		/* machines of these that have accepted findings */
	uint64_t errors;		/* lines that are no machine */
	bool has_headroom;		/* some machine comes up; of the one with the least: */
	uint64_t headroom_bytes;
	uint64_t headroom_line;
	char headroom_host[256];
};

/* Of the records; it is raised when a key changes its meaning. */
#define FLEET_SCHEMA	1

/*
 * One line of JSON for the machine on line @line, which is counted; @ignore has the
 * findings that are accepted.  Errors show in @f.
 */
void fleet_report_machine(FILE *f, uint64_t line, const struct machine *m,
			  const struct kho_check *check, const bool ignore[KHO_F_NR],
			  struct fleet_tally *tally);

/* The same for a line that is no machine, or could not be judged. */
void fleet_report_error(FILE *f, uint64_t line, const char *why, struct fleet_tally *tally);

/* Add @more, which was counted later in the fleet than @tally. */
void fleet_tally_add(struct fleet_tally *tally, const struct fleet_tally *more);

/* One line that replaces itself: @done of @total bytes; @total 0: not known. */
void fleet_report_progress(FILE *f, const struct fleet_tally *tally, uint64_t done,
			   uint64_t total, double seconds);

void fleet_report_summary(FILE *f, const struct fleet_tally *tally, double seconds);

#endif
