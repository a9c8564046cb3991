// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mkimage.h"

void mk_put(struct mk *mk, size_t offset, const void *data, size_t size)
{
	if (offset + size > mk->size) {
		mk->data = realloc(mk->data, offset + size);
		if (!mk->data)
			abort();
		memset(mk->data + mk->size, 0, offset + size - mk->size);
		mk->size = offset + size;
	}
	if (size)
		memcpy(mk->data + offset, data, size);
}

void mk_put_le(struct mk *mk, size_t offset, uint64_t value, size_t size)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < size; i++)
		bytes[i] = value >> 8 * i;
	mk_put(mk, offset, bytes, size);
}

void mk_free(struct mk *mk)
{
	free(mk->data);
	*mk = (struct mk){ 0 };
}

struct mk mk_elf(uint16_t machine, uint64_t memory, const struct mk_section *sections, size_t nr)
{
	Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = machine,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_shoff = 0x100,
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = nr + 2,
		.e_shstrndx = nr + 1,
	};
	Elf64_Phdr load = { .p_type = PT_LOAD, .p_paddr = 0x1000000, .p_memsz = memory };
	size_t names_at = header.e_shoff + (nr + 2) * sizeof(Elf64_Shdr);
	Elf64_Shdr names = { .sh_name = 1, .sh_type = SHT_STRTAB, .sh_offset = names_at };
	struct mk mk = { 0 };

	mk_put(&mk, 0, &header, sizeof(header));
	mk_put(&mk, header.e_phoff, &load, sizeof(load));
	mk_put(&mk, names_at, "\0.names", 8);
	names.sh_size = 8;
	for (size_t i = 0; i < nr; i++) {
		mk_put(&mk, names_at + names.sh_size, sections[i].name,
		       strlen(sections[i].name) + 1);
		names.sh_size += strlen(sections[i].name) + 1;
	}
	mk_put(&mk, header.e_shoff + (nr + 1) * sizeof(names), &names, sizeof(names));
	names.sh_size = 8;
	for (size_t i = 0; i < nr; i++) {
		const struct mk_section *from = &sections[i];
		Elf64_Shdr section = {
			.sh_name = names.sh_size,
			.sh_type = from->flags & MK_NOBITS ? SHT_NOBITS : SHT_PROGBITS,
			.sh_flags = SHF_ALLOC | (from->flags & MK_EXEC ? SHF_EXECINSTR : 0) |
				    (from->flags & MK_WRITE ? SHF_WRITE : 0),
			.sh_addr = from->va,
			.sh_offset = mk.size,
			.sh_size = from->size,
		};

		names.sh_size += strlen(from->name) + 1;
		mk_put(&mk, header.e_shoff + (i + 1) * sizeof(section), &section, sizeof(section));
		if (!(from->flags & MK_NOBITS))
			mk_put(&mk, mk.size, from->data, from->size);
	}
	return mk;
}

struct mk mk_bzimage(const struct mk *payload, const char *version)
{
	enum { SETUP = 4 * 512, PAYLOAD = 0x40 };
	struct mk mk = { 0 };

	mk_put_le(&mk, 0x1f1, 3, 1);			/* setup_sects, beside the boot sector */
	mk_put(&mk, 0x1fe, "\x55\xaa", 2);
	mk_put(&mk, 0x202, "HdrS", 4);
	mk_put_le(&mk, 0x206, 0x020f, 2);
	mk_put_le(&mk, 0x20e, 0x300 - 0x200, 2);
	mk_put_le(&mk, 0x230, 0x200000, 4);
	mk_put_le(&mk, 0x234, 1, 1);
	mk_put_le(&mk, 0x248, PAYLOAD, 4);
	mk_put_le(&mk, 0x24c, payload->size, 4);
	mk_put_le(&mk, 0x258, 0x1000000, 8);
	mk_put_le(&mk, 0x260, 0xea7000, 4);
	mk_put(&mk, 0x300, version, strlen(version) + 1);
	mk_put(&mk, SETUP + PAYLOAD, payload->data, payload->size);
	return mk;
}

struct mk mk_arm64(uint64_t flags, const void *body, size_t size)
{
	struct mk mk = { 0 };

	mk_put(&mk, 0, "MZ", 2);
	mk_put_le(&mk, 16, 0x820000, 8);
	mk_put_le(&mk, 24, flags, 8);
	mk_put(&mk, 56, "ARM\x64", 4);
	mk_put_le(&mk, 60, 0, 4);
	mk_put(&mk, 64, body, size);
	return mk;
}

struct mk mk_zboot(const struct mk *payload, const char *method)
{
	struct mk mk = { 0 };

	mk_put(&mk, 0, "MZ\0\0zimg", 8);
	mk_put_le(&mk, 8, 0x200, 4);
	mk_put_le(&mk, 12, payload->size, 4);
	mk_put(&mk, 24, method, strlen(method) + 1);
	mk_put(&mk, 0x200, payload->data, payload->size);
	return mk;
}

struct mk mk_pe(const struct mk_section *sections, size_t nr)
{
	enum { PE = 0x80, OPTIONAL = 0xf0, TABLE = PE + 24 + OPTIONAL, ALIGN = 0x200 };
	struct mk mk = { 0 };

	mk_put(&mk, 0, "MZ", 2);
	mk_put_le(&mk, 0x3c, PE, 4);
	mk_put(&mk, PE, "PE\0", 4);
	mk_put_le(&mk, PE + 6, nr, 2);
	mk_put_le(&mk, PE + 20, OPTIONAL, 2);
	mk_put_le(&mk, TABLE + 40 * nr, 0, 1);
	for (size_t i = 0; i < nr; i++) {
		size_t header = TABLE + 40 * i, raw = (sections[i].size + ALIGN - 1) & -ALIGN;
		size_t at = (mk.size + ALIGN - 1) & -ALIGN;

		mk_put(&mk, header, sections[i].name, strlen(sections[i].name));
		mk_put_le(&mk, header + 8, sections[i].size, 4);
		mk_put_le(&mk, header + 16, raw, 4);
		mk_put_le(&mk, header + 20, at, 4);
		mk_put(&mk, at, sections[i].data, sections[i].size);
		mk_put_le(&mk, at + raw - 1, 0, 1);
		if (sections[i].size == raw)
			mk_put(&mk, at, sections[i].data, sections[i].size);
	}
	return mk;
}

struct mk mk_filter(const struct mk *in, const char *command)
{
	FILE *from = tmpfile(), *pipe;
	struct mk out = { 0 };
	char line[200];
	uint8_t part[4096];
	size_t got;

	if (!from || fwrite(in->data, 1, in->size, from) != in->size || fflush(from))
		abort();
	rewind(from);
	snprintf(line, sizeof(line), "%s <&%d 2>/dev/null", command, fileno(from));
	pipe = popen(line, "r");
	if (!pipe)
		abort();
	while ((got = fread(part, 1, sizeof(part), pipe)))
		mk_put(&out, out.size, part, got);
	if (pclose(pipe))
		mk_free(&out);
	fclose(from);
	return out;
}

int mk_fd(const struct mk *mk)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	if (fd < 0 || write(fd, mk->data, mk->size) != (ssize_t)mk->size)
		abort();
	return fd;
}
