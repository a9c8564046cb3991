// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/kcore.h"
#include "machine/machine.h"
#include "base/cursor.h"

/* A header each for a stretch of RAM and its memory map; hot-plugged machines have hundreds. */
#define MAX_SEGMENTS 32768

/* 0; -EIO: there are fewer; what pread() says. */
static int read_exactly(int fd, uint64_t offset_bytes, void *buffer, size_t bytes)
{
	uint8_t *at = buffer;

	if (offset_bytes > INT64_MAX - bytes)
		return -EIO;
	while (bytes) {
		ssize_t got = pread(fd, at, bytes, offset_bytes);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return -EIO;
		at += got;
		offset_bytes += got;
		bytes -= got;
	}
	return 0;
}

/* fs/proc/kcore.c: what has no physical address, as vmalloc, says -1. */
static int add_segment(struct cursor *c, struct kcore *core)
{
	struct kcore_segment *s = &core->segment[core->nr_segments];
	uint64_t file_bytes, align_bytes;
	uint32_t type;

	if (cursor_u32(c, &type) || cursor_skip(c, 4) || cursor_u64(c, &s->offset_bytes) ||
	    cursor_u64(c, &s->va) || cursor_u64(c, &s->start_pa) ||
	    cursor_u64(c, &file_bytes) || cursor_skip(c, 8) || cursor_u64(c, &align_bytes))
		return -EBADMSG;
	if (type != PT_LOAD || s->start_pa >= MACHINE_PA_LIMIT || !file_bytes ||
	    file_bytes > MACHINE_PA_LIMIT - s->start_pa)
		return 0;
	s->end_pa = s->start_pa + file_bytes;
	core->page_bytes = align_bytes;
	core->nr_segments++;
	return 0;
}

static int compare_segments(const void *a, const void *b)
{
	const struct kcore_segment *x = a, *y = b;

	return (x->start_pa > y->start_pa) - (x->start_pa < y->start_pa);
}

static int read_segments(struct kcore *core, uint64_t offset_bytes, unsigned int n,
			 struct kho_err *err)
{
	size_t bytes = n * sizeof(Elf64_Phdr);
	uint8_t *headers = malloc(bytes);
	struct cursor c = cursor_init((struct kho_bytes){ headers, bytes });
	int ret = 0;

	core->segment = calloc(n, sizeof(*core->segment));
	if (!headers || !core->segment)
		ret = kho_fail(err, ENOMEM, "no memory");
	else if (read_exactly(core->fd, offset_bytes, headers, bytes))
		ret = kho_fail(err, EBADMSG, "its program headers are cut");
	for (unsigned int i = 0; i < n && !ret; i++)
		ret = add_segment(&c, core);
	free(headers);
	if (ret)
		return ret;
	if (!core->nr_segments)
		return kho_fail(err, EBADMSG, "none of its program headers is of memory");
	if (core->page_bytes != 4096 && core->page_bytes != 16384 && core->page_bytes != 65536)
		return kho_fail(err, EBADMSG, "its segments are aligned to %llu bytes, no page size",
				(unsigned long long)core->page_bytes);
	qsort(core->segment, core->nr_segments, sizeof(*core->segment), compare_segments);
	return 0;
}

static int read_headers(struct kcore *core, struct kho_err *err)
{
	uint8_t header[sizeof(Elf64_Ehdr)];
	struct cursor c = cursor_init((struct kho_bytes){ header, sizeof(header) });
	uint16_t type = 0, segment_bytes = 0, n = 0;
	uint64_t offset_bytes = 0;
	int ret = read_exactly(core->fd, 0, header, sizeof(header));

	if (ret)
		return kho_fail(err, -ret, "%s", ret == -EIO ? "too short" : strerror(-ret));
	if (memcmp(header, ELFMAG, SELFMAG) || header[EI_CLASS] != ELFCLASS64 ||
	    header[EI_DATA] != ELFDATA2LSB || cursor_seek(&c, offsetof(Elf64_Ehdr, e_type)) ||
	    cursor_u16(&c, &type) || type != ET_CORE)
		return kho_fail(err, EBADMSG, "not the ELF core of a 64-bit little-endian kernel");
	if (cursor_seek(&c, offsetof(Elf64_Ehdr, e_phoff)) || cursor_u64(&c, &offset_bytes) ||
	    cursor_seek(&c, offsetof(Elf64_Ehdr, e_phentsize)) ||
	    cursor_u16(&c, &segment_bytes) || cursor_u16(&c, &n) ||
	    segment_bytes != sizeof(Elf64_Phdr) || !n || n > MAX_SEGMENTS)
		return kho_fail(err, EBADMSG, "%u program headers of %u bytes", n, segment_bytes);
	return read_segments(core, offset_bytes, n, err);
}

int kcore_init(int fd, struct kcore *core, struct kho_err *err)
{
	int ret;

	*core = (struct kcore){ .fd = fd };
	ret = read_headers(core, err);
	if (ret) {
		kho_err_prefix(err, KCORE ": ");
		kcore_close(core);
	}
	return ret;
}

int kcore_open(const struct machine_tree *tree, struct kcore *core, struct kho_err *err)
{
	int fd = tree_open(tree, KCORE);

	if (fd < 0)
		return kho_fail(err, -fd, KCORE ": %s", strerror(-fd));
	return kcore_init(fd, core, err);
}

/* The segment that begins last among those that hold all of it. */
static const struct kcore_segment *find_segment(const struct kcore *core, uint64_t pa,
						size_t bytes)
{
	size_t low = 0, high = core->nr_segments;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (core->segment[mid].start_pa <= pa)
			low = mid + 1;
		else
			high = mid;
	}
	/* The text lies inside of RAM: one step back, no more, may be needed. */
	for (size_t back = 0; back < 2 && low; back++) {
		const struct kcore_segment *s = &core->segment[--low];

		if (s->end_pa > pa && s->end_pa - pa >= bytes)
			return s;
	}
	return NULL;
}

int kcore_read(const struct kcore *core, uint64_t pa, void *buffer, size_t bytes)
{
	const struct kcore_segment *s = find_segment(core, pa, bytes);

	if (!s || pa - s->start_pa > UINT64_MAX - s->offset_bytes)
		return -EFAULT;
	return read_exactly(core->fd, s->offset_bytes + (pa - s->start_pa), buffer, bytes);
}

/* It is mapped a second time, and so lies inside of a stretch of RAM. */
const struct kcore_segment *kcore_image(const struct kcore *core)
{
	for (size_t i = 1; i < core->nr_segments; i++)
		if (core->segment[i].end_pa <= core->segment[i - 1].end_pa)
			return &core->segment[i];
	return NULL;
}

int kcore_direct_map(const struct kcore *core, uint64_t va, uint64_t *pa)
{
	const struct kcore_segment *image = kcore_image(core);

	for (size_t i = 0; i < core->nr_segments; i++) {
		const struct kcore_segment *s = &core->segment[i];

		if (s == image || va < s->va || va - s->va >= s->end_pa - s->start_pa)
			continue;
		*pa = s->start_pa + (va - s->va);
		return 0;
	}
	return -ENOENT;
}

int kcore_memory(const struct kcore *core, struct kho_ranges *memory)
{
	int ret = 0;

	for (size_t i = 0; i < core->nr_segments && !ret; i++)
		ret = kho_ranges_add(memory, core->segment[i].start_pa, core->segment[i].end_pa,
				     KHO_NO_NODE);
	kho_ranges_normalise(memory);
	return ret;
}

void kcore_close(struct kcore *core)
{
	if (core->fd >= 0)
		close(core->fd);
	free(core->segment);
	*core = (struct kcore){ .fd = -1 };
}
