// SPDX-License-Identifier: GPL-2.0-only
/* What the words leave open, from the settings. */
#include "config.h"

#include <string.h>

#include "cli/options.h"
#include "cli/rules.h"

/* The rule of a setting; NULL where it is none: what says what to do stands among the words. */
static const struct option_rule *rule_of(const struct kho_setting *setting)
{
	static const char *const word_only[] = {
		"image", "fleet", "verify", "postmortem", "config", "describe", "scratch",
	};
	const struct option_rule *rule = kho_rule_find(setting->name, strlen(setting->name));

	for (size_t i = 0; i < sizeof(word_only) / sizeof(word_only[0]); i++)
		if (!strcmp(setting->name, word_only[i]))
			return NULL;
	return rule && rule->tasks ? rule : NULL;
}

/* Try it on options that nobody uses. */
static int check_setting(const struct kho_options *o, const struct kho_setting *setting,
			 struct kho_settings *settings)
{
	const char *then = o->choice == KHO_CHOICE_NONE ? "a load is checked as by --kho-strict" :
							  "it has no effect";
	const struct option_rule *rule = rule_of(setting);
	struct kho_options trial = *o;
	struct kho_err err;

	if (!strcmp(setting->name, KHO_SETTING_MODE))
		return o->choice != KHO_CHOICE_NONE || kho_mode_setting(setting, &trial) ? 0 :
		       kho_settings_complain(settings, setting->layer, "%s=%s: not \"off\", "
					     "\"check\", \"strict\" or \"strict=warn\": taken as "
					     "\"strict\"", setting->where, setting->value);
	if (setting->layer == KHO_LAYER_ENVIRONMENT && !strcmp(setting->name, "config"))
		return 0;
	if (!rule)
		return kho_settings_complain(settings, setting->layer, "%s: no such setting; %s",
					     setting->where, then);
	if (*setting->value && rule->take(&trial, setting->value, &err))
		return kho_settings_complain(settings, setting->layer, "%s: %s; %s", setting->where,
					     err.text, then);
	return 0;
}

/* One that was taken back, or that the words say, is not applied. */
static void apply_layer(struct kho_options *o, const struct words *words,
			const struct kho_settings *settings, enum kho_layer layer)
{
	for (size_t i = 0; i < settings->n; i++) {
		const struct kho_setting *setting = &settings->s[i];
		const struct option_rule *rule = rule_of(setting);
		struct kho_err err;

		if (!rule || setting->layer != layer || !(rule->tasks & 1u << o->task) ||
		    (rule->argument != ARG_LIST && kho_rule_given(words, rule->name)))
			continue;
		if (!*setting->value)
			kho_take_back(o, setting->name);
		else
			/* One that fails was reported. */
			(void)rule->take(o, setting->value, &err);
	}
}

/* What goes only with something else, and was not said with words, is as if not said. */
static void drop_unused(struct kho_options *o, const struct words *words)
{
	if (!kho_rule_given(words, "verbose") && o->policy.format != KHO_FORMAT_TEXT)
		o->policy.verbose = false;
	if (!kho_rule_given(words, "rehearse-log") && !o->policy.rehearse_seconds)
		o->policy.rehearse_log = NULL;
}

/* Words count before the environment, and that before the files; lists of findings add up. */
int kho_settings_apply(struct kho_options *o, const struct words *words,
		       struct kho_settings *settings, bool *ret_off)
{
	const char *config = o->config ? o->config : kho_settings_config(settings);
	bool by_words[KHO_F_NR];
	int ret = kho_settings_files(settings, "", config);

	for (size_t i = 0; !ret && i < settings->n; i++)
		ret = check_setting(o, &settings->s[i], settings);
	*ret_off = kho_take_mode(o, settings);
	o->task = kho_task_of(o);
	o->policy.mode = kho_mode_of(o->choice);
	memcpy(by_words, o->policy.ignore, sizeof(by_words));
	memset(o->policy.ignore, 0, sizeof(by_words));
	apply_layer(o, words, settings, KHO_LAYER_FILES);
	apply_layer(o, words, settings, KHO_LAYER_ENVIRONMENT);
	for (size_t i = 0; i < KHO_F_NR; i++)
		o->policy.ignore[i] |= by_words[i];
	drop_unused(o, words);
	return ret;
}
