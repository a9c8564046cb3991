/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory of the guest: a file that lives in memory and has holes, so that only
 * what is written or touched takes room, however large the machine is.
 */
#ifndef REHEARSE_GUEST_H
#define REHEARSE_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/range.h"

/*
 * QEMU's machines have RAM in two stretches.  The file holds them one behind the
 * other; a machine without the second has low_bytes == ram_bytes.
 */
struct guest_shape {
	uint64_t low_pa;	/* where RAM begins */
	uint64_t low_bytes;	/* of the first stretch */
	uint64_t high_pa;	/* where the second begins */
	uint64_t ram_bytes;	/* of both; whole MiB */
};

struct guest {
	struct guest_shape shape;
	int ram_fd;
	int rom_fd;		/* -1: this machine needs none */
	uint64_t start_pa;	/* where the CPU starts, for machines without a ROM */
};

/* All of [start_pa, end_pa) in one of the stretches? */
bool guest_has(const struct guest_shape *shape, uint64_t start_pa, uint64_t end_pa);

/* Errors of memfd_create() and ftruncate(). */
int guest_create(struct guest *guest, const struct guest_shape *shape, struct kho_err *err)
	__attribute__((warn_unused_result));

/* -ERANGE: no RAM there; errors of write(). */
int guest_write(struct guest *guest, uint64_t pa, const void *data, size_t bytes,
		struct kho_err *err) __attribute__((warn_unused_result));

/* The first @bytes of the file @fd, as far as it goes.  As guest_write(); errors of read(). */
int guest_copy(struct guest *guest, uint64_t pa, int fd, uint64_t bytes, struct kho_err *err)
	__attribute__((warn_unused_result));

int guest_set_rom(struct guest *guest, const void *data, size_t bytes, struct kho_err *err)
	__attribute__((warn_unused_result));

/* Bytes of memory that the guest has touched. */
uint64_t guest_touched_bytes(const struct guest *guest);

/*
 * The first place in touched memory where @text stands with a letter or digit behind
 * it, not in @skip: a format's '%' is none.  @line gets it up to the first byte that is
 * not printable.
 */
bool guest_find_text(const struct guest *guest, const char *text, const struct kho_range *skip,
		     char *line, size_t line_bytes);

void guest_destroy(struct guest *guest);

#endif
