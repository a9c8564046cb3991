// SPDX-License-Identifier: GPL-2.0-only
/* BTF as we call libbpf for it: the input is the section's contents. */
#include "config.h"

#include <stdlib.h>

#include "fuzz.h"
#include "successor/facts/btf.h"
#include "successor/facts/facts.h"
#include "successor/successor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_section section = { .name = ".BTF", .bytes = { data, size } };
	struct successor_image *image = calloc(1, sizeof(*image));
	struct successor s;

	successor_init(&s);
	if (!image || image_add_section(image, &section))
		abort();
	s.image = image;
	if (facts_from_btf(&s))
		abort();
	btf_has_function(image, "start_kernel");
	successor_deinit(&s);
	return 0;
}
