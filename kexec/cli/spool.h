/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine that can be read once only: stdin, a pipe. */
#ifndef CLI_SPOOL_H
#define CLI_SPOOL_H

#include <stdbool.h>

#include "base/err.h"

/* Is @path "-", or something that is read once only? */
bool kho_reads_once(const char *path);

/*
 * Keep what such a @path holds, a snapshot or a tarball, in memory: *@ret_kept, for free(), is a
 * path to it which can be opened any number of times, for as long as this process lives.
 * -EFBIG: more than a tarball may have when it is unpacked; -EBADMSG and the like: there is no
 * machine in it; errors of open() and read(); -ENOMEM.  @err names @path, or stdin.
 */
int kho_spool(const char *path, char **ret_kept, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
