// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <limits.h>

#include <bzlib.h>

#include "base/unpack/unpack.h"

static unsigned int clamp(size_t bytes)
{
	return bytes < INT_MAX ? bytes : INT_MAX;
}

int unpack_bzip2(struct unpack *job)
{
	struct kho_buffer *out = job->out;
	bz_stream bz = { 0 };
	size_t used = 0;
	int ret = 0;

	if (BZ2_bzDecompressInit(&bz, 0, 0) != BZ_OK)
		return kho_fail(job->err, ENOMEM, "no memory for libbz2");
	for (int status = BZ_OK; status != BZ_STREAM_END; ) {
		unsigned int in_now = clamp(job->in.size - used), out_now;

		ret = unpack_room(job, 1);
		if (ret)
			break;
		out_now = clamp(out->cap - out->size);
		bz.next_in = (char *)job->in.data + used;
		bz.avail_in = in_now;
		bz.next_out = (char *)out->data + out->size;
		bz.avail_out = out_now;
		status = BZ2_bzDecompress(&bz);
		used += in_now - bz.avail_in;
		out->size += out_now - bz.avail_out;
		/* BZ_OK with all input eaten and room left: it waits for more. */
		if ((status != BZ_OK && status != BZ_STREAM_END) ||
		    (status == BZ_OK && used == job->in.size && bz.avail_out)) {
			ret = unpack_damaged(job, "the stream does not end well");
			break;
		}
	}
	BZ2_bzDecompressEnd(&bz);
	job->used = used;
	return ret;
}
