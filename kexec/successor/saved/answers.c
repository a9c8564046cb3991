// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "successor/image/image.h"
#include "successor/saved/answers.h"

enum kho_tri answers_tri(struct json_object *of, const char *name)
{
	struct json_object *answer;

	if (!json_object_object_get_ex(of, name, &answer) || !answer)
		return KHO_TRI_UNKNOWN;
	return json_object_get_boolean(answer) ? KHO_TRI_YES : KHO_TRI_NO;
}

const char *answers_config(const struct successor_answers *answers, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(answers->config, name, &value) && value ?
	       json_object_get_string(value) : NULL;
}

int answers_number(struct json_object *of, const char *name, uint64_t *number)
{
	struct json_object *value;

	if (!json_object_object_get_ex(of, name, &value) || !value)
		return -ENOENT;
	*number = json_object_get_uint64(value);
	return 0;
}

bool answers_is_format(const char *text, size_t len)
{
	size_t prefix = len;

	while (prefix && isdigit((unsigned char)text[prefix - 1]))
		prefix--;
	if (prefix == len || prefix < 3 || text[prefix - 1] != 'v' ||
	    (text[prefix - 2] != '-' && text[prefix - 2] != '_'))
		return false;
	for (size_t i = 0; i < prefix; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("-_,./", text[i]))
			return false;
	return true;
}

enum kho_tri answers_format(const struct successor_answers *answers, const char *text)
{
	struct json_object *alone;

	if (!answers->formats || !answers_is_format(text, strlen(text)))
		return KHO_TRI_UNKNOWN;
	return json_object_object_get_ex(answers->formats, text, &alone) &&
	       json_object_get_boolean(alone) ? KHO_TRI_YES : KHO_TRI_NO;
}

void answers_versions(const struct successor_answers *answers, const char *prefix,
		      struct successor_versions *versions)
{
	struct json_object_iterator at, end;

	*versions = (struct successor_versions){ .n = 0 };
	if (!answers->formats)
		return;
	at = json_object_iter_begin(answers->formats);
	end = json_object_iter_end(answers->formats);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		const char *text = json_object_iter_peek_name(&at);

		if (strlen(text) < IMAGE_SHORT_TEXT_BYTES && !strncmp(text, prefix, strlen(prefix)))
			successor_keep_version(text + strlen(prefix), versions);
	}
}

void answers_free(struct successor_answers *answers)
{
	if (answers)
		json_object_put(answers->all);
	free(answers);
}
