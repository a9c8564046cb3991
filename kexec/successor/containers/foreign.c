// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <libfdt.h>

#include "successor/containers/foreign.h"
#include "successor/containers/pe.h"

static const struct {
	const char *magic;
	unsigned int bytes, offset;
	const char *text;
} foreign[] = {
	/* include/image.h of U-Boot, IH_MAGIC */
	{ "\x27\x05\x19\x56", 4, 0, "a uImage; give the kernel in it: "
	  "dumpimage -T kernel -p 0 -o KERNEL FILE" },
	/* The kernel's own payloads are legacy frames. */
	{ "\x04\x22\x4d\x18", 4, 0, "an lz4 frame; give what it holds: lz4 -d FILE KERNEL" },
	/* system/tools/mkbootimg of Android */
	{ "ANDROID!", 8, 0, "an Android boot image; give the kernel in it: "
	  "unpack_bootimg --boot_img FILE --out DIR" },
	{ "VNDRBOOT", 8, 0, "an Android vendor_boot image, which holds no kernel" },
	{ "070701", 6, 0, "a cpio archive: an initrd, not a kernel" },
	{ "070702", 6, 0, "a cpio archive: an initrd, not a kernel" },
	{ "hsqs", 4, 0, "a squashfs image, not a kernel" },
	{ "LZIP", 4, 0, "an lzip file, which no kernel is packed with" },
	{ "PK\x03\x04", 4, 0, "a zip archive, not a kernel" },
	/* Documentation/arch/riscv/boot-image-header.rst in the kernel */
	{ "RSC\x05", 4, 56, "a RISC-V Image, an architecture that this kexec does not know" },
};

/* libfdt wants it aligned, and from version 17 on says the size of each part. */
static const char *device_tree_text(struct kho_bytes bytes)
{
	if (!bytes_have(bytes, 0, "\xd0\x0d\xfe\xed", 4))
		return NULL;
	if (bytes.size >= sizeof(struct fdt_header) && !fdt_check_header(bytes.data) &&
	    fdt_version(bytes.data) >= 17 && !fdt_check_full(bytes.data, bytes.size) &&
	    fdt_path_offset(bytes.data, "/images") < 0)
		return "a device tree, not a kernel";
	return "a FIT image; give the kernel in it: dumpimage -T flat_dt -p 0 -o KERNEL FILE";
}

const char *foreign_text(struct kho_bytes bytes)
{
	const char *text;

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (bytes_have(bytes, foreign[i].offset, foreign[i].magic, foreign[i].bytes))
			return foreign[i].text;
	text = device_tree_text(bytes);
	if (!text && pe_match(bytes))
		text = "an MZ file, but neither a bzImage, an arm64 Image, an EFI zboot image nor "
		       "a unified kernel image";
	return text;
}
