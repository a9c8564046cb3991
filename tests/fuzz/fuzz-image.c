// SPDX-License-Identifier: GPL-2.0-only
/* A whole image: containers, decompression, ELF, all facts. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "successor/successor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kho_buffer file = { .data = malloc(size + 1), .size = size, .cap = size };
	static FILE *null;
	struct successor s;
	struct kho_err err;

	if (!null)
		null = fopen("/dev/null", "w");
	if (!file.data || !null)
		abort();
	memcpy(file.data, data, size);
	if (successor_read_buffer(&file, &s, &err))
		return 0;
	successor_has_function(&s, "vmemmap_populate");
	successor_has_string(&s, "kho_bootmem");
	if (successor_vmcoreinfo_text(&s, null, &err) && !err.text[0])
		abort();
	successor_deinit(&s);
	return 0;
}
