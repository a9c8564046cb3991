// SPDX-License-Identifier: GPL-2.0-only
/* Command lines, preserved memory and the shape of the machine: does the handover survive them? */
#include "config.h"

#include "readiness-fixture.h"

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
	assert_int_equal(f->r.handover, KHO_FATE_LOST);
	f->m.page_bytes = 4096;
	expect(f, V4, "kho=on " RESERVE, "");
	strcpy(f->m.arch, "aarch64");
	expect(f, V4, "kho=on " RESERVE, "arch-differs");
}

static void image_has_levels(struct fixture *f, uint64_t levels)
{
	f->image.constant[0] = (struct image_constant){ "KHO_TREE_MAX_DEPTH", levels };
	f->image.nr_constants = 1;
}

/* Pages of 16 KiB: 5 levels since 7.1-rc6, 4 before, under one format. */
static void test_levels_of_the_map(void **state)
{
	struct fixture *f = *state;
	const char *cmdline = "kho=on " RESERVE;

	/* Pages of 4 KiB have 6 in either. */
	expect(f, V4, cmdline, "");
	f->s.arch = &kho_arch_arm64;
	strcpy(f->m.arch, "aarch64");
	f->m.page_bytes = 16384;
	f->s.fact[KHO_FACT_PAGE_BYTES] = (struct kho_fact){ 0 };
	kho_fact_claim(&f->s.fact[KHO_FACT_PAGE_BYTES], KHO_SRC_HEADER, 16384);
	expect(f, V4, cmdline, "handover-unreadable");
	f->m.page_bytes = 65536;
	expect(f, V4, cmdline, "page-size-differs");
	f->m.page_bytes = 16384;
	expect(f, V4, cmdline, "handover-unreadable");
	expect_message(f, "how many the successor reads is not known");
	assert_int_equal(f->r.handover, KHO_FATE_UNKNOWN);
	image_has_levels(f, 5);
	expect(f, V4, cmdline, "");
	assert_int_equal(f->r.handover, KHO_FATE_ARRIVES);
	image_has_levels(f, 4);
	expect(f, V4, cmdline, "handover-unreadable");
	assert_int_equal(f->r.handover, KHO_FATE_UNKNOWN);
	/* Once this kernel's map was read, it is known to have 5. */
	f->m.handover.preserved_known = true;
	expect(f, V4, cmdline, "abi-mismatch");
	expect_message(f, "with 4 levels, kernels of 7.1 and later write one with 5");
	assert_int_equal(f->r.handover, KHO_FATE_LOST);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_regions_of_both_command_lines),
		TEST(test_kho_on_the_successors_command_line),
		TEST(test_without_a_command_line),
		TEST(test_crashkernel_is_not_forgotten),
		TEST(test_the_shape_of_the_machine),
		TEST(test_levels_of_the_map),
		TEST(test_preserved_memory),
		TEST(test_memory_that_came_later),
		TEST(test_what_the_machine_does_not_tell),
		TEST(test_a_memory_map_that_is_too_long),
		TEST(test_an_area_in_no_ram),
	};

	return cmocka_run_group_tests_name("readiness of the machine", tests, NULL, NULL);
}
