/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One successor against many machines: a snapshot a line goes in, a verdict a line
 * comes out, in the same order, however many there are.
 */
#ifndef CLI_FLEET_FLEET_H
#define CLI_FLEET_FLEET_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "cli/options.h"
#include "report/fleet-records.h"

/*
 * Judge the machines of @options->fleet.  Records go to @out; to @log goes what
 * @options->progress asks for: what has been done so far, and a summary.  @tally counts what was
 * judged, also on error.
 * Memory does not grow with the number of machines.
 * Errors of kho_gate_read_image(); of open() and read(); of writing to @out; of
 * pthread_create(); -ENOMEM.
 */
int kho_fleet(const struct kho_options *options, FILE *out, FILE *log,
	      struct fleet_tally *tally, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The worst verdict; a line that is no machine counts as unknown, and so does a fleet of none. */
kho_verdict kho_fleet_verdict(const struct fleet_tally *tally);

#endif
