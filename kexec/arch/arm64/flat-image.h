/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ARCH_ARM64_FLAT_IMAGE_H
#define ARCH_ARM64_FLAT_IMAGE_H

#include "base/err.h"
#include "base/cursor.h"
#include "successor/successor.h"

/* What the header of an arm64 Image says about its kernel.  -EINVAL with a message. */
int arm64_image_read(struct kho_bytes image, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
