// SPDX-License-Identifier: GPL-2.0-only
/* The x86 boot protocol's header: Documentation/arch/x86/boot.rst in the kernel. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "arch/x86_64/x86_64.h"
#include "base/err.h"
#include "base/unpack/unpack.h"
#include "successor/containers/container.h"
#include "successor/containers/pe.h"

enum {
	SECTOR_BYTES = 512,
	SETUP_SECTS = 0x1f1,
	BOOT_FLAG = 0x1fe,
	HEADER_MAGIC = 0x202,
	PROTOCOL = 0x206,
	KERNEL_VERSION = 0x20e,		/* of the version string, less 0x200 */
	LOADFLAGS = 0x211,
	KERNEL_ALIGNMENT = 0x230,
	XLOADFLAGS = 0x236,		/* and cmdline_size behind it */
	PAYLOAD_OFFSET = 0x248,
	PREF_ADDRESS = 0x258,
};

#define DEFAULT_SETUP_SECTS 4
#define VERSION_WITH_INIT_SIZE 0x020a

static bool match(struct kho_bytes image)
{
	return bytes_have(image, BOOT_FLAG, "\x55\xaa", 2) &&
	       bytes_have(image, HEADER_MAGIC, "HdrS", 4);
}

/* What the loader needs to place it: kernel_alignment up to init_size. */
static int read_load(struct cursor *c, struct successor_load *load)
{
	uint32_t alignment, init_size;
	uint64_t pref_address;
	uint8_t relocatable;

	if (cursor_seek(c, KERNEL_ALIGNMENT) || cursor_u32(c, &alignment) ||
	    cursor_u8(c, &relocatable) || cursor_seek(c, PREF_ADDRESS) ||
	    cursor_u64(c, &pref_address) || cursor_u32(c, &init_size))
		return -ERANGE;
	if (cursor_seek(c, LOADFLAGS) || cursor_u8(c, &load->loadflags) ||
	    cursor_seek(c, XLOADFLAGS) || cursor_u16(c, &load->xloadflags) ||
	    cursor_u32(c, &load->cmdline_bytes))
		return -ERANGE;
	load->memory_bytes = init_size;
	load->alignment_bytes = alignment;
	load->preferred_pa = pref_address;
	load->relocatable = relocatable ? KHO_TRI_YES : KHO_TRI_NO;
	return 0;
}

/* "6.12.9-amd64 (builder@host) #1 SMP ...": the first word is what uname -r prints. */
static void read_version_string(struct cursor *c, struct successor *s)
{
	const char *text;
	uint16_t offset;
	size_t len;

	if (cursor_seek(c, KERNEL_VERSION) || cursor_u16(c, &offset) || !offset ||
	    cursor_seek(c, offset + UINT64_C(0x200)) || cursor_string(c, &text))
		return;
	len = strcspn(text, " ");
	if (len && len < sizeof(s->release)) {
		memcpy(s->release, text, len);
		s->release[len] = '\0';
		kho_make_printable(s->release);
		s->release_source = KHO_SRC_HEADER;
	}
}

/*
 * The build appends the unpacked size to every payload but gzip, which ends in it
 * by itself (size_append in scripts/Makefile.lib).
 */
static void take_size_off(struct container_inner *inner)
{
	struct cursor c = cursor_init(inner->bytes);
	const struct unpack_format *format = unpack_by_magic(inner->bytes);
	uint32_t size;

	if (!format || inner->bytes.size < sizeof(size) ||
	    cursor_seek(&c, inner->bytes.size - sizeof(size)) || cursor_u32(&c, &size))
		return;
	inner->unpacked_bytes = size;
	if (strcmp(format->name, "gzip"))
		inner->bytes.size -= sizeof(size);
}

/*
 * Where the payload is when it gets unpacked: first the whole unpacker moves to the end of
 * its room (arch/x86/boot/compressed/head_64.S).  How much memory that wants is said only
 * in the PE header, by .data, its last section (arch/x86/boot/header.S).
 */
static void find_payload(struct kho_bytes image, uint64_t setup_bytes, uint32_t offset,
			 struct successor_load *load)
{
	struct pe_sections sections;
	uint64_t end = 0;

	if (pe_read_sections(image, &sections))
		return;
	for (size_t i = 0; i < sections.n; i++)
		if (!strcmp(sections.s[i].name, ".data"))
			end = sections.s[i].offset + sections.s[i].memory_bytes;
	if (end > setup_bytes + offset && end - setup_bytes <= load->memory_bytes)
		load->payload_offset_bytes = load->memory_bytes - (end - setup_bytes) + offset;
}

static int open_bzimage(struct kho_bytes image, struct container_inner *inner,
			struct successor *s, struct kho_err *err)
{
	struct cursor c = cursor_init(image);
	uint32_t offset, size;
	uint8_t setup_sects;
	uint16_t version;
	uint64_t setup_bytes, start;

	if (cursor_seek(&c, SETUP_SECTS) || cursor_u8(&c, &setup_sects) ||
	    cursor_seek(&c, PROTOCOL) || cursor_u16(&c, &version) ||
	    cursor_seek(&c, PAYLOAD_OFFSET) || cursor_u32(&c, &offset) || cursor_u32(&c, &size))
		return kho_fail(err, EINVAL, "the file ends inside the boot protocol's header");
	if (version < VERSION_WITH_INIT_SIZE)
		return kho_fail(err, EINVAL, "boot protocol %u.%02u is too old: 2.10 is needed",
				version >> 8, version & 0xff);
	if (read_load(&c, &s->load))
		return kho_fail(err, EINVAL, "the file ends inside the boot protocol's header");
	s->load.protocol = version;
	s->arch = &kho_arch_x86_64;
	read_version_string(&c, s);
	setup_bytes = ((setup_sects ?: DEFAULT_SETUP_SECTS) + UINT64_C(1)) * SECTOR_BYTES;
	start = setup_bytes + offset;
	if (bytes_slice(image, start, size, &inner->bytes))
		return kho_fail(err, EINVAL,
				"cut short: the payload ends at %#llx, the file at %#zx",
				(unsigned long long)start + size, image.size);
	take_size_off(inner);
	if (inner->unpacked_bytes)
		s->load.unpacked_bytes = inner->unpacked_bytes;
	find_payload(image, setup_bytes, offset, &s->load);
	return 0;
}

const struct container container_bzimage = {
	.name = "bzImage",
	.match = match,
	.open = open_bzimage,
};
