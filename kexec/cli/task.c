// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "cli/options.h"

#define SEE_HELP "; see kexec --kho-help"

enum kho_task kho_task_of(const struct kho_options *o)
{
	if ((o->verify || o->postmortem) &&
	    (o->choice == KHO_CHOICE_NONE || o->choice == KHO_CHOICE_REPORT))
		return o->postmortem ? KHO_TASK_POSTMORTEM : KHO_TASK_VERIFY;
	switch (o->choice) {
	case KHO_CHOICE_NONE:
		return KHO_TASK_UNCHECKED;
	case KHO_CHOICE_SAVE_MACHINE:
		return KHO_TASK_SAVE_MACHINE;
	case KHO_CHOICE_PLAN:
		return KHO_TASK_PLAN;
	case KHO_CHOICE_SAVE_KERNEL:
		return KHO_TASK_SAVE_KERNEL;
	case KHO_CHOICE_DIFF:
		return KHO_TASK_DIFF;
	case KHO_CHOICE_HELP:
		return KHO_TASK_HELP;
	case KHO_CHOICE_EXPLAIN:
		return KHO_TASK_EXPLAIN;
	case KHO_CHOICE_VERSION:
		return KHO_TASK_VERSION;
	case KHO_CHOICE_VMCOREINFO:
		return KHO_TASK_VMCOREINFO;
	case KHO_CHOICE_REPORT:
		if (o->fleet)
			return KHO_TASK_FLEET;
		if (o->policy.image.path)
			return KHO_TASK_IMAGE;
		if (o->loader || o->loader_argc > 1)
			return KHO_TASK_DRY_RUN;
		return o->policy.kernel ? KHO_TASK_IMAGE : KHO_TASK_MACHINE;
	default:
		return KHO_TASK_LOAD;
	}
}

enum kho_mode kho_mode_of(enum kho_choice choice)
{
	switch (choice) {
	case KHO_CHOICE_CHECK:
		return KHO_MODE_CHECK;
	case KHO_CHOICE_STRICT:
		return KHO_MODE_STRICT;
	case KHO_CHOICE_STRICT_WARN:
		return KHO_MODE_STRICT_WARN;
	default:
		return KHO_MODE_REPORT;
	}
}

int kho_task_wanted(const struct kho_options *o, struct kho_err *err)
{
	if (o->task == KHO_TASK_VMCOREINFO && !o->policy.image.path)
		return kho_fail(err, EINVAL, "--kho-report=vmcoreinfo needs one image" SEE_HELP);
	if (o->task == KHO_TASK_DIFF && !o->diff[1])
		return kho_fail(err, EINVAL, "--kho-diff needs two kernels: images, or facts of "
				"--kho-save-kernel" SEE_HELP);
	if (o->task == KHO_TASK_DIFF && o->policy.format > KHO_FORMAT_JSON)
		return kho_fail(err, EINVAL, "--kho-diff has the formats text and json" SEE_HELP);
	if (o->task == KHO_TASK_SAVE_KERNEL && !o->policy.image.path)
		return kho_fail(err, EINVAL, "--kho-save-kernel needs --kho-image" SEE_HELP);
	if (o->task == KHO_TASK_FLEET && ((!o->policy.image.path && !o->policy.kernel) ||
					  o->policy.format > KHO_FORMAT_JSON))
		return kho_fail(err, EINVAL, "--kho-fleet needs --kho-report[=json] and "
				"--kho-image or --kho-kernel" SEE_HELP);
	if (o->policy.verbose && o->policy.format != KHO_FORMAT_TEXT)
		return kho_fail(err, EINVAL, "--kho-verbose goes with --kho-report=text only: every "
				"other form has all" SEE_HELP);
	if (o->task == KHO_TASK_VERIFY && (o->policy.format == KHO_FORMAT_MAP ||
					   o->policy.format == KHO_FORMAT_HTML))
		return kho_fail(err, EINVAL, "--kho-verify has the formats text, json and prometheus"
				SEE_HELP);
	if (o->task == KHO_TASK_POSTMORTEM && o->policy.format > KHO_FORMAT_JSON)
		return kho_fail(err, EINVAL, "--kho-postmortem has the formats text and json"
				SEE_HELP);
	if (o->policy.rehearse_seconds && o->task == KHO_TASK_IMAGE && !o->policy.image.path)
		return kho_fail(err, EINVAL, "--kho-rehearse boots the image: it needs --kho-image "
				"beside --kho-kernel" SEE_HELP);
	if (o->policy.rehearse_log && !o->policy.rehearse_seconds)
		return kho_fail(err, EINVAL, "--kho-rehearse-log goes with --kho-rehearse only"
				SEE_HELP);
	if (o->fleet && !strcmp(o->fleet, "-") && !strcmp(o->policy.machine, "-"))
		return kho_fail(err, EINVAL, "--kho-machine=- and --kho-fleet=- both want stdin" SEE_HELP);
	return 0;
}

const char *kho_task_text(enum kho_task task)
{
	static const char *const text[KHO_TASK_NR] = {
		[KHO_TASK_UNCHECKED]	= "a load that is not checked",
		[KHO_TASK_LOAD]		= "a load",
		[KHO_TASK_DRY_RUN]	= "a dry run",
		[KHO_TASK_IMAGE]	= "--kho-image",
		[KHO_TASK_MACHINE]	= "a report on the machine alone",
		[KHO_TASK_FLEET]	= "--kho-fleet",
		[KHO_TASK_VMCOREINFO]	= "--kho-report=vmcoreinfo",
		[KHO_TASK_SAVE_MACHINE]	= "--kho-save-machine",
		[KHO_TASK_EXPLAIN]	= "--kho-explain",
		[KHO_TASK_VERSION]	= "--kho-version",
		[KHO_TASK_VERIFY]	= "--kho-verify",
		[KHO_TASK_POSTMORTEM]	= "--kho-postmortem",
		[KHO_TASK_SAVE_KERNEL]	= "--kho-save-kernel",
		[KHO_TASK_PLAN]		= "--kho-plan",
		[KHO_TASK_DIFF]		= "--kho-diff",
		[KHO_TASK_HELP]		= "--kho-help",
	};

	return text[task];
}
