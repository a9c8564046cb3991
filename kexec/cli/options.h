/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The --kho-* options, split off from the loader's own.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

#include "base/err.h"
#include "cli/plan/sources.h"
#include "cli/settings.h"
#include "gate/policy.h"

#define KHO_JOBS_LIMIT	1024
#define KHO_HEADROOM_PERCENT 10	/* unless it is given */

/* What the words choose between. */
enum kho_choice {
	KHO_CHOICE_NONE,	/* become the loader */
	KHO_CHOICE_CHECK,
	KHO_CHOICE_STRICT,
	KHO_CHOICE_STRICT_WARN,
	KHO_CHOICE_REPORT,
	KHO_CHOICE_VMCOREINFO,
	KHO_CHOICE_SAVE_MACHINE,
	KHO_CHOICE_EXPLAIN,
	KHO_CHOICE_VERSION,
	KHO_CHOICE_SAVE_KERNEL,
	KHO_CHOICE_PLAN,
	KHO_CHOICE_DIFF,
	KHO_CHOICE_HELP,
};

/* What is done, worked out from all the words.  Each option is for some of the tasks. */
enum kho_task {
	KHO_TASK_UNCHECKED,	/* become the loader */
	KHO_TASK_LOAD,		/* check the loads of a loader */
	KHO_TASK_DRY_RUN,	/* report on the load of a loader */
	KHO_TASK_IMAGE,		/* report on an image, or on the saved facts of one */
	KHO_TASK_MACHINE,	/* report on the machine alone */
	KHO_TASK_FLEET,		/* an image against many machines */
	KHO_TASK_VMCOREINFO,	/* print that of an image */
	KHO_TASK_SAVE_MACHINE,
	KHO_TASK_EXPLAIN,	/* what a finding means, or all of them */
	KHO_TASK_VERSION,
	KHO_TASK_VERIFY,	/* what this boot became, by a record */
	KHO_TASK_POSTMORTEM,	/* of what a kernel died, by its console's log */
	KHO_TASK_SAVE_KERNEL,
	KHO_TASK_PLAN,		/* how much scratch for kernels and machines */
	KHO_TASK_DIFF,		/* two kernels, and what they do on a machine */
	KHO_TASK_HELP,
	KHO_TASK_NR
};

enum kho_plan_format { KHO_PLAN_TEXT, KHO_PLAN_CSV, KHO_PLAN_JSON };

/* What a fleet says of itself on stderr. */
enum kho_progress {
	KHO_PROGRESS_AUTO,	/* the bar on a terminal, else the summary */
	KHO_PROGRESS_BAR,	/* and the summary at the end */
	KHO_PROGRESS_SUMMARY,
	KHO_PROGRESS_NONE,
};

struct kho_options {
	enum kho_choice choice;
	enum kho_task task;
	struct kho_policy policy;	/* the machine is that of other tasks too, and the image */
	const char *loader;		/* NULL: find it */
	const char *save_machine;	/* "-" for stdout */
	const char *save_kernel;	/* the same */
	enum kho_plan_format plan_format;
	struct kho_plan_source *source;	/* as often as --kho-machine and --kho-describe are given */
	size_t nr_sources;
	const char *diff[2];		/* images, or saved facts */
	bool machine_given;		/* policy.machine is not the default */
	const char *fleet;		/* one machine a line; "-" for stdin */
	const char *explain;		/* a finding's id; NULL: all */
	enum kho_progress progress;
	const char *verify;		/* a record, or a folder of them; NULL: not wanted */
	const char *postmortem;		/* a console's log; NULL: not wanted */
	unsigned int jobs;		/* 0: as many as there are CPUs */
	char **loader_argv;		/* [0] is left for the loader's path; NULL-terminated */
	int loader_argc;
	const char *config;		/* the one file of settings, "none", or NULL */
};

/*
 * Take the --kho-* options out of @argv.  Strings stay the caller's; loader_argv
 * is a new array, freed by kho_options_deinit().
 * @settings has those of the environment; the files are read here, and what is wrong with a
 * setting becomes a complaint of it.  An option counts before a setting; a list of both is
 * accepted.  A setting that the task does not use has no effect, and with the mode "off" the
 * options of a load are accepted and not used.  A layer with a complaint is no error, because the
 * command may be a crash load, an unload or no load at all: its mode is "strict".
 * -EINVAL: an unknown option, a bad or missing value, an option that would not be
 * used or is given twice with different values; -ENOMEM.  On failure nothing is to be
 * freed.
 */
int kho_options_parse(int argc, char **argv, struct kho_settings *settings, struct kho_options *o,
		      struct kho_err *err) __attribute__((warn_unused_result));

void kho_options_deinit(struct kho_options *o);

/* Of the words that were taken: the task that they make (task.c). */
enum kho_task kho_task_of(const struct kho_options *o);
/* As messages name it. */
const char *kho_task_text(enum kho_task task);
/* And the mode; of the tasks without a gate it means nothing. */
enum kho_mode kho_mode_of(enum kho_choice choice);

/* Does the task have all that it needs, and a format that it knows?  -EINVAL. */
int kho_task_wanted(const struct kho_options *o, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The mode that a setting names, into @o->choice; false: it names none.  (mode.c) */
bool kho_mode_setting(const struct kho_setting *setting, struct kho_options *o);
/* The mode by the settings where no option chose one; true: they switch the check off. */
bool kho_take_mode(struct kho_options *o, const struct kho_settings *settings);
/* As if the settings so far had not named the option @name. */
void kho_take_back(struct kho_options *o, const char *name);

/* What --kho-help prints: the synopsis, and a description of each option. */
extern const char kho_options_usage[];
extern const char kho_options_list[];

#endif
