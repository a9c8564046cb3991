// SPDX-License-Identifier: GPL-2.0-only
/* The mode of the check, where the environment or the files say it, and how a setting is undone. */
#include "config.h"

#include <string.h>

#include "cli/options.h"

bool kho_mode_setting(const struct kho_setting *setting, struct kho_options *o)
{
	static const struct {
		const char *name;
		enum kho_choice choice;
	} mode[] = {
		{ "", KHO_CHOICE_NONE }, { "off", KHO_CHOICE_NONE }, { "check", KHO_CHOICE_CHECK },
		{ "strict", KHO_CHOICE_STRICT }, { "strict=warn", KHO_CHOICE_STRICT_WARN },
	};

	for (size_t i = 0; i < sizeof(mode) / sizeof(mode[0]); i++) {
		if (strcmp(setting->value, mode[i].name))
			continue;
		o->choice = mode[i].choice;
		return true;
	}
	return false;
}

/* The last of a layer counts; "" takes back what stood before. */
static const struct kho_setting *mode_of_layer(const struct kho_settings *settings,
					       enum kho_layer layer)
{
	const struct kho_setting *last = NULL;

	for (size_t i = 0; i < settings->n; i++)
		if (settings->s[i].layer == layer && !strcmp(settings->s[i].name, KHO_SETTING_MODE))
			last = &settings->s[i];
	return last && *last->value ? last : NULL;
}

bool kho_take_mode(struct kho_options *o, const struct kho_settings *settings)
{
	/* What was before is no load. */
	if (o->choice != KHO_CHOICE_NONE || o->verify || o->postmortem)
		return false;
	for (int layer = KHO_LAYER_NR - 1; layer >= 0; layer--) {
		const struct kho_setting *mode = mode_of_layer(settings, (enum kho_layer)layer);

		if (settings->bad[layer]) {
			o->choice = KHO_CHOICE_STRICT;
			return false;
		}
		if (mode && kho_mode_setting(mode, o))
			return o->choice == KHO_CHOICE_NONE;
	}
	return false;
}

void kho_take_back(struct kho_options *o, const char *name)
{
	struct kho_policy *policy = &o->policy;
	const struct {
		const char *name;
		const char **value;
	} text[] = {
		{ "vmcoreinfo", &policy->vmcoreinfo }, { "loader", &o->loader },
		{ "initrd", &policy->image.initrd }, { "append", &policy->image.append },
		{ "rehearse-log", &policy->rehearse_log }, { "log", &policy->log },
		{ "record", &policy->record },
	};
	bool fatal = !strcmp(name, "ignore-fatal");

	if (!strcmp(name, "rehearse"))
		policy->rehearse_seconds = 0;
	if (!strcmp(name, "headroom"))
		policy->headroom_percent = KHO_HEADROOM_PERCENT;
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		if (!strcmp(text[i].name, name))
			*text[i].value = NULL;
	for (int id = 0; id < KHO_F_NR && (fatal || !strcmp(name, "ignore")); id++)
		policy->ignore[id] &= kho_finding_is_death((enum kho_finding_id)id) != fatal;
}
