/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GATE_FIND_LOADER_H
#define GATE_FIND_LOADER_H

#include <limits.h>

#include "base/err.h"

/*
 * The real kexec: @wanted when it is not NULL, else the one that configure
 * found, else the first in the system's sbin folders and in PATH.  Never this
 * program itself, by whatever name or link.
 * -ENOENT: none; -ELOOP: @wanted is this program; -EACCES: not executable.
 */
int kho_loader_find(const char *wanted, char path[PATH_MAX], struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
