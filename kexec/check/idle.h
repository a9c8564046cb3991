/* SPDX-License-Identifier: GPL-2.0-only */
/* KHO that nobody uses: on by default in some distributions, and in the way of a plain reboot. */
#ifndef CHECK_IDLE_H
#define CHECK_IDLE_H

#include "base/tri.h"
#include "finding/finding.h"
#include "machine/machine.h"

/* Does anybody but the kernel's own record hand something over now? */
enum kho_tri kho_hands_over(const struct machine *m);

/* What to do for a plain reboot, to stand before a remedy; "" where that would lose something. */
const char *kho_plain_reboot(const struct machine *m);

/* Add kho-idle where areas are set aside and nobody uses them.  0 or -ENOMEM. */
int kho_report_idle(const struct machine *m, struct kho_findings *findings)
	__attribute__((warn_unused_result));

#endif
