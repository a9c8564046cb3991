// SPDX-License-Identifier: GPL-2.0-only
/*
 * A root tree, and the same bytes as each producer's blob.  Then a usual successor judges
 * what they hand over: as the root says it, and under a root that it reads.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz-successor.h"
#include "check/readiness/readiness.h"
#include "machine/handover/compatible.h"
#include "machine/handover/fdt.h"
#include "producers/producer.h"
#include "machine/handover/read-handover.h"

static void judge(const struct machine *m)
{
	struct kho_findings findings = { .n = 0 };
	struct kho_readiness readiness;
	struct successor s;
	struct kho_readiness_of of = { .successor = &s, .machine = m, .cmdline = m->cmdline };

	fuzz_successor(&s, false);
	if (kho_readiness_check(&of, &readiness, &findings))
		abort();
	fuzz_check_findings(&findings);
	for (size_t i = 0; i < m->handover.out.nr_producers; i++) {
		const struct handover_producer *p = &m->handover.out.producer[i];

		if (readiness.producer[i] == KHO_FATE_ARRIVES &&
		    strcmp(p->name, producer_metadata.name) &&
		    (p->read != HANDOVER_BLOB_WHOLE || !p->nr_compatibles))
			abort();
	}
	kho_readiness_deinit(&readiness);
	kho_findings_deinit(&findings);
	successor_deinit(&s);
}

/* Takes @tree over. */
static void judge_tree(struct handover_tree *tree)
{
	static char cmdline[] = "kho=on liveupdate=on reserve_mem=4M:4K:state";
	struct machine m = { .arch = "x86_64", .cmdline = cmdline, .scratch_known = true };
	static const char *const kho_v4 = "kho-v4";

	m.handover.hops = -1;
	m.handover.finalized = FINALIZED_YES;
	m.handover.out = *tree;
	m.handover.out.state = tree->root.nr_texts ? HANDOVER_READ : HANDOVER_ABSENT;
	judge(&m);
	handover_compatible_deinit(&m.handover.out.root);
	if (handover_compatible_init(&m.handover.out.root, "/", &kho_v4, 1))
		abort();
	m.handover.out.state = HANDOVER_READ;
	judge(&m);
	handover_tree_deinit(&m.handover.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "memblock", "LUO", "other" };
	struct kho_bytes bytes = { malloc(size + 1), size };
	struct handover_tree tree = { 0 };
	struct kho_err err;
	struct machine_handover h = { .hops = -1 };

	if (!bytes.data)
		abort();
	memcpy((uint8_t *)bytes.data, data, size);
	if (handover_fdt_root(bytes, &tree, &err))
		handover_tree_deinit(&tree);
	else if (!tree.root.nr_texts)
		abort();
	for (size_t i = 0; i < 3 && tree.nr_producers < HANDOVER_PRODUCERS; i++) {
		struct handover_producer *p = handover_add_producer(&tree, names[i]);

		if (!p || handover_fdt_blob(bytes, p) || !p->read ||
		    (p->read == HANDOVER_BLOB_PART) != !!p->trouble)
			abort();
	}
	judge_tree(&tree);
	if (producer_metadata.read_incoming(bytes, &h))
		abort();
	machine_handover_deinit(&h);
	free((uint8_t *)bytes.data);
	return 0;
}
