/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KHO_ELF_IMAGE_H
#define KHO_ELF_IMAGE_H

#include "kho-err.h"
#include "successor/cursor.h"
#include "successor/image.h"
#include "successor/successor.h"

/*
 * Sections and loaded segments of an ELF kernel, filed in @image and in @s->load;
 * the architecture too.  -EINVAL, -ENOMEM with a message.
 */
int elf_image_read(struct kho_bytes file, struct successor_image *image, struct successor *s,
		   struct kho_err *err) __attribute__((warn_unused_result));

#endif
