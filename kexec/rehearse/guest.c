// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rehearse/guest.h"

#define COPY_BYTES	(64u << 10)
#define SEARCH_BYTES	(256 << 20)	/* as large a window of memory is looked at */

/* Where @pa is in the file; UINT64_MAX: the guest has no such RAM. */
static uint64_t file_offset(const struct guest_shape *s, uint64_t start_pa, uint64_t end_pa)
{
	if (start_pa >= s->low_pa && end_pa - s->low_pa <= s->low_bytes)
		return start_pa - s->low_pa;
	if (s->high_pa && start_pa >= s->high_pa &&
	    end_pa - s->high_pa <= s->ram_bytes - s->low_bytes)
		return start_pa - s->high_pa + s->low_bytes;
	return UINT64_MAX;
}

bool guest_has(const struct guest_shape *shape, uint64_t start_pa, uint64_t end_pa)
{
	return start_pa <= end_pa && file_offset(shape, start_pa, end_pa) != UINT64_MAX;
}

/* Not kept back at exec(): QEMU opens it as /proc/self/fd/N. */
static int memory_file(const char *name, uint64_t bytes, struct kho_err *err)
{
	int fd = memfd_create(name, 0);

	if (fd >= 0 && !ftruncate(fd, (off_t)bytes))
		return fd;
	kho_fail(err, errno, "%s: %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -EIO;
}

int guest_create(struct guest *guest, const struct guest_shape *shape, struct kho_err *err)
{
	*guest = (struct guest){ .shape = *shape, .rom_fd = -1 };
	guest->ram_fd = memory_file("rehearsal-ram", shape->ram_bytes, err);
	return guest->ram_fd < 0 ? guest->ram_fd : 0;
}

static int write_at(int fd, const void *data, size_t bytes, uint64_t offset)
{
	while (bytes) {
		ssize_t n = pwrite(fd, data, bytes, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		data = (const uint8_t *)data + n;
		offset += (uint64_t)n;
		bytes -= (size_t)n;
	}
	return 0;
}

int guest_write(struct guest *guest, uint64_t pa, const void *data, size_t bytes,
		struct kho_err *err)
{
	uint64_t offset = file_offset(&guest->shape, pa, pa + bytes);
	int ret;

	if (offset == UINT64_MAX)
		return kho_fail(err, ERANGE, "the guest has no memory at 0x%llx",
				(unsigned long long)pa);
	ret = write_at(guest->ram_fd, data, bytes, offset);
	return ret ? kho_fail(err, -ret, "memory of the guest: %s", strerror(-ret)) : 0;
}

int guest_copy(struct guest *guest, uint64_t pa, int fd, uint64_t bytes, struct kho_err *err)
{
	uint8_t part[COPY_BYTES];
	int ret = 0;

	for (uint64_t done = 0; done < bytes && !ret; ) {
		uint64_t want = bytes - done < sizeof(part) ? bytes - done : sizeof(part);
		ssize_t n = pread(fd, part, want, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kho_fail(err, errno, "initrd: %s", strerror(errno));
		if (!n)
			break;
		ret = guest_write(guest, pa + done, part, (size_t)n, err);
		done += (uint64_t)n;
	}
	return ret;
}

int guest_set_rom(struct guest *guest, const void *data, size_t bytes, struct kho_err *err)
{
	int ret;

	guest->rom_fd = memory_file("rehearsal-rom", bytes, err);
	if (guest->rom_fd < 0)
		return guest->rom_fd;
	ret = write_at(guest->rom_fd, data, bytes, 0);
	return ret ? kho_fail(err, -ret, "rom of the guest: %s", strerror(-ret)) : 0;
}

uint64_t guest_touched_bytes(const struct guest *guest)
{
	struct stat st;

	return fstat(guest->ram_fd, &st) ? 0 : (uint64_t)st.st_blocks * 512;
}

/* In @bytes bytes of memory, of which the first is at @offset of the file. */
static bool find_in_memory(const struct guest *guest, const uint8_t *data, size_t bytes,
			   uint64_t offset, const char *text, const struct kho_range *skip,
			   char *line, size_t line_bytes)
{
	uint64_t skip_from = skip ? file_offset(&guest->shape, skip->start_pa, skip->end_pa) : 0;
	uint64_t skip_bytes = skip ? skip->end_pa - skip->start_pa : 0;
	size_t len = strlen(text), n = 0;
	const uint8_t *at = data;

	while ((at = memmem(at, bytes - (size_t)(at - data), text, len))) {
		uint64_t where = offset + (uint64_t)(at - data);
		const uint8_t *end = data + bytes;

		at += len;
		if (at == end || !isalnum(*at) ||
		    (where >= skip_from && where - skip_from < skip_bytes))
			continue;
		for (at -= len; at < end && isprint(*at) && n + 1 < line_bytes; at++)
			line[n++] = (char)*at;
		line[n] = '\0';
		return true;
	}
	return false;
}

bool guest_find_text(const struct guest *guest, const char *text, const struct kho_range *skip,
		     char *line, size_t line_bytes)
{
	off_t at = 0, end = (off_t)guest->shape.ram_bytes;
	bool found = false;

	while (!found && (at = lseek(guest->ram_fd, at, SEEK_DATA)) >= 0 && at < end) {
		off_t hole = lseek(guest->ram_fd, at, SEEK_HOLE);
		size_t bytes = hole > at && hole - at < SEARCH_BYTES ? (size_t)(hole - at) :
								       SEARCH_BYTES;
		void *data = mmap(NULL, bytes, PROT_READ, MAP_SHARED, guest->ram_fd,
				  at / 4096 * 4096);

		if (data == MAP_FAILED)
			return false;
		found = find_in_memory(guest, data, bytes, (uint64_t)at, text, skip, line,
				       line_bytes);
		munmap(data, bytes);
		/* A text on the border of two windows is in the second one too. */
		at += (off_t)bytes;
		if (bytes == SEARCH_BYTES)
			at -= 4096;
	}
	return found;
}

void guest_destroy(struct guest *guest)
{
	if (guest->ram_fd >= 0)
		close(guest->ram_fd);
	if (guest->rom_fd >= 0)
		close(guest->rom_fd);
}
