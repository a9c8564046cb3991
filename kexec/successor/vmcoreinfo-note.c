// SPDX-License-Identifier: GPL-2.0-only
/* The VMCOREINFO note of an ELF core: /proc/kcore, /proc/vmcore, a dump. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "successor/facts.h"
#include "successor/unpack.h"
#include "successor/vmcoreinfo.h"

/* A note segment has a few KiB a CPU. */
#define NOTES_LIMIT_BYTES (UINT64_C(64) << 20)
#define NOTE_NAME "VMCOREINFO"

struct core {
	int fd;
	bool big_endian;
	uint64_t segments_offset;
	uint16_t segment_bytes;
	uint16_t nr_segments;
};

/* @size bytes at @offset of the file, in @out, which is empty. */
static int read_part(int fd, uint64_t offset, size_t size, struct kho_buffer *out,
		     struct kho_err *err)
{
	if (offset > INT64_MAX - size)
		return kho_fail(err, EINVAL, "cut short: it has nothing at %#" PRIx64, offset);
	out->data = malloc(size + 1);
	if (!out->data)
		return kho_fail(err, ENOMEM, "no memory for %zu bytes", size);
	out->cap = size;
	while (out->size < size) {
		ssize_t got = pread(fd, out->data + out->size, size - out->size, offset + out->size);
		int code = errno;

		if (got < 0 && code == EINTR)
			continue;
		if (got <= 0) {
			kho_buffer_deinit(out);
			return got ? kho_fail(err, code, "%s", strerror(code)) :
			       kho_fail(err, EINVAL, "cut short: it has nothing at %#" PRIx64, offset);
		}
		out->size += got;
	}
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

static int read_header(struct core *core, uint16_t *machine, struct kho_err *err)
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
static int search_segment(const struct core *core, const struct kho_buffer *segments,
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
	if (size > NOTES_LIMIT_BYTES)
		return kho_fail(err, EFBIG, "a note segment of %" PRIu64 " MiB", size >> 20);
	ret = read_part(core->fd, offset, size, &notes, err);
	if (ret)
		return ret;
	ret = find_note(core_cursor(core, &notes), text, err);
	kho_buffer_deinit(&notes);
	return ret;
}

int vmcoreinfo_from_core(int fd, struct kho_buffer *text, uint16_t *elf_machine,
			 struct kho_err *err)
{
	struct kho_buffer segments = { 0 };
	struct core core = { .fd = fd };
	int ret;

	ret = read_header(&core, elf_machine, err);
	if (ret)
		return ret;
	ret = read_part(fd, core.segments_offset, (size_t)core.nr_segments * core.segment_bytes,
			&segments, err);
	if (ret)
		return ret;
	ret = -ENOENT;
	for (unsigned int i = 0; i < core.nr_segments && ret == -ENOENT; i++)
		ret = search_segment(&core, &segments, i, text, err);
	kho_buffer_deinit(&segments);
	return ret == -ENOENT ? kho_fail(err, ENOENT, "there is no VMCOREINFO note in it") : ret;
}
