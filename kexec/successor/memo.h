/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers about an image, remembered: each takes a walk through all of it, and a
 * fleet asks the same of thousands of machines.  For any number of threads.
 */
#ifndef SUCCESSOR_MEMO_H
#define SUCCESSOR_MEMO_H

#include <stdbool.h>

#include "successor/versions.h"

/* What asks comes out of machines that are not trusted: the oldest are forgotten. */
#define MEMO_ANSWERS	256
#define MEMO_TEXT_BYTES	64

enum memo_question { MEMO_HAS_STRING, MEMO_VERSIONS, MEMO_HAS_PARAMETER };

struct successor_memo *memo_create(void);
void memo_destroy(struct successor_memo *memo);

/* False: not asked yet; @memo may be NULL. */
bool memo_get(struct successor_memo *memo, enum memo_question question, const char *text,
	      struct successor_versions *answer);

void memo_put(struct successor_memo *memo, enum memo_question question, const char *text,
	      const struct successor_versions *answer);

#endif
