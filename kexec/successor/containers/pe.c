// SPDX-License-Identifier: GPL-2.0-only
/* Microsoft's PE format, version 8.3: MS-DOS stub, COFF header, section table. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "successor/containers/pe.h"

enum {
	PE_OFFSET = 0x3c,
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
	    *nr_sections > PE_MAX_SECTIONS)
		return -ENOENT;
	return 0;
}

static int read_section(struct cursor *c, struct pe_section *section)
{
	uint32_t virtual_size, raw_size, raw_offset;
	struct kho_bytes name;

	if (cursor_bytes(c, PE_NAME_BYTES, &name) || cursor_u32(c, &virtual_size) ||
	    cursor_skip(c, 4) || cursor_u32(c, &raw_size) || cursor_u32(c, &raw_offset) ||
	    cursor_skip(c, 16))
		return -ENOENT;
	memcpy(section->name, name.data, PE_NAME_BYTES);
	section->name[PE_NAME_BYTES] = '\0';
	section->offset = raw_offset;
	section->memory_bytes = virtual_size;
	/* The raw size is padded to the file's alignment. */
	section->bytes = virtual_size && virtual_size < raw_size ? virtual_size : raw_size;
	return 0;
}

int pe_read_sections(struct kho_bytes head, struct pe_sections *sections)
{
	struct cursor c = cursor_init(head);
	uint16_t nr;

	sections->n = 0;
	if (seek_sections(&c, &nr))
		return -ENOENT;
	for (; sections->n < nr; sections->n++)
		if (read_section(&c, &sections->s[sections->n]))
			return -ENOENT;
	return 0;
}
