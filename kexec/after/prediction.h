/* SPDX-License-Identifier: GPL-2.0-only */
/* What a record says was to come: read back from its file, which is not trusted. */
#ifndef AFTER_PREDICTION_H
#define AFTER_PREDICTION_H

#include <json-c/json.h>

#include "after/record.h"
#include "after/seen.h"
#include "successor/claims/fact.h"

enum predicted {
	PREDICTED_UNKNOWN,	/* the check left it open */
	PREDICTED_UP,		/* it comes up and takes the handover */
	PREDICTED_LOST,		/* it comes up without */
	PREDICTED_DIES,
	PREDICTED_LOAD_FAILS,
};

/* "up", "lost", ...: for the JSON; and for people. */
const char *predicted_key(enum predicted predicted);
const char *predicted_text(enum predicted predicted);

struct prediction {
	char path[256];			/* of the record */
	char time[32];
	char boot_id[KHO_BOOT_ID_TEXT];
	char mode[16];
	char verdict[16];
	char release[128];		/* of the successor; "" not known */
	char build_id[KHO_BUILD_ID_TEXT];
	const char *cmdline;		/* that was loaded; NULL: not known */
	struct machine machine;		/* that loaded it */

	enum predicted outcome;
	bool at_worst;			/* of the worst of many places: it may be better */
	bool has_things;		/* the boot was followed, and comes up */
	struct seen_things things;
	struct json_object *record;	/* all of it; findings, advice and producers are in here */
	unsigned int facts;		/* a bit for each that is known */
	uint64_t fact[KHO_FACT_NR];
};

/*
 * On success prediction_deinit() ends it.  -EBADMSG: no record, or one that contradicts itself;
 * -ENOTSUP: of a later version; -EFBIG; errors of open() and read(); -ENOMEM.
 */
int prediction_read(const char *path, struct prediction *p, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The same of JSON that was read already; it passes to @p. */
int prediction_init(struct json_object *record, struct prediction *p, struct kho_err *err)
	__attribute__((warn_unused_result));

void prediction_deinit(struct prediction *p);

/* The value below @o at keys that end in NULL; NULL: not there. */
struct json_object *json_at(struct json_object *o, ...) __attribute__((sentinel));

/* Its text; "" where it is none. */
const char *json_text(struct json_object *o);

/* Has the report this finding, overruled by nothing? */
bool prediction_has(const struct prediction *p, enum kho_finding_id id);

/* The fate of producer @name ("arrives", "lost", ...); NULL: it hands nothing over. */
const char *prediction_fate(const struct prediction *p, const char *name);

#endif
