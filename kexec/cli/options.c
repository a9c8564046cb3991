// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/rules.h"

#define PREFIX "--kho-"
#define SEE_HELP "; see kexec --kho-help"

static int choose(struct kho_options *o, enum kho_choice choice, struct kho_err *err)
{
	if (o->choice == KHO_CHOICE_HELP)
		return 0;
	if (o->choice != KHO_CHOICE_NONE && o->choice != choice)
		return kho_fail(err, EINVAL, "--kho-check, --kho-strict, --kho-report, "
				"--kho-save-machine, --kho-save-kernel, --kho-plan, --kho-diff, "
				"--kho-explain and --kho-version exclude each other" SEE_HELP);
	o->choice = choice;
	return 0;
}

static int take_check(struct kho_options *o, const char *value, struct kho_err *err)
{
	return choose(o, KHO_CHOICE_CHECK, err);
}

static int take_strict(struct kho_options *o, const char *value, struct kho_err *err)
{
	if (value && strcmp(value, "warn"))
		return kho_fail(err, EINVAL, "--kho-strict=%s: the only value is \"warn\""
				SEE_HELP, value);
	return choose(o, value ? KHO_CHOICE_STRICT_WARN : KHO_CHOICE_STRICT, err);
}

static int take_report(struct kho_options *o, const char *value, struct kho_err *err)
{
	static const char *const format[] = {
		[KHO_FORMAT_TEXT] = "text", [KHO_FORMAT_JSON] = "json", [KHO_FORMAT_MAP] = "map",
		[KHO_FORMAT_HTML] = "html", [KHO_FORMAT_PROMETHEUS] = "prometheus",
	};

	if (!value)
		value = format[KHO_FORMAT_TEXT];
	if (!strcmp(value, "vmcoreinfo"))
		return choose(o, KHO_CHOICE_VMCOREINFO, err);
	for (size_t i = 0; i < sizeof(format) / sizeof(format[0]); i++) {
		if (strcmp(value, format[i]))
			continue;
		o->policy.format = (enum kho_format)i;
		/* With --kho-diff it only names the form. */
		if (o->choice == KHO_CHOICE_DIFF)
			return 0;
		return choose(o, KHO_CHOICE_REPORT, err);
	}
	return kho_fail(err, EINVAL, "--kho-report=%s: no such format" SEE_HELP, value);
}

static int take_machine(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->policy.machine = value;
	o->machine_given = true;
	return 0;
}

static int take_describe(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->policy.describe = value;
	return 0;
}

static int take_scratch(struct kho_options *o, const char *value, struct kho_err *err)
{
	return kho_take_scratch(&o->policy, value, err);
}

static int take_plan(struct kho_options *o, const char *value, struct kho_err *err)
{
	static const char *const format[] = { "text", "csv", "json" };

	for (size_t i = 0; i < sizeof(format) / sizeof(format[0]); i++) {
		if (value && strcmp(value, format[i]))
			continue;
		o->plan_format = (enum kho_plan_format)i;
		return choose(o, KHO_CHOICE_PLAN, err);
	}
	return kho_fail(err, EINVAL, "--kho-plan=%s: no such format; text, csv or json" SEE_HELP, value);
}

static int take_vmcoreinfo(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->policy.vmcoreinfo = value;
	return 0;
}

static int take_loader(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->loader = value;
	return 0;
}

static int take_image(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->policy.image.path = value;
	return 0;
}

static int take_initrd(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->policy.image.initrd = value;
	return 0;
}

static int take_append(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->policy.image.append = value;
	return 0;
}

static int take_headroom(struct kho_options *o, const char *value, struct kho_err *err)
{
	char *end;
	unsigned long percent = strtoul(value, &end, 10);

	if (!isdigit((unsigned char)*value) || *end || percent > 100)
		return kho_fail(err, EINVAL, "--kho-headroom=%s: not a percentage from 0 to 100"
				SEE_HELP, value);
	o->policy.headroom_percent = (unsigned int)percent;
	return 0;
}

static int take_save_machine(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->save_machine = value;
	return choose(o, KHO_CHOICE_SAVE_MACHINE, err);
}

static int take_save_kernel(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->save_kernel = value;
	return choose(o, KHO_CHOICE_SAVE_KERNEL, err);
}

static int take_diff(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->diff[0] = value;
	if (o->choice == KHO_CHOICE_REPORT)
		o->choice = KHO_CHOICE_NONE;
	return choose(o, KHO_CHOICE_DIFF, err);
}

static int take_kernel(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->policy.kernel = value;
	return 0;
}

static int take_fleet(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->fleet = value;
	return 0;
}

static int take_jobs(struct kho_options *o, const char *value, struct kho_err *err)
{
	char *end;
	unsigned long jobs = strtoul(value, &end, 10);

	if (!isdigit((unsigned char)*value) || *end || !jobs || jobs > KHO_JOBS_LIMIT)
		return kho_fail(err, EINVAL, "--kho-jobs=%s: not a number from 1 to %d" SEE_HELP,
				value, KHO_JOBS_LIMIT);
	o->jobs = (unsigned int)jobs;
	return 0;
}

static int take_progress(struct kho_options *o, const char *value, struct kho_err *err)
{
	static const char *const name[] = {
		[KHO_PROGRESS_AUTO] = "auto", [KHO_PROGRESS_BAR] = "bar",
		[KHO_PROGRESS_SUMMARY] = "summary", [KHO_PROGRESS_NONE] = "none",
	};

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		if (strcmp(value, name[i]))
			continue;
		o->progress = (enum kho_progress)i;
		return 0;
	}
	return kho_fail(err, EINVAL, "--kho-progress=%s: not \"auto\", \"bar\", \"summary\" or "
			"\"none\"" SEE_HELP, value);
}

static int take_config(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->config = value;
	return 0;
}

static int take_explain(struct kho_options *o, const char *value, struct kho_err *err)
{
	if (value && kho_finding_by_name(value, strlen(value)) == KHO_F_NR)
		return kho_fail(err, EINVAL, "--kho-explain=%s: no such finding; kexec --kho-explain "
				"lists them", value);
	o->explain = value;
	return choose(o, KHO_CHOICE_EXPLAIN, err);
}

static int take_version(struct kho_options *o, const char *value, struct kho_err *err)
{
	return choose(o, KHO_CHOICE_VERSION, err);
}

static int take_record(struct kho_options *o, const char *value, struct kho_err *err)
{
	int is = value ? kho_bool_of(value) : 1;

	o->policy.record = is > 0 ? KHO_RECORDS : is ? value : NULL;
	return value && !*value ? kho_fail(err, EINVAL, "--kho-record= needs a folder" SEE_HELP) : 0;
}

static int take_verify(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->verify = value ? value : KHO_RECORDS;
	return value && !*value ? kho_fail(err, EINVAL, "--kho-verify= needs a file or folder"
					   SEE_HELP) : 0;
}

static int take_postmortem(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->postmortem = value;
	return 0;
}

static int take_help(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->choice = KHO_CHOICE_HELP;
	return 0;
}

#define WITH(task)	(1u << KHO_TASK_##task)
#define CHOOSES		0, NULL
#define ANY_TASK	~0u
#define ANY_LOAD	(WITH(UNCHECKED) | WITH(LOAD) | WITH(DRY_RUN))

/* Which option goes with what: one that would not be used is an error. */
static const struct option_rule rules[] = {
	{ "check", ARG_NONE, take_check, CHOOSES },
	{ "strict", ARG_OPTIONAL, take_strict, CHOOSES },
	{ "report", ARG_OPTIONAL, take_report, CHOOSES },
	{ "machine", ARG_REQUIRED, take_machine, WITH(DRY_RUN) | WITH(IMAGE) | WITH(MACHINE) |
	  WITH(SAVE_MACHINE) | WITH(VERIFY) | WITH(PLAN) | WITH(DIFF),
	  "--kho-report of one machine, --kho-save-machine, --kho-verify, --kho-plan and --kho-diff" },
	{ "describe", ARG_REQUIRED, take_describe,
	  WITH(IMAGE) | WITH(SAVE_MACHINE) | WITH(PLAN) | WITH(DIFF),
	  "--kho-image, --kho-save-machine, --kho-plan and --kho-diff" },
	{ "scratch", ARG_OPTIONAL, take_scratch, WITH(DRY_RUN) | WITH(IMAGE) | WITH(PLAN),
	  "a report on a successor and --kho-plan" },
	{ "plan", ARG_OPTIONAL, take_plan, CHOOSES },
	{ "vmcoreinfo", ARG_REQUIRED, take_vmcoreinfo, ANY_LOAD | WITH(IMAGE) | WITH(FLEET),
	  "a load or --kho-image" },
	{ "loader", ARG_REQUIRED, take_loader, ANY_LOAD, "a load or a dry run of it" },
	{ "image", ARG_REQUIRED, take_image,
	  WITH(IMAGE) | WITH(FLEET) | WITH(VMCOREINFO) | WITH(SAVE_KERNEL),
	  "--kho-report and --kho-save-kernel" },
	{ "kernel", ARG_REQUIRED, take_kernel, ANY_LOAD | WITH(IMAGE) | WITH(FLEET),
	  "a load or a report on a successor" },
	{ "initrd", ARG_REQUIRED, take_initrd, WITH(IMAGE) | WITH(FLEET) | WITH(PLAN),
	  "--kho-image (a loader has its own --initrd)" },
	{ "append", ARG_REQUIRED, take_append, WITH(IMAGE) | WITH(FLEET) | WITH(PLAN) | WITH(DIFF),
	  "--kho-image, --kho-plan and --kho-diff (a loader has its own --append)" },
	{ "headroom", ARG_REQUIRED, take_headroom,
	  WITH(DRY_RUN) | WITH(IMAGE) | WITH(FLEET) | WITH(PLAN),
	  "a report on a successor, which advises" },
	{ "ignore", ARG_LIST, take_ignore, ANY_LOAD | WITH(IMAGE) | WITH(MACHINE) | WITH(FLEET) |
	  WITH(VERIFY) | WITH(POSTMORTEM) | WITH(DIFF), "a check or a report" },
	{ "ignore-fatal", ARG_LIST, take_ignore_fatal, ANY_LOAD | WITH(IMAGE) | WITH(FLEET),
	  "a check or a report on a successor" },
	{ "save-machine", ARG_REQUIRED, take_save_machine, CHOOSES },
	{ "diff", ARG_REQUIRED, take_diff, CHOOSES },
	{ "save-kernel", ARG_REQUIRED, take_save_kernel, CHOOSES },
	{ "fleet", ARG_REQUIRED, take_fleet, WITH(FLEET) | WITH(VERIFY) | WITH(PLAN) | WITH(DIFF),
	  "--kho-report and --kho-image or --kho-kernel, --kho-verify, --kho-plan or --kho-diff" },
	{ "jobs", ARG_REQUIRED, take_jobs, WITH(FLEET), "--kho-fleet" },
	{ "rehearse", ARG_OPTIONAL, take_rehearse, ANY_LOAD | WITH(IMAGE), "a load or --kho-image" },
	{ "rehearse-log", ARG_REQUIRED, take_rehearse_log, ANY_LOAD | WITH(IMAGE),
	  "a load or --kho-image" },
	{ "log", ARG_REQUIRED, take_log, WITH(UNCHECKED) | WITH(LOAD), "--kho-check and --kho-strict" },
	{ "journal", ARG_OPTIONAL, take_journal, WITH(UNCHECKED) | WITH(LOAD),
	  "--kho-check and --kho-strict" },
	{ "quiet", ARG_OPTIONAL, take_quiet, WITH(UNCHECKED) | WITH(LOAD),
	  "--kho-check and --kho-strict" },
	{ "config", ARG_REQUIRED, take_config, ANY_TASK, NULL },
	{ "verbose", ARG_OPTIONAL, take_verbose, WITH(DRY_RUN) | WITH(IMAGE) | WITH(MACHINE),
	  "a report of one machine" },
	{ "progress", ARG_REQUIRED, take_progress, WITH(FLEET), "--kho-fleet" },
	{ "explain", ARG_OPTIONAL, take_explain, CHOOSES },
	{ "version", ARG_NONE, take_version, CHOOSES },
	{ "record", ARG_OPTIONAL, take_record, WITH(UNCHECKED) | WITH(LOAD) | WITH(IMAGE),
	  "a load that is checked or --kho-image" },
	{ "verify", ARG_OPTIONAL, take_verify, WITH(VERIFY) | WITH(POSTMORTEM), "--kho-report" },
	{ "postmortem", ARG_REQUIRED, take_postmortem, WITH(POSTMORTEM), "--kho-report" },
	{ "help", ARG_NONE, take_help, CHOOSES },
};

#define NR_RULES	(sizeof(rules) / sizeof(rules[0]))

_Static_assert(NR_RULES <= KHO_RULES_LIMIT, "more rules than words can hold");

const struct option_rule *kho_rule_find(const char *name, size_t len)
{
	for (size_t i = 0; i < NR_RULES; i++)
		if (strlen(rules[i].name) == len && !memcmp(rules[i].name, name, len))
			return &rules[i];
	return NULL;
}

bool kho_rule_given(const struct words *words, const char *name)
{
	return words->given[kho_rule_find(name, strlen(name)) - rules];
}

static int take_value(struct words *words, const struct option_rule *rule, const char *value,
		      struct kho_options *o, struct kho_err *err)
{
	size_t i = (size_t)(rule - rules);
	const char *before = words->value[i];

	/* A plan is for any number of machines; kho_check_one_source() has the other tasks. */
	if (words->given[i] && rule->argument != ARG_LIST && rule->take != take_machine &&
	    rule->take != take_describe && (!before != !value || (value && strcmp(before, value))))
		return kho_fail(err, EINVAL, PREFIX "%s is given twice, with different values"
				SEE_HELP, rule->name);
	if (rule->take == take_machine || rule->take == take_describe)
		o->source[o->nr_sources++] = (struct kho_plan_source){
			.described = rule->take == take_describe, .value = value,
		};
	words->given[i] = true;
	words->value[i] = value;
	return rule->take(o, value, err);
}

/* One option at argv[*at], and its value behind '=' or in the next word. */
static int take_option(struct words *words, int *at, struct kho_options *o, struct kho_err *err)
{
	const char *name = words->argv[*at] + strlen(PREFIX);
	size_t len = strcspn(name, "=");
	const char *value = name[len] == '=' ? name + len + 1 : NULL;
	const struct option_rule *rule = kho_rule_find(name, len);
	bool wants_value;

	if (!rule)
		return kho_fail(err, EINVAL, "unknown option '%s'" SEE_HELP, words->argv[*at]);
	wants_value = rule->argument == ARG_REQUIRED || rule->argument == ARG_LIST;
	if (rule->argument == ARG_NONE && value)
		return kho_fail(err, EINVAL, PREFIX "%s takes no value" SEE_HELP, rule->name);
	if (wants_value && !value && *at + 1 < words->argc)
		value = words->argv[++*at];
	if (wants_value && (!value || (!*value && strcmp(rule->name, "append"))))
		return kho_fail(err, EINVAL, PREFIX "%s needs a value" SEE_HELP, rule->name);
	return take_value(words, rule, value, o, err);
}

/* --kho-report=vmcoreinfo runs no loader: its one word is the image; of --kho-diff the second one. */
static void take_image_word(struct kho_options *o)
{
	if (o->choice == KHO_CHOICE_DIFF && o->loader_argc == 2 && o->loader_argv[1][0] != '-') {
		o->diff[1] = o->loader_argv[1];
		o->loader_argv[--o->loader_argc] = NULL;
	}
	if (o->choice == KHO_CHOICE_VMCOREINFO && !o->policy.image.path && o->loader_argc == 2 &&
	    o->loader_argv[1][0] != '-') {
		o->policy.image.path = o->loader_argv[1];
		o->loader_argv[--o->loader_argc] = NULL;
	}
}

/* -j N or -jN, as of make: no loader is run that it could be meant for. */
static int take_jobs_word(struct words *words, struct kho_options *o, struct kho_err *err)
{
	char **word = o->loader_argv;
	bool joined = o->loader_argc == 2 && !strncmp(word[1], "-j", 2) && word[1][2];
	int ret;

	if (!o->fleet || (!joined && (o->loader_argc != 3 || strcmp(word[1], "-j"))))
		return 0;
	ret = take_value(words, kho_rule_find("jobs", strlen("jobs")), joined ? word[1] + 2 : word[2],
			 o, err);
	o->loader_argc = 1;
	word[1] = NULL;
	return ret;
}

/* Nothing that was given may be without effect. */
static int check_used(const struct kho_options *o, const struct words *words, struct kho_err *err)
{
	const unsigned int task = 1u << o->task;

	for (size_t i = 0; i < NR_RULES; i++)
		if (words->given[i] && rules[i].tasks && !(rules[i].tasks & task))
			return kho_fail(err, EINVAL, PREFIX "%s does not go with %s, only with %s"
					SEE_HELP, rules[i].name, kho_task_text(o->task),
					rules[i].goes_with);
	if (o->loader_argc > 1 && !(task & (ANY_LOAD | WITH(PLAN))))
		return kho_fail(err, EINVAL, "'%s': with %s no loader is run" SEE_HELP,
				o->loader_argv[1], kho_task_text(o->task));
	return 0;
}

static int check_together(struct kho_options *o, const struct words *words, bool off,
			  struct kho_err *err)
{
	bool any = false;
	int ret;

	for (size_t i = 0; i < NR_RULES; i++)
		any |= words->given[i] && rules[i].tasks != ANY_TASK;
	if (o->task == KHO_TASK_HELP)
		return 0;
	if (o->task != KHO_TASK_PLAN && o->task != KHO_TASK_DIFF &&
	    kho_check_one_source(o->source, o->nr_sources, err))
		return -EINVAL;
	if (any && o->task == KHO_TASK_UNCHECKED && !off)
		return kho_fail(err, EINVAL, "--kho-check, --kho-strict or --kho-report is missing"
				SEE_HELP);
	ret = check_used(o, words, err);
	return ret ? ret : kho_task_wanted(o, err);
}

/* Ours are taken out; the others are the loader's, and all words behind "--". */
static int split_words(struct words *words, struct kho_options *o, struct kho_err *err)
{
	char **argv = words->argv;
	int ret = 0;

	for (int at = 1; at < words->argc && !ret; at++) {
		if (!strcmp(argv[at], "--")) {
			/* Before any word of the loader's it only ends our options. */
			at += o->loader_argc == 1;
			while (at < words->argc)
				o->loader_argv[o->loader_argc++] = argv[at++];
		} else if (!strncmp(argv[at], PREFIX, strlen(PREFIX))) {
			ret = take_option(words, &at, o, err);
		} else {
			o->loader_argv[o->loader_argc++] = argv[at];
		}
	}
	return ret;
}

int kho_options_parse(int argc, char **argv, struct kho_settings *settings, struct kho_options *o,
		      struct kho_err *err)
{
	struct words words = { .argc = argc, .argv = argv };
	bool off = false;
	int ret;

	*o = (struct kho_options){ .policy = {
		.machine = "/", .headroom_percent = KHO_HEADROOM_PERCENT,
		.words = argv + 1, .nr_words = argc > 1 ? argc - 1 : 0,
	} };
	/* Two more than argv: --kho-report puts words behind the others. */
	o->loader_argv = calloc(argc + 3, sizeof(*o->loader_argv));
	o->source = calloc(argc + 1, sizeof(*o->source));
	if (!o->loader_argv || !o->source)
		return kho_fail(err, ENOMEM, "out of memory");
	o->loader_argc = 1;
	ret = split_words(&words, o, err);
	if (!ret) {
		take_image_word(o);
		ret = take_jobs_word(&words, o, err);
	}
	if (!ret && kho_settings_apply(o, &words, settings, &off))
		ret = kho_fail(err, ENOMEM, "out of memory");
	if (!ret)
		ret = check_together(o, &words, off, err);
	if (ret)
		kho_options_deinit(o);
	return ret;
}

void kho_options_deinit(struct kho_options *o)
{
	free(o->loader_argv);
	free(o->source);
	o->loader_argv = NULL;
	o->source = NULL;
}
