// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stddef.h>

#include "successor/claims/fact.h"

static const char *const fact_names[KHO_FACT_NR] = {
	[KHO_FACT_PAGE_BYTES] = "page_bytes",
	[KHO_FACT_STRUCT_PAGE_BYTES] = "struct_page_bytes",
	[KHO_FACT_SECTION_SIZE_BITS] = "section_size_bits",
	[KHO_FACT_PMD_BYTES] = "pmd_bytes",
	[KHO_FACT_SPARSEMEM] = "sparsemem",
	[KHO_FACT_VMEMMAP] = "vmemmap",
	[KHO_FACT_KHO] = "kho",
};

static const char *const source_names[KHO_SRC_NR] = {
	[KHO_SRC_GIVEN] = "given VMCOREINFO",
	[KHO_SRC_CODE] = "VMCOREINFO code",
	[KHO_SRC_BTF] = "BTF",
	[KHO_SRC_IKCONFIG] = "IKCONFIG",
	[KHO_SRC_KALLSYMS] = "kallsyms",
	[KHO_SRC_STRINGS] = "read-only data",
	[KHO_SRC_HEADER] = "image header",
	[KHO_SRC_ARCH] = "arch table",
};

void kho_fact_claim(struct kho_fact *fact, enum kho_source source, uint64_t value)
{
	fact->claimed |= 1u << source;
	fact->claim[source] = value;
}

/* The first source, in enum order, that has a claim; KHO_SRC_NR if none. */
static enum kho_source first_source(const struct kho_fact *fact)
{
	enum kho_source s = KHO_SRC_GIVEN;

	while (s < KHO_SRC_NR && !(fact->claimed & 1u << s))
		s++;
	return s;
}

bool kho_fact_disputed(const struct kho_fact *fact)
{
	enum kho_source first = first_source(fact);

	for (enum kho_source s = first; s < KHO_SRC_NR; s++)
		if (fact->claimed & 1u << s && fact->claim[s] != fact->claim[first])
			return true;
	return false;
}

enum kho_fact_state kho_fact_get(const struct kho_fact *fact, uint64_t *value,
				 enum kho_source *source)
{
	enum kho_source first = first_source(fact);

	if (first == KHO_SRC_NR)
		return KHO_FACT_UNKNOWN;
	if (first != KHO_SRC_GIVEN && kho_fact_disputed(fact))
		return KHO_FACT_CONTRADICTED;
	if (value)
		*value = fact->claim[first];
	if (source)
		*source = first;
	return KHO_FACT_KNOWN;
}

const char *kho_fact_name(enum kho_fact_id id)
{
	return fact_names[id];
}

bool kho_fact_is_flag(enum kho_fact_id id)
{
	return id == KHO_FACT_SPARSEMEM || id == KHO_FACT_VMEMMAP || id == KHO_FACT_KHO;
}

const char *kho_source_name(enum kho_source source)
{
	return source_names[source];
}
