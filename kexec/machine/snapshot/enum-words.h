/* SPDX-License-Identifier: GPL-2.0-only */
/* Words that stand for enums in a snapshot. */
#ifndef MACHINE_SNAPSHOT_ENUM_WORDS_H
#define MACHINE_SNAPSHOT_ENUM_WORDS_H

#include "machine/handover/handover.h"

#define SNAPSHOT_STATES		(HANDOVER_MALFORMED + 1)
#define SNAPSHOT_FINALIZED	(FINALIZED_UNKNOWN + 1)

static const char *const snapshot_states[SNAPSHOT_STATES] = {
	[HANDOVER_ABSENT] = "absent",
	[HANDOVER_READ] = "read",
	[HANDOVER_HIDDEN] = "hidden",
	[HANDOVER_MALFORMED] = "malformed",
};

static const char *const snapshot_finalized[SNAPSHOT_FINALIZED] = {
	[FINALIZED_NOT_WANTED] = "not wanted",
	[FINALIZED_YES] = "yes",
	[FINALIZED_NO] = "no",
	[FINALIZED_UNKNOWN] = "unknown",
};

#endif
