// SPDX-License-Identifier: GPL-2.0-only
/* Will the handover happen, and what becomes of each producer: machines and images made by hand. */
#include "config.h"

#include "producers/luo.h"
#include "readiness-fixture.h"

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

/* What both kernels have and this kexec does not know is never fine. */
static void test_what_is_newer_than_this_kexec(void **state)
{
	static char *v9[] = { (char *)"kho-v9" }, *luo_v9[] = { (char *)"luo-v9" };
	static char *nvme[] = { (char *)"nvme-v1" };
	struct handover_compatible formats[] = { { (char *)"/", luo_v9, 1 } };
	struct handover_compatible handlers[] = { luo_formats[0], { (char *)"/f", nvme, 1 } };
	struct luo_state memfd = { .version = { 3 }, .n = 1 };
	const char *cmdline = "kho=on liveupdate=on";
	struct fixture *f = *state;

	strcpy(f->s.release, f->m.release);
	f->producer[1] = luo;
	expect(f, V4, cmdline, "");
	f->producer[1].compatible = formats;
	expect(f, "kho-v4 luo-v9 LUO", cmdline, "producer-unknown");
	expect_message(f, "LUO: luo-v9 is newer than this kexec");
	assert_int_equal(f->r.producer[1], KHO_FATE_UNKNOWN);
	expect(f, "kho-v4 luo-v5 LUO", cmdline, "producer-mismatch");
	f->producer[1].compatible = handlers;
	f->producer[1].nr_compatibles = 2;
	expect(f, V4 " nvme-v1", cmdline, "producer-unknown");
	expect_message(f, "LUO: nvme-v1 is newer than this kexec");
	f->producer[1] = luo;
	f->producer[1].state = &memfd;
	expect(f, V4 " memfd-v3", cmdline, "producer-unknown");
	expect_message(f, "LUO: memfd-v3 is newer");
	f->producer[1] = memblock;
	f->m.handover.out.root = (struct handover_compatible){ (char *)"/", v9, 1 };
	expect(f, "kho-v9 memblock-v1 reserve-mem-v1", "kho=on " RESERVE, "handover-unreadable");
	expect_message(f, "in the format kho-v9, which is newer than this kexec");
	assert_int_equal(f->r.handover, KHO_FATE_UNKNOWN);
	expect(f, V4, "kho=on " RESERVE, "abi-mismatch");
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
		TEST(test_what_is_newer_than_this_kexec),
		TEST(test_files_in_sessions),
		TEST(test_bad_pages),
		TEST(test_files_of_kvm),
		TEST(test_producers_that_nobody_knows),
		TEST(test_the_machine_alone),
		TEST(test_nothing_is_known_of_kho),
	};

	return cmocka_run_group_tests_name("readiness", tests, NULL, NULL);
}
