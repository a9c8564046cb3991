// SPDX-License-Identifier: GPL-2.0-only
/* The decompressors; the format is chosen by its magic. */
#include "config.h"

#include <stdlib.h>

#include "fuzz.h"
#include "base/unpack/unpack.h"

#define LIMIT_BYTES (UINT64_C(1) << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct unpack_format *format = unpack_by_magic((struct kho_bytes){ data, size });
	struct kho_buffer out = { 0 };
	struct kho_err err;

	if (!format)
		return 0;
	if (!unpack(format, (struct kho_bytes){ data, size }, 0, LIMIT_BYTES, &out, &err) &&
	    out.size > LIMIT_BYTES)
		abort();
	kho_buffer_deinit(&out);
	return 0;
}
