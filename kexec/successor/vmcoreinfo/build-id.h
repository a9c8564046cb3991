/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUCCESSOR_VMCOREINFO_BUILD_ID_H
#define SUCCESSOR_VMCOREINFO_BUILD_ID_H

#include "base/cursor.h"
#include "successor/image/image.h"

/* The 20-byte build ID of the kernel, from its notes, not copied; -ENOENT. */
int image_build_id(const struct successor_image *image, struct kho_bytes *id)
	__attribute__((warn_unused_result));

/* The same of the notes that a running kernel shows (/sys/kernel/notes). */
int notes_build_id(struct kho_bytes notes, struct kho_bytes *id)
	__attribute__((warn_unused_result));

#endif
