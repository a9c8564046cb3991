/* SPDX-License-Identifier: GPL-2.0-only */
/* What the gate works by: the command line fills it in, and the gate only reads it. */
#ifndef GATE_POLICY_H
#define GATE_POLICY_H

#include <stdbool.h>

#include "finding/finding.h"
#include "model/areas.h"

enum kho_mode {
	KHO_MODE_CHECK,		/* warn and load */
	KHO_MODE_STRICT,	/* refuse on fail and unknown */
	KHO_MODE_STRICT_WARN,	/* refuse on warn too */
	KHO_MODE_REPORT,	/* a report; nothing is loaded */
};

enum kho_format {
	KHO_FORMAT_TEXT,
	KHO_FORMAT_JSON,
	KHO_FORMAT_MAP,
	KHO_FORMAT_HTML,
	KHO_FORMAT_PROMETHEUS,
};

/* A successor without a loader.  Strings are the caller's. */
struct kho_image_spec {
	const char *path;		/* NULL: the saved facts stand for it */
	const char *initrd;		/* "none": there is none; NULL: not known */
	const char *append;		/* its command line; NULL: not given */
};

/* All strings are the caller's, and stay as long as the gate. */
struct kho_policy {
	enum kho_mode mode;
	enum kho_format format;		/* of a report */
	const char *machine;		/* a tree or a snapshot; "/" for this machine */
	const char *describe;		/* the machine in words instead; NULL */
	bool suppose;			/* the areas are those of setting */
	struct boot_setting setting;
	const char *vmcoreinfo;		/* a file with the successor's; NULL: not given */
	const char *kernel;		/* saved facts of the successor; NULL: not given */
	struct kho_image_spec image;	/* all NULL: the successor is what a loader loads, or saved */
	char **words;			/* of the command line, for the report; without argv[0] */
	int nr_words;
	bool verbose;			/* of a text: all that is known */
	bool ignore[KHO_F_NR];		/* findings that are accepted */
	unsigned int rehearse_seconds;	/* that a rehearsal may take; 0: none is made */
	const char *rehearse_log;	/* a file for the guest's console; NULL: not wanted */
	const char *record;		/* the folder that keeps what is let through; NULL: none */
	const char *log;		/* where each decision goes: a file, "-", "fd:N"; or NULL */
	bool journal;			/* and to the journal */
	bool quiet;			/* say nothing of a load that is ok */
	unsigned int headroom_percent;	/* that an advised kho_scratch= leaves free, 0 to 100 */
};

/* "check", "strict", "strict=warn", "report" (decision-log.c) */
const char *kho_mode_name(enum kho_mode mode);

/* Is a load with this verdict refused? */
static inline bool kho_mode_refuses(enum kho_mode mode, enum kho_severity verdict)
{
	return (mode == KHO_MODE_STRICT && verdict >= KHO_UNKNOWN) ||
	       (mode == KHO_MODE_STRICT_WARN && verdict >= KHO_WARN);
}

#endif
