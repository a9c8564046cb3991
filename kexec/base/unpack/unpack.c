// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/unpack/unpack.h"

#ifdef HAVE_BZIP2
#define DECODE_BZIP2 unpack_bzip2
#else
#define DECODE_BZIP2 NULL
#endif
#ifdef HAVE_LZMA
#define DECODE_LZMA unpack_lzma
#define DECODE_XZ unpack_xz
#else
#define DECODE_LZMA NULL
#define DECODE_XZ NULL
#endif
#ifdef HAVE_LZO
#define DECODE_LZO unpack_lzo
#else
#define DECODE_LZO NULL
#endif
#ifdef HAVE_LZ4
#define DECODE_LZ4 unpack_lz4
#else
#define DECODE_LZ4 NULL
#endif
#ifdef HAVE_ZSTD
#define DECODE_ZSTD unpack_zstd
#else
#define DECODE_ZSTD NULL
#endif

/* The kernel's own list of magics is compressed_formats[] in lib/decompress.c. */
static const struct unpack_format formats[] = {
	{ "gzip", "\x1f\x8b\x08", 3, "zlib", "", true, unpack_gzip },
	{ "bzip2", "BZh", 3, "libbz2", "--with-bzip2", true, DECODE_BZIP2 },
	{ "lzma", "\x5d\0\0", 3, "liblzma", "--with-lzma", false, DECODE_LZMA },
	{ "xz", "\xfd" "7zXZ", 6, "liblzma", "--with-lzma", true, DECODE_XZ },
	{ "lzo", "\x89LZO\0\r\n\x1a\n", 9, "liblzo2", "--with-lzo", false, DECODE_LZO },
	{ "lz4", "\x02!L\x18", 4, "liblz4", "--with-lz4", false, DECODE_LZ4 },
	{ "zstd", "\x28\xb5\x2f\xfd", 4, "libzstd", "--with-zstd", true, DECODE_ZSTD },
};

#define NR_FORMATS (sizeof(formats) / sizeof(formats[0]))

/* No compressor packs a kernel better; a header that claims more is not followed. */
#define BEST_RATIO 64

/* Packers that work in parallel make one of every MiB or so; these would be of 32 KiB. */
#define MAX_FRAMES (1u << 16)

/* Room for the decoders that want to see the end of the stream with space left. */
#define SLACK_BYTES 64

const struct unpack_format *unpack_by_magic(struct kho_bytes in)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (bytes_have(in, 0, formats[i].magic, formats[i].magic_bytes))
			return &formats[i];
	return NULL;
}

void kho_buffer_deinit(struct kho_buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct kho_buffer){ 0 };
}

int unpack_room(struct unpack *job, size_t bytes)
{
	struct kho_buffer *out = job->out;
	uint64_t cap;
	uint8_t *data;

	if (out->cap - out->size >= bytes && out->cap > out->size)
		return 0;
	if (out->size >= job->limit_bytes)
		return unpack_too_big(job);
	cap = out->cap * UINT64_C(2);
	if (cap < (uint64_t)out->size + bytes)
		cap = (uint64_t)out->size + bytes;
	if (cap > job->limit_bytes)
		cap = job->limit_bytes;
	if (cap <= out->cap)
		return 0;
	data = realloc(out->data, cap);
	if (!data)
		return kho_fail(job->err, ENOMEM, "no memory for %" PRIu64 " MiB", cap >> 20);
	out->data = data;
	out->cap = cap;
	return 0;
}

int unpack_too_big(struct unpack *job)
{
	return kho_fail(job->err, EFBIG, "it unpacks to more than the limit of %" PRIu64 " MiB",
			job->limit_bytes >> 20);
}

int unpack_damaged(struct unpack *job, const char *what)
{
	return kho_fail(job->err, EINVAL, "damaged or cut short: %s", what);
}

/* xz allows zeros between two streams, in fours; zstd frames to be skipped. */
static void skip_between(const struct unpack_format *format, struct kho_bytes *in)
{
	struct cursor c = cursor_init(*in);
	uint32_t word, bytes;

	while (format->decode == DECODE_XZ && !cursor_u32(&c, &word) && !word)
		*in = (struct kho_bytes){ c.bytes.data + c.pos, cursor_left(&c) };
	c = cursor_init(*in);
	while (format->decode == DECODE_ZSTD && !cursor_u32(&c, &word) && !cursor_u32(&c, &bytes) &&
	       (word & ~15u) == 0x184d2a50 && !cursor_skip(&c, bytes))
		*in = (struct kho_bytes){ c.bytes.data + c.pos, cursor_left(&c) };
}

/* All streams that follow one another; what comes behind them is none of it. */
static int decode_all(const struct unpack_format *format, struct unpack *job)
{
	for (unsigned int n = 0; n < MAX_FRAMES; n++) {
		int ret = format->decode(job);

		if (ret || !format->frames)
			return ret;
		job->in.data += job->used;
		job->in.size -= job->used;
		skip_between(format, &job->in);
		if (!bytes_have(job->in, 0, format->magic, format->magic_bytes))
			return 0;
	}
	return kho_fail(job->err, EINVAL, "more than %u frames", MAX_FRAMES);
}

int unpack(const struct unpack_format *format, struct kho_bytes in, uint64_t expected_bytes,
	   uint64_t limit_bytes, struct kho_buffer *out, struct kho_err *err)
{
	uint64_t first = expected_bytes + SLACK_BYTES;
	struct unpack job = { .in = in, .out = out, .limit_bytes = limit_bytes, .err = err };
	int ret;

	if (!format->decode)
		return kho_fail(err, ENOTSUP,
				"packed with %s, but this kexec was built without %s (configure %s)",
				format->name, format->library, format->configure);
	if (expected_bytes && first < limit_bytes)
		job.limit_bytes = first;
	if (expected_bytes / BEST_RATIO > in.size || !expected_bytes)
		first = in.size * UINT64_C(4) + SLACK_BYTES;
	ret = unpack_room(&job, first < job.limit_bytes ? first : job.limit_bytes);
	if (!ret)
		ret = decode_all(format, &job);
	if (job.limit_bytes < limit_bytes && (ret == -EFBIG || (!ret && out->size > expected_bytes)))
		ret = kho_fail(err, EINVAL, "damaged: it unpacks to more than the %" PRIu64
			       " bytes that the image says", expected_bytes);
	if (ret) {
		kho_err_prefix(err, "%s payload: ", format->name);
		kho_buffer_deinit(out);
	}
	return ret;
}
