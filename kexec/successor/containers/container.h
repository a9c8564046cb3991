/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shells that a kernel comes in, opened one at a time: a UKI holds a bzImage,
 * a bzImage a compressed ELF file, and so on.
 *
 * To add a format: one file with a struct container, and its name in container.c; the
 * format of one architecture stands in that architecture's folder and table instead
 * (doc/images.md).
 */
#ifndef SUCCESSOR_CONTAINERS_CONTAINER_H
#define SUCCESSOR_CONTAINERS_CONTAINER_H

#include <stdbool.h>

#include "base/cursor.h"
#include "base/err.h"
#include "base/unpack/unpack.h"
#include "successor/claims/claims.h"
#include "successor/image/image.h"

/*
 * So much of a file decides whether it is read in parts: the stubs of UKIs have a few KiB
 * before their table of sections.
 */
#define CONTAINER_HEAD_BYTES (UINT64_C(64) << 10)

struct container_inner {
	struct kho_bytes bytes;
	/* Its size when unpacked, 0 when the container doesn't say it. */
	uint64_t unpacked_bytes;
};

/* A regular file, of which only the head was read. */
struct container_file {
	int fd;
	uint64_t bytes;
	struct kho_bytes head;		/* CONTAINER_HEAD_BYTES of it, or all */
};

/*
 * A format: @match, one of @open and @read, and @read_parts where it is worth it.  What
 * its headers say about the kernel goes to @s.  All return 0, or an error with a message:
 * -EINVAL, damaged or cut short; -EFBIG, over a limit; -ENOMEM; errors of pread().
 */
struct container {
	const char *name;		/* "bzImage", as reports name it */

	/* Is @image of this format?  Only its first bytes may be there. */
	bool (*match)(struct kho_bytes image);

	/* A shell: what is inside, which is a container too, or one of unpack.h's formats. */
	int (*open)(struct kho_bytes image, struct container_inner *inner, struct successor *s,
		    struct kho_err *err);

	/* The kernel itself: its sections, which point into @bytes, to @image. */
	int (*read)(struct kho_bytes bytes, struct successor_image *image, struct successor *s,
		    struct kho_err *err);

	/*
	 * A shell that also holds what is large and not needed: what @open would give, read
	 * from the file into @inner, which is empty.  NULL: the file is read as a whole.
	 */
	int (*read_parts)(const struct container_file *file, struct kho_buffer *inner,
			  struct successor *s, struct kho_err *err);
};

/* The container that @image is; NULL: none of ours. */
const struct container *container_find(struct kho_bytes image);

/* The formats that no architecture owns. */
extern const struct container container_elf;
extern const struct container container_zboot;
extern const struct container container_uki;

#endif
