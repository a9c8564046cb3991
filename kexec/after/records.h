/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The folder of records: NUMBER.json, and NUMBER.verified.json once it was verified.  The number
 * only grows; a clock may go back.
 */
#ifndef AFTER_RECORDS_H
#define AFTER_RECORDS_H

#include "base/err.h"

/* The older ones are removed. */
#define KHO_RECORDS_KEPT	16

/*
 * @text as the newest record of folder @dir, on the disk; KHO_RECORDS_KEPT are left.  0, or errors of
 * mkdir(), open(), write(), fsync() and rename(); -ENOMEM.
 */
int records_add(const char *dir, const char *text, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * The newest record of folder @dir, and where its verification goes; the caller frees both.
 * -ENOENT: there is none; errors of opendir(); -ENOMEM.
 */
int kho_record_newest(const char *dir, char **path, char **verified, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * The record that --kho-verify=@path names: the file itself, whose verification is kept nowhere, or
 * the newest of a folder.  NULL, and no error: the folder has none, or is KHO_RECORDS and absent.
 * Errors of stat() and kho_record_newest().
 */
int kho_record_find(const char *path, char **ret_record, char **ret_verified, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
