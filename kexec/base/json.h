/* SPDX-License-Identifier: GPL-2.0-only */
/* Making JSON with json-c: what failed on the way shows once, at the end. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

#include "base/range.h"
#include "base/tri.h"

/*
 * json-c reports that it ran out of memory only by a NULL; a report that
 * lost a part would read as "null", which means unknown.  So: all or nothing.
 */
struct builder {
	bool failed;
};

static inline struct json_object *made(struct builder *b, struct json_object *o)
{
	if (!o)
		b->failed = true;
	return o;
}

static inline void put(struct builder *b, struct json_object *to, const char *key,
		       struct json_object *value)
{
	if (!to || json_object_object_add(to, key, value)) {
		b->failed = true;
		json_object_put(value);
	}
}

static inline void push(struct builder *b, struct json_object *to, struct json_object *value)
{
	if (!to || json_object_array_add(to, value)) {
		b->failed = true;
		json_object_put(value);
	}
}

static inline void put_u64(struct builder *b, struct json_object *to, const char *key,
			   uint64_t value)
{
	put(b, to, key, made(b, json_object_new_uint64(value)));
}

static inline void put_int(struct builder *b, struct json_object *to, const char *key, int value)
{
	put(b, to, key, made(b, json_object_new_int(value)));
}

static inline void put_bool(struct builder *b, struct json_object *to, const char *key, bool value)
{
	put(b, to, key, made(b, json_object_new_boolean(value)));
}

/* Unknown is null. */
static inline void put_tri(struct builder *b, struct json_object *to, const char *key,
			   enum kho_tri tri)
{
	if (tri == KHO_TRI_UNKNOWN)
		put(b, to, key, NULL);
	else
		put_bool(b, to, key, tri == KHO_TRI_YES);
}

/* KHO_NO_NODE is null. */
static inline void put_node(struct builder *b, struct json_object *to, const char *key, int node)
{
	if (node == KHO_NO_NODE)
		put(b, to, key, NULL);
	else
		put_int(b, to, key, node);
}

/* NULL and "" are unknown. */
static inline void put_string(struct builder *b, struct json_object *to, const char *key,
		       const char *value)
{
	put(b, to, key, value && *value ? made(b, json_object_new_string(value)) : NULL);
}

#endif
