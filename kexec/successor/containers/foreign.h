/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUCCESSOR_CONTAINERS_FOREIGN_H
#define SUCCESSOR_CONTAINERS_FOREIGN_H

#include "base/cursor.h"

/*
 * What a file is that holds a kernel in a way which no kexec loads, or none at all, and
 * what to do: "a uImage; give the kernel in it: ...".  NULL: none that is known.
 */
const char *foreign_text(struct kho_bytes bytes);

#endif
