/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one way in which output leaves this program: what did not reach its file is
 * an error, also where stdio gave it up long before the last flush.
 *
 * A reader that went away ends this program by SIGPIPE; where that is ignored, it
 * is -EPIPE here.
 */
#ifndef BASE_OUTPUT_H
#define BASE_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

/*
 * Flush @f.  A negative errno of write(); -EIO where a part was lost before and
 * stdio did not keep why.
 */
int kho_output_flush(FILE *f) __attribute__((warn_unused_result));

/* All of @data into @f, and flush it.  As kho_output_flush(). */
int kho_output_write(FILE *f, const char *data, size_t bytes) __attribute__((warn_unused_result));

/*
 * The end of @f.  As kho_output_flush(), and errors of close(): a disk on the
 * network may tell only then that it is full.  A closed descriptor that nothing
 * was written to is no error.
 */
int kho_output_close(FILE *f) __attribute__((warn_unused_result));

/* An errno of these for people: stdio may have kept no more than that a write failed. */
const char *kho_output_strerror(int error);

/* All of @data to @fd, for which nothing else is buffered.  0 or a negative errno of write(). */
int kho_output_write_fd(int fd, const void *data, size_t bytes) __attribute__((warn_unused_result));

/*
 * @text as file @path: all of it or nothing, for its owner only.  "-" is stdout;
 * what is there and no regular file is written into.
 * Errors of open(), write(), close() and rename(); -ENOMEM.
 */
int kho_output_save(const char *path, const char *text) __attribute__((warn_unused_result));

#endif
