// SPDX-License-Identifier: GPL-2.0-only
/*
 * A core with a map of preserved memory in it.  The first eight bytes say where
 * the map is; their lowest bit, which no address of a page has, which layout.
 * The outgoing tree is looked for as well.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "machine/handover/find-root.h"
#include "machine/kcore.h"
#include "machine/machine.h"
#include "machine/handover/preserved.h"

static void check(const struct machine_handover *h)
{
	if (h->preserved_known == !!h->preserved_trouble || h->preserved.n > PRESERVED_RANGES)
		abort();
	for (size_t i = 1; i < h->preserved.n; i++)
		if (h->preserved.r[i].start_pa <= h->preserved.r[i - 1].end_pa)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct machine_handover h = { .finalized = FINALIZED_NOT_WANTED };
	char *layout = NULL, *text[1];
	struct handover_tree found = { 0 };
	struct kho_err err = { "" };
	struct kcore core;
	uint64_t map_pa;
	int fd;

	if (size < sizeof(map_pa))
		return 0;
	memcpy(&map_pa, data, sizeof(map_pa));
	fd = memfd_create("kcore", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data + 8, size - 8) != (ssize_t)size - 8)
		abort();
	if (kcore_init(fd, &core, &err))
		return 0;
	layout = map_pa & 1 ? "kho-v1" : "kho-v4";
	text[0] = layout;
	h.out = (struct handover_tree){ .state = HANDOVER_READ, .root = { "/", text, 1 },
					.preserved_map_pa = map_pa & ~UINT64_C(1) };
	if (preserved_read(&core, &err, &h))
		abort();
	check(&h);
	h.out = (struct handover_tree){ 0 };
	machine_handover_deinit(&h);
	if (!handover_find_root(&core, &found, &err))
		handover_tree_deinit(&found);
	kcore_close(&core);
	return 0;
}
