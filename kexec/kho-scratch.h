/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check: does this successor boot inside the scratch areas of this machine?
 *
 * Pure: facts in, findings and a verdict out.  No I/O, no clock, no globals.
 */
#ifndef KHO_SCRATCH_H
#define KHO_SCRATCH_H

#include <stdbool.h>

#include "check/check.h"
#include "finding/finding.h"
#include "machine/machine.h"
#include "successor/successor.h"

/*
 * Judge @s, loaded with @with, on @m.  Gaps of the machine and disputed or missing facts become
 * findings.  On success @check is to be given to kho_check_deinit().  0 or -ENOMEM.
 */
int kho_check(const struct successor *s, const struct machine *m, const struct kho_with *with,
	      struct kho_check *check)
	__attribute__((warn_unused_result));

/*
 * The same without a successor: nothing of it can be known, for the reason @why
 * with its @message and @remedy (which may be NULL).
 */
int kho_check_without_successor(enum kho_finding_id why, const char *message, const char *remedy,
				const struct machine *m, struct kho_check *check)
	__attribute__((warn_unused_result));

/*
 * The machine alone, without a load: what is ready on this side, and, where its own
 * kernel's shape is known (@running; NULL: it is not), what a successor of that shape
 * would need by the estimate.  As kho_check().
 */
int kho_check_machine(const struct successor *running, const struct machine *m,
		      struct kho_check *check) __attribute__((warn_unused_result));

/*
 * After that, where KHO is off: how much scratch to turn it on with, for a handover to the kernel
 * @installed, loaded with @with, which is the running one.  0 or -ENOMEM.
 */
int kho_check_machine_advice(const struct successor *installed, const struct kho_with *with,
			     const struct machine *m, struct kho_check *check)
	__attribute__((warn_unused_result));

/* Accept findings by their id, and give the verdict without them. */
void kho_check_accept(struct kho_check *check, const bool ids[KHO_F_NR]);

void kho_check_deinit(struct kho_check *check);

#endif
