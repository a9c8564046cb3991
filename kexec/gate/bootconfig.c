// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/read-file.h"
#include "gate/bootconfig.h"

#define MARK		"#BOOTCONFIG\n"
#define MARK_BYTES	(sizeof(MARK) - 1)
#define HEADER_BYTES	8		/* size and checksum, 32 bits each, little-endian */
#define FILLING_BYTES	3		/* boot loaders make the size a multiple of 4 */
#define MOST_BYTES	32767		/* XBC_DATA_MAX */

static uint32_t le32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* xbc_calc_checksum() */
static uint32_t checksum(const uint8_t *data, size_t bytes)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < bytes; i++)
		sum += data[i];
	return sum;
}

/* The last one, within what may be filling. */
static bool find_mark(const struct kho_buffer *end, size_t *mark)
{
	for (size_t i = MARK_BYTES; i <= MARK_BYTES + FILLING_BYTES && i <= end->size; i++) {
		*mark = end->size - i;
		if (!memcmp(end->data + *mark, MARK, MARK_BYTES))
			return true;
	}
	return false;
}

/* @mark: where the mark is, in what was read of the end. */
static enum kho_tri checksum_agrees(const uint8_t *end, size_t mark)
{
	size_t header, bytes;

	if (mark < HEADER_BYTES)
		return KHO_TRI_NO;
	header = mark - HEADER_BYTES;
	bytes = le32(end + header);
	if (bytes > MOST_BYTES || bytes > header)
		return KHO_TRI_NO;
	return checksum(end + header - bytes, bytes) == le32(end + header + 4) ? KHO_TRI_YES :
										 KHO_TRI_NO;
}

enum kho_tri kho_bootconfig_ends(int fd, uint64_t bytes)
{
	const uint64_t most = MOST_BYTES + HEADER_BYTES + MARK_BYTES + FILLING_BYTES;
	uint64_t want = bytes < most ? bytes : most;
	enum kho_tri ends = KHO_TRI_NO;
	struct kho_buffer end;
	struct kho_err err;
	size_t mark;

	if (!bytes)
		return KHO_TRI_NO;
	if (read_file_part(fd, bytes - want, want, &end, &err))
		return KHO_TRI_UNKNOWN;
	if (end.size != want)
		ends = KHO_TRI_UNKNOWN;
	else if (find_mark(&end, &mark))
		ends = checksum_agrees(end.data, mark);
	kho_buffer_deinit(&end);
	return ends;
}
