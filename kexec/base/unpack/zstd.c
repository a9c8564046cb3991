// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "base/unpack/unpack.h"

/*
 * In one call, which needs no window of its own beside the output.  The output's
 * size is not in the frame when zstd read from a pipe, so it is tried with the
 * room there is and, when that was too small, again with twice as much.
 */
int unpack_zstd(struct unpack *job)
{
	struct kho_buffer *out = job->out;
	size_t frame = ZSTD_findFrameCompressedSize(job->in.data, job->in.size);
	size_t before = out->size, got;

	if (ZSTD_isError(frame))
		return unpack_damaged(job, ZSTD_getErrorName(frame));
	for (;;) {
		int ret;

		got = ZSTD_decompress(out->data + before, out->cap - before, job->in.data, frame);
		if (!ZSTD_isError(got))
			break;
		if (ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation)
			return kho_fail(job->err, ENOMEM, "no memory for libzstd");
		if (ZSTD_getErrorCode(got) != ZSTD_error_dstSize_tooSmall)
			return unpack_damaged(job, ZSTD_getErrorName(got));
		out->size = out->cap;
		ret = unpack_room(job, 1);
		if (ret)
			return ret;
		out->size = before;
	}
	out->size = before + got;
	job->used = frame;
	return 0;
}
