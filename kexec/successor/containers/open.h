/* SPDX-License-Identifier: GPL-2.0-only */
/* Down through all containers, to the kernel itself. */
#ifndef SUCCESSOR_CONTAINERS_OPEN_H
#define SUCCESSOR_CONTAINERS_OPEN_H

#include "base/err.h"
#include "base/unpack/unpack.h"
#include "successor/claims/claims.h"

/* Neither more containers one in the other are opened, nor is more unpacked. */
#define OPEN_MAX_DEPTH		6
#define OPEN_MAX_UNPACKED	2

/*
 * Open all containers in the file behind @fd; note what their headers say in @s, and
 * set s->image.  Of a container that can be read in parts only these are read, and the
 * file may be larger than SUCCESSOR_FILE_LIMIT_BYTES.  Errors as successor_read_fd().
 */
int open_fd(int fd, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The same of bytes in memory, which pass to the image in any case. */
int open_buffer(struct kho_buffer *file, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
