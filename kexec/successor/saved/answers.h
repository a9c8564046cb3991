/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answers of a saved kernel: what stands in place of its image.  A question that is not
 * among them is unknown.
 */
#ifndef SUCCESSOR_SAVED_ANSWERS_H
#define SUCCESSOR_SAVED_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "base/tri.h"
#include "successor/versions.h"

/* Objects of the one that was read, which holds them; NULL: none of these was asked. */
struct successor_answers {
	struct json_object *all;
	const char *kind;
	struct json_object *strings, *functions, *parameters;	/* name: true, false or null */
	struct json_object *config;	/* name: text; NULL: the image has none */
	struct json_object *sizes, *initial;	/* name: number or null */
	/* Each text of the image that is one, in its order; true: between two NULs. */
	struct json_object *formats;
};

/* Of strings, functions, parameters. */
enum kho_tri answers_tri(struct json_object *of, const char *name);

/* NULL: not asked, or the image has none. */
const char *answers_config(const struct successor_answers *answers, const char *name);

/* Of sizes, initial.  -ENOENT. */
int answers_number(struct json_object *of, const char *name, uint64_t *number)
	__attribute__((warn_unused_result));

/*
 * Can @text, of @len bytes, be the format of something that is handed over, as far as saved
 * facts are concerned?  Letters, digits and "-_,./", which end in -v or _v and a number.  They
 * have all of an image, so that of such a text, and of no other, they can say no.
 */
bool answers_is_format(const char *text, size_t len);

/* UNKNOWN: no format, or the formats were not saved. */
enum kho_tri answers_format(const struct successor_answers *answers, const char *text);

/* As successor_versions(). */
void answers_versions(const struct successor_answers *answers, const char *prefix,
		      struct successor_versions *versions);

/* NULL is allowed. */
void answers_free(struct successor_answers *answers);

#endif
