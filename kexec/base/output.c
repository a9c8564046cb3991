// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output.h"

/* ---- streams ---- */

int kho_output_flush(FILE *f)
{
	bool lost = ferror(f);

	if (fflush(f))
		return -errno;
	return lost ? -EIO : 0;
}

int kho_output_write(FILE *f, const char *data, size_t bytes)
{
	/* Where this fails, stdio may have nothing left that the flush could fail on. */
	errno = 0;
	if (fwrite(data, 1, bytes, f) != bytes)
		return errno ? -errno : -EIO;
	return kho_output_flush(f);
}

int kho_output_close(FILE *f)
{
	bool pending = __fpending(f);
	int ret = kho_output_flush(f);

	if (fclose(f) && !ret && (pending || errno != EBADF))
		ret = -errno;
	return ret;
}

const char *kho_output_strerror(int error)
{
	return error == EIO ? "a write failed" : strerror(error);
}

/* ---- files ---- */

int kho_output_write_fd(int fd, const void *data, size_t bytes)
{
	const char *at = data;

	while (bytes) {
		ssize_t n = write(fd, at, bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		bytes -= (size_t)n;
	}
	return 0;
}

/* Into a file beside it, which then takes its name. */
static int replace(const char *path, const char *text)
{
	char *temporary;
	int fd, ret;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		free(temporary);
		return ret;
	}
	ret = kho_output_write_fd(fd, text, strlen(text));
	if (!ret && fsync(fd))
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && rename(temporary, path))
		ret = -errno;
	if (ret)
		unlink(temporary);
	free(temporary);
	return ret;
}

/* A device or a pipe that is there stays what it is. */
static int write_into(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = kho_output_write_fd(fd, text, strlen(text));
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

int kho_output_save(const char *path, const char *text)
{
	struct stat st;

	if (!strcmp(path, "-"))
		return kho_output_write_fd(STDOUT_FILENO, text, strlen(text));
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return write_into(path, text);
	return replace(path, text);
}
