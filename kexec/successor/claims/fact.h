/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fact about the successor and who says it.
 *
 * Every source that says anything files a claim; nobody overwrites anybody.
 * What is then believed is decided in one place, fact.c: claims that agree make
 * the fact known; a value given by the user wins over the rest; any other
 * disagreement makes it unknown.  No claim: unknown, never a default.
 */
#ifndef SUCCESSOR_CLAIMS_FACT_H
#define SUCCESSOR_CLAIMS_FACT_H

#include <stdbool.h>
#include <stdint.h>

/* In the order in which a source is named when several agree. */
enum kho_source {
	KHO_SRC_GIVEN,		/* --kho-vmcoreinfo */
	KHO_SRC_CODE,		/* VMCOREINFO, read out of the image's own code */
	KHO_SRC_BTF,		/* .BTF of the image */
	KHO_SRC_IKCONFIG,	/* the configuration built into the image */
	KHO_SRC_KALLSYMS,	/* the kernel's own symbol table, in the image */
	KHO_SRC_STRINGS,	/* read-only data of the image */
	KHO_SRC_HEADER,		/* boot protocol header, Image header, ELF header */
	KHO_SRC_ARCH,		/* the table in kexec/arch/ */
	KHO_SRC_NR
};

enum kho_fact_id {
	KHO_FACT_PAGE_BYTES,		/* PAGE_SIZE */
	KHO_FACT_STRUCT_PAGE_BYTES,	/* sizeof(struct page) */
	KHO_FACT_SECTION_SIZE_BITS,	/* SECTION_SIZE_BITS */
	KHO_FACT_PMD_BYTES,		/* PMD_SIZE; 0: the architecture has none */
	KHO_FACT_SPARSEMEM,		/* 0 or 1: CONFIG_SPARSEMEM */
	KHO_FACT_VMEMMAP,		/* 0 or 1: CONFIG_SPARSEMEM_VMEMMAP */
	KHO_FACT_KHO,			/* 0 or 1: CONFIG_KEXEC_HANDOVER */
	KHO_FACT_NR
};

struct kho_fact {
	unsigned int claimed;		/* bit n: source n has a claim */
	uint64_t claim[KHO_SRC_NR];
};

enum kho_fact_state {
	KHO_FACT_UNKNOWN,		/* no source says it */
	KHO_FACT_KNOWN,
	KHO_FACT_CONTRADICTED,		/* sources disagree and no rule decides */
};

void kho_fact_claim(struct kho_fact *fact, enum kho_source source, uint64_t value);

/*
 * What is believed.  @value and @source are set only with KHO_FACT_KNOWN;
 * either may be NULL.
 */
enum kho_fact_state kho_fact_get(const struct kho_fact *fact, uint64_t *value,
				 enum kho_source *source);

/* Do two sources differ, whether or not a rule decides between them? */
bool kho_fact_disputed(const struct kho_fact *fact);

/* "struct_page_bytes": the fact's name in reports and in the JSON. */
const char *kho_fact_name(enum kho_fact_id id);

/* Is it a yes or no? */
bool kho_fact_is_flag(enum kho_fact_id id);

/* "BTF", "IKCONFIG", "arch table": the source's name in reports and in the JSON. */
const char *kho_source_name(enum kho_source source);

#endif
