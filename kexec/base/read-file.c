// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/read-file.h"

static const char *kind_text(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "a directory";
	case S_IFIFO:
		return "a pipe";
	case S_IFSOCK:
		return "a socket";
	default:
		return "a device";
	}
}

/* As much as there is, should the file shrink meanwhile. */
static int read_from(int fd, uint64_t offset, struct kho_buffer *out)
{
	while (out->size < out->cap) {
		ssize_t got = pread(fd, out->data + out->size, out->cap - out->size,
				    (off_t)(offset + out->size));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		out->size += got;
	}
	return 0;
}

int read_file_part(int fd, uint64_t offset, uint64_t bytes, struct kho_buffer *out,
		   struct kho_err *err)
{
	int ret;

	/* One byte more, so that nothing has an address too. */
	*out = (struct kho_buffer){ .data = malloc(bytes + 1), .cap = bytes };
	if (!out->data)
		return kho_fail(err, ENOMEM, "no memory for %" PRIu64 " MiB", bytes >> 20);
	ret = read_from(fd, offset, out);
	if (ret) {
		kho_buffer_deinit(out);
		return kho_fail(err, -ret, "%s", strerror(-ret));
	}
	return 0;
}

int read_file(int fd, uint64_t limit_bytes, struct kho_buffer *out, struct kho_err *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return kho_fail(err, errno, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return kho_fail(err, EINVAL, "%s, not a file", kind_text(st.st_mode));
	if ((uint64_t)st.st_size > limit_bytes)
		return kho_fail(err, EFBIG, "%" PRIu64 " MiB, more than the limit of %" PRIu64 " MiB",
				(uint64_t)st.st_size >> 20, limit_bytes >> 20);
	return read_file_part(fd, 0, (uint64_t)st.st_size, out, err);
}
