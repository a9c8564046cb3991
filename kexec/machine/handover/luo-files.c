// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "machine/handover/luo-files.h"

/* mm/memfd_luo.c: MEMFD_LUO_FH_COMPATIBLE and a number. */
#define PREFIX "memfd-v"

#define CHUNK_BYTES		(64u << 10)
#define IMAGE_LIMIT_BYTES	(UINT64_C(512) << 20)

/* The longest text that is looked for; chunks overlap by so much. */
#define TEXT_BYTES 24

static bool hands_over_luo(const struct handover_tree *out)
{
	for (size_t i = 0; i < out->nr_producers; i++)
		if (!strcmp(out->producer[i].name, "LUO"))
			return true;
	return false;
}

/* False: there is no room for it. */
static bool keep(struct handover_memfd *memfd, unsigned int version)
{
	for (size_t i = 0; i < memfd->n; i++)
		if (memfd->version[i] == version)
			return true;
	if (memfd->n == HANDOVER_MEMFD_VERSIONS)
		return false;
	memfd->version[memfd->n++] = version;
	return true;
}

/*
 * Behind @chunk stands a NUL: a number that is cut there comes whole in the next one.
 * -E2BIG: more versions than are kept.
 */
static int search(const char *chunk, size_t bytes, struct handover_memfd *memfd)
{
	const char *at = chunk, *end;

	while ((at = memmem(at, bytes - (size_t)(at - chunk), PREFIX, strlen(PREFIX)))) {
		unsigned long version;
		char *after;

		end = at + strlen(PREFIX);
		version = strtoul(end, &after, 10);
		if (isdigit((unsigned char)*end) && !*after && after < chunk + bytes &&
		    version <= UINT_MAX && !keep(memfd, (unsigned int)version))
			return -E2BIG;
		at = end;
	}
	return 0;
}

static int search_image(const struct kcore *core, const struct kcore_segment *image,
			struct handover_memfd *memfd)
{
	char *chunk = calloc(1, CHUNK_BYTES + 1);
	int ret = chunk ? 0 : -ENOMEM;

	for (uint64_t pa = image->start_pa; pa < image->end_pa && !ret;
	     pa += CHUNK_BYTES - TEXT_BYTES) {
		size_t bytes = CHUNK_BYTES;

		if (image->end_pa - pa < bytes)
			bytes = image->end_pa - pa;
		chunk[bytes] = '\0';
		ret = kcore_read(core, pa, chunk, bytes);
		if (!ret)
			ret = search(chunk, bytes, memfd);
	}
	free(chunk);
	return ret;
}

int luo_files_read(const struct kcore *core, struct machine_handover *h)
{
	const struct kcore_segment *image = core ? kcore_image(core) : NULL;
	int ret;

	if (!hands_over_luo(&h->out) || !image ||
	    image->end_pa - image->start_pa > IMAGE_LIMIT_BYTES)
		return 0;
	ret = search_image(core, image, &h->memfd);
	h->memfd.known = !ret;
	/* A part of the versions is none: one that is left out may be the one in use. */
	if (ret)
		h->memfd.n = 0;
	return ret == -ENOMEM ? ret : 0;
}
