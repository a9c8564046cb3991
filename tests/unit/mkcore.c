// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mkcore.h"
#include "unit.h"

#define DATA_OFFSET 0x10000
#define NOTE_OFFSET 0x8000

void mkcore_init(struct mkcore *core, int fd, uint64_t page_bytes)
{
	*core = (struct mkcore){ .fd = fd, .page_bytes = page_bytes, .elf_machine = EM_X86_64 };
	if (fd < 0)
		core->fd = memfd_create("kcore", MFD_CLOEXEC);
	assert_true(core->fd >= 0);
}

void mkcore_segment(struct mkcore *core, uint64_t pa, uint64_t va, uint64_t bytes)
{
	uint64_t *segment = core->segment[core->nr_segments];
	uint64_t offset = DATA_OFFSET;

	assert_true(core->nr_segments < MKCORE_SEGMENTS);
	if (core->nr_segments)
		offset = core->segment[core->nr_segments - 1][3] +
			 core->segment[core->nr_segments - 1][2];
	memcpy(segment, (uint64_t[4]){ pa, va, bytes, offset }, sizeof(core->segment[0]));
	core->nr_segments++;
}

/* Returns its bytes. */
static uint64_t put_note(const struct mkcore *core)
{
	static const char name[12] = "VMCOREINFO";
	uint32_t bytes = core->vmcoreinfo ? (uint32_t)strlen(core->vmcoreinfo) : 0;
	uint32_t head[3] = { sizeof("VMCOREINFO"), bytes, 0 };

	if (!bytes)
		return 0;
	assert_int_equal(pwrite(core->fd, head, sizeof(head), NOTE_OFFSET), sizeof(head));
	assert_int_equal(pwrite(core->fd, name, sizeof(name), NOTE_OFFSET + 12), sizeof(name));
	assert_int_equal(pwrite(core->fd, core->vmcoreinfo, bytes, NOTE_OFFSET + 24), bytes);
	return 24 + (bytes + 3) / 4 * 4;
}

void mkcore_headers(struct mkcore *core)
{
	Elf64_Ehdr head = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE, .e_machine = core->elf_machine, .e_version = EV_CURRENT,
		.e_phoff = sizeof(head), .e_ehsize = sizeof(head),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = core->nr_segments + 1,
	};
	Elf64_Phdr note = { .p_type = PT_NOTE, .p_offset = NOTE_OFFSET, .p_filesz = put_note(core) };
	uint64_t end = DATA_OFFSET;

	assert_int_equal(pwrite(core->fd, &head, sizeof(head), 0), sizeof(head));
	assert_int_equal(pwrite(core->fd, &note, sizeof(note), sizeof(head)), sizeof(note));
	for (unsigned int i = 0; i < core->nr_segments; i++) {
		const uint64_t *s = core->segment[i];
		Elf64_Phdr load = {
			.p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X, .p_offset = s[3],
			.p_vaddr = s[1], .p_paddr = s[0], .p_filesz = s[2], .p_memsz = s[2],
			.p_align = core->page_bytes,
		};

		assert_int_equal(pwrite(core->fd, &load, sizeof(load),
					sizeof(head) + (i + 1) * sizeof(load)), sizeof(load));
		end = s[3] + s[2];
	}
	assert_int_equal(ftruncate(core->fd, end), 0);
}

void mkcore_put(struct mkcore *core, uint64_t pa, const void *data, uint64_t bytes)
{
	bool there = false;

	for (unsigned int i = 0; i < core->nr_segments; i++) {
		const uint64_t *s = core->segment[i];

		if (pa < s[0] || pa - s[0] >= s[2])
			continue;
		assert_int_equal(pwrite(core->fd, data, bytes, s[3] + (pa - s[0])), bytes);
		there = true;
	}
	assert_true(there);
}

void mkcore_put_u64(struct mkcore *core, uint64_t pa, uint64_t value)
{
	uint8_t bytes[8];

	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = value >> 8 * i;
	mkcore_put(core, pa, bytes, sizeof(bytes));
}

void mkcore_set_bit(struct mkcore *core, uint64_t pa, unsigned int bit)
{
	const uint64_t *s = core->segment[0];
	uint8_t byte = 0;

	pa += bit / 8;
	for (unsigned int i = 0; pa < s[0] || pa - s[0] >= s[2]; s = core->segment[++i])
		assert_true(i < core->nr_segments);
	assert_int_equal(pread(core->fd, &byte, 1, s[3] + (pa - s[0])), 1);
	byte |= 1 << bit % 8;
	mkcore_put(core, pa, &byte, 1);
}
