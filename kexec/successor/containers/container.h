/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shells that a kernel comes in, peeled one at a time: a UKI holds a bzImage,
 * a bzImage a compressed ELF file, and so on.
 */
#ifndef SUCCESSOR_CONTAINERS_CONTAINER_H
#define SUCCESSOR_CONTAINERS_CONTAINER_H

#include <stdbool.h>

#include "base/err.h"
#include "base/cursor.h"
#include "successor/successor.h"

struct container_inner {
	struct kho_bytes bytes;
	/* Its size when unpacked, 0 when the container doesn't say it. */
	uint64_t unpacked_bytes;
};

struct container {
	const char *name;
	bool (*match)(struct kho_bytes image);

	/*
	 * What is inside, which is a container itself, or one of unpack.h's formats.
	 * What the header says about the kernel goes to @s.  NULL for the innermost
	 * ones, which image.c reads.  -EINVAL, -ENOMEM.
	 */
	int (*open)(struct kho_bytes image, struct container_inner *inner, struct successor *s,
		    struct kho_err *err);
};

/* The container that @image is; NULL: none of ours. */
const struct container *container_find(struct kho_bytes image);

extern const struct container container_elf;
extern const struct container container_arm64;
extern const struct container container_bzimage;
extern const struct container container_zboot;
extern const struct container container_uki;

#endif
