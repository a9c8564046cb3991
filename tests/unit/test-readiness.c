// SPDX-License-Identifier: GPL-2.0-only
/* Will the handover happen: machines and images made by hand, each rule by itself. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "check/readiness/readiness.h"
#include "producers/luo.h"
#include "successor/image/image.h"
#include "unit.h"

#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

/* ---- a machine ---- */

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
static int setup(void **state)
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

static int teardown(void **state)
{
	struct fixture *f = *state;

	kho_findings_deinit(&f->findings);
	kho_readiness_deinit(&f->r);
	free(f);
	return 0;
}

/* The texts of the image: words, each from one NUL to the next. */
static void image_says(struct fixture *f, const char *words)
{
	memset(f->rodata, 0, sizeof(f->rodata));
	for (size_t i = 0; words[i]; i++)
		f->rodata[i + 1] = words[i] == ' ' ? '\0' : words[i];
}

#define V4 "kho-v4 memblock-v1 reserve-mem-v1 luo-v5 LUO"

/* Judge, and expect just these findings, in order; "" for none. */
static void expect(struct fixture *f, const char *words, const char *cmdline, const char *wanted)
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

static void expect_message(struct fixture *f, const char *part)
{
	for (size_t i = 0; i < f->findings.n; i++)
		if (strstr(f->findings.f[i].message, part))
			return;
	fail_msg("no message says '%s', the first is '%s'", part,
		 f->findings.n ? f->findings.f[0].message : "");
}

static void test_a_healthy_pair(void **state)
{
	struct fixture *f = *state;

	expect(f, V4, "kho=on " RESERVE, "");
	assert_int_equal(f->r.handover, KHO_FATE_ARRIVES);
	assert_int_equal(f->r.producer[1], KHO_FATE_ARRIVES);
	assert_true(f->r.reserve_mem_revived);
	assert_int_equal(f->r.abi.n, 1);
	assert_int_equal(f->r.abi.version[0], 4);
}

static void test_a_successor_without_kho(void **state)
{
	struct fixture *f = *state;

	kho_fact_claim(&f->s.fact[KHO_FACT_KHO], KHO_SRC_GIVEN, 0);
	expect(f, "", "", "successor-no-kho");
	expect_message(f, "lost: memblock (reserve_mem state)");
	assert_int_equal(f->r.handover, KHO_FATE_LOST);
	assert_int_equal(f->r.producer[1], KHO_FATE_LOST);
	f->m.handover.out.nr_producers = 1;
	expect(f, "", "", "successor-no-kho");
	expect_message(f, "nothing is registered now that would be lost");
}

static void test_another_format(void **state)
{
	struct fixture *f = *state;

	expect(f, "kho-v3 memblock-v1 reserve-mem-v1", "kho=on " RESERVE, "abi-mismatch");
	expect_message(f, "in the format kho-v4, the successor reads kho-v3");
	assert_int_equal(f->r.handover, KHO_FATE_LOST);
	assert_int_equal(f->r.producer[0], KHO_FATE_LOST);
	/* A text of which it is only a part is another text. */
	expect(f, "kho-v3 akho-v4 kho-v44", "kho=on", "abi-mismatch");
	expect_message(f, "the successor reads kho-v3, kho-v44:");
	expect(f, "nothing", "kho=on", "handover-unreadable");
	assert_int_equal(f->r.handover, KHO_FATE_UNKNOWN);
}

static void test_one_format_of_a_list_will_do(void **state)
{
	struct fixture *f = *state;
	char *list[] = { (char *)"kho-v5", (char *)"kho-v4" };

	f->m.handover.out.root = (struct handover_compatible){ (char *)"/", list, 2 };
	expect(f, V4, "kho=on " RESERVE, "");
	expect(f, "kho-v5 memblock-v1 reserve-mem-v1", "kho=on " RESERVE, "");
	expect(f, "kho-v3", "kho=on", "abi-mismatch");
	expect_message(f, "in the format kho-v5, kho-v4, the");
}

static void test_without_an_image_the_format_is_not_known(void **state)
{
	struct fixture *f = *state;

	f->s.image = NULL;
	expect(f, "", "kho=on " RESERVE, "handover-unreadable");
	assert_int_equal(f->r.handover, KHO_FATE_UNKNOWN);
}

static void test_not_finalized(void **state)
{
	struct fixture *f = *state;

	f->m.handover.finalized = FINALIZED_NO;
	f->m.handover.out.state = HANDOVER_ABSENT;
	expect(f, V4, "kho=on " RESERVE, "not-finalized");
	assert_int_equal(f->r.handover, KHO_FATE_LOST);
	f->m.handover.finalized = FINALIZED_YES;
	f->m.handover.out.state = HANDOVER_READ;
	expect(f, V4, "kho=on " RESERVE, "");
	f->m.handover.finalized = FINALIZED_UNKNOWN;
	expect(f, V4, "kho=on " RESERVE, "handover-unreadable");
}

static void test_a_tree_that_can_not_be_read(void **state)
{
	static const enum handover_state states[] = {
		HANDOVER_ABSENT, HANDOVER_HIDDEN, HANDOVER_MALFORMED,
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < 3; i++) {
		f->m.handover.out.state = states[i];
		expect(f, V4, "kho=on " RESERVE, "handover-unreadable");
		assert_int_equal(f->r.handover, KHO_FATE_UNKNOWN);
		assert_int_equal(f->r.producer[1], KHO_FATE_UNKNOWN);
	}
}

/* Linux 7.x, started by a handover: no kho/out/fdt, but what it took was its own format. */
static void test_a_chained_kernel(void **state)
{
	struct fixture *f = *state;

	f->m.handover.out.state = HANDOVER_ABSENT;
	f->m.handover.in = (struct handover_tree){
		.state = HANDOVER_READ, .root = { (char *)"/", kho_v4, 1 },
	};
	f->m.handover.hops = 2;
	f->m.handover.previous_release = (char *)"7.2.13";
	expect(f, V4, "kho=on " RESERVE, "chain");
	expect_message(f, "started by a handover, by 7.2.13, 2 handovers since the cold boot");
	expect(f, "kho-v3", "kho=on", "abi-mismatch chain");
}

static void test_memblock_of_another_format(void **state)
{
	struct fixture *f = *state;

	expect(f, "kho-v4 memblock-v2 reserve-mem-v1", "kho=on " RESERVE, "producer-mismatch");
	expect_message(f, "memblock-v1 (the successor has memblock-v2): the successor ignores it");
	assert_int_equal(f->r.handover, KHO_FATE_ARRIVES);
	assert_int_equal(f->r.producer[1], KHO_FATE_LOST);
	expect(f, "kho-v4 memblock-v1", "kho=on " RESERVE, "producer-mismatch");
	expect_message(f, "reserve-mem-v1 (the successor has none of that name)");
}

static void test_live_update(void **state)
{
	struct fixture *f = *state;

	f->producer[1] = luo;
	expect(f, V4, "kho=on liveupdate=on", "");
	expect(f, V4, "kho=on liveupdate=1 liveupdate=off", "luo-off");
	expect(f, V4, "kho=on", "luo-off");
	assert_int_equal(f->r.producer[1], KHO_FATE_LOST);
	expect(f, "kho-v4 luo-v6 LUO", "kho=on liveupdate=on", "producer-mismatch");
	expect_message(f, "luo-v5 (the successor has luo-v6): the successor panics");
	assert_int_equal(f->r.producer[1], KHO_FATE_PANIC);
	assert_int_equal(f->r.handover, KHO_FATE_PANIC);
	expect(f, "kho-v4", "kho=on liveupdate=on", "producer-mismatch");
	assert_int_equal(f->r.producer[1], KHO_FATE_LOST);
	/* With KHO off nothing is looked at, so that nothing panics. */
	expect(f, "kho-v4 luo-v6 LUO", "kho=off", "luo-off successor-kho-off");
	assert_int_equal(f->r.producer[1], KHO_FATE_LOST);
}

static void test_files_in_sessions(void **state)
{
	struct fixture *f = *state;
	struct luo_state memfd = { .version = { 2 }, .n = 1 };

	f->producer[1] = luo;
	strcpy(f->s.release, "7.3.4");
	expect(f, V4 " memfd-v2", "kho=on liveupdate=on", "producer-unknown");
	assert_int_equal(f->r.producer[1], KHO_FATE_UNKNOWN);
	f->producer[1].state = &memfd;
	expect(f, V4 " memfd-v1 memfd-v2", "kho=on liveupdate=on", "");
	expect(f, V4 " memfd-v3", "kho=on liveupdate=on", "producer-mismatch");
	expect_message(f, "memfd-v2 (the successor has memfd-v3): a session");
	assert_int_equal(f->r.producer[1], KHO_FATE_LOST);
	expect(f, V4, "kho=on liveupdate=on", "producer-mismatch");
	/* A kernel that can keep no memfd files. */
	memfd.n = 0;
	expect(f, V4, "kho=on liveupdate=on", "");
}

/* Under review: mm/memory-failure.c hands over the pages that it took out of use. */
static void test_bad_pages(void **state)
{
	static char *texts[] = { (char *)"hwpoison-v1" };
	static struct handover_compatible formats[] = { { (char *)"/", texts, 1 } };
	struct fixture *f = *state;

	f->producer[1] = (struct handover_producer){
		.name = (char *)"hwpoison", .read = true, .is_fdt = true,
		.compatible = formats, .nr_compatibles = 1,
	};
	expect(f, V4 " hwpoison-v1", "kho=on", "");
	assert_int_equal(f->r.producer[1], KHO_FATE_ARRIVES);
	expect(f, V4, "kho=on", "producer-unknown");
	expect_message(f, "pages with hardware errors");
	assert_int_equal(f->r.producer[1], KHO_FATE_UNKNOWN);
	f->producer[1].nr_compatibles = 0;
	expect(f, V4, "kho=on", "producer-unknown");
	expect_message(f, "hwpoison (pages with hardware errors): its blob names no format");
}

/* Under review: a handler that is a module's does not stand in the image, and kills nothing. */
static void test_files_of_kvm(void **state)
{
	static const char *const names[] = { "kvm_vm_luo_v1", "kvm_vcpu_luo_v1", "guest_memfd_luo_v1" };
	struct fixture *f = *state;

	strcpy(f->s.release, f->m.release);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *text = (char *)names[i], image[64];
		struct handover_compatible formats[] = { luo_formats[0], { (char *)"/f", &text, 1 } };

		f->producer[1] = luo;
		f->producer[1].compatible = formats;
		f->producer[1].nr_compatibles = 2;
		expect(f, V4 " LUO", "kho=on liveupdate=on", "producer-unknown");
		expect_message(f, names[i]);
		assert_int_equal(f->r.producer[1], KHO_FATE_UNKNOWN);
		snprintf(image, sizeof(image), V4 " %s", names[i]);
		expect(f, image, "kho=on liveupdate=on", "");
	}
}

static void test_producers_that_nobody_knows(void **state)
{
	static char *texts[] = { (char *)"gizmo-v1" };
	static struct handover_compatible gizmo_formats[] = { { (char *)"/", texts, 1 } };
	struct fixture *f = *state;

	f->producer[1] = (struct handover_producer){
		.name = (char *)"gizmo", .read = true, .is_fdt = true,
		.compatible = gizmo_formats, .nr_compatibles = 1,
	};
	expect(f, V4 " gizmo-v1", "kho=on", "");
	expect(f, V4, "kho=on", "producer-unknown");
	assert_int_equal(f->r.producer[1], KHO_FATE_UNKNOWN);
	f->producer[1].nr_compatibles = 0;
	expect(f, V4, "kho=on", "producer-unknown");
	expect_message(f, "gizmo: its blob names no format");
	f->producer[1].read = false;
	expect(f, V4, "kho=on", "producer-unknown");
	expect_message(f, "gizmo: its blob can't be read");
}

static void test_regions_of_both_command_lines(void **state)
{
	struct fixture *f = *state;

	expect(f, V4, "kho=on", "reserve-mem-lost");
	expect_message(f, "reserve_mem state is handed over, but");
	assert_false(f->r.reserve_mem_revived);
	assert_int_equal(f->r.producer[1], KHO_FATE_LOST);
	assert_int_equal(f->r.producer[0], KHO_FATE_ARRIVES);
	expect(f, V4, "kho=on reserve_mem=8M:4K:state", "reserve-mem-lost");
	expect_message(f, "has 4194304 bytes, the successor asks for 8388608");
	expect(f, V4, "kho=on reserve_mem=4096K:0:state", "");
	expect(f, V4, "kho=on reserve_mem=4M:2M:state", "reserve-mem-unsure");
	assert_int_equal(f->r.producer[1], KHO_FATE_UNKNOWN);
	expect(f, V4, "kho=on reserve_mem=4M:4K:states", "reserve-mem-lost");
	expect(f, V4, "kho=on -- " RESERVE, "reserve-mem-lost");
	/* Of two with one name the first counts; one more takes memory of its own. */
	expect(f, V4, "kho=on " RESERVE " reserve_mem=8M:4K:state", "");
	expect(f, V4, "kho=on " RESERVE " reserve_mem=8M:4K:more", "");
	assert_false(f->r.reserve_mem_revived);
	/* Without the running kernel's line its size is not known. */
	f->m.cmdline = NULL;
	expect(f, V4, "kho=on " RESERVE, "running-cmdline-unknown reserve-mem-unsure");
}

static void test_kho_on_the_successors_command_line(void **state)
{
	struct fixture *f = *state;

	expect(f, V4, RESERVE, "successor-kho-off");
	expect_message(f, "unless KHO is on by default in it");
	assert_int_equal(f->r.producer[1], KHO_FATE_ARRIVES);
	expect(f, V4, RESERVE " kho=off", "successor-kho-off");
	expect(f, V4, RESERVE " kho=off kho=1", "");
	memcpy(f->config, "CONFIG_IKCONFIG=y\0CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT=y", 57);
	f->image.config = (struct kho_buffer){ .data = (uint8_t *)f->config, .size = 57 };
	expect(f, V4, RESERVE, "");
	expect(f, V4, RESERVE " kho=0", "successor-kho-off");
	f->image.config.size = 18;
	expect(f, V4, RESERVE, "successor-kho-off");
	f->producer[1] = luo;
	expect(f, V4, "liveupdate=on", "luo-off successor-kho-off");
	f->image.config.size = 0;
	expect(f, V4, "liveupdate=on", "producer-unknown successor-kho-off");
}

static void test_without_a_command_line(void **state)
{
	struct fixture *f = *state;

	expect(f, V4, NULL, "cmdline-not-given");
	assert_int_equal(f->r.producer[1], KHO_FATE_UNKNOWN);
	f->m.handover.out.nr_producers = 1;
	expect(f, V4, NULL, "");
}

static void test_crashkernel_is_not_forgotten(void **state)
{
	struct fixture *f = *state;

	strcat(f->cmdline, " crashkernel=256M");
	expect(f, V4, "kho=on " RESERVE, "crashkernel-missing");
	expect(f, V4, "kho=on crashkernel=128M " RESERVE, "");
}

static void test_the_shape_of_the_machine(void **state)
{
	struct fixture *f = *state;

	f->m.page_bytes = 16384;
	expect(f, V4, "kho=on " RESERVE, "page-size-differs");
	f->m.page_bytes = 4096;
	expect(f, V4, "kho=on " RESERVE, "");
	strcpy(f->m.arch, "aarch64");
	expect(f, V4, "kho=on " RESERVE, "arch-differs");
}

static void test_preserved_memory(void **state)
{
	struct fixture *f = *state;
	struct machine_handover *h = &f->m.handover;

	h->preserved_known = true;
	f->preserved[0] = (struct kho_range){ GIB(2) - MIB(1), GIB(2) + MIB(1), KHO_NO_NODE };
	h->preserved = (struct kho_ranges){ f->preserved, 1, 2 };
	expect(f, V4, "kho=on " RESERVE, "");
	assert_int_equal(f->r.gib_blocks, 4);
	assert_int_equal(f->r.free_gib_blocks, 2);
	/* In the area's last MiB, and where the successor has no RAM. */
	f->preserved[0] = (struct kho_range){ GIB(1) + MIB(63), GIB(1) + MIB(65), KHO_NO_NODE };
	expect(f, V4, "kho=on " RESERVE, "preserved-in-scratch");
	assert_int_equal(f->r.in_scratch_bytes, MIB(1));
	f->preserved[0] = (struct kho_range){ GIB(4) - MIB(1), GIB(4) + MIB(2), KHO_NO_NODE };
	expect(f, V4, "kho=on " RESERVE, "preserved-outside");
	assert_int_equal(f->r.outside_bytes, MIB(2));
	h->preserved_known = false;
	h->preserved_trouble = (char *)"/proc/kcore: Permission denied";
	expect(f, V4, "kho=on " RESERVE, "preserved-unread");
	expect_message(f, "/proc/kcore: Permission denied");
}

static void test_memory_that_came_later(void **state)
{
	struct fixture *f = *state;
	struct kho_range late = { GIB(4), GIB(5), KHO_NO_NODE };

	f->m.late = (struct kho_ranges){ &late, 1, 1 };
	expect(f, V4, "kho=on " RESERVE, "memory-hotplugged");
	expect_message(f, "1 GiB");
	f->m.late.n = 0;
	f->ram[1] = (struct kho_range){ GIB(4), GIB(5), 1 };
	f->m.memory.n = 2;
	expect(f, V4, "kho=on " RESERVE, "node-no-area");
	expect_message(f, "on node 1:");
	f->area.start_pa = GIB(4) - MIB(1);
	f->area.end_pa = GIB(4) + MIB(1);
	expect(f, V4, "kho=on " RESERVE, "");
}

/* Each alone would pass for fine. */
static void test_what_the_machine_does_not_tell(void **state)
{
	struct fixture *f = *state;

	f->m.possible_cpus = 0;
	expect(f, V4, "kho=on " RESERVE, "cpus-unknown");
	f->m.possible_cpus = 1;
	f->m.arch[0] = '\0';
	expect(f, V4, "kho=on " RESERVE, "arch-unknown");
	strcpy(f->m.arch, "s390x");
	expect(f, V4, "kho=on " RESERVE, "arch-differs page-size-unknown");
	strcpy(f->m.arch, "x86_64");
	f->m.cmdline = NULL;
	expect(f, V4, "kho=on", "running-cmdline-unknown reserve-mem-lost");
}

static void test_a_memory_map_that_is_too_long(void **state)
{
	struct fixture *f = *state;
	struct kho_range lost = { GIB(4), GIB(6), KHO_NO_NODE };

	f->m.firmware_ranges = 141;
	f->m.lost = (struct kho_ranges){ &lost, 1, 1 };
	expect(f, V4, "kho=on " RESERVE, "ram-not-passed memory-cut");
	expect_message(f, "has 141 entries, kexec_file_load passes the first 128: the successor "
			  "loses 2 GiB of 6 GiB");
	f->m.handover.preserved_known = true;
	expect(f, V4, "kho=on " RESERVE, "ram-not-passed");
	f->preserved[0] = (struct kho_range){ GIB(5), GIB(5) + MIB(1), KHO_NO_NODE };
	f->m.handover.preserved = (struct kho_ranges){ f->preserved, 1, 2 };
	expect(f, V4, "kho=on " RESERVE, "preserved-outside ram-not-passed");
	f->m.handover.preserved.n = 0;
	f->area.start_pa = GIB(4) - MIB(1);
	f->area.end_pa = GIB(4) + MIB(1);
	expect(f, V4, "kho=on " RESERVE, "ram-not-passed handover-cut");
	assert_false(kho_readiness_areas_in_ram(&f->m));
}

static void test_an_area_in_no_ram(void **state)
{
	struct fixture *f = *state;

	assert_true(kho_readiness_areas_in_ram(&f->m));
	f->area.end_pa = GIB(4) + 4096;
	expect(f, V4, "kho=on " RESERVE, "scratch-outside");
	assert_false(kho_readiness_areas_in_ram(&f->m));
}

static void test_the_machine_alone(void **state)
{
	struct fixture *f = *state;

	expect(f, NULL, NULL, "");
	assert_int_equal(f->r.handover, KHO_FATE_ARRIVES);
	f->m.handover.finalized = FINALIZED_NO;
	expect(f, NULL, NULL, "not-finalized");
}

static void test_nothing_is_known_of_kho(void **state)
{
	struct fixture *f = *state;

	f->m.scratch_known = false;
	f->m.handover.out.state = HANDOVER_ABSENT;
	f->m.handover.out.nr_producers = 0;
	expect(f, V4, "kho=on", "");
	assert_int_equal(f->r.handover, KHO_FATE_UNKNOWN);
	assert_int_equal(kho_findings_add(&f->m.gaps, KHO_F_KHO_OFF, NULL, "off"), 0);
	expect(f, V4, "kho=on", "");
	assert_int_equal(f->r.handover, KHO_FATE_LOST);
	kho_findings_deinit(&f->m.gaps);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_healthy_pair),
		TEST(test_a_successor_without_kho),
		TEST(test_another_format),
		TEST(test_one_format_of_a_list_will_do),
		TEST(test_without_an_image_the_format_is_not_known),
		TEST(test_not_finalized),
		TEST(test_a_tree_that_can_not_be_read),
		TEST(test_a_chained_kernel),
		TEST(test_memblock_of_another_format),
		TEST(test_live_update),
		TEST(test_files_in_sessions),
		TEST(test_bad_pages),
		TEST(test_files_of_kvm),
		TEST(test_producers_that_nobody_knows),
		TEST(test_regions_of_both_command_lines),
		TEST(test_kho_on_the_successors_command_line),
		TEST(test_without_a_command_line),
		TEST(test_crashkernel_is_not_forgotten),
		TEST(test_the_shape_of_the_machine),
		TEST(test_preserved_memory),
		TEST(test_memory_that_came_later),
		TEST(test_what_the_machine_does_not_tell),
		TEST(test_a_memory_map_that_is_too_long),
		TEST(test_an_area_in_no_ram),
		TEST(test_the_machine_alone),
		TEST(test_nothing_is_known_of_kho),
	};

	return cmocka_run_group_tests_name("readiness", tests, NULL, NULL);
}
