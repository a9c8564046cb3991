// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Unified Kernel Image: a PE file with kernel, initrd and command line in
 * sections of their own (UAPI group's specification 5).
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "successor/container.h"
#include "successor/pe.h"

static bool match(struct kho_bytes image)
{
	struct kho_bytes linux_section;

	return pe_section(image, ".linux", &linux_section) != -ENOENT;
}

static int open_uki(struct kho_bytes image, struct container_inner *inner,
		    struct successor *s, struct kho_err *err)
{
	struct kho_bytes section;
	int ret;

	if (pe_section(image, ".linux", &inner->bytes))
		return kho_fail(err, EINVAL, "cut short: its .linux section ends behind the file");
	ret = pe_section(image, ".initrd", &section);
	if (ret == -ERANGE)
		return kho_fail(err, EINVAL, "cut short: its .initrd section ends behind the file");
	s->uki.initrd_bytes = ret ? 0 : section.size;
	ret = pe_section(image, ".cmdline", &section);
	if (ret == -ERANGE)
		return kho_fail(err, EINVAL, "cut short: its .cmdline section ends behind the file");
	free(s->uki.cmdline);
	s->uki.cmdline = ret ? NULL : strndup((const char *)section.data, section.size);
	if (!ret && !s->uki.cmdline)
		return kho_fail(err, ENOMEM, "no memory");
	return 0;
}

const struct container container_uki = { "unified kernel image", match, open_uki };
