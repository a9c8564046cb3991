/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CHECK_INITRD_H
#define CHECK_INITRD_H

#include "check/check.h"

/* No initrd was seen that is larger; more is not looked at. */
#define KHO_INITRD_PLAUSIBLE_BYTES	(UINT64_C(512) << 20)

/*
 * No initrd was given, and the boot was followed without one into check->boot, where it
 * came up: from which size on does an initrd change that?  Where one that can be placed
 * kills, initrd-not-given; else initrd-room.  @with has its prepared and its work.
 * 0 or -ENOMEM.
 *
 * A report looks for the size by halving, some ten boots; without a list of allocations (in
 * a fleet) only the largest plausible one is followed.
 */
int kho_check_initrd(const struct machine *m, const struct kho_with *with,
		     struct kho_check *check)
	__attribute__((warn_unused_result));

#endif
