// SPDX-License-Identifier: GPL-2.0-only
/* xz, with the branch filters that liblzma brings, and the older .lzma. */
#include "config.h"

#include <errno.h>

#include <lzma.h>

#include "base/unpack/unpack.h"

/* xz_wrap.sh in the kernel's scripts asks for a dictionary of up to 128 MiB. */
#define MEMORY_LIMIT_BYTES (UINT64_C(256) << 20)

static const char *status_text(lzma_ret status)
{
	switch (status) {
	case LZMA_FORMAT_ERROR:
		return "not a stream of this format";
	case LZMA_OPTIONS_ERROR:
		return "options that liblzma does not know";
	case LZMA_DATA_ERROR:
		return "its contents do not fit together";
	case LZMA_BUF_ERROR:
		return "the stream does not end";
	default:
		return "liblzma gives up";
	}
}

static int run_lzma(lzma_stream *stream, struct unpack *job)
{
	struct kho_buffer *out = job->out;
	lzma_ret status = LZMA_OK;

	stream->next_in = job->in.data;
	stream->avail_in = job->in.size;
	while (status != LZMA_STREAM_END) {
		int ret = unpack_room(job, 1);

		if (ret)
			return ret;
		stream->next_out = out->data + out->size;
		stream->avail_out = out->cap - out->size;
		status = lzma_code(stream, LZMA_FINISH);
		out->size = out->cap - stream->avail_out;
		if (status == LZMA_MEM_ERROR || status == LZMA_MEMLIMIT_ERROR)
			return kho_fail(job->err, ENOMEM, "its dictionary wants too much memory");
		/* A full output buffer ends in LZMA_BUF_ERROR too. */
		if (status == LZMA_BUF_ERROR && !stream->avail_out)
			status = LZMA_OK;
		if (status != LZMA_OK && status != LZMA_STREAM_END)
			return unpack_damaged(job, status_text(status));
	}
	job->used = job->in.size - stream->avail_in;
	return 0;
}

int unpack_xz(struct unpack *job)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	int ret;

	if (lzma_stream_decoder(&stream, MEMORY_LIMIT_BYTES, 0) != LZMA_OK)
		return kho_fail(job->err, ENOMEM, "no memory for liblzma");
	ret = run_lzma(&stream, job);
	lzma_end(&stream);
	return ret;
}

int unpack_lzma(struct unpack *job)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	int ret;

	if (lzma_alone_decoder(&stream, MEMORY_LIMIT_BYTES) != LZMA_OK)
		return kho_fail(job->err, ENOMEM, "no memory for liblzma");
	ret = run_lzma(&stream, job);
	lzma_end(&stream);
	return ret;
}
