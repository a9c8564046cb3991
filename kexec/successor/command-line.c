// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line that the kernel ends up with: its own (CONFIG_CMDLINE) and the given one.
 * arch/x86/kernel/setup.c, setup_arch(); drivers/of/fdt.c, early_init_dt_scan_chosen().
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "successor/successor.h"

/* A text of .config, out of its quotes; NULL: none, or an empty one.  *@error: -ENOMEM. */
static char *config_text(const struct successor *s, const char *name, int *error)
{
	const char *value = successor_config(s, name);
	char *text, *to;

	if (!value || *value != '"')
		return NULL;
	text = to = malloc(strlen(value));
	if (!text) {
		*error = -ENOMEM;
		return NULL;
	}
	for (value++; *value && *value != '"'; value++) {
		if (*value == '\\' && value[1])
			value++;
		*to++ = *value;
	}
	*to = '\0';
	if (*text)
		return text;
	free(text);
	return NULL;
}

static bool is_on(const struct successor *s, const char *name)
{
	const char *value = name ? successor_config(s, name) : NULL;

	return value && !strcmp(value, "y");
}

int successor_command_line(struct successor *s, const char *given, const char **ret_cmdline)
{
	const struct kho_arch_cmdline *rule = s->arch ? &s->arch->cmdline : NULL;
	int error = 0;
	char *own = rule && (!rule->config_on || is_on(s, rule->config_on)) ?
		    config_text(s, "CMDLINE", &error) : NULL;

	free(s->cmdline);
	s->cmdline = own;
	*ret_cmdline = given;
	if (!own)
		return error;
	if (is_on(s, rule->config_forced) || (!rule->prepended && given && !*given)) {
		*ret_cmdline = own;
	} else if (rule->prepended && given) {
		if (asprintf(&s->cmdline, "%s %s", own, given) < 0)
			s->cmdline = NULL;
		free(own);
		*ret_cmdline = s->cmdline;
		return s->cmdline ? 0 : -ENOMEM;
	}
	return 0;
}
