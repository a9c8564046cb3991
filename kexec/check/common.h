/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts and findings that more than one part of the check has. */
#ifndef CHECK_COMMON_H
#define CHECK_COMMON_H

#include "check/check.h"

#define REMEDY_VMCOREINFO	"give the successor's VMCOREINFO with --kho-vmcoreinfo=FILE"
#define REMEDY_AREAS_STAY	"the areas stay those of the first kernel in the chain: "
#define REMEDY_LARGER_SCRATCH	REMEDY_AREAS_STAY \
				"boot this machine cold with a larger kho_scratch="

#define KHO_REMEDY_BYTES	512

/* What the model gets to know of the load. */
struct boot_load kho_boot_load(const struct kho_with *with);

/* For BOOT_LOAD_FAILS: load-no-hole, of @check's boot.  0 or -ENOMEM. */
int kho_report_no_hole(struct kho_check *check)
	__attribute__((warn_unused_result));

/* For -EDQUOT of the model: too-much-work.  0 or -ENOMEM. */
int kho_report_too_much(const struct machine *m, struct kho_findings *findings)
	__attribute__((warn_unused_result));

#endif
