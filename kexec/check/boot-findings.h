/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CHECK_BOOT_FINDINGS_H
#define CHECK_BOOT_FINDINGS_H

#include "check/check.h"

/*
 * Follow the boot (model/) and turn what it shows into findings.  For kho_check(),
 * where @check has its estimate: the areas, the memory and the shape are known.  @with has
 * its prepared and its work.  0 or -ENOMEM.
 */
int kho_check_boot(const struct successor *s, const struct machine *m, const struct kho_with *with,
		   struct kho_check *check) __attribute__((warn_unused_result));

#endif
