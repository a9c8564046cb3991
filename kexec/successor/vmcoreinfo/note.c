// SPDX-License-Identifier: GPL-2.0-only
/* The VMCOREINFO note of an ELF core: /proc/kcore, /proc/vmcore, a dump. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/unpack/unpack.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"

/* The notes have a few KiB a CPU. */
#define NOTES_LIMIT_BYTES (UINT64_C(64) << 20)
#define FIRST_READ_BYTES (64 << 10)
#define NOTE_NAME "VMCOREINFO"

struct core {
	int fd;
	bool big_endian;
	uint64_t segments_offset;
	uint16_t segment_bytes;
	uint16_t nr_segments;
	uint64_t notes_left_bytes;	/* of the limit */
};

/* Room for more, but no more than twice what the file was seen to hold. */
static int grow_buffer(struct kho_buffer *out, size_t size)
{
	size_t cap = out->cap ? out->cap * 2 : FIRST_READ_BYTES;
	uint8_t *data = realloc(out->data, cap < size ? cap : size);

	if (!data)
		return -ENOMEM;
	out->data = data;
	out->cap = cap < size ? cap : size;
	return 0;
}

/* @size bytes at @offset of the file, in @out, which is empty. */
static int read_part(int fd, uint64_t offset, size_t size, struct kho_buffer *out,
		     struct kho_err *err)
{
	ssize_t got = 1;

	while (out->size < size && got > 0) {
		if (out->size == out->cap && grow_buffer(out, size))
			return kho_fail(err, ENOMEM, "no memory");
		got = pread(fd, out->data + out->size, out->cap - out->size, offset + out->size);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got < 0)
			return kho_fail(err, errno, "%s", strerror(errno));
		else
			out->size += got;
	}
	if (out->size < size)
		return kho_fail(err, EINVAL, "cut short: the file ends inside the %zu bytes at %#"
				PRIx64, size, offset);
	return 0;
}

static struct cursor core_cursor(const struct core *core, const struct kho_buffer *buffer)
{
	struct cursor c = cursor_init((struct kho_bytes){ buffer->data, buffer->size });

	c.big_endian = core->big_endian;
	return c;
}

static int parse_header(struct core *core, const struct kho_buffer *header, uint16_t *machine,
			struct kho_err *err)
{
	struct cursor c;
	uint16_t type;

	if (memcmp(header->data, ELFMAG, SELFMAG) || header->data[EI_CLASS] != ELFCLASS64)
		return kho_fail(err, EINVAL, "not a 64-bit ELF core");
	core->big_endian = header->data[EI_DATA] == ELFDATA2MSB;
	c = core_cursor(core, header);
	if (cursor_seek(&c, EI_NIDENT) || cursor_u16(&c, &type) || cursor_u16(&c, machine) ||
	    cursor_seek(&c, offsetof(Elf64_Ehdr, e_phoff)) ||
	    cursor_u64(&c, &core->segments_offset) ||
	    cursor_seek(&c, offsetof(Elf64_Ehdr, e_phentsize)) ||
	    cursor_u16(&c, &core->segment_bytes) || cursor_u16(&c, &core->nr_segments))
		return kho_fail(err, EINVAL, "cut short: its ELF header");
	if (type != ET_CORE)
		return kho_fail(err, EINVAL, "an ELF file, but no core: its type is %u", type);
	if (core->segment_bytes < sizeof(Elf64_Phdr) || !core->nr_segments)
		return kho_fail(err, EINVAL, "an ELF core without program headers");
	return 0;
}

static int read_core_header(struct core *core, uint16_t *machine, struct kho_err *err)
{
	struct kho_buffer header = { 0 };
	int ret;

	ret = read_part(core->fd, 0, sizeof(Elf64_Ehdr), &header, err);
	if (!ret)
		ret = parse_header(core, &header, machine, err);
	kho_buffer_deinit(&header);
	return ret;
}

/* Name and descriptor are padded to four bytes each. */
static int next_note(struct cursor *c, struct kho_bytes *name, struct kho_bytes *desc)
{
	uint32_t name_bytes, desc_bytes, type;

	return cursor_u32(c, &name_bytes) ?: cursor_u32(c, &desc_bytes) ?: cursor_u32(c, &type) ?:
	       cursor_bytes(c, name_bytes, name) ?: cursor_align(c, 4) ?:
	       cursor_bytes(c, desc_bytes, desc);
}

/* -ENOENT: the note is not among these. */
static int find_note(struct cursor c, struct kho_buffer *text, struct kho_err *err)
{
	struct kho_bytes name, desc;

	while (!next_note(&c, &name, &desc)) {
		if (name.size == sizeof(NOTE_NAME) && bytes_have(name, 0, NOTE_NAME, name.size)) {
			if (desc.size > VMCOREINFO_LIMIT_BYTES)
				return kho_fail(err, EFBIG, "its VMCOREINFO note has %zu bytes",
						desc.size);
			/* What was not filled is zeros. */
			text->size = strnlen((const char *)desc.data, desc.size);
			text->data = (uint8_t *)strndup((const char *)desc.data, text->size);
			return text->data ? 0 : kho_fail(err, ENOMEM, "no memory");
		}
		if (cursor_align(&c, 4))
			break;
	}
	return -ENOENT;
}

/* The notes of segment @nr; -ENOENT when it holds none, or not the one. */
static int search_segment(struct core *core, const struct kho_buffer *segments,
			  unsigned int nr, struct kho_buffer *text, struct kho_err *err)
{
	struct cursor c = core_cursor(core, segments);
	struct kho_buffer notes = { 0 };
	uint64_t offset, size;
	uint32_t type;
	int ret;

	if (cursor_seek(&c, nr * (uint64_t)core->segment_bytes) || cursor_u32(&c, &type) ||
	    cursor_skip(&c, 4) || cursor_u64(&c, &offset) || cursor_skip(&c, 16) ||
	    cursor_u64(&c, &size))
		return kho_fail(err, EINVAL, "cut short: program header %u", nr);
	if (type != PT_NOTE)
		return -ENOENT;
	if (size > core->notes_left_bytes)
		return kho_fail(err, EFBIG, "it has more than %" PRIu64 " MiB of notes",
				NOTES_LIMIT_BYTES >> 20);
	core->notes_left_bytes -= size;
	ret = read_part(core->fd, offset, size, &notes, err);
	if (!ret)
		ret = find_note(core_cursor(core, &notes), text, err);
	kho_buffer_deinit(&notes);
	return ret;
}

int vmcoreinfo_from_core(int fd, struct kho_buffer *text, uint16_t *elf_machine,
			 struct kho_err *err)
{
	struct kho_buffer segments = { 0 };
	struct core core = { .fd = fd, .notes_left_bytes = NOTES_LIMIT_BYTES };
	int ret;

	ret = read_core_header(&core, elf_machine, err);
	if (ret)
		return ret;
	ret = read_part(fd, core.segments_offset, (size_t)core.nr_segments * core.segment_bytes,
			&segments, err);
	if (!ret)
		ret = -ENOENT;
	for (unsigned int i = 0; i < core.nr_segments && ret == -ENOENT; i++)
		ret = search_segment(&core, &segments, i, text, err);
	kho_buffer_deinit(&segments);
	return ret == -ENOENT ? kho_fail(err, ENOENT, "there is no VMCOREINFO note in it") : ret;
}
