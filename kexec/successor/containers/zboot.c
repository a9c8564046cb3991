// SPDX-License-Identifier: GPL-2.0-only
/*
 * An EFI application that unpacks a compressed Image by itself:
 * drivers/firmware/efi/libstub/zboot-header.S in the kernel.
 */
#include "config.h"

#include <errno.h>

#include "successor/containers/container.h"
#include "base/unpack/unpack.h"

enum {
	ZIMG = 4,
	PAYLOAD_OFFSET = 8,
	METHOD = 24,
	METHOD_BYTES = 32,
};

static bool match(struct kho_bytes image)
{
	return bytes_have(image, 0, "MZ", 2) && bytes_have(image, ZIMG, "zimg", 4);
}

static int open_zboot(struct kho_bytes image, struct container_inner *inner,
		      struct successor *s, struct kho_err *err)
{
	struct cursor c = cursor_init(image);
	struct kho_bytes method;
	uint32_t offset, size;

	if (cursor_seek(&c, PAYLOAD_OFFSET) || cursor_u32(&c, &offset) || cursor_u32(&c, &size) ||
	    cursor_seek(&c, METHOD) || cursor_bytes(&c, METHOD_BYTES, &method))
		return kho_fail(err, EINVAL, "the file ends inside its header");
	if (bytes_slice(image, offset, size, &inner->bytes))
		return kho_fail(err, EINVAL,
				"cut short: the payload ends at %#llx, the file at %#zx",
				(unsigned long long)offset + size, image.size);
	if (!unpack_by_magic(inner->bytes))
		return kho_fail(err, EINVAL, "its payload has a compression that is not known, "
				"\"%.*s\"", METHOD_BYTES, (const char *)method.data);
	return 0;
}

const struct container container_zboot = {
	.name = "EFI zboot image",
	.match = match,
	.open = open_zboot,
};
