// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kho-options.h"

#define PREFIX "--kho-"
#define SEE_HELP "; see kexec --kho-help"

const char kho_options_usage[] =
"Usage: kexec --kho-check|--kho-strict|--kho-report [OPTION]... [KEXEC OPTION]... [IMAGE]\n"
"Tell whether the successor kernel will boot inside the KHO scratch areas,\n"
"before kexec loads it.  Without any of these options this is the real kexec.\n"
"\n";

const char kho_options_list[] =
"  --kho-check               check before the load, say what is found, load anyway\n"
"  --kho-strict[=warn]       check, and refuse to load on fail and unknown\n"
"                            (with =warn on warn too)\n"
"  --kho-report[=text|json]  check and report; nothing is loaded or executed; without an\n"
"                            image: what is ready on this machine\n"
"  --kho-report=map|html     the same drawn: what will lie where, in a terminal or as\n"
"                            one HTML page\n"
"  --kho-report=vmcoreinfo   print the VMCOREINFO that IMAGE will make at boot\n"
"  --kho-report=prometheus   the same as metrics\n"
"  --kho-machine=PATH        take the machine from a copied tree or a snapshot, not from\n"
"                            this one\n"
"  --kho-save-machine=FILE   write a snapshot of the machine; \"-\" for stdout\n"
"  --kho-fleet=FILE          with --kho-image: judge many machines, a snapshot a line, and\n"
"                            write a verdict a line; \"-\" for stdin\n"
"  --kho-jobs=N, -j N        with --kho-fleet: threads (default: one for each CPU)\n"
"  --kho-vmcoreinfo=FILE     take the successor's facts from its VMCOREINFO: a text,\n"
"                            or an ELF core with the note\n"
"  --kho-loader=PATH         the program to run as the loader\n"
"  --kho-image=FILE          with --kho-report: look at this image, run no loader\n"
"  --kho-initrd=FILE         with --kho-image: its initrd\n"
"  --kho-append=STRING       with --kho-image: its command line\n"
"  --kho-headroom=PERCENT    what an advised kho_scratch= is to leave free, in percent\n"
"                            of the memory map (0 to 100, default 10)\n"
"  --kho-ignore=ID[,ID]...   accept these findings: they are told, but do not count\n"
"  --kho-help                this text\n"
"\n"
"KEXEC_KHO=check|strict in the environment stands for the option.\n"
"Exit status of a report and of a refusal: 0 ok, 2 warn, 3 fail, 4 unknown,\n"
"1 for a usage or input error; of a load that was let through: kexec's own.\n";

enum argument { ARG_NONE, ARG_OPTIONAL, ARG_REQUIRED };

struct option_rule {
	const char *name;
	enum argument argument;
	int (*take)(struct kho_options *o, const char *value, struct kho_err *err);
};

static int set_mode(struct kho_options *o, enum kho_mode mode, struct kho_err *err)
{
	if (o->mode != KHO_MODE_OFF && o->mode != mode)
		return kho_fail(err, EINVAL, "--kho-check, --kho-strict, --kho-report and "
				"--kho-save-machine exclude each other" SEE_HELP);
	o->mode = mode;
	return 0;
}

static int take_check(struct kho_options *o, const char *value, struct kho_err *err)
{
	return set_mode(o, KHO_MODE_CHECK, err);
}

static int take_strict(struct kho_options *o, const char *value, struct kho_err *err)
{
	if (value && strcmp(value, "warn"))
		return kho_fail(err, EINVAL, "--kho-strict=%s: only \"warn\" can stand there"
				SEE_HELP, value);
	return set_mode(o, value ? KHO_MODE_STRICT_WARN : KHO_MODE_STRICT, err);
}

static int take_report(struct kho_options *o, const char *value, struct kho_err *err)
{
	if (!value || !strcmp(value, "text"))
		o->format = KHO_FORMAT_TEXT;
	else if (!strcmp(value, "json"))
		o->format = KHO_FORMAT_JSON;
	else if (!strcmp(value, "map"))
		o->format = KHO_FORMAT_MAP;
	else if (!strcmp(value, "html"))
		o->format = KHO_FORMAT_HTML;
	else if (!strcmp(value, "prometheus"))
		o->format = KHO_FORMAT_PROMETHEUS;
	else if (!strcmp(value, "vmcoreinfo"))
		o->format = KHO_FORMAT_VMCOREINFO;
	else
		return kho_fail(err, EINVAL, "--kho-report=%s: no such format" SEE_HELP, value);
	return set_mode(o, KHO_MODE_REPORT, err);
}

static int take_machine(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->machine = value;
	return 0;
}

static int take_vmcoreinfo(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->vmcoreinfo = value;
	return 0;
}

static int take_loader(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->loader = value;
	return 0;
}

static int take_image(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->image = value;
	return 0;
}

static int take_initrd(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->initrd = value;
	return 0;
}

static int take_append(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->append = value;
	return 0;
}

static int take_headroom(struct kho_options *o, const char *value, struct kho_err *err)
{
	char *end;
	unsigned long percent = strtoul(value, &end, 10);

	if (!isdigit((unsigned char)*value) || *end || percent > 100)
		return kho_fail(err, EINVAL, "--kho-headroom=%s: not a percentage from 0 to 100"
				SEE_HELP, value);
	o->headroom_percent = (unsigned int)percent;
	return 0;
}

static int take_save_machine(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->save_machine = value;
	return set_mode(o, KHO_MODE_SAVE_MACHINE, err);
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

static int take_ignore(struct kho_options *o, const char *value, struct kho_err *err)
{
	do {
		size_t bytes = strcspn(value, ",");
		enum kho_finding_id id = kho_finding_by_name(value, bytes);

		if (id == KHO_F_NR)
			return kho_fail(err, EINVAL, "--kho-ignore=%.*s: no such finding; the table "
					"in kexec-kho(8) has them all", (int)bytes, value);
		o->ignore[id] = true;
		value += bytes;
	} while (*value++ == ',');
	return 0;
}

static int take_help(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->mode = KHO_MODE_HELP;
	return 0;
}

static const struct option_rule rules[] = {
	{ "check", ARG_NONE, take_check },
	{ "strict", ARG_OPTIONAL, take_strict },
	{ "report", ARG_OPTIONAL, take_report },
	{ "machine", ARG_REQUIRED, take_machine },
	{ "vmcoreinfo", ARG_REQUIRED, take_vmcoreinfo },
	{ "loader", ARG_REQUIRED, take_loader },
	{ "image", ARG_REQUIRED, take_image },
	{ "initrd", ARG_REQUIRED, take_initrd },
	{ "append", ARG_REQUIRED, take_append },
	{ "headroom", ARG_REQUIRED, take_headroom },
	{ "ignore", ARG_REQUIRED, take_ignore },
	{ "save-machine", ARG_REQUIRED, take_save_machine },
	{ "fleet", ARG_REQUIRED, take_fleet },
	{ "jobs", ARG_REQUIRED, take_jobs },
	{ "help", ARG_NONE, take_help },
};

static const struct option_rule *find_rule(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strlen(rules[i].name) == len && !memcmp(rules[i].name, name, len))
			return &rules[i];
	return NULL;
}

/* One option at argv[*at], and its value behind '=' or in the next word. */
static int take(int argc, char **argv, int *at, struct kho_options *o, struct kho_err *err)
{
	const char *name = argv[*at] + strlen(PREFIX);
	size_t len = strcspn(name, "=");
	const char *value = name[len] == '=' ? name + len + 1 : NULL;
	const struct option_rule *rule = find_rule(name, len);

	if (!rule)
		return kho_fail(err, EINVAL, "unknown option '%s'" SEE_HELP, argv[*at]);
	if (rule->argument == ARG_NONE && value)
		return kho_fail(err, EINVAL, PREFIX "%s takes no value" SEE_HELP, rule->name);
	if (rule->argument == ARG_REQUIRED && !value) {
		if (*at + 1 == argc)
			return kho_fail(err, EINVAL, PREFIX "%s wants a value" SEE_HELP,
					rule->name);
		value = argv[++*at];
	}
	if (rule->argument == ARG_REQUIRED && !*value && strcmp(rule->name, "append"))
		return kho_fail(err, EINVAL, PREFIX "%s wants a value" SEE_HELP, rule->name);
	return rule->take(o, value, err);
}

static int take_environment(struct kho_options *o, const char *env_kho, struct kho_err *err)
{
	if (o->mode != KHO_MODE_OFF || !env_kho || !*env_kho)
		return 0;
	if (!strcmp(env_kho, "check"))
		o->mode = KHO_MODE_CHECK;
	else if (!strcmp(env_kho, "strict"))
		o->mode = KHO_MODE_STRICT;
	else
		return kho_fail(err, EINVAL, "KEXEC_KHO=%s: only \"check\" or \"strict\" can stand "
				"there", env_kho);
	return 0;
}

/* --kho-report=vmcoreinfo runs no loader: its one word is the image. */
static void take_image_word(struct kho_options *o)
{
	if (o->format == KHO_FORMAT_VMCOREINFO && !o->image && o->loader_argc == 2 &&
	    o->loader_argv[1][0] != '-') {
		o->image = o->loader_argv[1];
		o->loader_argv[--o->loader_argc] = NULL;
	}
}

/* -j N or -jN, as of make: no loader is run that it could be meant for. */
static int take_jobs_word(struct kho_options *o, struct kho_err *err)
{
	char **word = o->loader_argv;
	bool joined = o->loader_argc == 2 && !strncmp(word[1], "-j", 2) && word[1][2];
	int ret;

	if (!o->fleet || (!joined && (o->loader_argc != 3 || strcmp(word[1], "-j"))))
		return 0;
	ret = take_jobs(o, joined ? word[1] + 2 : word[2], err);
	o->loader_argc = 1;
	word[1] = NULL;
	return ret;
}

static int check_fleet(const struct kho_options *o, struct kho_err *err)
{
	if (!o->fleet && o->jobs)
		return kho_fail(err, EINVAL, "--kho-jobs goes with --kho-fleet only" SEE_HELP);
	if (!o->fleet)
		return 0;
	if (o->mode != KHO_MODE_REPORT || !o->image || o->format > KHO_FORMAT_JSON)
		return kho_fail(err, EINVAL, "--kho-fleet wants --kho-report[=json] and "
				"--kho-image" SEE_HELP);
	if (strcmp(o->machine, "/"))
		return kho_fail(err, EINVAL, "--kho-fleet and --kho-machine exclude each other"
				SEE_HELP);
	return 0;
}

static int check_together(const struct kho_options *o, bool any, struct kho_err *err)
{
	if (o->format == KHO_FORMAT_VMCOREINFO && !o->image)
		return kho_fail(err, EINVAL, "--kho-report=vmcoreinfo wants one image" SEE_HELP);
	if (any && o->mode == KHO_MODE_OFF)
		return kho_fail(err, EINVAL, "--kho-check, --kho-strict or --kho-report is missing"
				SEE_HELP);
	if (o->image && o->mode != KHO_MODE_REPORT && o->mode != KHO_MODE_HELP)
		return kho_fail(err, EINVAL, "--kho-image goes with --kho-report only" SEE_HELP);
	if ((o->initrd || o->append) && !o->image)
		return kho_fail(err, EINVAL, "--kho-initrd and --kho-append go with --kho-image "
				"only; for a loader use its own --initrd and --append" SEE_HELP);
	if (o->mode == KHO_MODE_SAVE_MACHINE && o->loader_argc > 1)
		return kho_fail(err, EINVAL, "'%s': with --kho-save-machine nothing is loaded"
				SEE_HELP, o->loader_argv[1]);
	if (o->image && o->loader_argc > 1)
		return kho_fail(err, EINVAL, "'%s': with --kho-image no loader is run" SEE_HELP,
				o->loader_argv[1]);
	return 0;
}

int kho_options_parse(int argc, char **argv, const char *env_kho, struct kho_options *o,
		      struct kho_err *err)
{
	bool any = false;
	int ret = 0;

	*o = (struct kho_options){ .machine = "/", .headroom_percent = 10 };
	/* One more than argv: --kho-report puts a word behind the others. */
	o->loader_argv = calloc(argc + 2, sizeof(*o->loader_argv));
	if (!o->loader_argv)
		return kho_fail(err, ENOMEM, "out of memory");
	o->loader_argc = 1;
	for (int at = 1; at < argc && !ret; at++) {
		if (!strcmp(argv[at], "--")) {
			/* Before any word of the loader's it only ends our options. */
			at += o->loader_argc == 1;
			while (at < argc)
				o->loader_argv[o->loader_argc++] = argv[at++];
		} else if (!strncmp(argv[at], PREFIX, strlen(PREFIX))) {
			any = true;
			ret = take(argc, argv, &at, o, err);
		} else {
			o->loader_argv[o->loader_argc++] = argv[at];
		}
	}
	if (!ret)
		ret = take_environment(o, env_kho, err);
	if (!ret) {
		take_image_word(o);
		ret = take_jobs_word(o, err);
	}
	if (!ret)
		ret = check_fleet(o, err);
	if (!ret)
		ret = check_together(o, any, err);
	if (ret)
		kho_options_deinit(o);
	return ret;
}

void kho_options_deinit(struct kho_options *o)
{
	free(o->loader_argv);
	o->loader_argv = NULL;
}
