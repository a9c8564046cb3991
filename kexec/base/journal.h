/* SPDX-License-Identifier: GPL-2.0-only */
/* systemd's journal: by libsystemd where the build has it, otherwise in the journal's protocol. */
#ifndef BASE_JOURNAL_H
#define BASE_JOURNAL_H

#include <stddef.h>
#include <sys/uio.h>

#define KHO_JOURNAL_SOCKET	"/run/systemd/journal/socket"

/*
 * One entry.  Each of @field is "NAME=value", and its value may hold newlines; a name may come
 * more than once.  Errors of connect() and sendmsg(): -ENOENT, -ECONNREFUSED: no journal runs
 * here; -ENOMEM.
 */
int kho_journal_send(const struct iovec *field, size_t nr) __attribute__((warn_unused_result));

#endif
