/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cache of answers about an image: each one takes a pass over all of it, and a fleet
 * asks the same for thousands of machines.  Safe for any number of threads.
 */
#ifndef SUCCESSOR_MEMO_H
#define SUCCESSOR_MEMO_H

#include <stdbool.h>

#include "successor/versions.h"

/* The questions come from machines that are not trusted: the oldest answer is dropped. */
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
