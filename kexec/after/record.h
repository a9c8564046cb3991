/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the gate let through, kept for the kernel that comes next: one JSON file a load,
 * doc/after.md describes it.
 */
#ifndef AFTER_RECORD_H
#define AFTER_RECORD_H

#include "base/err.h"
#include "report/report.h"

/* Of the records; it is raised when a key changes its meaning. */
#define KHO_RECORD_SCHEMA	1

/* Nothing larger is read; a machine of 32 nodes has 400 KiB. */
#define KHO_RECORD_LIMIT_BYTES	(32u << 20)

struct kho_record {
	const struct kho_report *report;
	const char *root;		/* of the machine: its boot id is there; a snapshot has none */
	const char *mode;		/* "check", "strict", "strict=warn", "report" */
	const char *cmdline;		/* that is loaded; NULL: not known */
	uint64_t initrd_bytes;		/* 0: none, or not known */
};

/*
 * Write @record into folder @dir, which is made where only its last part is missing: all of it
 * or nothing, for its owner only, on the disk when this returns.
 * Errors of mkdir(), open(), write(), fsync() and rename(); -EFBIG; -ENOMEM.
 */
int kho_record_save(const char *dir, const struct kho_record *record, struct kho_err *err)
	__attribute__((warn_unused_result));

/* Hexadecimal digits of a build id, and a NUL. */
#define KHO_BUILD_ID_TEXT	41

/* @id as text; "" where there is none. */
struct kho_bytes;
void kho_build_id_text(const struct kho_bytes *id, char text[KHO_BUILD_ID_TEXT]);

/* The boot id of the machine whose files stand below @root; "" where it is not there. */
#define KHO_BOOT_ID_TEXT	40
void kho_boot_id(const char *root, char text[KHO_BOOT_ID_TEXT]);

#endif
