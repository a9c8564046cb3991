/* SPDX-License-Identifier: GPL-2.0-only */
/* Read from another process: a loader that waits in a syscall. */
#ifndef GATE_REMOTE_H
#define GATE_REMOTE_H

#include <stdint.h>
#include <sys/types.h>

/*
 * A copy of descriptor @fd of task @tid, any thread, out of that thread's own table.  It
 * shares the open file, so don't move its offset; before Linux 6.9, that of a thread which
 * is not its process' first is opened anew.
 * -EBADF: there is none; -EOPNOTSUPP: before Linux 6.9, no regular file; other errors of
 * pidfd_open(), pidfd_getfd() and open().
 */
int remote_fd(pid_t tid, int fd) __attribute__((warn_unused_result));

/*
 * The @bytes of text at @address of task @tid, NUL-terminated; the caller frees
 * *@ret_text.  -E2BIG: more than @limit_bytes; -EFAULT: not there; other errors of open() and
 * pread() of its /proc/TID/mem; -ENOMEM.
 */
int remote_text(pid_t tid, uint64_t address, uint64_t bytes, uint64_t limit_bytes,
		char **ret_text) __attribute__((warn_unused_result));

/*
 * End the process of thread @tid and every process between it and its ancestor @top, the
 * ancestor first, so that none of them sees another's end.  Where @top is no
 * ancestor of it any more (a daemon that was given another parent), these two alone.
 */
void remote_kill_line(pid_t top, pid_t tid);

#endif
