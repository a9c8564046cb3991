/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decompression, each format through its own library, all with one limit.
 */
#ifndef BASE_UNPACK_UNPACK_H
#define BASE_UNPACK_UNPACK_H

#include "base/err.h"
#include "base/cursor.h"

/* Bytes of ours.  All zeros is an empty one; kho_buffer_deinit() frees it. */
struct kho_buffer {
	uint8_t *data;
	size_t size;
	size_t cap;
};

void kho_buffer_deinit(struct kho_buffer *buffer);

/* One decompression: what a format's decoder works on. */
struct unpack {
	struct kho_bytes in;		/* from the first byte of a stream on */
	size_t used;			/* of it: the decoder says where its stream ended */
	struct kho_buffer *out;		/* the decoder appends to it */
	uint64_t limit_bytes;		/* of out->size */
	struct kho_err *err;
};

struct unpack_format {
	const char *name;
	const char *magic;
	size_t magic_bytes;
	const char *library;		/* what a build without decode() lacks */
	const char *configure;		/* and the switch that brings it */
	bool frames;			/* streams may follow one another; decode() says used */
	int (*decode)(struct unpack *job);
};

/* The format whose magic @in starts with; NULL: none of ours. */
const struct unpack_format *unpack_by_magic(struct kho_bytes in);

/*
 * Decompress the stream that @in starts with, and those of the same format that follow
 * it, into @out, which is empty; what follows them is ignored.  @expected_bytes is what the container says the
 * result is, 0 when it doesn't: a hint for the first allocation, not believed; only
 * larger than that the result can't be.
 * -EINVAL: damaged; -EFBIG: larger than @limit_bytes; -ENOTSUP: this build lacks
 * the library; -ENOMEM.  On an error @out is empty again.
 */
int unpack(const struct unpack_format *format, struct kho_bytes in, uint64_t expected_bytes,
	   uint64_t limit_bytes, struct kho_buffer *out, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * For the decoders: make room for at least one and, where the limit allows, for
 * @bytes more bytes behind job->out->size.  0, -EFBIG or -ENOMEM, with a message.
 */
int unpack_room(struct unpack *job, size_t bytes) __attribute__((warn_unused_result));

/* For the decoders: the message of a stream that passes the limit; returns -EFBIG. */
int unpack_too_big(struct unpack *job);

/* For the decoders: the message of a damaged stream; returns -EINVAL. */
int unpack_damaged(struct unpack *job, const char *what);

int unpack_gzip(struct unpack *job);
int unpack_bzip2(struct unpack *job);
int unpack_lzma(struct unpack *job);
int unpack_xz(struct unpack *job);
int unpack_lzo(struct unpack *job);
int unpack_lz4(struct unpack *job);
int unpack_zstd(struct unpack *job);

#endif
