/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel image says about the kernel in it: reading an image or a VMCOREINFO,
 * and asking what was read.
 */
#ifndef SUCCESSOR_SUCCESSOR_H
#define SUCCESSOR_SUCCESSOR_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "arch/arch.h"
#include "base/err.h"
#include "base/unpack/unpack.h"
#include "successor/claims/claims.h"
#include "successor/versions.h"

/*
 * Read all that the image behind @fd says, with pread(): the descriptor's offset
 * stays where it is.  The image is not trusted.  On success @s is to be given to
 * successor_deinit().
 * -EINVAL: not a kernel image of a known kind, or damaged; -EFBIG: over a limit;
 * -ENOTSUP: packed in a way that this build cannot unpack; -EIO and others from
 * pread(); -ENOMEM.  @err says which, where, and what to do.
 */
int successor_read_fd(int fd, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The same of bytes in memory, which pass to @s in any case. */
int successor_read_buffer(struct kho_buffer *file, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * File the claims of a VMCOREINFO text as KHO_SRC_GIVEN.  @path is a VMCOREINFO
 * text or an ELF core with a VMCOREINFO note.  @s is initialised, with or without
 * an image; where it has none, release and architecture are taken from the text.
 * -EINVAL: neither of the two, or damaged; -EFBIG; errors from open() and read().
 */
int successor_read_vmcoreinfo(const char *path, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The same of an open file, from where it stands; of a core, /proc/kcore too. */
int successor_read_vmcoreinfo_fd(int fd, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * Evidence for what the successor will do at boot, for the model.  UNKNOWN where
 * the image holds nothing that could tell (no BTF and no kallsyms; no image).
 */
enum kho_tri successor_has_function(const struct successor *s, const char *name);

/*
 * What the unsigned variable @name of @bytes (1, 4 or 8) holds when the kernel starts.  -ENOENT: the
 * image does not tell (no kallsyms with data and no constant in its code, no image).
 */
int successor_initial(const struct successor *s, const char *name, unsigned int bytes,
		      uint64_t *value) __attribute__((warn_unused_result));

/* @text stands in the kernel's data, from one NUL to the next. */
enum kho_tri successor_has_string(const struct successor *s, const char *text);

/*
 * Does the kernel know the parameter @name (early_param(), __setup(), module_param())?  Its
 * name stands in the kernel's data with a NUL or an '=' behind it; what stands before it is
 * not looked at, so YES may be wrong and NO is not.  UNKNOWN without an image.
 */
enum kho_tri successor_has_parameter(const struct successor *s, const char *name);

/*
 * From now on remember what is asked of the image by successor_has_string(),
 * successor_has_parameter() and successor_versions(); several threads may ask then.
 * 0 or -ENOMEM.
 */
int successor_remember(struct successor *s) __attribute__((warn_unused_result));

/*
 * Every number N for which @prefix and N ("kho-v" and 4) stand in the kernel's data as
 * a text, up to SUCCESSOR_VERSIONS of them; none without an image.
 */
void successor_versions(const struct successor *s, const char *prefix,
			struct successor_versions *versions);

/*
 * The value of CONFIG_@name ("y", "m", "12", "\"text\"") in the configuration built
 * into the image, "n" when it is not set; NULL when the image has none.
 */
const char *successor_config(const struct successor *s, const char *name);

/*
 * The command line that the kernel ends up with when it is given @given (NULL: not known): with
 * its own in front of it or in its place, where its built-in configuration shows that it has
 * one; else @given itself.  The text is @given or @s's.  0 or -ENOMEM.
 */
int successor_command_line(struct successor *s, const char *given, const char **ret_cmdline)
	__attribute__((warn_unused_result));

/*
 * A number of the VMCOREINFO that was read out of the image's code, by its whole
 * key: "SIZE(pglist_data)".  -ENOENT: not there, or known at boot only; -EINVAL.
 */
int successor_vmcoreinfo_number(const struct successor *s, const char *key, uint64_t *number)
	__attribute__((warn_unused_result));

/* "bzImage, zstd, ELF kernel": all the image's containers; "" without an image. */
const char *successor_kind(const struct successor *s);

/*
 * Print the VMCOREINFO text that the kernel will make at boot, as it was read out
 * of its code.  Lines that only the booting kernel can complete are comments.
 * -ENOENT, with a message: the image has none; -EIO: from writing.
 */
int successor_vmcoreinfo_text(const struct successor *s, FILE *out, struct kho_err *err)
	__attribute__((warn_unused_result));

void successor_deinit(struct successor *s);

#endif
