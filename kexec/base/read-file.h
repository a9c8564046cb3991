/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BASE_READ_FILE_H
#define BASE_READ_FILE_H

#include "base/err.h"
#include "base/unpack/unpack.h"

/*
 * All of the regular file (or memfd) behind @fd, by pread(): its offset stays.
 * -EINVAL: a directory, pipe or device; -EFBIG: more than @limit_bytes; -ENOMEM;
 * what pread() says.  On an error @out is empty.
 */
int read_file(int fd, uint64_t limit_bytes, struct kho_buffer *out, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * @bytes at @offset of it, less where the file ends before.  @bytes is the caller's
 * limit.  Errors of pread(); -ENOMEM.
 */
int read_file_part(int fd, uint64_t offset, uint64_t bytes, struct kho_buffer *out,
		   struct kho_err *err) __attribute__((warn_unused_result));

#endif
