// SPDX-License-Identifier: GPL-2.0-only
/*
 * sweep CUTS FLIPS IMAGE [CUTS FLIPS IMAGE]...: the image cut short at so many places,
 * then with so many single random bytes changed, must be read or refused, in one clear
 * line and in bounded time.  Of in:IMAGE it is the kernel unpacked from it, which is an
 * image too, and whose changes reach all parsers.  Speaks TAP.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "successor/successor.h"
#include "successor/image/image.h"

#define MAX_SECONDS 10	/* of CPU */
#define HEADERS_BYTES 2048

struct image {
	uint8_t *data;
	size_t size;
	struct kho_buffer copy;	/* whole and unchanged, where its last reader left it */
};

static int load(const char *path, struct image *image)
{
	FILE *file = fopen(path, "rb");
	long size;

	if (!file)
		return -1;
	if (fseek(file, 0, SEEK_END) || (size = ftell(file)) <= 0 || fseek(file, 0, SEEK_SET)) {
		fclose(file);
		return -1;
	}
	image->size = size;
	image->data = malloc(size);
	if (!image->data || fread(image->data, 1, size, file) != (size_t)size) {
		fclose(file);
		return -1;
	}
	fclose(file);
	return 0;
}

/* Put the kernel in place of the image that it is packed in. */
static int unpack_kernel(struct image *image)
{
	struct kho_buffer file = { image->data, image->size, image->size };
	struct successor s;
	struct kho_err err;

	if (successor_read_buffer(&file, &s, &err))
		return -1;
	image->data = s.image->buffer.data;
	image->size = s.image->buffer.size;
	s.image->buffer = (struct kho_buffer){ 0 };
	successor_deinit(&s);
	return 0;
}

static int copy_of(struct image *image, size_t size, struct kho_buffer *file)
{
	*file = image->copy;
	image->copy = (struct kho_buffer){ 0 };
	if (file->data && size == image->size)
		return 0;
	kho_buffer_deinit(file);
	*file = (struct kho_buffer){ .data = malloc(size + 1), .size = size, .cap = size };
	if (!file->data)
		return -1;
	memcpy(file->data, image->data, size);
	return 0;
}

/* A kernel of many MiB is not copied for each changed byte. */
static void keep_copy(struct image *image, struct successor *s, const uint8_t *data)
{
	if (s->image->buffer.data != data || s->image->buffer.size != image->size)
		return;
	image->copy = s->image->buffer;
	s->image->buffer = (struct kho_buffer){ 0 };
}

static bool is_clean(int ret, const struct kho_err *err)
{
	return !ret || ((ret == -EINVAL || ret == -EFBIG || ret == -ENOTSUP || ret == -ENOMEM) &&
			err->text[0] && !strchr(err->text, '\n'));
}

/* Read the first @size bytes of @image, that at @at changed by @change. */
static int try(struct image *image, size_t size, size_t at, uint8_t change)
{
	struct timespec before, after;
	struct kho_err err = { "" };
	struct kho_buffer file;
	struct successor s;
	uint8_t *data;
	int ret;

	if (copy_of(image, size, &file))
		return -1;
	data = file.data;
	if (change)
		data[at] ^= change;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	ret = successor_read_buffer(&file, &s, &err);
	if (!ret) {
		successor_has_function(&s, "vmemmap_populate");
		keep_copy(image, &s, data);
		successor_deinit(&s);
	}
	if (image->copy.data && change)
		data[at] ^= change;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	if (is_clean(ret, &err) && after.tv_sec - before.tv_sec <= MAX_SECONDS)
		return 0;
	printf("# %s, status %d, %jd s\n", err.text, ret, (intmax_t)(after.tv_sec - before.tv_sec));
	return -1;
}

static int cut(struct image *image, size_t times)
{
	int failed = 0;

	for (size_t i = 0; i < times; i++)
		failed |= try(image, (uint64_t)image->size * i / times, 0, 0);
	return failed;
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* A quarter each in the first and the last bytes, where the headers are; half anywhere. */
static size_t place(size_t size, size_t i, uint32_t *state)
{
	size_t within = i % 4 < 2 && size > HEADERS_BYTES ? HEADERS_BYTES : size;
	size_t at = (uint64_t)next_random(state) * within >> 24;

	return i % 4 == 1 ? size - 1 - at : at;
}

static int flip(struct image *image, size_t times)
{
	uint32_t state = 1;
	int failed = 0;

	for (size_t i = 0; i < times; i++) {
		size_t at = place(image->size, i, &state);
		uint8_t change = 1 + next_random(&state) % 255;

		if (try(image, image->size, at, change)) {
			printf("# with byte %zu changed to %u\n", at, image->data[at] ^ change);
			failed = -1;
		}
	}
	return failed;
}

/* Three tests. */
static void sweep(const char *name, size_t cuts, size_t flips)
{
	static int nr;
	bool kernel = !strncmp(name, "in:", 3);
	struct image image = { 0 };
	int failed = load(name + (kernel ? 3 : 0), &image) || (kernel && unpack_kernel(&image)) ||
		     try(&image, image.size, 0, 0);

	printf("%sok %d - %s: whole, %zu bytes\n", failed ? "not " : "", ++nr, name, image.size);
	printf("%sok %d - %s: cut at %zu places\n",
	       failed || cut(&image, cuts) ? "not " : "", ++nr, name, cuts);
	printf("%sok %d - %s: %zu bytes changed\n",
	       failed || flip(&image, flips) ? "not " : "", ++nr, name, flips);
	kho_buffer_deinit(&image.copy);
	free(image.data);
}

int main(int argc, char **argv)
{
	if (argc < 4 || argc % 3 != 1) {
		fprintf(stderr, "usage: sweep CUTS FLIPS IMAGE [CUTS FLIPS IMAGE]...\n");
		return 1;
	}
	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i += 3)
		sweep(argv[i + 2], strtoul(argv[i], NULL, 10), strtoul(argv[i + 1], NULL, 10));
	return 0;
}
