// SPDX-License-Identifier: GPL-2.0-only
/*
 * sweep CUTS FLIPS IMAGE...: each image cut short at so many places, then with so
 * many single random bytes changed, must be read or refused, in one clear line and
 * in bounded time.  Speaks TAP.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "successor/facts.h"

#define MAX_SECONDS 10

struct image {
	uint8_t *data;
	size_t size;
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

static bool is_clean(int ret, const struct kho_err *err)
{
	return !ret || ((ret == -EINVAL || ret == -EFBIG || ret == -ENOTSUP || ret == -ENOMEM) &&
			err->text[0] && !strchr(err->text, '\n'));
}

/* Read the first @size bytes of @image. */
static int try(const struct image *image, size_t size)
{
	struct kho_buffer file = { .data = malloc(size + 1), .size = size, .cap = size };
	struct timespec before, after;
	struct kho_err err = { "" };
	struct successor s;
	int ret;

	if (!file.data)
		return -1;
	memcpy(file.data, image->data, size);
	clock_gettime(CLOCK_MONOTONIC, &before);
	ret = successor_read_buffer(&file, &s, &err);
	if (!ret) {
		successor_has_function(&s, "vmemmap_populate");
		successor_deinit(&s);
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	if (is_clean(ret, &err) && after.tv_sec - before.tv_sec <= MAX_SECONDS)
		return 0;
	printf("# %s, status %d, %jd s\n", err.text, ret, (intmax_t)(after.tv_sec - before.tv_sec));
	return -1;
}

static int cut(const struct image *image, size_t times)
{
	int failed = 0;

	for (size_t i = 0; i < times; i++)
		failed |= try(image, (uint64_t)image->size * i / times);
	return failed;
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Half of the changes in the first 1 KiB, where the headers are. */
static int flip(struct image *image, size_t times)
{
	uint32_t state = 1;
	int failed = 0;

	for (size_t i = 0; i < times; i++) {
		size_t within = i % 2 && image->size > 1024 ? 1024 : image->size;
		size_t at = (uint64_t)next_random(&state) * within >> 24;
		uint8_t old = image->data[at];

		image->data[at] ^= 1 + next_random(&state) % 255;
		if (try(image, image->size)) {
			printf("# with byte %zu changed to %u\n", at, image->data[at]);
			failed = -1;
		}
		image->data[at] = old;
	}
	return failed;
}

int main(int argc, char **argv)
{
	size_t cuts = argc > 3 ? strtoul(argv[1], NULL, 10) : 0;
	size_t flips = argc > 3 ? strtoul(argv[2], NULL, 10) : 0;
	int nr = 0;

	for (int i = 3; i < argc; i++) {
		struct image image = { 0 };
		int failed = load(argv[i], &image);

		failed |= !failed && try(&image, image.size);
		printf("%sok %d - %s: whole\n", failed ? "not " : "", ++nr, argv[i]);
		printf("%sok %d - %s: cut at %zu places\n",
		       failed || cut(&image, cuts) ? "not " : "", nr + 1, argv[i], cuts);
		printf("%sok %d - %s: %zu bytes changed\n",
		       failed || flip(&image, flips) ? "not " : "", nr + 2, argv[i], flips);
		nr += 2;
		free(image.data);
	}
	printf("1..%d\n", nr);
	return 0;
}
