/* SPDX-License-Identifier: GPL-2.0-only */
/* --kho-ignore= and --kho-ignore-fatal=: which findings are accepted, by name. */
#ifndef CLI_ACCEPT_H
#define CLI_ACCEPT_H

#include <stdbool.h>

#include "base/err.h"
#include "finding/finding.h"

/*
 * Set @ids for each name of @list, which commas part.  @fatal: the list is of findings that are a
 * certain death, and of no others; else of any but these.  -EINVAL: a name is not such a one.
 */
int kho_accept(const char *list, bool fatal, bool ids[KHO_F_NR], struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
