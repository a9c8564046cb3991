/* SPDX-License-Identifier: GPL-2.0-only */
/* A usual successor, with an image that holds what a kernel with KHO reads. */
#ifndef KHO_FUZZ_SUCCESSOR_H
#define KHO_FUZZ_SUCCESSOR_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finding/finding.h"
#include "machine/machine.h"
#include "successor/facts/facts.h"
#include "successor/successor.h"
#include "successor/image/image.h"

static inline void fuzz_image(struct successor *s)
{
	static const char texts[] = "\0kho-v1\0kho-v4\0memblock-v1\0reserve-mem-v1\0LUO\0luo-v5\0"
				    "luo-session-v5\0memfd-v2";
	struct image_section rodata = { .name = ".rodata", .memory_bytes = sizeof(texts) };

	s->image = calloc(1, sizeof(*s->image));
	if (!s->image)
		abort();
	s->image->buffer.data = malloc(sizeof(texts));
	if (!s->image->buffer.data)
		abort();
	s->image->buffer.size = sizeof(texts);
	memcpy(s->image->buffer.data, texts, sizeof(texts));
	rodata.bytes = (struct kho_bytes){ s->image->buffer.data, sizeof(texts) };
	if (image_add_section(s->image, &rodata))
		abort();
}

/* As x86-64 kernels are, or with an arm64 kernel's 64 KiB pages. */
static inline void fuzz_successor(struct successor *s, bool arm64)
{
	successor_init(s);
	s->arch = arm64 ? &kho_arch_arm64 : &kho_arch_x86_64;
	snprintf(s->release, sizeof(s->release), "7.2.13");
	successor_claim(s, KHO_FACT_PAGE_BYTES, KHO_SRC_GIVEN, arm64 ? 65536 : 4096);
	successor_claim(s, KHO_FACT_STRUCT_PAGE_BYTES, KHO_SRC_GIVEN, 64);
	successor_claim(s, KHO_FACT_SECTION_SIZE_BITS, KHO_SRC_GIVEN, arm64 ? 29 : 27);
	successor_claim(s, KHO_FACT_PMD_BYTES, KHO_SRC_GIVEN, arm64 ? 512 << 20 : 2 << 20);
	successor_claim(s, KHO_FACT_SPARSEMEM, KHO_SRC_GIVEN, 1);
	successor_claim(s, KHO_FACT_VMEMMAP, KHO_SRC_GIVEN, 1);
	successor_claim(s, KHO_FACT_KHO, KHO_SRC_GIVEN, 1);
	s->load.memory_bytes = 64 << 20;
	fuzz_image(s);
}

/* What is printed is one line. */
static inline void fuzz_check_line(const char *text)
{
	for (; text && *text; text++)
		if (iscntrl((unsigned char)*text))
			abort();
}

/* What machine.h promises of the RAM. */
static inline void fuzz_check_ram(const struct machine *m)
{
	const struct kho_range *r = m->memory.r;

	for (size_t i = 0; i < m->memory.n; i++)
		if (r[i].start_pa >= r[i].end_pa || r[i].end_pa > MACHINE_PA_LIMIT ||
		    r[i].node < 0 || (i && r[i].start_pa < r[i - 1].end_pa))
			abort();
}

static inline void fuzz_check_findings(const struct kho_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		fuzz_check_line(findings->f[i].message);
		fuzz_check_line(findings->f[i].remedy);
	}
}

#endif
