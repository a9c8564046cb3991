// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-image IMAGE [ROUNDS]: what reading all facts of an image costs, beside
 * unpacking its payload alone with the same library and the same buffer; both read
 * the file anew.  The two alternate, and it is CPU time that is taken, so that a busy
 * machine does not matter; the medians are compared.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "successor/containers/container.h"
#include "successor/successor.h"
#include "base/read-file.h"
#include "base/unpack/unpack.h"

#define MAX_ROUNDS 1000

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec * 1e-9;
}

static void __attribute__((noreturn)) die(const struct kho_err *err)
{
	fprintf(stderr, "bench-image: %s\n", err->text);
	exit(1);
}

static double facts(int fd)
{
	double start = seconds();
	struct successor s;
	struct kho_err err;

	if (successor_read_fd(fd, &s, &err))
		die(&err);
	successor_deinit(&s);
	return seconds() - start;
}

static double payload(int fd)
{
	struct kho_buffer file = { 0 }, out = { 0 };
	const struct container *container;
	struct container_inner inner;
	double start = seconds();
	struct successor s;
	struct kho_err err = { "it holds no packed payload" };

	successor_init(&s);
	if (read_file(fd, SUCCESSOR_FILE_LIMIT_BYTES, &file, &err))
		die(&err);
	inner = (struct container_inner){ .bytes = { file.data, file.size } };
	container = container_find(inner.bytes);
	if (container && container->open && container->open(inner.bytes, &inner, &s, &err))
		die(&err);
	if (!unpack_by_magic(inner.bytes) ||
	    unpack(unpack_by_magic(inner.bytes), inner.bytes, inner.unpacked_bytes,
		   SUCCESSOR_PAYLOAD_LIMIT_BYTES, &out, &err))
		die(&err);
	kho_buffer_deinit(&out);
	kho_buffer_deinit(&file);
	successor_deinit(&s);
	return seconds() - start;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *values, int n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

int main(int argc, char **argv)
{
	static double a[MAX_ROUNDS], b[MAX_ROUNDS];
	int rounds = argc > 2 ? atoi(argv[2]) : 15;
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	double all, unpacking;

	if (fd < 0 || rounds < 1 || rounds > MAX_ROUNDS) {
		fprintf(stderr, "usage: bench-image IMAGE [ROUNDS]\n");
		return 1;
	}
	facts(fd);
	for (int i = 0; i < rounds; i++) {
		a[i] = facts(fd);
		b[i] = payload(fd);
	}
	all = median(a, rounds);
	unpacking = median(b, rounds);
	printf("facts %.1f ms of CPU, payload alone %.1f ms, ratio %.2f (medians of %d)\n", all * 1e3,
	       unpacking * 1e3, all / unpacking, rounds);
	return 0;
}
