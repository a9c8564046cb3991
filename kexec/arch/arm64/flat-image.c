// SPDX-License-Identifier: GPL-2.0-only
/* The arm64 Image and its header: Documentation/arch/arm64/booting.rst in the kernel. */
#include "config.h"

#include <errno.h>

#include "arch/arm64/arm64.h"
#include "successor/containers/container.h"

enum {
	TEXT_OFFSET = 8,
	MAGIC = 56,
};

#define FLAG_BIG_ENDIAN 1
#define FLAG_ANYWHERE 8		/* it need not stand near the start of RAM */

static bool match(struct kho_bytes image)
{
	return bytes_have(image, MAGIC, "ARM\x64", 4);
}

/* Flag bits 1 and 2. */
static uint64_t page_bytes(uint64_t flags)
{
	static const uint64_t sizes[] = { 0, 4096, 16384, 65536 };

	return sizes[flags >> 1 & 3];
}

static int read_image_header(struct kho_bytes bytes, struct successor *s, struct kho_err *err)
{
	struct cursor c = cursor_init(bytes);
	uint64_t text_offset, image_size, flags;

	if (cursor_seek(&c, TEXT_OFFSET) || cursor_u64(&c, &text_offset) ||
	    cursor_u64(&c, &image_size) || cursor_u64(&c, &flags))
		return kho_fail(err, EINVAL, "the file ends inside the Image header");
	if (flags & FLAG_BIG_ENDIAN)
		return kho_fail(err, EINVAL, "a big-endian arm64 kernel is not supported");
	s->arch = &kho_arch_arm64;
	/* Of a kernel before 3.17: kexec_file_load refuses it (load-rules.c). */
	s->load.memory_bytes = image_size ? image_size : SUCCESSOR_BYTES_UNKNOWN;
	s->load.file_bytes = bytes.size;
	s->load.text_offset_bytes = text_offset;
	s->load.relocatable = flags & FLAG_ANYWHERE ? KHO_TRI_YES : KHO_TRI_NO;
	s->load.alignment_bytes = UINT64_C(2) << 20;
	s->load.header_page_bytes = page_bytes(flags);
	if (page_bytes(flags))
		successor_claim(s, KHO_FACT_PAGE_BYTES, KHO_SRC_HEADER, page_bytes(flags));
	return 0;
}

static int read_image(struct kho_bytes bytes, struct successor_image *image, struct successor *s,
		      struct kho_err *err)
{
	if (image_set_flat(image, bytes))
		return kho_fail(err, ENOMEM, "no memory");
	return read_image_header(bytes, s, err);
}

const struct container container_arm64 = {
	.name = "arm64 Image",
	.match = match,
	.read = read_image,
};
