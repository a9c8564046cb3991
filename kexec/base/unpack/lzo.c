// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lzop file format, as lib/decompress_unlzo.c in the kernel reads it: a
 * header, then blocks of two big-endian lengths, optional checksums and data, up
 * to a block of length 0.  The checksums are not checked, as in the kernel.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <lzo/lzo1x.h>

#include "base/unpack/unpack.h"

#define MAGIC_BYTES 9
#define HEADER_HAS_LEVEL 0x0940		/* the version from which on these fields are there */
#define BLOCK_BYTES (64 << 20)

enum {
	FLAG_ADLER32_OUT = 1 << 0,
	FLAG_ADLER32_IN = 1 << 1,
	FLAG_EXTRA_FIELD = 1 << 6,
	FLAG_CRC32_OUT = 1 << 8,
	FLAG_CRC32_IN = 1 << 9,
	FLAG_FILTER = 1 << 11,
};

/* A length, so many bytes, a checksum. */
static int skip_extra_field(struct cursor *c)
{
	uint32_t size;

	return cursor_u32(c, &size) ?: cursor_skip(c, size) ?: cursor_skip(c, 4);
}

static int read_lzop_header(struct cursor *c, uint32_t *flags)
{
	uint16_t version;
	uint8_t method, name;
	bool new;

	if (cursor_skip(c, MAGIC_BYTES) || cursor_u16(c, &version) || cursor_skip(c, 2))
		return -ERANGE;
	new = version >= HEADER_HAS_LEVEL;
	if (cursor_skip(c, new ? 2 : 0) || cursor_u8(c, &method) || cursor_skip(c, new ? 1 : 0) ||
	    cursor_u32(c, flags) || cursor_skip(c, *flags & FLAG_FILTER ? 4 : 0) ||
	    cursor_skip(c, new ? 12 : 8) ||	/* mode, times */
	    cursor_u8(c, &name) || cursor_skip(c, name) || cursor_skip(c, 4))
		return -ERANGE;
	return *flags & FLAG_EXTRA_FIELD ? skip_extra_field(c) : 0;
}

static size_t checksum_bytes(uint32_t flags, bool stored)
{
	size_t n = !!(flags & FLAG_ADLER32_OUT) + !!(flags & FLAG_CRC32_OUT);

	if (!stored)
		n += !!(flags & FLAG_ADLER32_IN) + !!(flags & FLAG_CRC32_IN);
	return n * 4;
}

static int unpack_block(struct unpack *job, struct kho_bytes in, uint32_t size)
{
	struct kho_buffer *out = job->out;
	lzo_uint got = size;
	int ret;

	ret = unpack_room(job, size);
	if (ret)
		return ret;
	if (out->cap - out->size < size)
		return unpack_too_big(job);
	if (in.size == size)
		memcpy(out->data + out->size, in.data, size);
	else if (lzo1x_decompress_safe(in.data, in.size, out->data + out->size, &got, NULL) !=
			 LZO_E_OK || got != size)
		return unpack_damaged(job, "a block");
	out->size += size;
	return 0;
}

int unpack_lzo(struct unpack *job)
{
	struct cursor c = cursor_init(job->in);
	uint32_t flags, out_bytes, in_bytes;
	struct kho_bytes in;
	int ret;

	c.big_endian = true;
	if (read_lzop_header(&c, &flags))
		return unpack_damaged(job, "the header");
	for (;;) {
		if (cursor_u32(&c, &out_bytes))
			return unpack_damaged(job, "the stream does not end");
		if (!out_bytes)
			return 0;
		if (out_bytes > BLOCK_BYTES || cursor_u32(&c, &in_bytes) || in_bytes > out_bytes ||
		    cursor_skip(&c, checksum_bytes(flags, in_bytes == out_bytes)) ||
		    cursor_bytes(&c, in_bytes, &in))
			return unpack_damaged(job, "a block's header");
		ret = unpack_block(job, in, out_bytes);
		if (ret)
			return ret;
	}
}
