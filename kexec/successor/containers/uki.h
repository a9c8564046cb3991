/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUCCESSOR_CONTAINERS_UKI_H
#define SUCCESSOR_CONTAINERS_UKI_H

#include "base/err.h"
#include "successor/successor.h"
#include "base/unpack/unpack.h"

/*
 * Where the file behind @fd is a unified kernel image: its kernel into @kernel, which is
 * empty, what else it holds into s->uki.  Its sections are read one by one: of an initrd
 * only the size matters, and the file may be larger than SUCCESSOR_FILE_LIMIT_BYTES.
 * -ENOENT: it is none; -EINVAL: cut short; -EFBIG: a section over its limit; errors of
 * pread(); -ENOMEM.
 */
int uki_read_fd(int fd, struct kho_buffer *kernel, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
