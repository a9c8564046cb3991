/* SPDX-License-Identifier: GPL-2.0-only */
/* Cores of the shape of /proc/kcore, sparse, with only the pages that a test needs. */
#ifndef KHO_MKCORE_H
#define KHO_MKCORE_H

#include <stdint.h>

#define MKCORE_SEGMENTS 16

struct mkcore {
	int fd;			/* a memfd, or whatever mkcore_init() was given */
	uint64_t page_bytes;
	uint16_t elf_machine;
	const char *vmcoreinfo;	/* the text of its note; NULL: it has none */
	unsigned int nr_segments;
	uint64_t segment[MKCORE_SEGMENTS][4];	/* pa, va, bytes, offset in the file */
};

/* @fd: an empty file to write to; -1: a memfd of its own, which the test closes. */
void mkcore_init(struct mkcore *core, int fd, uint64_t page_bytes);

/* PT_LOAD; @pa of UINT64_MAX: as vmalloc has it. */
void mkcore_segment(struct mkcore *core, uint64_t pa, uint64_t va, uint64_t bytes);

/* Write the headers: every segment has been named. */
void mkcore_headers(struct mkcore *core);

/* Bytes of memory, in every segment that has them. */
void mkcore_put(struct mkcore *core, uint64_t pa, const void *data, uint64_t bytes);
void mkcore_put_u64(struct mkcore *core, uint64_t pa, uint64_t value);

/* Set bit @bit of the bits at @pa. */
void mkcore_set_bit(struct mkcore *core, uint64_t pa, unsigned int bit);

#endif
