/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The --kho-* options, split off from the loader's own.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

#include "base/err.h"
#include "finding/finding.h"

#define KHO_JOBS_LIMIT	1024

enum kho_mode {
	KHO_MODE_OFF,		/* become the loader */
	KHO_MODE_CHECK,		/* warn and load */
	KHO_MODE_STRICT,	/* refuse on fail and unknown */
	KHO_MODE_STRICT_WARN,	/* refuse on warn too */
	KHO_MODE_REPORT,	/* load nothing, explain */
	KHO_MODE_SAVE_MACHINE,	/* look at no successor */
	KHO_MODE_HELP,
};

/* What is done: worked out of all the words; each option goes with some of them. */
enum kho_task {
	KHO_TASK_UNCHECKED,	/* become the loader */
	KHO_TASK_LOAD,		/* check the loads of a loader */
	KHO_TASK_DRY_RUN,	/* report on the load of a loader */
	KHO_TASK_IMAGE,		/* report on an image */
	KHO_TASK_MACHINE,	/* report on the machine alone */
	KHO_TASK_FLEET,		/* an image against many machines */
	KHO_TASK_VMCOREINFO,	/* print that of an image */
	KHO_TASK_SAVE_MACHINE,
	KHO_TASK_HELP,
	KHO_TASK_NR
};

enum kho_format {
	KHO_FORMAT_TEXT,
	KHO_FORMAT_JSON,
	KHO_FORMAT_MAP,
	KHO_FORMAT_HTML,
	KHO_FORMAT_VMCOREINFO,	/* of an image; neither machine nor loader */
	KHO_FORMAT_PROMETHEUS,
};

struct kho_options {
	enum kho_task task;
	enum kho_mode mode;
	enum kho_format format;
	const char *machine;		/* "/" for this one */
	const char *vmcoreinfo;		/* NULL: not given */
	const char *loader;		/* NULL: find it */
	const char *image;		/* NULL: what the loader loads */
	const char *initrd;		/* "none": there is none; NULL: not known */
	const char *append;
	const char *save_machine;	/* "-" for stdout */
	const char *fleet;		/* one machine a line; "-" for stdin */
	unsigned int jobs;		/* 0: as many as there are CPUs */
	bool ignore[KHO_F_NR];		/* findings that are accepted */
	unsigned int headroom_percent;	/* that an advised kho_scratch= is to leave */
	char **loader_argv;		/* [0] is left for the loader's path; NULL-terminated */
	int loader_argc;
	const char *unknown_env;	/* a value of KEXEC_KHO that was taken as "strict" */
};

/*
 * Take the --kho-* options out of @argv.  Strings stay the caller's; loader_argv
 * is a new array, freed by kho_options_deinit().
 * @env_kho is the value of KEXEC_KHO, or NULL; an option wins over it.  "off",
 * "check", "strict", "strict=warn"; "" counts as NULL.  With "off" the options of a
 * load are taken and not used.  Another value never is an error, since the words may
 * be of a crash load, an unload or no load at all: it counts as "strict".
 * -EINVAL: an unknown option, a bad or missing value, an option that would not be
 * used or is given twice with different values; -ENOMEM.
 */
int kho_options_parse(int argc, char **argv, const char *env_kho, struct kho_options *o,
		      struct kho_err *err) __attribute__((warn_unused_result));

void kho_options_deinit(struct kho_options *o);

/* What --kho-help prints: how they are used, and each of them. */
extern const char kho_options_usage[];
extern const char kho_options_list[];

#endif
