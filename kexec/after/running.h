/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef AFTER_RUNNING_H
#define AFTER_RUNNING_H

#include <stdbool.h>

#include "successor/successor.h"

/*
 * What the running kernel says of itself: its own VMCOREINFO, in the note of proc/kcore below
 * @root.  False: it is not to be had; else successor_deinit() ends @running.
 */
bool kho_read_running(const char *root, struct successor *running);

#endif
