// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/area-parameter.h"
#include "kernel/formats.h"

/* Each "WAS=" of @text becomes "NOW=". */
static int rename_in(char **text, const char *was, const char *now)
{
	size_t len = strlen(was);
	char *at = strstr(*text, was);

	while (at && at[len] != '=')
		at = strstr(at + len, was);
	if (at) {
		char *rest = at + len, *renamed;

		if (asprintf(&renamed, "%.*s%s%s", (int)(at - *text), *text, now, rest) < 0)
			return -ENOMEM;
		free(*text);
		*text = renamed;
		/* No name is part of another: the next one is looked for from the start. */
		return rename_in(text, was, now);
	}
	return 0;
}

int kho_name_area_parameter(struct kho_findings *findings, const char *parameter)
{
	const char *was = kho_area_names[0].parameter;
	int ret = 0;

	if (!strcmp(parameter, was))
		return 0;
	for (size_t i = 0; i < findings->n && !ret; i++)
		if (findings->f[i].remedy)
			ret = rename_in(&findings->f[i].remedy, was, parameter);
	return ret;
}
