/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel's command line, word by word, and the numbers in it. */
#ifndef KERNEL_WORDS_H
#define KERNEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct param {
	const char *name;	/* not NUL-terminated, nor is the value */
	size_t name_bytes;
	const char *value;	/* NULL: none */
	size_t value_bytes;
};

/*
 * lib/cmdline.c, next_arg(): blanks separate, double quotes hold together, around
 * all of a parameter or around its value.  Returns where to go on, NULL at the end.
 */
const char *param_next(const char *text, struct param *p);

/* The parameter's name; '-' and '_' are the same (parameq()). */
bool param_is(const struct param *p, const char *name);

/* Its value, exactly. */
bool param_value_is(const struct param *p, const char *text);

/* lib/kstrtox.c, kstrtobool(): 1 on, 0 off; what it can't read leaves @before. */
int param_boolean(const struct param *p, int before);

/*
 * kstrtobool() of the last @name= in @cmdline that it can read: 1 on, 0 off; -1: there
 * is none.
 */
int param_switch(const char *cmdline, const char *name);

/* Is the kernel @release, as uname -r has it, older than 7.@minor?  One that is not known is not. */
bool release_is_before_7(const char *release, unsigned int minor);

/* The part of a value that is not yet read. */
struct param_text {
	const char *at;
	const char *end;
	/*
	 * Of a number that does not fit in 64 bits kernels up to 7.1 keep the low ones; from 7.2
	 * on it is the largest number (lib/cmdline.c, lib/kstrtox.c).
	 */
	bool saturates;
	bool too_large;		/* there was one */
};

/* Take @text off the front; false where it does not stand there. */
bool param_eat(struct param_text *t, const char *text);

/* simple_strtoull(..., 0).  False: no digit. */
bool param_number(struct param_text *t, uint64_t *value);

/* memparse(): the same with a unit. */
bool param_size(struct param_text *t, uint64_t *bytes);

#endif
