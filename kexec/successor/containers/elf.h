/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUCCESSOR_CONTAINERS_ELF_H
#define SUCCESSOR_CONTAINERS_ELF_H

#include "base/err.h"
#include "base/cursor.h"
#include "successor/image/image.h"
#include "successor/successor.h"

/*
 * Sections and loaded segments of an ELF kernel, filed in @image and in @s->load;
 * the architecture too.  -EINVAL, -ENOMEM with a message.
 */
int elf_image_read(struct kho_bytes file, struct successor_image *image, struct successor *s,
		   struct kho_err *err) __attribute__((warn_unused_result));

#endif
