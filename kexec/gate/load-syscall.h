/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A load syscall's arguments, as both bindings see them, in the terms of the gate.
 */
#ifndef GATE_LOAD_SYSCALL_H
#define GATE_LOAD_SYSCALL_H

#include <linux/kexec.h>
#include <stdbool.h>
#include <stdint.h>

#include "gate/decide.h"

/* From Linux 5.17; none of ours needs the values of later flags. */
#ifndef KEXEC_FILE_UNLOAD
#define KEXEC_FILE_UNLOAD 1
#define KEXEC_FILE_ON_CRASH 2
#define KEXEC_FILE_NO_INITRAMFS 4
#endif

/* No kernel takes a longer command line (COMMAND_LINE_SIZE is 2 KiB or 4 KiB). */
#define KHO_CMDLINE_LIMIT_BYTES (64u << 10)

/* kexec_file_load(2) with these @flags; file, initrd and command line are not filled in. */
void kho_load_by_file(uint64_t flags, struct kho_load *load);

/* kexec_load(2). */
void kho_load_by_segments(uint64_t nr_segments, uint64_t flags, struct kho_load *load);

/* Does the gate need the file, initrd and command line of this load? */
bool kho_load_is_checked(const struct kho_load *load);

/* Why @what of a load can't be read, for kho_load.trouble; @error is positive.  Returns -@error. */
int kho_load_unreadable(const char *what, int error, struct kho_err *why);

#endif
