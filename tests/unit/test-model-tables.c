// SPDX-License-Identifier: GPL-2.0-only
/* Percpu areas and page tables: what grows with the CPUs and with the direct map. */
#include "config.h"

#include <errno.h>

#include "model/toolbox/run.h"
#include "model-fixture.h"

/*
 * Two CPUs on each of two nodes: the units of a group are 1 MiB apart, as the log
 * of 7.2.13 says of just these ("u1048576").  Five on one: 8 or 4 units to an
 * allocation would waste more than a third of the CPUs, 2 do not.
 */
static void test_percpu_units(void **state)
{
	static const struct boot_cpus cpus[] = { { 0, 2 }, { 1, 2 } }, five = { 0, 5 };
	uint64_t start[4];
	size_t n = 0;

	small_machine();
	m.cpus = cpus;
	m.nr_cpus = 2;
	follow(&plain, "nokaslr", MIB);
	for (size_t i = 0; i < r.nr_allocs; i++) {
		if (r.alloc[i].user != BOOT_PERCPU)
			continue;
		assert_in_range(n, 0, 3);
		assert_int_equal(r.alloc[i].range.end_pa - r.alloc[i].range.start_pa, 39 * 4096);
		start[n++] = r.alloc[i].range.start_pa;
	}
	assert_int_equal(n, 4);
	assert_int_equal(start[1] - start[0], MIB);
	assert_int_equal(start[3] - start[2], MIB);
	m.cpus = &five;
	m.nr_cpus = 1;
	follow(&plain, "nokaslr", MIB);
	for (size_t i = n = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == BOOT_PERCPU && n < 4)
			start[n++] = r.alloc[i].range.start_pa;
	assert_int_equal(start[1] - start[0], MIB);
}

/* A struct of a run with as much in it as its architecture looks at. */
static struct boot run_of(const struct boot_cpus *cpus, bool nokaslr)
{
	m.cpus = cpus;
	m.nr_cpus = 1;
	return (struct boot){ .kernel = &plain, .machine = &m, .cmd.nokaslr = nokaslr,
			      .possible_cpus = cpus->count };
}

/* The percpu pieces of the last run: how many, and on how many nodes. */
static void assert_percpu(size_t cpus, size_t nodes)
{
	size_t pieces = 0, seen = 0;
	bool on[8] = { false };

	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == BOOT_PERCPU) {
			pieces += (r.alloc[i].range.end_pa - r.alloc[i].range.start_pa) / 159744;
			seen += !on[r.alloc[i].wanted_node];
			on[r.alloc[i].wanted_node] = true;
		}
	assert_int_equal(pieces, cpus);
	assert_int_equal(seen, nodes);
}

/*
 * nr_cpu_ids begins as NR_CPUS, and the CPUs above it are not possible.  A unit of 129216 and
 * 28 KiB takes 39 pages.
 */
static void test_fewer_cpus(void **state)
{
	/* 0 and 2 on node 0, 1 and 3 on node 1, and so on. */
	static struct boot_cpus mixed[16];
	struct boot_kernel k = plain;

	for (int i = 0; i < 16; i++)
		mixed[i] = (struct boot_cpus){ i % 2, 1 };
	small_machine();
	m.cpus = mixed;
	m.nr_cpus = 16;
	follow(&k, "nokaslr", MIB);
	assert_percpu(16, 2);
	follow(&k, "nokaslr nr_cpus=3", MIB);
	assert_percpu(3, 2);
	follow(&k, "nokaslr nr_cpus=1", MIB);
	assert_percpu(1, 1);
	k.nr_cpus = 4;
	follow(&k, "nokaslr nr_cpus=8", MIB);
	assert_percpu(4, 2);
	follow(&k, "nokaslr numa=off", MIB);
	assert_percpu(4, 1);
	/* Three of a run of 16. */
	mixed[0].count = 16;
	m.nr_cpus = 1;
	follow(&k, "nokaslr nr_cpus=3", MIB);
	assert_percpu(3, 1);
	mixed[0].count = 1;
	m.nr_cpus = 16;
	mixed[3].node = 5000;
	assert_int_equal(boot_follow(work, &k, &m, &(struct boot_load){ .cmdline = "" }, &r), -EINVAL);
}

/*
 * Page tables of cpu_entry_area: three pages with one CPU in each log, with and without
 * nokaslr; ten in that of 6.18.15 (Debian's cloud configuration) with 64 CPUs and nokaslr;
 * 32 in that of 7.2.13 with 16 CPUs and KASLR, on a CPU that has no area across two tables.
 */
static void test_late_pages(void **state)
{
	static const struct boot_cpus many = { 0, 64 }, some = { 0, 16 };
	uint64_t (*late_pages)(const struct boot *b) = kho_arch_x86_64.boot->late_pages;
	struct boot b = run_of(&one_cpu, true);

	assert_int_equal(late_pages(&b), 3);
	b.cmd.nokaslr = false;
	assert_int_equal(late_pages(&b), 3);
	b = run_of(&many, true);
	assert_int_equal(late_pages(&b), 10);
	b = run_of(&some, false);
	assert_in_range(late_pages(&b), 32, 35);
}

/*
 * The log of 7.1.13 without 1 GiB pages, areas at 0x3da00000 (38 MiB), 0x72000000 (96 MiB) and
 * 0x69400000 (16 MiB) and 0x154e00000 (50 MiB), 5.5 GiB: memblock gave no page table, .brk all.
 */
static void test_direct_map_out_of_brk(void **state)
{
	struct boot b = run_of(&one_cpu, true);

	assert_int_equal(kho_ranges_add(&b.banks, 0x100000, 0x80100000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.banks, 4 * GIB, 0x184200000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.areas, 0x3da00000, 0x40000000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.areas, 0x69400000, 0x6a400000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.areas, 0x72000000, 0x78000000, 0), 0);
	assert_int_equal(kho_ranges_add(&b.areas, 0x154e00000, 0x158000000, 0), 0);
	m.gbpages = false;
	assert_int_equal(kho_arch_x86_64.boot->direct_map_pages(&b), 0);
	/* A table for each GiB: what 16 do not hold, of 64 and one above them and one at 1 MiB. */
	b.banks.n = b.areas.n = 0;
	assert_int_equal(kho_ranges_add(&b.banks, 0x100000, 64 * GIB, 0), 0);
	assert_int_equal(kho_arch_x86_64.boot->direct_map_pages(&b), 66 - 16);
	/* With 1 GiB pages: the GiB in which an area begins, and the one in which it ends. */
	m.gbpages = true;
	assert_int_equal(kho_arch_x86_64.boot->direct_map_pages(&b), 0);
	for (uint64_t i = 0; i < 16; i++)
		assert_int_equal(kho_ranges_add(&b.areas, (2 * i + 1) * GIB + 512 * MIB,
						(2 * i + 2) * GIB + 512 * MIB, 0), 0);
	assert_int_equal(kho_arch_x86_64.boot->direct_map_pages(&b), 3 + 32 - 16);
	kho_ranges_deinit(&b.banks);
	kho_ranges_deinit(&b.areas);
}

/* Small pieces go where each of them fits, not all of them to one place. */
static void test_small_pieces_fill_a_gap(void **state)
{
	struct boot_kernel k = plain;
	size_t n = 0;

	ram(MIB, 3 * GIB, 0);
	scratch(2 * GIB, 96 * MIB);
	scratch(2 * GIB + 128 * MIB, 0x5000);
	m.nr_firmware_ranges = 60;
	follow(&k, "nokaslr", 0);
	assert_int_equal(r.outcome, BOOT_UP);
	/*
	 * Below node data and the two resources are 3776 bytes: too few for the 61 resources
	 * of e820, enough for 29 entries.
	 */
	for (size_t i = 0; i < r.nr_allocs; i++) {
		const struct boot_allocation *a = &r.alloc[i];

		n += a->user == BOOT_SMALL && a->range.end_pa - a->range.start_pa == 104 &&
		     a->range.start_pa >= 2 * GIB + 128 * MIB;
	}
	assert_int_equal(n, 29);
}

/* arm64, rodata=full: 8 GiB in pages are 4096 tables of 512 entries, and a few above. */
static void test_direct_map_in_pages(void **state)
{
	struct boot_kernel k = plain;

	k.arch = &kho_arch_arm64;
	k.load_min_pa = 0;
	k.rodata_full = true;
	ram(GIB, 9 * GIB, 0);
	scratch(2 * GIB, 32 * MIB);
	scratch(8 * GIB, 256 * MIB);
	follow(&k, "", MIB);
	assert_int_equal(r.outcome, BOOT_UP);
	assert_in_range(bytes_of(BOOT_PAGE_TABLES), 4096 * 4096, 4096 * 4128);
	follow(&k, "rodata=off", MIB);
	assert_in_range(bytes_of(BOOT_PAGE_TABLES), 4096, 32 * 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_percpu_units),
		TEST(test_fewer_cpus),
		TEST(test_late_pages),
		TEST(test_direct_map_out_of_brk),
		TEST(test_small_pieces_fill_a_gap),
		TEST(test_direct_map_in_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
