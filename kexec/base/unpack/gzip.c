// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <limits.h>

#include <zlib.h>

#include "base/unpack/unpack.h"

/* zlib counts in unsigned int. */
static uInt clamp(size_t bytes)
{
	return bytes < INT_MAX ? bytes : INT_MAX;
}

int unpack_gzip(struct unpack *job)
{
	struct kho_buffer *out = job->out;
	z_stream z = { 0 };
	size_t used = 0;
	int ret = 0;

	if (inflateInit2(&z, MAX_WBITS + 16) != Z_OK)
		return kho_fail(job->err, ENOMEM, "no memory for zlib");
	for (int status = Z_OK; status != Z_STREAM_END; ) {
		uInt in_now = clamp(job->in.size - used), out_now;

		ret = unpack_room(job, 1);
		if (ret)
			break;
		out_now = clamp(out->cap - out->size);
		z.next_in = (Bytef *)job->in.data + used;
		z.avail_in = in_now;
		z.next_out = out->data + out->size;
		z.avail_out = out_now;
		status = inflate(&z, Z_NO_FLUSH);
		used += in_now - z.avail_in;
		out->size += out_now - z.avail_out;
		if (status != Z_OK && status != Z_STREAM_END) {
			ret = unpack_damaged(job, z.msg ? z.msg : "the stream does not end");
			break;
		}
	}
	inflateEnd(&z);
	job->used = used;
	return ret;
}
