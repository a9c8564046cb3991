// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "machine/snapshot/value.h"

#define MAX_NODE	4095

int value_bad(const struct snapshot_reading *r, const char *at, const char *key, const char *what)
{
	return kho_fail(r->err, EBADMSG, "%s%s%s: %s", at, key ? "." : "", key ? key : "", what);
}

int value_get(const struct snapshot_reading *r, struct json_object *o, const char *at,
	      const char *key, enum json_type type, struct json_object **value)
{
	if (!json_object_object_get_ex(o, key, value))
		*value = NULL;
	if (*value && json_object_get_type(*value) != type) {
		char what[48];

		snprintf(what, sizeof(what), "not of type %s", json_type_to_name(type));
		return value_bad(r, at, key, what);
	}
	return 0;
}

/* What is behind it would be lost without a word. */
static bool has_nul(struct json_object *string)
{
	return strlen(json_object_get_string(string)) !=
	       (size_t)json_object_get_string_len(string);
}

int value_copy(const struct snapshot_reading *r, struct json_object *value, const char *at,
	       const char *key, char **copy)
{
	const char *text;

	if (!value || json_object_get_type(value) != json_type_string)
		return value_bad(r, at, key, "not of type string");
	text = json_object_get_string(value);
	if (has_nul(value))
		return value_bad(r, at, key, "a NUL in a string");
	*copy = strdup(text);
	if (!*copy)
		return -ENOMEM;
	kho_make_printable(*copy);
	return 0;
}

int value_string(const struct snapshot_reading *r, struct json_object *o, const char *at,
		 const char *key, char **copy)
{
	struct json_object *value;
	int ret = value_get(r, o, at, key, json_type_string, &value);

	*copy = NULL;
	return ret || !value ? ret : value_copy(r, value, at, key, copy);
}

int value_name(const struct snapshot_reading *r, struct json_object *o, const char *at,
	       const char *key, char *name, size_t bytes)
{
	char *text;
	int ret = value_string(r, o, at, key, &text);

	name[0] = '\0';
	if (!ret && text && strlen(text) >= bytes)
		ret = value_bad(r, at, key, "too long");
	if (!ret && text)
		strcpy(name, text);
	free(text);
	return ret;
}

int value_source(const struct snapshot_reading *r, struct json_object *o, const char *at,
		 const char *key, enum snapshot_source which, const char **source)
{
	char *text = r->m->source_texts + which * SOURCE_BYTES;
	int ret = value_name(r, o, at, key, text, SOURCE_BYTES);

	if (!ret && *text)
		*source = text;
	return ret;
}

int value_u64(const struct snapshot_reading *r, struct json_object *o, const char *at,
	      const char *key, uint64_t limit, uint64_t *number)
{
	struct json_object *value;
	int ret = value_get(r, o, at, key, json_type_int, &value);

	*number = 0;
	if (ret || !value)
		return ret;
	if (json_object_get_int64(value) < 0)
		return value_bad(r, at, key, "below 0");
	*number = json_object_get_uint64(value);
	return *number > limit ? value_bad(r, at, key, "too large") : 0;
}

int value_flag(const struct snapshot_reading *r, struct json_object *o, const char *at,
	       const char *key, bool *flag)
{
	struct json_object *value;
	int ret = value_get(r, o, at, key, json_type_boolean, &value);

	*flag = !ret && value && json_object_get_boolean(value);
	return ret;
}

/* "start-end" or "start-end@node", hexadecimal; @at ends up behind it. */
static bool parse_range(const char **at, struct kho_range *range)
{
	uint64_t node;

	range->node = KHO_NO_NODE;
	if (number_parse(at, 16, &range->start_pa) || *(*at)++ != '-' ||
	    number_parse(at, 16, &range->end_pa) || range->end_pa < range->start_pa)
		return false;
	if (**at != '@')
		return true;
	++*at;
	if (number_parse(at, 10, &node) || node > MAX_NODE)
		return false;
	range->node = (int)node;
	return true;
}

int value_ranges(const struct snapshot_reading *r, struct json_object *o, const char *at,
		 const char *key, const struct value_rules *rules, struct kho_ranges *ranges)
{
	struct json_object *value;
	uint64_t last = 0;
	const char *p;
	int ret = value_get(r, o, at, key, json_type_string, &value);

	if (ret || !value)
		return ret ? ret : value_bad(r, at, key, "absent");
	if (has_nul(value))
		return value_bad(r, at, key, "a NUL in a string");
	for (p = json_object_get_string(value); *p; p += *p == ',') {
		struct kho_range range;
		char what[64];

		snprintf(what, sizeof(what), "range %zu is not a range that can be", ranges->n + 1);
		if (!parse_range(&p, &range) || (*p && (*p != ',' || !p[1])) ||
		    range.end_pa > rules->limit || (rules->ascending && range.start_pa < last))
			return value_bad(r, at, key, what);
		if (!rules->nodes_optional && rules->nodes != (range.node != KHO_NO_NODE))
			return value_bad(r, at, key, what);
		last = range.end_pa;
		if (kho_ranges_add(ranges, range.start_pa, range.end_pa, range.node))
			return -ENOMEM;
	}
	return 0;
}

size_t value_listed(struct json_object *array)
{
	return array ? json_object_array_length(array) : 0;
}

int value_start_list(const struct snapshot_reading *r, struct json_object *o, const char *at,
		     const char *key, size_t size, struct json_object **array, void **things)
{
	int ret = value_get(r, o, at, key, json_type_array, array);
	size_t n = !ret && *array ? json_object_array_length(*array) : 0;

	*things = NULL;
	if (ret || !n)
		return ret;
	if (n > LISTED_LIMIT)
		return value_bad(r, at, key, "more than 4096 of them");
	*things = calloc(n, size);
	return *things ? 0 : -ENOMEM;
}
