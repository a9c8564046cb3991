/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GATE_READ_KERNEL_H
#define GATE_READ_KERNEL_H

#include "base/err.h"
#include "gate/policy.h"
#include "successor/saved/saved.h"
#include "successor/successor.h"

/*
 * Read the kernel in the file behind @fd: by the facts that policy->kernel names where they
 * are of this very file, by its SHA-256; else by the file itself, and other_facts is set.
 * @fd -1: there is no file, and the facts stand for it.
 * On success @s is to be given to successor_deinit().
 * Errors of successor_read_fd(), saved_read() and pread().
 */
int gate_read_kernel(const struct kho_policy *policy, int fd, struct successor *s,
		     struct kho_err *why) __attribute__((warn_unused_result));

/*
 * Read the image in file @path, and s->file.  -EBUSY: it changed
 * meanwhile; errors of open(), pread() and successor_read_fd().  @why names the file.
 */
int gate_read_whole(const char *path, struct successor *s, struct kho_err *why)
	__attribute__((warn_unused_result));

#endif
