/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMCOREINFO: lines of KEY=VALUE, as kernel/vmcore_info.c in the kernel prints
 * them (up to 6.8: kernel/crash_core.c).
 */
#ifndef SUCCESSOR_VMCOREINFO_VMCOREINFO_H
#define SUCCESSOR_VMCOREINFO_VMCOREINFO_H

#include "base/err.h"
#include "base/cursor.h"
#include "successor/claims/claims.h"
#include "base/unpack/unpack.h"

/* The kernel has one page for it: 4 to 64 KiB. */
#define VMCOREINFO_LIMIT_BYTES (UINT64_C(64) << 10)

/* -EINVAL, with a message, when @text is not lines of KEY=VALUE (or '#' comments). */
int vmcoreinfo_check(struct kho_bytes text, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The next line of @c, not copied, without its newline; -ENOENT at the end. */
int vmcoreinfo_next_line(struct cursor *c, struct kho_bytes *line)
	__attribute__((warn_unused_result));

/* The value of @key, not copied, without its newline; -ENOENT. */
int vmcoreinfo_value(struct kho_bytes text, const char *key, struct kho_bytes *value)
	__attribute__((warn_unused_result));

/*
 * A value that is a number: decimal, or hexadecimal after 0x.  -ENOENT, also for
 * what only the booting kernel knows (calls.h); -EINVAL.
 */
int vmcoreinfo_number(struct kho_bytes text, const char *key, uint64_t *number)
	__attribute__((warn_unused_result));

/*
 * File what the checked @text says as claims of @source.  @whole: the text is all
 * that the kernel prints, so that what is missing says something too.  -EINVAL,
 * and nothing filed, when a value is impossible.
 */
int vmcoreinfo_claim(struct successor *s, struct kho_bytes text, enum kho_source source,
		     bool whole, struct kho_err *err) __attribute__((warn_unused_result));

/*
 * The text in the VMCOREINFO note of the ELF core (also /proc/kcore) behind @fd, in
 * @text, which is empty; its e_machine.  -ENOENT: no such note; -EINVAL: damaged;
 * -ENOMEM; what pread() says.
 */
int vmcoreinfo_from_core(int fd, struct kho_buffer *text, uint16_t *elf_machine,
			 struct kho_err *err) __attribute__((warn_unused_result));

#endif
