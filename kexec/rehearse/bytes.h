/* SPDX-License-Identifier: GPL-2.0-only */
/* Little-endian values and instructions, one behind the other, into a buffer of fixed size. */
#ifndef REHEARSE_BYTES_H
#define REHEARSE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes_out {
	uint8_t *data;
	size_t size;
	size_t at;
	bool full;	/* something did not fit; stays */
};

static inline void out_bytes(struct bytes_out *o, const void *data, size_t bytes)
{
	if (o->size - o->at < bytes) {
		o->full = true;
		return;
	}
	memcpy(o->data + o->at, data, bytes);
	o->at += bytes;
}

static inline void out_le(struct bytes_out *o, uint64_t value, size_t bytes)
{
	uint8_t le[8];

	for (size_t i = 0; i < sizeof(le); i++)
		le[i] = (uint8_t)(value >> 8 * i);
	out_bytes(o, le, bytes);
}

static inline void out_u8(struct bytes_out *o, uint8_t value)
{
	out_le(o, value, 1);
}

static inline void out_u16(struct bytes_out *o, uint16_t value)
{
	out_le(o, value, 2);
}

static inline void out_u32(struct bytes_out *o, uint32_t value)
{
	out_le(o, value, 4);
}

static inline void out_u64(struct bytes_out *o, uint64_t value)
{
	out_le(o, value, 8);
}

/* A value at a fixed place. */
static inline void put_le(uint8_t *at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

#endif
