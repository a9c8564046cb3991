// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/size.h"

#define UNITS_MAX	5	/* PiB: with it nothing below overflows */

static const char *print_size(uint64_t bytes, bool up, char text[KHO_SIZE_BYTES])
{
	static const char *const unit[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB" };
	unsigned int u = 0, shift, scale = 1, decimals = 0;
	uint64_t whole, parts;

	while (u < UNITS_MAX && bytes >> (10 * (u + 1)))
		u++;
	shift = 10 * u;
	whole = bytes >> shift;
	for (; u && decimals < 2 && whole * scale < 100; decimals++)
		scale *= 10;
	/* In hundredths, tenths or ones of the unit. */
	parts = (bytes - (whole << shift)) * scale;
	up &= (parts & ((UINT64_C(1) << shift) - 1)) != 0;
	parts = whole * scale + (parts >> shift) + up;
	for (; decimals && parts % 10 == 0; decimals--) {
		parts /= 10;
		scale /= 10;
	}
	if (decimals)
		snprintf(text, KHO_SIZE_BYTES, "%" PRIu64 ".%0*" PRIu64 " %s", parts / scale,
			 (int)decimals, parts % scale, unit[u]);
	else
		snprintf(text, KHO_SIZE_BYTES, "%" PRIu64 " %s", parts, unit[u]);
	return text;
}

const char *kho_size(uint64_t bytes, char text[KHO_SIZE_BYTES])
{
	return print_size(bytes, false, text);
}

const char *kho_size_up(uint64_t bytes, char text[KHO_SIZE_BYTES])
{
	return print_size(bytes, true, text);
}
