/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that is known of each producer: a table of functions in one file.
 *
 * To add one: a file here, its line in producers.def, its name in Makefile.inc.  A producer
 * that is not known, or known by name only, needs none of the functions: its formats are
 * read wherever its blob is a device tree, and looked up in the successor's image.
 * No row lists formats: which ones are read is what the image says, not a table.
 *
 * This header stands below the machine, which reads, saves and loads by the table; a
 * producer's file stands beside the check, which judges by it (doc/design.md).
 */
#ifndef PRODUCERS_PRODUCER_H
#define PRODUCERS_PRODUCER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cursor.h"

struct builder;			/* base/json.h */
struct handover_producer;	/* machine/handover/handover.h */
struct json_object;
struct kcore;			/* machine/kcore.h */
struct kho_err;			/* base/err.h */
struct machine_handover;	/* machine/handover/handover.h */
struct producer_case;		/* producers/judge.h */
struct producer_unread;		/* producers/judge.h */
struct snapshot_reading;	/* machine/snapshot/value.h */

/* Each member but the name may be left out. */
struct producer {
	const char *name;	/* under which it registers: kho_add_subtree() */

	/* " (what it hands over)", for messages about a blob that is not understood. */
	const char *about;

	/* What it hands over is nothing of a user's: not judged, and no loss. */
	bool is_housekeeping;

	/* ---- reading: 0, -ENOMEM, or -EBADMSG, and then the blob is read in part ---- */

	/* One node of a blob that is a device tree; the root has depth 0. */
	int (*read_node)(struct handover_producer *p, int depth, const char *name);

	/* A blob that is no device tree. */
	int (*read_blob)(struct kho_bytes blob, struct handover_producer *p, struct kho_err *err);

	/* A blob that the kernel before this one handed over.  0 or -ENOMEM. */
	int (*read_incoming)(struct kho_bytes blob, struct machine_handover *h);

	/* What the running kernel's image tells of an outgoing blob.  0 or -ENOMEM. */
	int (*read_kernel)(const struct kcore *core, struct handover_producer *p);

	/* p->state, which these functions own. */
	void (*free_state)(void *state);

	/* ---- snapshots (doc/machine-schema.md) ---- */

	/*
	 * What the functions above read, into @to and out of it (at @at, "$.handover...").
	 * @to is the producer's object; with state_beside the one around all producers, and
	 * then @p may be NULL for load(), which only checks the values.
	 */
	bool state_beside;
	void (*save)(struct builder *b, struct json_object *to, const struct handover_producer *p);
	int (*load)(const struct snapshot_reading *r, struct json_object *from, const char *at,
		    struct handover_producer *p);

	/* ---- the check ---- */

	/* Does it depend on the successor's command line?  NULL: no. */
	bool (*wants_cmdline)(const struct handover_producer *p);

	/* What a format means that the successor lacks; without judge(). */
	const struct producer_unread *unread;

	/* Judge a blob that names a format, in place of the rule of @unread.  0 or -ENOMEM. */
	int (*judge)(const struct producer_case *c);
};

#define PRODUCER(name) extern const struct producer producer_##name;
#include "producers/producers.def"
#undef PRODUCER

/* All of them, from 0 on; NULL behind the last. */
const struct producer *producer_at(size_t nr);

/* NULL: not known. */
const struct producer *producer_by_name(const char *name);

#endif
