/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel as one line of JSON: all that is read of an image, so that the line stands for it
 * where the image is not at hand, or takes too long to read.  doc/kernel-schema.md describes it.
 */
#ifndef SUCCESSOR_SAVED_SAVED_H
#define SUCCESSOR_SAVED_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "successor/claims/claims.h"

#define SAVED_VERSION		1

/* Nothing larger is read; a kernel has some six KiB. */
#define SAVED_LIMIT_BYTES	(256u << 10)

/*
 * The line for @s, ending in a newline; the caller frees *@ret_line.  @s has its image and its
 * file, and no claim of KHO_SRC_GIVEN, which says nothing of them.  It was read back: what
 * saved_parse() would refuse is not written.  -EBADMSG, -EFBIG: its reasons; -ENOMEM.
 */
int saved_write(const struct successor *s, char **ret_line, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * Read the line in @text, which is not trusted, into @s.  On success @s is to be given to
 * successor_deinit(); else it is as successor_init() leaves it.
 * -EBADMSG: no JSON, no saved kernel, or an impossible one: @err names the place in it;
 * -ENOTSUP: of a later version; -EFBIG; -ENOMEM.
 */
int saved_parse(const char *text, size_t bytes, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The same of a file; also errors of open() and pread().  @err names the file. */
int saved_read(const char *path, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The same of an open file, which @err does not name. */
int saved_read_fd(int fd, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

/* Does file @path begin as facts do, and as no image does?  False where it can't be read. */
bool saved_is(const char *path);

#endif
