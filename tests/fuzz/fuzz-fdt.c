// SPDX-License-Identifier: GPL-2.0-only
/* A root tree, and the same bytes as each producer's blob. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "machine/handover-fdt.h"
#include "machine/handover-read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "memblock", "LUO", "other" };
	struct kho_bytes bytes = { malloc(size + 1), size };
	struct handover_tree tree = { 0 };
	struct kho_err err;
	char *release;
	uint32_t count;

	if (!bytes.data)
		abort();
	memcpy((uint8_t *)bytes.data, data, size);
	if (!handover_fdt_root(bytes, &tree, &err) && !tree.root.nr_texts)
		abort();
	for (size_t i = 0; i < 3 && tree.nr_producers < HANDOVER_PRODUCERS; i++) {
		struct handover_producer *p = handover_add_producer(&tree, names[i]);

		if (!p || handover_fdt_blob(bytes, p) || !p->read ||
		    (p->read == HANDOVER_BLOB_PART) != !!p->trouble)
			abort();
	}
	handover_tree_deinit(&tree);
	if (!handover_metadata(bytes, &release, &count))
		free(release);
	free((uint8_t *)bytes.data);
	return 0;
}
