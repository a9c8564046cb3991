/* SPDX-License-Identifier: GPL-2.0-only */
/* One rule an option: for options.c, which has the words, apply.c, the settings, and take.c. */
#ifndef CLI_RULES_H
#define CLI_RULES_H

#include <stdbool.h>
#include <stddef.h>

struct kho_err;
struct kho_options;
struct kho_settings;

#define KHO_RULES_LIMIT 64

enum argument { ARG_NONE, ARG_OPTIONAL, ARG_REQUIRED, ARG_LIST };

struct option_rule {
	const char *name;
	enum argument argument;
	int (*take)(struct kho_options *o, const char *value, struct kho_err *err);
	unsigned int tasks;	/* that use it, a bit each; 0: it chooses the task */
	const char *goes_with;	/* the same in words */
};

/* The words, and what was given of each rule so far. */
struct words {
	int argc;
	char **argv;
	bool given[KHO_RULES_LIMIT];
	const char *value[KHO_RULES_LIMIT];
};

/* By the name behind "--kho-"; NULL: there is none. */
const struct option_rule *kho_rule_find(const char *name, size_t len);

/* Is the option @name among the words? */
bool kho_rule_given(const struct words *words, const char *name);

/*
 * Take what the words leave open from @settings, and from the files, which are read into it:
 * o->choice, o->task and all options.  *ret_off: they switch the check off.  0 or -ENOMEM.
 */
int kho_settings_apply(struct kho_options *o, const struct words *words,
		       struct kho_settings *settings, bool *ret_off)
	__attribute__((warn_unused_result));

/* ---- take.c: options that are more than a word to keep ---- */

/* "yes", "no", and as systemd's files have it also 1, true, on, 0, false, off; -1: none of them. */
int kho_bool_of(const char *value);

/* Each as the others of options.c: 0, or -EINVAL with a message. */
int take_ignore(struct kho_options *o, const char *value, struct kho_err *err);
int take_ignore_fatal(struct kho_options *o, const char *value, struct kho_err *err);
int take_rehearse(struct kho_options *o, const char *value, struct kho_err *err);
int take_rehearse_log(struct kho_options *o, const char *value, struct kho_err *err);
int take_log(struct kho_options *o, const char *value, struct kho_err *err);
int take_journal(struct kho_options *o, const char *value, struct kho_err *err);
int take_quiet(struct kho_options *o, const char *value, struct kho_err *err);
int take_verbose(struct kho_options *o, const char *value, struct kho_err *err);

#endif
