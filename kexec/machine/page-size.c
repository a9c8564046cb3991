// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "machine/page-size.h"
#include "base/cursor.h"
#include "base/number.h"

static bool is_page_size(uint64_t bytes)
{
	return bytes == 4096 || bytes == 16384 || bytes == 65536;
}

/* Pairs of 64-bit numbers, up to AT_NULL: of a 64-bit program, and little-endian. */
static uint64_t read_auxv(const struct machine_tree *tree)
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
	return is_page_size(page_bytes) ? page_bytes : 0;
}

/* The sum of the numbers behind @key, in a file of lines "key  number"; 0: none. */
static uint64_t sum_of(const struct machine_tree *tree, const char *path, const char *key)
{
	uint64_t sum = 0, number;
	char *text;

	if (tree_read(tree, path, &text, NULL))
		return 0;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *at = line + strspn(line, " ");

		if (strncmp(at, key, strlen(key)))
			continue;
		at += strlen(key);
		if (*at != ' ')
			continue;
		at += strspn(at, " ");
		if (number_parse(&at, 10, &number) || __builtin_add_overflow(sum, number, &sum)) {
			sum = 0;
			break;
		}
	}
	free(text);
	return sum;
}

/* The two files are read one after the other: memory may come online in between. */
static uint64_t compare_totals(const struct machine_tree *tree)
{
	uint64_t pages = sum_of(tree, "proc/zoneinfo", "managed");
	uint64_t total_kib = sum_of(tree, "proc/meminfo", "MemTotal:");
	uint64_t slack_kib = total_kib / 64;

	if (!pages || pages > UINT64_MAX / 64)
		return 0;
	for (uint64_t page_kib = 4; page_kib <= 64; page_kib *= 4)
		if (pages * page_kib + slack_kib >= total_kib &&
		    pages * page_kib <= total_kib + slack_kib)
			return page_kib << 10;
	return 0;
}

uint64_t page_size_read(const struct machine_tree *tree)
{
	uint64_t page_bytes = read_auxv(tree);

	return page_bytes ? page_bytes : compare_totals(tree);
}
