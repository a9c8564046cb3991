/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one way in which bytes of an image, a note or a table are read.
 *
 * A cursor never leaves its bytes, and an error never moves it: after a failed
 * call it stands where it stood.  Every reader returns 0 or -ERANGE.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that somebody else owns. */
struct kho_bytes {
	const uint8_t *data;
	size_t size;
};

struct cursor {
	struct kho_bytes bytes;
	size_t pos;		/* <= bytes.size */
	bool big_endian;
};

/* At the first byte of @bytes, little-endian. */
struct cursor cursor_init(struct kho_bytes bytes);

static inline size_t cursor_left(const struct cursor *c)
{
	return c->bytes.size - c->pos;
}

int cursor_seek(struct cursor *c, uint64_t pos) __attribute__((warn_unused_result));
int cursor_skip(struct cursor *c, uint64_t bytes) __attribute__((warn_unused_result));

/* To the next multiple of @align (a power of two), counted from the first byte. */
int cursor_align(struct cursor *c, size_t align) __attribute__((warn_unused_result));

int cursor_u8(struct cursor *c, uint8_t *value) __attribute__((warn_unused_result));
int cursor_u16(struct cursor *c, uint16_t *value) __attribute__((warn_unused_result));
int cursor_u32(struct cursor *c, uint32_t *value) __attribute__((warn_unused_result));
int cursor_u64(struct cursor *c, uint64_t *value) __attribute__((warn_unused_result));

/* The next @size bytes, not copied. */
int cursor_bytes(struct cursor *c, uint64_t size, struct kho_bytes *bytes)
	__attribute__((warn_unused_result));

/* The text up to the next NUL, which is skipped; -ERANGE when there is none. */
int cursor_string(struct cursor *c, const char **text) __attribute__((warn_unused_result));

/* @size bytes at @offset of @bytes. */
int bytes_slice(struct kho_bytes bytes, uint64_t offset, uint64_t size, struct kho_bytes *slice)
	__attribute__((warn_unused_result));

/* Does @bytes hold these at @offset? */
bool bytes_have(struct kho_bytes bytes, uint64_t offset, const void *wanted, size_t size);

#endif
