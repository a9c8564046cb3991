// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "successor/facts/facts.h"
#include "successor/facts/kallsyms.h"

void facts_from_kallsyms(struct successor *s)
{
	uint64_t sparsemem;
	enum kho_tri has;

	if (s->fact[KHO_FACT_VMEMMAP].claimed ||
	    kho_fact_get(&s->fact[KHO_FACT_SPARSEMEM], &sparsemem, NULL) != KHO_FACT_KNOWN ||
	    !sparsemem)
		return;
	/* The architecture's own, called from mm/sparse-vmemmap.c. */
	has = kallsyms_of_image(s->image, "vmemmap_populate");
	if (has != KHO_TRI_UNKNOWN)
		successor_claim(s, KHO_FACT_VMEMMAP, KHO_SRC_KALLSYMS, has == KHO_TRI_YES);
}
