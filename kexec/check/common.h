/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts and findings that more than one part of the check has. */
#ifndef CHECK_COMMON_H
#define CHECK_COMMON_H

#include "check/check.h"

#define REMEDY_VMCOREINFO	"give the successor's VMCOREINFO with --kho-vmcoreinfo=FILE"
#define REMEDY_LARGER_SCRATCH	"cold-boot this machine with a larger kho_scratch= (the areas stay " \
				"those of the first kernel in the chain)"

/* What the model gets to know of the load. */
struct boot_load kho_boot_load(const struct kho_with *with);

/* For BOOT_LOAD_FAILS: load-no-hole.  0 or -ENOMEM. */
int kho_report_no_hole(const struct boot_result *boot, struct kho_findings *findings)
	__attribute__((warn_unused_result));

/* For -EDQUOT of the model: too-much-work.  0 or -ENOMEM. */
int kho_report_too_much(const struct machine *m, struct kho_findings *findings)
	__attribute__((warn_unused_result));

#endif
