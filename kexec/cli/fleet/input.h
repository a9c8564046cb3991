/* SPDX-License-Identifier: GPL-2.0-only */
/* The machines of a fleet, a snapshot a line, as chunks of whole lines. */
#ifndef CLI_FLEET_INPUT_H
#define CLI_FLEET_INPUT_H

#include "cli/fleet/ring.h"

/*
 * Fill @ring with the lines of @fd, up to the end of the file, an error, or a ring that is
 * stopped.  A line that is longer than a snapshot can be becomes a chunk without text.
 * 0; -ENOMEM; errors of read().
 */
int fleet_input_read(struct fleet_ring *ring, int fd) __attribute__((warn_unused_result));

#endif
