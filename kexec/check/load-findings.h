/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kexec_file_load refuses by itself, and where it finds no room: rules of the load,
 * whatever the successor makes of the handover.
 */
#ifndef CHECK_LOAD_FINDINGS_H
#define CHECK_LOAD_FINDINGS_H

#include "check/check.h"

/* Would the load be refused?  Adds load-refused, or fact-unknown.  0 or -ENOMEM. */
int kho_check_load_rules(const struct successor *s, const struct machine *m,
			 const struct kho_with *with, struct kho_findings *findings)
	__attribute__((warn_unused_result));

/*
 * Where the boot is not followed, only the placement is (any kernel with KHO places what it
 * loads inside its areas): adds load-no-hole, and sets check->boot to it.  @with has its
 * work.  0 or -ENOMEM.
 */
int kho_check_placement(const struct successor *s, const struct machine *m,
			const struct kho_with *with, struct kho_check *check)
	__attribute__((warn_unused_result));

#endif
