// SPDX-License-Identifier: GPL-2.0-only
/*
 * The legacy LZ4 frame that lz4 -l writes: a magic, then blocks, each a 32-bit
 * length and so many bytes that unpack to at most 8 MiB.  There is no end mark;
 * lib/decompress_unlz4.c in the kernel reads until its input is used up.
 */
#include "config.h"

#include <lz4.h>

#include "base/unpack/unpack.h"

#define LEGACY_MAGIC 0x184c2102
#define BLOCK_BYTES (8 << 20)

static int unpack_block(struct unpack *job, struct kho_bytes block)
{
	struct kho_buffer *out = job->out;
	size_t room;
	int ret, got;

	ret = unpack_room(job, BLOCK_BYTES);
	if (ret)
		return ret;
	room = out->cap - out->size < BLOCK_BYTES ? out->cap - out->size : BLOCK_BYTES;
	got = LZ4_decompress_safe((const char *)block.data, (char *)out->data + out->size,
				  block.size, room);
	if (got < 0 && room < BLOCK_BYTES)
		return unpack_too_big(job);
	if (got < 0)
		return unpack_damaged(job, "a block");
	out->size += got;
	return 0;
}

int unpack_lz4(struct unpack *job)
{
	struct cursor c = cursor_init(job->in);
	struct kho_bytes block;
	uint32_t size;
	int ret;

	while (cursor_left(&c)) {
		if (cursor_u32(&c, &size))
			return unpack_damaged(job, "a block's length");
		if (size == LEGACY_MAGIC)
			continue;
		if (size > LZ4_COMPRESSBOUND(BLOCK_BYTES) || cursor_bytes(&c, size, &block))
			return unpack_damaged(job, "a block ends behind the payload");
		ret = unpack_block(job, block);
		if (ret)
			return ret;
	}
	return 0;
}
