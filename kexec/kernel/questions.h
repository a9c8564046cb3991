/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that is asked of a kernel image after it was read.  The list is closed: where
 * saved facts stand for an image (successor/saved/), they have the answers to these
 * questions and to no other.
 *
 * A new question is a new row in questions.c.  tests/structure/check-questions fails where the
 * code asks one that has none.  The names of parameters are not listed here: each row of
 * parameters.c that is not harmless is one.
 */
#ifndef KERNEL_QUESTIONS_H
#define KERNEL_QUESTIONS_H

#include <stddef.h>

/* The lists end in NULL. */
extern const char *const question_strings[];	/* successor_has_string() */
extern const char *const question_functions[];	/* successor_has_function() */
extern const char *const question_configs[];	/* successor_config(), without CONFIG_ */
extern const char *const question_sizes[];	/* successor_vmcoreinfo_number() */

/* successor_initial(); the last one has no name. */
struct question_variable {
	const char *name;
	unsigned int bytes;
};
extern const struct question_variable question_variables[];

/* The name of the @nr-th parameter that is asked for, from 0 on; NULL behind the last. */
const char *question_parameter(size_t nr);

#endif
