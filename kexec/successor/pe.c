// SPDX-License-Identifier: GPL-2.0-only
/* Microsoft's PE format, version 8.3: MS-DOS stub, COFF header, section table. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "successor/pe.h"

enum {
	PE_OFFSET = 0x3c,
	NAME_BYTES = 8,
	MAX_SECTIONS = 96,		/* what the Windows loader allows */
};

bool pe_match(struct kho_bytes file)
{
	return bytes_have(file, 0, "MZ", 2);
}

/* To the first section header. */
static int seek_sections(struct cursor *c, uint16_t *nr_sections)
{
	struct kho_bytes magic;
	uint16_t optional;
	uint32_t pe;

	if (!pe_match(c->bytes) || cursor_seek(c, PE_OFFSET) || cursor_u32(c, &pe) ||
	    cursor_seek(c, pe) || cursor_bytes(c, 4, &magic) || memcmp(magic.data, "PE\0", 4) ||
	    cursor_skip(c, 2) || cursor_u16(c, nr_sections) || cursor_skip(c, 12) ||
	    cursor_u16(c, &optional) || cursor_skip(c, 2) || cursor_skip(c, optional) ||
	    *nr_sections > MAX_SECTIONS)
		return -ENOENT;
	return 0;
}

int pe_section(struct kho_bytes file, const char *name, struct kho_bytes *section)
{
	struct cursor c = cursor_init(file);
	uint16_t nr;

	if (seek_sections(&c, &nr))
		return -ENOENT;
	while (nr--) {
		uint32_t virtual_size, raw_size, raw_offset;
		struct kho_bytes found;

		if (cursor_bytes(&c, NAME_BYTES, &found) || cursor_u32(&c, &virtual_size) ||
		    cursor_skip(&c, 4) || cursor_u32(&c, &raw_size) ||
		    cursor_u32(&c, &raw_offset) || cursor_skip(&c, 16))
			return -ENOENT;
		if (strncmp((const char *)found.data, name, NAME_BYTES))
			continue;
		/* The raw size is padded to the file's alignment. */
		return bytes_slice(file, raw_offset,
				   virtual_size && virtual_size < raw_size ? virtual_size : raw_size,
				   section);
	}
	return -ENOENT;
}
