/* SPDX-License-Identifier: GPL-2.0-only */
/* The numbers of a header by their keys: one table for writing and reading. */
#ifndef SUCCESSOR_SAVED_HEADER_NUMBERS_H
#define SUCCESSOR_SAVED_HEADER_NUMBERS_H

#include <stddef.h>

#include "successor/claims/claims.h"

struct saved_number {
	const char *key;
	size_t offset;		/* in struct successor_load, of a uint64_t */
};

#define SAVED_NUMBER(field) { #field, offsetof(struct successor_load, field) }

/* Where they are SUCCESSOR_BYTES_UNKNOWN they are left out. */
static const struct saved_number saved_numbers[] = {
	SAVED_NUMBER(memory_bytes),
	SAVED_NUMBER(alignment_bytes),
	SAVED_NUMBER(preferred_pa),
	SAVED_NUMBER(text_offset_bytes),
	SAVED_NUMBER(unpacked_bytes),
	SAVED_NUMBER(payload_offset_bytes),
	SAVED_NUMBER(header_page_bytes),
	SAVED_NUMBER(file_bytes),
	SAVED_NUMBER(segments_bytes),
	SAVED_NUMBER(percpu_bytes),
	SAVED_NUMBER(brk_offset_bytes),
};

#define SAVED_NUMBERS (sizeof(saved_numbers) / sizeof(saved_numbers[0]))

static inline uint64_t *saved_number_of(struct successor_load *load, size_t i)
{
	return (uint64_t *)(void *)((char *)load + saved_numbers[i].offset);
}

#endif
