// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sha256.h"

#ifdef HAVE_NETTLE

void kho_sha256_init(struct kho_sha256 *sha)
{
	sha256_init(&sha->nettle);
}

void kho_sha256_add(struct kho_sha256 *sha, const void *data, size_t bytes)
{
	sha256_update(&sha->nettle, bytes, data);
}

void kho_sha256_text(struct kho_sha256 *sha, char text[KHO_SHA256_TEXT])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(&sha->nettle, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		sprintf(text + 2 * i, "%02x", digest[i]);
}

#else

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static void expand_block(const uint8_t block[64], uint32_t w[64])
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;

		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

/* The eight words move on by one place each round: here only their numbers do. */
static void add_round(uint32_t v[8], unsigned int i, uint32_t input)
{
	uint32_t a = v[-i & 7], b = v[(1 - i) & 7], c = v[(2 - i) & 7], e = v[(4 - i) & 7];
	uint32_t f = v[(5 - i) & 7], g = v[(6 - i) & 7];
	uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
	uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
	uint32_t t1 = v[(7 - i) & 7] + s1 + (g ^ (e & (f ^ g))) + input;

	v[(3 - i) & 7] += t1;
	v[(7 - i) & 7] = t1 + s0 + ((a & b) | (c & (a | b)));
}

static void add_block(struct kho_sha256 *sha, const uint8_t block[64])
{
	uint32_t v[8], w[64];

	expand_block(block, w);
	memcpy(v, sha->state, sizeof(v));
	/* After eight rounds each word is in its own place again; the compiler unrolls them. */
	for (unsigned int i = 0; i < 64; i += 8)
		for (unsigned int j = 0; j < 8; j++)
			add_round(v, j, constants[i + j] + w[i + j]);
	for (int i = 0; i < 8; i++)
		sha->state[i] += v[i];
}

/* And those of the square roots of the first 8. */
void kho_sha256_init(struct kho_sha256 *sha)
{
	*sha = (struct kho_sha256){ .state = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	} };
}

void kho_sha256_add(struct kho_sha256 *sha, const void *data, size_t bytes)
{
	const uint8_t *at = data;

	for (; !(sha->bytes % 64) && bytes >= 64; bytes -= 64, at += 64, sha->bytes += 64)
		add_block(sha, at);
	while (bytes) {
		size_t used = sha->bytes % sizeof(sha->block), n = sizeof(sha->block) - used;

		if (n > bytes)
			n = bytes;
		memcpy(sha->block + used, at, n);
		sha->bytes += n;
		at += n;
		bytes -= n;
		if (used + n == sizeof(sha->block))
			add_block(sha, sha->block);
	}
}

void kho_sha256_text(struct kho_sha256 *sha, char text[KHO_SHA256_TEXT])
{
	static const uint8_t end[64] = { 0x80 };
	uint64_t bits = sha->bytes * 8;
	uint8_t length[8];

	kho_sha256_add(sha, end, 1 + (119 - sha->bytes % 64) % 64);
	for (int i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	kho_sha256_add(sha, length, sizeof(length));
	for (int i = 0; i < 8; i++)
		snprintf(text + 8 * i, 9, "%08x", sha->state[i]);
}

#endif

int kho_sha256_fd(int fd, char text[KHO_SHA256_TEXT], uint64_t *ret_bytes)
{
	struct kho_sha256 sha;
	uint8_t chunk[64 << 10];
	off_t at = 0;
	ssize_t n;

	kho_sha256_init(&sha);
	while ((n = pread(fd, chunk, sizeof(chunk), at)) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n < 0)
			continue;
		kho_sha256_add(&sha, chunk, (size_t)n);
		at += n;
	}
	*ret_bytes = (uint64_t)at;
	kho_sha256_text(&sha, text);
	return 0;
}
