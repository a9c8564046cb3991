/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The running kernel's memory by physical address, through /proc/kcore (or a
 * file of its shape in a copied tree).  Only read, never mapped.
 */
#ifndef MACHINE_KCORE_H
#define MACHINE_KCORE_H

#include "base/err.h"
#include "base/range.h"
#include "machine/tree.h"

#define KCORE "proc/kcore"

/* One program header of memory whose physical address is known. */
struct kcore_segment {
	uint64_t start_pa;
	uint64_t end_pa;
	uint64_t va;		/* of start_pa, in the kernel */
	uint64_t offset_bytes;	/* of start_pa, in the file */
};

struct kcore {
	int fd;
	struct kcore_segment *segment;	/* by start_pa; the kernel's text overlaps RAM */
	size_t nr_segments;
	uint64_t page_bytes;		/* of the running kernel */
};

/* Of a file that is open; it is closed with the core, or on an error.  Errors as below. */
int kcore_init(int fd, struct kcore *core, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * -ENOENT: there is none; -EACCES, -EPERM: not for this user, or the kernel is
 * locked down; -EBADMSG: not the core of a 64-bit little-endian kernel; -ENOMEM.
 * @err says why.
 */
int kcore_open(const struct machine_tree *tree, struct kcore *core, struct kho_err *err)
	__attribute__((warn_unused_result));

/* -EFAULT: not all of it is RAM; -EIO: the file has less than it says. */
int kcore_read(const struct kcore *core, uint64_t pa, void *buffer, size_t bytes)
	__attribute__((warn_unused_result));

/* The kernel's own image, text and data; NULL: the architecture shows none apart. */
const struct kcore_segment *kcore_image(const struct kcore *core);

/* The physical address of @va in the direct map.  -ENOENT: it is not there. */
int kcore_direct_map(const struct kcore *core, uint64_t va, uint64_t *pa)
	__attribute__((warn_unused_result));

/* All memory that can be read, ascending, without overlap.  0 or -ENOMEM. */
int kcore_memory(const struct kcore *core, struct kho_ranges *memory)
	__attribute__((warn_unused_result));

void kcore_close(struct kcore *core);

#endif
