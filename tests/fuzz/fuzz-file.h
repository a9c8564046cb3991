/* SPDX-License-Identifier: GPL-2.0-only */
/* An input as a file, for readers that open one. */
#ifndef KHO_FUZZ_FILE_H
#define KHO_FUZZ_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define FUZZ_PATH_BYTES 32

/* In memory: close() removes it.  @path names it. */
static inline int fuzz_file(const uint8_t *data, size_t size, char path[FUZZ_PATH_BYTES])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, FUZZ_PATH_BYTES, "/proc/self/fd/%d", fd);
	return fd;
}

#endif
