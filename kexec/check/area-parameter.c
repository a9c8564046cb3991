// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/area-parameter.h"
#include "kernel/formats.h"

/* Each @was of @text becomes @now, which does not hold it: the next is looked for from the start. */
static int rename_in(char **text, const char *was, const char *now)
{
	const char *at = strstr(*text, was);
	char *renamed;

	if (!at)
		return 0;
	if (asprintf(&renamed, "%.*s%s%s", (int)(at - *text), *text, now, at + strlen(was)) < 0)
		return -ENOMEM;
	free(*text);
	*text = renamed;
	return rename_in(text, was, now);
}

int kho_speak_of(const struct machine *m, struct kho_findings *findings)
{
	char was[32], now[32];
	int ret = 0;

	snprintf(was, sizeof(was), "%s=", kho_area_names[0].parameter);
	snprintf(now, sizeof(now), "%s=", machine_area_parameter(m));
	for (size_t i = 0; i < findings->n && !ret; i++) {
		char **remedy = &findings->f[i].remedy;

		if (*remedy && strcmp(was, now))
			ret = rename_in(remedy, was, now);
		if (*remedy && !ret && m->elsewhere)
			ret = rename_in(remedy, "this machine", "that machine");
	}
	return ret;
}
