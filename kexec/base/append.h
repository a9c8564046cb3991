/* SPDX-License-Identifier: GPL-2.0-only */
/* Records, one after the other, in a file that other processes append to as well. */
#ifndef BASE_APPEND_H
#define BASE_APPEND_H

#include <stddef.h>

/*
 * Append @record to what @where names: "-" is stdout, "fd:N" an open descriptor, anything else a
 * file, which is made, for its owner only, where there is none.
 *
 * A regular file holds all of the record or nothing of it, and not mixed with that of another
 * process that uses this function: it is locked meanwhile, cut back after a failure, and written
 * to the disk before this returns.  A pipe, a terminal or a socket gets the bytes in turn.
 *
 * Errors of open(), write() and fsync(); -EWOULDBLOCK: another process holds the lock, or the
 * reader takes nothing, for ten seconds; -EPIPE, without SIGPIPE, where no reader is left.
 */
int kho_append(const char *where, const char *record, size_t bytes)
	__attribute__((warn_unused_result));

/* The number of "fd:N"; -1 where @where is no such name. */
int kho_append_fd(const char *where);

#endif
