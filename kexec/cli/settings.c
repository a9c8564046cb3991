// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/settings.h"

#define ENV_PREFIX "KEXEC_KHO"

/* ---- the list ---- */

int kho_settings_complain(struct kho_settings *settings, enum kho_layer layer, const char *fmt, ...)
{
	char **more = reallocarray(settings->complaint, settings->nr_complaints + 1,
				   sizeof(*more));
	char *text;
	va_list ap;
	int bytes;

	settings->bad[layer] = true;
	if (!more)
		return -ENOMEM;
	settings->complaint = more;
	va_start(ap, fmt);
	bytes = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (bytes < 0)
		return -ENOMEM;
	kho_make_printable(text);
	more[settings->nr_complaints++] = text;
	return 0;
}

int kho_settings_add(struct kho_settings *settings, enum kho_layer layer, char *where, char *name,
		     const char *value)
{
	struct kho_setting *more = reallocarray(settings->s, settings->n + 1, sizeof(*more));
	char *copy = strdup(value);

	if (more)
		settings->s = more;
	if (!more || !where || !name || !copy) {
		free(where);
		free(name);
		free(copy);
		return -ENOMEM;
	}
	more[settings->n++] = (struct kho_setting){ layer, where, name, copy };
	return 0;
}

void kho_settings_deinit(struct kho_settings *settings)
{
	for (size_t i = 0; i < settings->n; i++) {
		free(settings->s[i].where);
		free(settings->s[i].name);
		free(settings->s[i].value);
	}
	for (size_t i = 0; i < settings->nr_complaints; i++)
		free(settings->complaint[i]);
	free(settings->s);
	free(settings->complaint);
	*settings = (struct kho_settings){ 0 };
}

/* ---- the environment ---- */

/* "_REHEARSE_LOG" is "rehearse-log", and nothing is the mode. */
static char *name_of_variable(const char *rest, size_t bytes)
{
	char *name = bytes ? strndup(rest + 1, bytes - 1) : strdup(KHO_SETTING_MODE);

	/* The mode has one name. */
	if (bytes && name && !strcasecmp(name, KHO_SETTING_MODE))
		name[0] = '\0';
	for (char *c = name; c && *c; c++)
		*c = *c == '_' ? '-' : (char)tolower((unsigned char)*c);
	return name;
}

int kho_settings_environment(struct kho_settings *settings, char **env)
{
	int ret = 0;

	for (; *env && !ret; env++) {
		const char *rest = *env + strlen(ENV_PREFIX), *value;

		if (strncmp(*env, ENV_PREFIX, strlen(ENV_PREFIX)) || (*rest != '=' && *rest != '_'))
			continue;
		value = strchr(rest, '=');
		if (!value || !value[1])
			continue;
		ret = kho_settings_add(settings, KHO_LAYER_ENVIRONMENT,
				       strndup(*env, (size_t)(value - *env)),
				       name_of_variable(rest, (size_t)(value - rest)), value + 1);
	}
	return ret;
}

const char *kho_settings_config(const struct kho_settings *settings)
{
	for (size_t i = 0; i < settings->n; i++)
		if (settings->s[i].layer == KHO_LAYER_ENVIRONMENT &&
		    !strcmp(settings->s[i].name, "config"))
			return settings->s[i].value;
	return NULL;
}
