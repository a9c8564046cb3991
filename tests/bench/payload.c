// SPDX-License-Identifier: GPL-2.0-only
/* The yardstick: read an image and decompress its payload with its library, no more. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "successor/containers/container.h"
#include "successor/successor.h"
#include "base/read-file.h"
#include "base/unpack/unpack.h"

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	struct container_inner inner = { 0 };
	const struct container *container;
	struct kho_buffer file = { 0 }, out = { 0 };
	struct kho_err err = { "" };
	struct successor s;

	successor_init(&s);
	if (fd < 0 || read_file(fd, SUCCESSOR_FILE_LIMIT_BYTES, &file, &err)) {
		fprintf(stderr, "payload: can't read it: %s\n", err.text);
		return 1;
	}
	container = container_find((struct kho_bytes){ file.data, file.size });
	if (!container || !container->open ||
	    container->open((struct kho_bytes){ file.data, file.size }, &inner, &s, &err) ||
	    unpack(unpack_by_magic(inner.bytes), inner.bytes, inner.unpacked_bytes,
		   SUCCESSOR_PAYLOAD_LIMIT_BYTES, &out, &err)) {
		fprintf(stderr, "payload: %s\n", err.text);
		return 1;
	}
	printf("%zu\n", out.size);
	kho_buffer_deinit(&out);
	kho_buffer_deinit(&file);
	close(fd);
	return 0;
}
