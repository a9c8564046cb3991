// SPDX-License-Identifier: GPL-2.0-only
/*
 * An ELF kernel: a vmlinux, or the stripped ELF of a bzImage
 * of its symbols but not of its section headers.
 *
 * Read with the cursor: libelf hands out pointers into what it was given without
 * looking at every number in it first, and this file comes from anywhere.
 */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "arch/arch.h"
#include "successor/containers/container.h"

struct table {
	uint64_t offset;
	uint16_t entry_bytes;
	uint16_t nr;
};

struct header {
	uint16_t type;
	uint16_t machine;
	struct table segments;
	struct table sections;
	uint16_t names_nr;	/* the section that holds the sections' names */
};

static bool match(struct kho_bytes image)
{
	return bytes_have(image, 0, ELFMAG, SELFMAG);
}

static int read_elf_header(struct cursor *c, struct header *h, struct kho_err *err)
{
	struct kho_bytes ident;

	if (cursor_bytes(c, EI_NIDENT, &ident))
		return kho_fail(err, EINVAL, "the file ends inside the ELF header");
	if (ident.data[EI_CLASS] != ELFCLASS64 || ident.data[EI_DATA] != ELFDATA2LSB)
		return kho_fail(err, EINVAL, "not a 64-bit little-endian kernel");
	if (cursor_u16(c, &h->type) || cursor_u16(c, &h->machine) || cursor_skip(c, 12) ||
	    cursor_u64(c, &h->segments.offset) || cursor_u64(c, &h->sections.offset) ||
	    cursor_skip(c, 6) || cursor_u16(c, &h->segments.entry_bytes) ||
	    cursor_u16(c, &h->segments.nr) || cursor_u16(c, &h->sections.entry_bytes) ||
	    cursor_u16(c, &h->sections.nr) || cursor_u16(c, &h->names_nr))
		return kho_fail(err, EINVAL, "the file ends inside the ELF header");
	if (h->type != ET_EXEC && h->type != ET_DYN)
		return kho_fail(err, EINVAL, "an ELF file, but no kernel: its type is %u", h->type);
	return 0;
}

/* The bytes of entry @nr of @table, at least @want of them. */
static int table_entry(struct kho_bytes file, const struct table *table, unsigned int nr,
		       size_t want, struct cursor *entry)
{
	struct kho_bytes bytes;
	uint64_t offset = nr * (uint64_t)table->entry_bytes;

	if (table->entry_bytes < want || table->offset > file.size ||
	    bytes_slice(file, table->offset + offset, table->entry_bytes, &bytes))
		return -ERANGE;
	*entry = cursor_init(bytes);
	return 0;
}

struct section_header {
	uint32_t name;
	uint32_t type;
	uint64_t flags, va, offset, size;
};

static int read_section_header(struct kho_bytes file, const struct table *table, unsigned int nr,
			       struct section_header *h)
{
	struct cursor c;

	return table_entry(file, table, nr, sizeof(Elf64_Shdr), &c) ?: cursor_u32(&c, &h->name) ?:
	       cursor_u32(&c, &h->type) ?: cursor_u64(&c, &h->flags) ?: cursor_u64(&c, &h->va) ?:
	       cursor_u64(&c, &h->offset) ?: cursor_u64(&c, &h->size);
}

static int add_section(struct kho_bytes file, struct kho_bytes names,
		       const struct section_header *h, struct successor_image *image)
{
	struct image_section section = {
		.va = h->va,
		.memory_bytes = h->size,
		.flags = (h->flags & SHF_EXECINSTR ? IMAGE_EXEC : 0) |
			 (h->flags & SHF_WRITE ? IMAGE_WRITE : 0),
	};
	struct cursor c = cursor_init(names);

	if (cursor_seek(&c, h->name) || cursor_string(&c, &section.name))
		return -EINVAL;
	if (h->type != SHT_NOBITS && bytes_slice(file, h->offset, h->size, &section.bytes))
		return -EINVAL;
	/* They don't overlap: so what is searched is not more than the file. */
	if (section.bytes.size > file.size - image->sections_bytes)
		return -EINVAL;
	image->sections_bytes += section.bytes.size;
	return image_add_section(image, &section);
}

static int read_sections(struct kho_bytes file, const struct header *header,
			 struct successor_image *image, struct kho_err *err)
{
	struct section_header h;
	struct kho_bytes names;

	if (read_section_header(file, &header->sections, header->names_nr, &h) ||
	    bytes_slice(file, h.offset, h.size, &names))
		return kho_fail(err, EINVAL, "the names of the ELF sections are not in the file");
	for (unsigned int i = 1; i < header->sections.nr; i++) {
		int ret;

		if (read_section_header(file, &header->sections, i, &h))
			return kho_fail(err, EINVAL, "cut short: ELF section header %u of %u", i,
					header->sections.nr);
		if (!(h.flags & SHF_ALLOC))
			continue;
		ret = add_section(file, names, &h, image);
		if (ret == -EINVAL)
			return kho_fail(err, EINVAL, "ELF section %u does not fit into the file",
					i);
		if (ret)
			return kho_fail(err, -ret, "no memory");
	}
	return 0;
}

/* The memory from the first loaded byte to the last. */
static int read_segments(struct kho_bytes file, const struct header *header,
			 struct successor_load *load, struct kho_err *err)
{
	uint64_t low = UINT64_MAX, high = 0;

	for (unsigned int i = 0; i < header->segments.nr; i++) {
		uint64_t pa, memory;
		uint32_t type;
		struct cursor c;

		if (table_entry(file, &header->segments, i, sizeof(Elf64_Phdr), &c) ||
		    cursor_u32(&c, &type) || cursor_seek(&c, offsetof(Elf64_Phdr, p_paddr)) ||
		    cursor_u64(&c, &pa) || cursor_skip(&c, 8) || cursor_u64(&c, &memory))
			return kho_fail(err, EINVAL, "cut short: ELF program header %u of %u", i,
					header->segments.nr);
		if (type != PT_LOAD || !memory)
			continue;
		if (memory > UINT64_MAX - pa)
			return kho_fail(err, EINVAL, "ELF segment %u ends past the address space",
					i);
		low = pa < low ? pa : low;
		high = pa + memory > high ? pa + memory : high;
	}
	if (low < high)
		load->segments_bytes = high - low;
	return 0;
}

static int read_elf(struct kho_bytes file, struct successor_image *image, struct successor *s,
		    struct kho_err *err)
{
	struct cursor c = cursor_init(file);
	struct header header;
	int ret;

	ret = read_elf_header(&c, &header, err);
	if (ret)
		return ret;
	s->arch = kho_arch_by_elf_machine(header.machine);
	if (!header.sections.nr)
		return kho_fail(err, EINVAL, "an ELF file without section headers");
	return read_segments(file, &header, &s->load, err) ?:
	       read_sections(file, &header, image, err);
}

const struct container container_elf = { .name = "ELF kernel", .match = match, .read = read_elf };
