/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUCCESSOR_FACTS_BTF_H
#define SUCCESSOR_FACTS_BTF_H

#include "base/tri.h"
#include "successor/image/image.h"

/* Is there a FUNC of this name?  UNKNOWN without BTF. */
enum kho_tri btf_has_function(const struct successor_image *image, const char *name);

void btf_close(struct successor_image *image);

#endif
