// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "cli/options.h"

enum kho_task kho_task_of(const struct kho_options *o)
{
	switch (o->choice) {
	case KHO_CHOICE_NONE:
		return KHO_TASK_UNCHECKED;
	case KHO_CHOICE_SAVE_MACHINE:
		return KHO_TASK_SAVE_MACHINE;
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
		return o->loader || o->loader_argc > 1 ? KHO_TASK_DRY_RUN : KHO_TASK_MACHINE;
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
