/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What to do about what a machine does not show.  Said on this machine it is a command; of a machine
 * that was captured, recorded or described it is what to do there.
 */
#ifndef MACHINE_REMEDY_H
#define MACHINE_REMEDY_H

#include "machine/machine.h"

enum machine_remedy {
	REMEDY_ROOT,		/* hidden from this user */
	REMEDY_KCORE,		/* preserved memory is read through /proc/kcore */
	REMEDY_DEBUGFS,
	REMEDY_SYSFS,
	REMEDY_PROCFS,
	REMEDY_MALFORMED,	/* what no kernel was seen to show */
	REMEDY_ABSENT,		/* copied since a later version of capture-machine only */
	REMEDY_KHO_LOG,
	REMEDY_FINALIZE,
	REMEDY_OFFLINE,
	MACHINE_REMEDIES
};

const char *machine_remedy(const struct machine *m, enum machine_remedy what);

/*
 * Speak of @m, not of this machine: @text was written there, by this version or an earlier one.
 * The result is for free(); NULL: no memory.
 */
char *machine_remedy_there(const char *text) __attribute__((warn_unused_result));

#endif
