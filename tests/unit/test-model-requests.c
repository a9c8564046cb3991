// SPDX-License-Identifier: GPL-2.0-only
/* What early boot asks for beside the memory map, by its command line and by the machine. */
#include "config.h"

#include "model/toolbox/run.h"
#include "model-fixture.h"

static void test_crashkernel(void **state)
{
	small_machine();
	/* No 128 MiB below 4 GiB; above, 256 MiB more below are wanted, in vain. */
	follow(&plain, "nokaslr crashkernel=128M", MIB);
	assert_int_equal(r.crashkernel_wanted_bytes, 128 * MIB);
	assert_int_equal(r.crashkernel_bytes, 0);
	assert_int_equal(bytes_of(BOOT_CRASHKERNEL), 0);
	follow(&plain, "nokaslr crashkernel=48M,high crashkernel=0,low", MIB);
	assert_int_equal(r.crashkernel_bytes, 48 * MIB);
	assert_int_equal(bytes_of(BOOT_CRASHKERNEL), 48 * MIB);
}

static void test_hugepages(void **state)
{
	small_machine();
	follow(&plain, "nokaslr hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=100", MIB);
	assert_int_equal(r.hugepages_wanted, 2);
	assert_int_equal(r.hugepages, 0);
}

/*
 * 64 MiB, and if there is no room below 4 GiB half of it, and so on.  Of the 96 MiB
 * there go 2 to small things at the top, 64 to the map and 2 to percpu: 28 are left.
 */
/*
 * memblock_alloc_hugetlb(): of the 1 GiB pages of 8 GiB those that touch an area are refused, here
 * those at 2 GiB and 8 GiB.
 */
static void test_hugepages_outside_of_areas(void **state)
{
	struct boot_kernel k = plain;
	struct kho_ranges nothing = { 0 };

	k.extends_scratch = true;
	small_machine();
	m.preserved = &nothing;
	follow(&k, "nokaslr hugepagesz=1G hugepages=0:2", MIB);
	assert_int_equal(r.hugepages, 2);
	k.hugepages_outside = true;
	follow(&k, "nokaslr hugepagesz=1G hugepages=0:8", MIB);
	assert_int_equal(r.hugepages_wanted, 8);
	assert_int_equal(r.hugepages, 2);
	for (size_t i = 0; i < r.nr_allocs; i++)
		if (r.alloc[i].user == BOOT_HUGEPAGES)
			assert_true(r.alloc[i].range.end_pa <= 2 * GIB ||
				    (r.alloc[i].range.start_pa >= 4 * GIB &&
				     r.alloc[i].range.end_pa <= 5 * GIB));
	/* Node 1: 5 to 8 GiB, and less one where a free area lies. */
	follow(&k, "nokaslr hugepagesz=1G hugepages=1:8", MIB);
	assert_int_equal(r.hugepages, 3);
	scratch(6 * GIB, MIB);
	follow(&k, "nokaslr hugepagesz=1G hugepages=1:8", MIB);
	assert_int_equal(r.hugepages, 2);
	follow(&k, "nokaslr hugepagesz=1G hugepages=9", MIB);
	assert_int_equal(r.hugepages, 4);
	k.hugepages_outside = false;
	follow(&k, "nokaslr hugepagesz=1G hugepages=1:8", MIB);
	assert_int_equal(r.hugepages, 3);
	m.preserved = NULL;
}

static void test_swiotlb_halves(void **state)
{
	small_machine();
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 64 * MIB);
	assert_int_equal(r.swiotlb_bytes, 16 * MIB);
	follow(&plain, "nokaslr swiotlb=2048", MIB);
	assert_int_equal(r.swiotlb_bytes, 4 * MIB);
	follow(&plain, "nokaslr iommu=off", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 0);
}

/*
 * swiotlb_adjust_nareas(): "SWIOTLB bounce buffer size roundup to 128MB" with 512 possible
 * CPUs, or as many areas by the parameter; a size that is given is rounded up as well.
 */
static void test_swiotlb_by_cpus(void **state)
{
	static const struct boot_cpus many = { 0, 300 };

	small_machine();
	follow(&plain, "nokaslr swiotlb=3072", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 8 * MIB);
	follow(&plain, "nokaslr swiotlb=3072,512", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 128 * MIB);
	m.cpus = &many;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 128 * MIB);
}

/*
 * 7.2.13 as Debian configures it, 2 GiB and a hot-plug window up to 64 GiB: its log has a buffer
 * of 64 MiB wanted (recorded as 7.2-debian-small-window-1).
 */
static void test_swiotlb_for_what_may_be_plugged_in(void **state)
{
	ram(MIB, 2 * GIB, 0);
	scratch(GIB, 256 * MIB);
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 0);
	m.possible_end_pa = 64 * GIB;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 64 * MIB);
	/* Then the SRAT is not read. */
	follow(&plain, "nokaslr numa=off", MIB);
	assert_int_equal(r.swiotlb_wanted_bytes, 0);
}

static void test_log_buf(void **state)
{
	struct boot_kernel k = plain;

	small_machine();
	/* "14680064 bytes" for the infos of 4 MiB in the log of Fedora's 7.2. */
	k.log_info_bytes = 112;
	follow(&k, "nokaslr log_buf_len=4M", MIB);
	assert_int_equal(bytes_of(BOOT_LOG_BUF), 7 * MIB + 14680064);
	/* Text, 24 and 88 bytes for each 32 of it: 4.5 times. */
	follow(&plain, "nokaslr log_buf_len=2M", MIB);
	assert_int_equal(r.log_buf_bytes, 2 * MIB);
	assert_int_equal(bytes_of(BOOT_LOG_BUF), 9 * MIB);
	follow(&plain, "nokaslr log_buf_len=128M", MIB);
	assert_int_equal(r.log_buf_wanted_bytes, 128 * MIB);
	assert_int_equal(r.log_buf_bytes, 0);
}

/* log_buf_add_cpu(): the log of 6.18.15-debiancloud with 64 CPUs has 512 KiB of text. */
static void test_log_buf_of_many_cpus(void **state)
{
	static const struct boot_cpus many = { 0, 64 }, few = { 0, 17 };

	small_machine();
	m.cpus = &many;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.log_buf_wanted_bytes, MIB / 2);
	m.cpus = &few;
	follow(&plain, "nokaslr", MIB);
	assert_int_equal(r.log_buf_wanted_bytes, 0);
}

/* The log of 7.2-hashdist-2: 8 GiB in two nodes have 8 MiB of dentries and 4 of inodes. */
static void test_hashes_of_several_nodes(void **state)
{
	small_machine();
	follow(&plain, "nokaslr iommu=off", MIB);
	assert_int_equal(bytes_of(BOOT_HASHES), 0);
	follow(&plain, "nokaslr iommu=off hashdist=0", MIB);
	assert_int_equal(bytes_of(BOOT_HASHES), 12 * MIB);
}

static void test_cma_that_is_not_built_in(void **state)
{
	struct boot_kernel k = plain;

	small_machine();
	follow(&k, "nokaslr cma=16M", MIB);
	assert_int_equal(bytes_of(BOOT_CMA), 16 * MIB);
	k.dma_cma = false;
	follow(&k, "nokaslr cma=16M", MIB);
	assert_int_equal(bytes_of(BOOT_CMA), 0);
}

/* 2 MiB with 4 KiB pages, in one piece, behind all else; on arm64 before all else. */
static void test_kfence(void **state)
{
	struct boot_kernel k = plain;
	uint64_t small_bytes;

	small_machine();
	k.kfence_bytes = 2 * MIB;
	follow(&k, "nokaslr", MIB);
	small_bytes = bytes_of(BOOT_SMALL);
	follow(&k, "nokaslr kfence.sample_interval=100", MIB);
	assert_in_range(bytes_of(BOOT_SMALL) - small_bytes, 2 * MIB + 200000, 2 * MIB + 400000);
	assert_int_equal(r.alloc[r.nr_allocs - 2].range.end_pa -
			 r.alloc[r.nr_allocs - 2].range.start_pa, 2 * MIB);
	k.kfence_on = true;
	follow(&k, "nokaslr kfence.sample_interval=0", MIB);
	assert_in_range(bytes_of(BOOT_SMALL), small_bytes - 64, small_bytes + 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_crashkernel),
		TEST(test_hugepages),
		TEST(test_hugepages_outside_of_areas),
		TEST(test_swiotlb_halves),
		TEST(test_swiotlb_by_cpus),
		TEST(test_swiotlb_for_what_may_be_plugged_in),
		TEST(test_log_buf),
		TEST(test_log_buf_of_many_cpus),
		TEST(test_hashes_of_several_nodes),
		TEST(test_cma_that_is_not_built_in),
		TEST(test_kfence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
