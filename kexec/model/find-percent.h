/* SPDX-License-Identifier: GPL-2.0-only */
/* The search for a kho_scratch=N%, which gives each node what it takes of its own.  Of the model only. */
#ifndef MODEL_FIND_PERCENT_H
#define MODEL_FIND_PERCENT_H

#include "model/try-setting.h"

/*
 * The smallest N% that does, into @advised, if it takes an eighth less than what is found there already.
 * 0; -ERANGE: none does; other negative errno.
 */
int advice_find_percent(struct advice_search *search, struct boot_advised *advised)
	__attribute__((warn_unused_result));

#endif
