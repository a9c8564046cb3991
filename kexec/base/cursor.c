// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/cursor.h"

struct cursor cursor_init(struct kho_bytes bytes)
{
	return (struct cursor){ .bytes = bytes };
}

int cursor_seek(struct cursor *c, uint64_t pos)
{
	if (pos > c->bytes.size)
		return -ERANGE;
	c->pos = pos;
	return 0;
}

int cursor_skip(struct cursor *c, uint64_t bytes)
{
	if (bytes > cursor_left(c))
		return -ERANGE;
	c->pos += bytes;
	return 0;
}

int cursor_align(struct cursor *c, size_t align)
{
	return cursor_skip(c, -c->pos & (align - 1));
}

/* An unsigned number of @size bytes. */
static int read_number(struct cursor *c, size_t size, uint64_t *value)
{
	const uint8_t *p;
	uint64_t v = 0;

	if (size > cursor_left(c))
		return -ERANGE;
	p = c->bytes.data + c->pos;
	for (size_t i = 0; i < size; i++)
		v = v << 8 | p[c->big_endian ? i : size - 1 - i];
	c->pos += size;
	*value = v;
	return 0;
}

int cursor_u8(struct cursor *c, uint8_t *value)
{
	uint64_t v;

	if (read_number(c, sizeof(*value), &v))
		return -ERANGE;
	*value = v;
	return 0;
}

int cursor_u16(struct cursor *c, uint16_t *value)
{
	uint64_t v;

	if (read_number(c, sizeof(*value), &v))
		return -ERANGE;
	*value = v;
	return 0;
}

int cursor_u32(struct cursor *c, uint32_t *value)
{
	uint64_t v;

	if (read_number(c, sizeof(*value), &v))
		return -ERANGE;
	*value = v;
	return 0;
}

int cursor_u64(struct cursor *c, uint64_t *value)
{
	return read_number(c, sizeof(*value), value);
}

int cursor_bytes(struct cursor *c, uint64_t size, struct kho_bytes *bytes)
{
	if (bytes_slice(c->bytes, c->pos, size, bytes))
		return -ERANGE;
	c->pos += size;
	return 0;
}

int cursor_string(struct cursor *c, const char **text)
{
	const uint8_t *start, *end;

	if (!cursor_left(c))
		return -ERANGE;
	start = c->bytes.data + c->pos;
	end = memchr(start, '\0', cursor_left(c));
	if (!end)
		return -ERANGE;
	*text = (const char *)start;
	c->pos += end - start + 1;
	return 0;
}

int bytes_slice(struct kho_bytes bytes, uint64_t offset, uint64_t size, struct kho_bytes *slice)
{
	if (offset > bytes.size || size > bytes.size - offset)
		return -ERANGE;
	slice->data = bytes.data + offset;
	slice->size = size;
	return 0;
}

bool bytes_have(struct kho_bytes bytes, uint64_t offset, const void *wanted, size_t size)
{
	struct kho_bytes there;

	return !bytes_slice(bytes, offset, size, &there) && !memcmp(there.data, wanted, size);
}
