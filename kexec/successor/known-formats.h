/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which formats ("memblock-v1") an image knows.  All are looked up in one pass over the
 * image, however many there are.
 */
#ifndef SUCCESSOR_KNOWN_FORMATS_H
#define SUCCESSOR_KNOWN_FORMATS_H

#include "successor/claims/claims.h"
#include "successor/versions.h"

/* A longer text is no format, nor is one that holds other than printable ASCII. */
#define FORMAT_TEXT_BYTES 256

struct successor_format {
	const char *text;		/* the caller's */
	size_t prefix_bytes;		/* of it, without the number that it ends in */
	bool stands;
	/* Of all with this prefix, in the first of them. */
	struct successor_versions versions;
};

/* All zeros: no image, and nothing is known. */
struct successor_formats {
	struct successor_format *format;	/* by prefix, then by text */
	size_t n;
};

/*
 * Ask for these @n texts, which must stay; they may come twice.  On success @formats is
 * to be given to successor_formats_deinit().  0 or -ENOMEM.
 */
int successor_formats_init(struct successor_formats *formats, const struct successor *s,
			   const char *const *text, size_t n) __attribute__((warn_unused_result));

/* As successor_has_string(); UNKNOWN for what was not asked for too. */
enum kho_tri successor_formats_has(const struct successor_formats *formats, const char *text);

/* Versions that the image knows of the format whose one version @text is: of "x-v1" all "x-vN". */
void successor_formats_versions(const struct successor_formats *formats, const char *text,
				struct successor_versions *versions);

void successor_formats_deinit(struct successor_formats *formats);

#endif
