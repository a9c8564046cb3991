/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One value of a snapshot at a time: of the right type, within its limit, or an
 * error that names its place ("$.memory.ranges: ...").  0, -EBADMSG or -ENOMEM.
 */
#ifndef MACHINE_SNAPSHOT_VALUE_H
#define MACHINE_SNAPSHOT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "base/json.h"
#include "machine/machine.h"

#define LISTED_LIMIT	4096	/* producers, nodes of one, regions, gaps */

/* Where the sources of a machine stand that did not come from a tree. */
#define SOURCE_BYTES	128

enum snapshot_source {
	SOURCE_SCRATCH, SOURCE_MEMORY, SOURCE_NODES, SOURCE_OUT, SOURCE_IN, SOURCE_PRESERVED,
	SOURCE_ARCH, SOURCE_CPUS,
	SOURCE_NR
};

struct snapshot_reading {
	struct machine *m;
	struct kho_err *err;
};

/* What kind of list of ranges it is. */
struct value_rules {
	uint64_t limit;		/* no end above this */
	bool ascending;		/* and without overlap */
	bool nodes;		/* each has one; else none has */
	bool nodes_optional;
};

/* Says what is wrong with the value at @at ("$.memory"), or with @key of it. */
int value_bad(const struct snapshot_reading *r, const char *at, const char *key, const char *what);

/* The value of @key; absent and null are the same: not known, NULL. */
int value_get(const struct snapshot_reading *r, struct json_object *o, const char *at,
	      const char *key, enum json_type type, struct json_object **value)
	__attribute__((warn_unused_result));

/* A copy of a string, printable; one with a NUL in it is refused. */
int value_copy(const struct snapshot_reading *r, struct json_object *value, const char *at,
	       const char *key, char **copy) __attribute__((warn_unused_result));

/* A copy of the string at @key; NULL where it is not there. */
int value_string(const struct snapshot_reading *r, struct json_object *o, const char *at,
		 const char *key, char **copy) __attribute__((warn_unused_result));

/* Into an array of @bytes; "" where it is not there. */
int value_name(const struct snapshot_reading *r, struct json_object *o, const char *at,
	       const char *key, char *name, size_t bytes) __attribute__((warn_unused_result));

/* Into the machine's source_texts; @source stays as it is where it is not there. */
int value_source(const struct snapshot_reading *r, struct json_object *o, const char *at,
		 const char *key, enum snapshot_source which, const char **source)
	__attribute__((warn_unused_result));

/* 0 where it is not there. */
int value_u64(const struct snapshot_reading *r, struct json_object *o, const char *at,
	      const char *key, uint64_t limit, uint64_t *number)
	__attribute__((warn_unused_result));

/* False where it is not there. */
int value_flag(const struct snapshot_reading *r, struct json_object *o, const char *at,
	       const char *key, bool *flag) __attribute__((warn_unused_result));

/* "start-end@node,...", which must be there. */
int value_ranges(const struct snapshot_reading *r, struct json_object *o, const char *at,
		 const char *key, const struct value_rules *rules, struct kho_ranges *ranges)
	__attribute__((warn_unused_result));

/* Array @key of @o, which may be absent: its length, and room for as many @things of @size. */
int value_start_list(const struct snapshot_reading *r, struct json_object *o, const char *at,
		     const char *key, size_t size, struct json_object **array, void **things)
	__attribute__((warn_unused_result));

/* The length of an array; 0 for NULL. */
size_t value_listed(struct json_object *array);

/* ---- machine/snapshot/handover-object.c ---- */

/* The "handover" object of @top. */
int snapshot_read_handover(const struct snapshot_reading *r, struct json_object *top)
	__attribute__((warn_unused_result));

/* ---- machine/snapshot/dma-object.c ---- */

void snapshot_put_dma(struct builder *b, struct json_object *to, const struct machine_dma *dma);

/* The "dma" object of @top. */
int snapshot_read_dma(const struct snapshot_reading *r, struct json_object *top)
	__attribute__((warn_unused_result));

#endif
