// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>

#include "machine/page-size.h"
#include "base/cursor.h"

/* Pairs of 64-bit numbers, up to AT_NULL: of a 64-bit program, and little-endian. */
uint64_t page_size_read(const struct machine_tree *tree)
{
	enum { AT_NULL = 0, AT_PAGESZ = 6 };
	uint64_t key = AT_NULL, value, page_bytes = 0;
	struct kho_bytes bytes;
	struct cursor c;
	char *auxv;

	if (tree_read(tree, "proc/self/auxv", &auxv, &bytes.size))
		return 0;
	bytes.data = (const uint8_t *)auxv;
	c = cursor_init(bytes);
	while (!cursor_u64(&c, &key) && key != AT_NULL && !cursor_u64(&c, &value))
		if (key == AT_PAGESZ)
			page_bytes = value;
	free(auxv);
	return page_bytes == 4096 || page_bytes == 16384 || page_bytes == 65536 ? page_bytes : 0;
}
