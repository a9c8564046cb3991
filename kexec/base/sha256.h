/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-256 (FIPS 180-4): by which file a report was made. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#ifdef HAVE_NETTLE
#include <nettle/sha2.h>
#endif

#define KHO_SHA256_TEXT	65	/* 64 digits and a NUL */

/* nettle has the instructions of the processor for it, where there are any. */
struct kho_sha256 {
#ifdef HAVE_NETTLE
	struct sha256_ctx nettle;
#else
	uint32_t state[8];
	uint8_t block[64];
	uint64_t bytes;
#endif
};

void kho_sha256_init(struct kho_sha256 *sha);
void kho_sha256_add(struct kho_sha256 *sha, const void *data, size_t bytes);
/* The sum in lower case digits, as sha256sum prints it; @sha is used up. */
void kho_sha256_text(struct kho_sha256 *sha, char text[KHO_SHA256_TEXT]);

/* Of the whole file behind @fd, and its size, by pread(): its offset stays.  Errors of pread(). */
int kho_sha256_fd(int fd, char text[KHO_SHA256_TEXT], uint64_t *ret_bytes)
	__attribute__((warn_unused_result));

#endif
