/* SPDX-License-Identifier: GPL-2.0-only */
/* The advice in words: the only place that knows what it looks like. */
#ifndef CHECK_ADVICE_TEXT_H
#define CHECK_ADVICE_TEXT_H

#include "model/advice.h"

#define KHO_ADVICE_BYTES	96

/*
 * "kho_scratch=16M,42M,54M", with the name that @parameter gives it.  False, and "" in
 * @text: no setting was found.
 */
bool kho_advice_text(const struct boot_advice *advice, const char *parameter,
		     char text[KHO_ADVICE_BYTES]);

#endif
