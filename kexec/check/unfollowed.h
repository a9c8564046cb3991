/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CHECK_UNFOLLOWED_H
#define CHECK_UNFOLLOWED_H

#include "check/check.h"

/*
 * What of the command line the model does not follow, once the boot was followed into
 * check->boot: cmdline-not-followed, cmdline-destroys.  @with has its prepared.  0 or -ENOMEM.
 */
int kho_check_parameters(const struct successor *s, const struct machine *m,
			 const struct kho_with *with, struct kho_check *check)
	__attribute__((warn_unused_result));

#endif
