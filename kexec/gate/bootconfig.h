/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GATE_BOOTCONFIG_H
#define GATE_BOOTCONFIG_H

#include <stdint.h>

#include "base/tri.h"

/*
 * Would a kernel that loads the @bytes of @fd as its initrd find a bootconfig at their end?
 * init/main.c, get_boot_config_from_initrd(): data, its size, its checksum, a mark, and up to
 * three bytes that a boot loader filled it up with.  What does not agree is no bootconfig.
 * Reads 32 KiB at most, by pread().  What can't be read is unknown.
 */
enum kho_tri kho_bootconfig_ends(int fd, uint64_t bytes);

#endif
