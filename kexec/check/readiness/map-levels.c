// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernels of one format whose maps of preserved memory have different shapes.  Up to 7.1-rc5
 * KHO_TREE_MAX_DEPTH left the bit for the order out of its sum: with pages of 16 KiB such a
 * map has 4 levels, that of any later kernel 5, and both call it kho-v3.
 */
#include "config.h"

#include "check/readiness/readiness.h"
#include "kernel/formats.h"

typedef unsigned long long ull;

/* The number of levels in which @page_bytes make kernels differ; 0: they do not differ. */
static unsigned int levels_at_stake(const struct kho_readiness *r, uint64_t page_bytes)
{
	unsigned int shift = __builtin_ctzll(page_bytes);

	for (size_t i = 0; r->format && i < r->format->nr_texts; i++) {
		const struct kho_format *format = kho_format_by_abi(r->format->text[i]);

		if (format && format->map == KHO_MAP_RADIX && kho_radix_levels_vary(shift))
			return kho_radix_levels(shift);
	}
	return 0;
}

int kho_readiness_map_levels(const struct kho_readiness_of *of, struct kho_readiness *r,
			     struct kho_findings *findings)
{
	const struct machine_handover *h = &of->machine->handover;
	uint64_t page_bytes, levels = 0, running_bytes = machine_page_bytes(of->machine);
	unsigned int usual;

	if (kho_fact_get(&of->successor->fact[KHO_FACT_PAGE_BYTES], &page_bytes, NULL) !=
	    KHO_FACT_KNOWN || (running_bytes && running_bytes != page_bytes))
		return 0;
	usual = levels_at_stake(r, page_bytes);
	if (!usual)
		return 0;
	if (successor_initial(of->successor, "KHO_TREE_MAX_DEPTH", 4, &levels)) {
		r->handover = r->handover == KHO_FATE_LOST ? KHO_FATE_LOST : KHO_FATE_UNKNOWN;
		return kho_findings_add(findings, KHO_F_HANDOVER_UNREADABLE,
					"use a successor with BTF or kallsyms, which tell it",
					"the map of preserved memory has %u levels of pages of "
					"%llu bytes, in kernels before 7.1-rc6 one less: how many "
					"the successor reads is not known", usual, (ull)page_bytes);
	}
	if (levels == usual)
		return 0;
	/* This kernel's map was read with the usual levels, or not at all. */
	r->handover = h->preserved_known ? KHO_FATE_LOST : KHO_FATE_UNKNOWN;
	return kho_findings_add(findings, h->preserved_known ? KHO_F_ABI_MISMATCH :
				KHO_F_HANDOVER_UNREADABLE,
				"use a successor of 7.1 or later, or boot it cold",
				"the successor reads a map of preserved memory with %llu levels, "
				"kernels of 7.1 and later write one with %u: it would take other "
				"memory for preserved", (ull)levels, usual);
}
