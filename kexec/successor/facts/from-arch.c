// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "arch/arch.h"
#include "successor/facts/facts.h"

void facts_from_arch(struct successor *s)
{
	const struct kho_arch *arch = s->arch;
	uint64_t page_bytes;

	if (!arch)
		return;
	if (arch->page_bytes)
		successor_claim(s, KHO_FACT_PAGE_BYTES, KHO_SRC_ARCH, arch->page_bytes);
	if (kho_fact_get(&s->fact[KHO_FACT_PAGE_BYTES], &page_bytes, NULL) != KHO_FACT_KNOWN)
		return;
	if (!arch->page_bytes_valid(page_bytes)) {
		successor_note(s, "its page size is %llu bytes, which no %s kernel has",
			       (unsigned long long)page_bytes, arch->machine);
		return;
	}
	successor_claim(s, KHO_FACT_SECTION_SIZE_BITS, KHO_SRC_ARCH,
			arch->section_size_bits(page_bytes));
	successor_claim(s, KHO_FACT_PMD_BYTES, KHO_SRC_ARCH, arch->pmd_bytes(page_bytes));
}
