// SPDX-License-Identifier: GPL-2.0-only
/* kallsyms: the number of symbols, two lengths, then token index, token table, names. */
#include "config.h"

#include <stdlib.h>

#include "fuzz.h"
#include "successor/facts/kallsyms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_init((struct kho_bytes){ data, size });
	struct kallsyms_tables tables = { 0 };
	uint16_t index_bytes, table_bytes;
	struct kallsyms k;

	if (cursor_u32(&c, &tables.nr_symbols) || cursor_u16(&c, &index_bytes) ||
	    cursor_u16(&c, &table_bytes) || cursor_bytes(&c, index_bytes, &tables.token_index) ||
	    cursor_bytes(&c, table_bytes, &tables.token_table) ||
	    cursor_bytes(&c, cursor_left(&c), &tables.names))
		return 0;
	/* All names are printable.  (The empty one is there where ".name" is, as its part.) */
	if (!kallsyms_init(&k, &tables) && kallsyms_has_function(&k, "\n"))
		abort();
	return 0;
}
