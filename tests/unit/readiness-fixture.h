/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine that hands a region over, an image that takes it, and the readiness check; for one test program. */
#ifndef TESTS_UNIT_READINESS_FIXTURE_H
#define TESTS_UNIT_READINESS_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "check/readiness/readiness.h"
#include "successor/image/image.h"
#include "unit.h"

#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

static char *kho_v4[] = { (char *)"kho-v4" };
static char *memblock_v1[] = { (char *)"memblock-v1" };
static char *reserve_mem_v1[] = { (char *)"reserve-mem-v1" };
static char *luo_v5[] = { (char *)"luo-v5" };
static char *regions[] = { (char *)"state" };

static struct handover_compatible memblock_formats[] = {
	{ (char *)"/", memblock_v1, 1 }, { (char *)"/state", reserve_mem_v1, 1 },
};
static struct handover_compatible luo_formats[] = { { (char *)"/", luo_v5, 1 } };

static const struct handover_producer metadata = {
	.name = (char *)"kexec-metadata", .read = true, .blob_bytes = 73,
};
static const struct handover_producer memblock = {
	.name = (char *)"memblock", .read = true, .is_fdt = true,
	.compatible = memblock_formats, .nr_compatibles = 2,
	.reserve_mem = regions, .nr_reserve_mem = 1,
};
static const struct handover_producer luo = {
	.name = (char *)"LUO", .read = true, .compatible = luo_formats, .nr_compatibles = 1,
};

#define RESERVE "reserve_mem=4M:4K:state"

struct fixture {
	struct machine m;
	struct kho_range area, ram[2], preserved[2];
	struct handover_producer producer[4];
	char cmdline[256];

	struct successor s;
	struct successor_image image;
	struct image_section section;
	char rodata[512];
	char config[128];

	struct kho_readiness r;
	struct kho_findings findings;
};

/* A healthy machine that hands a region over, and a successor that takes it. */
static inline int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->area = (struct kho_range){ GIB(1), GIB(1) + MIB(64), KHO_NO_NODE };
	f->ram[0] = (struct kho_range){ 0, GIB(4), 0 };
	f->m.scratch_known = f->m.memory_known = true;
	f->m.scratch = (struct kho_ranges){ &f->area, 1, 1 };
	f->m.memory = (struct kho_ranges){ f->ram, 1, 2 };
	strcpy(f->m.arch, "x86_64");
	f->m.possible_cpus = 1;
	strcpy(f->m.release, "7.2.13");
	strcpy(f->cmdline, "kho=on " RESERVE);
	f->m.cmdline = f->cmdline;
	f->m.handover.hops = -1;
	f->producer[0] = metadata;
	f->producer[1] = memblock;
	f->m.handover.out = (struct handover_tree){
		.state = HANDOVER_READ, .root = { (char *)"/", kho_v4, 1 },
		.producer = f->producer, .nr_producers = 2,
	};

	successor_init(&f->s);
	f->s.arch = &kho_arch_x86_64;
	strcpy(f->s.release, "7.2.13");
	f->s.image = &f->image;
	kho_fact_claim(&f->s.fact[KHO_FACT_KHO], KHO_SRC_STRINGS, 1);
	kho_fact_claim(&f->s.fact[KHO_FACT_PAGE_BYTES], KHO_SRC_ARCH, 4096);
	f->image.sections = &f->section;
	f->image.nr_sections = 1;
	f->section.name = ".rodata";
	f->section.bytes = (struct kho_bytes){ (uint8_t *)f->rodata, sizeof(f->rodata) };
	*state = f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *f = *state;

	kho_findings_deinit(&f->findings);
	kho_readiness_deinit(&f->r);
	free(f);
	return 0;
}

/* The texts of the image: words, each from one NUL to the next. */
static inline void image_says(struct fixture *f, const char *words)
{
	memset(f->rodata, 0, sizeof(f->rodata));
	for (size_t i = 0; words[i]; i++)
		f->rodata[i + 1] = words[i] == ' ' ? '\0' : words[i];
}

#define V4 "kho-v4 memblock-v1 reserve-mem-v1 luo-v5 LUO"

/* Judge, and expect just these findings, in order; "" for none. */
static inline void expect(struct fixture *f, const char *words, const char *cmdline, const char *wanted)
{
	const struct kho_readiness_of of = {
		.successor = words ? &f->s : NULL, .machine = &f->m, .cmdline = cmdline,
	};
	char found[256] = "";

	kho_findings_deinit(&f->findings);
	kho_readiness_deinit(&f->r);
	if (words)
		image_says(f, words);
	assert_int_equal(kho_readiness_check(&of, &f->r, &f->findings), 0);
	for (size_t i = 0; i < f->findings.n; i++) {
		strcat(found, i ? " " : "");
		strcat(found, kho_finding_name(f->findings.f[i].id));
	}
	assert_string_equal(found, wanted);
}

static inline void expect_message(struct fixture *f, const char *part)
{
	for (size_t i = 0; i < f->findings.n; i++)
		if (strstr(f->findings.f[i].message, part))
			return;
	fail_msg("no message says '%s', the first is '%s'", part,
		 f->findings.n ? f->findings.f[0].message : "");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
