// SPDX-License-Identifier: GPL-2.0-only
/* Command lines as the kernel reads them; see Documentation/admin-guide/kernel-parameters.txt. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "kho-range.h"
#include "model/cmdline.h"
#include "unit.h"

#define MIB	(UINT64_C(1) << 20)
#define GIB	(UINT64_C(1) << 30)

static struct cmdline c;

static void parse(const char *text)
{
	cmdline_parse(text, 8 * GIB, &c);
}

static void test_nothing(void **state)
{
	parse(NULL);
	assert_true(c.mem_limit == UINT64_MAX);
	assert_true(c.cma_bytes == UINT64_MAX);
	assert_false(c.nokaslr || c.numa_off || c.movable_node);
	parse("   ");
	assert_int_equal(c.nr_not_followed, 0);
}

static void test_words(void **state)
{
	parse("quiet nokaslr numa=off kho=off no5lvl nogbpages");
	assert_true(c.nokaslr && c.numa_off && c.kho_off && c.no5lvl && c.nogbpages);
	parse("xnokaslr nokaslrx init=/nokaslr");
	assert_false(c.nokaslr);
}

/* What stands after "--" is init's. */
static void test_end_of_the_kernels(void **state)
{
	parse("mem=4G -- nokaslr mem=1G");
	assert_false(c.nokaslr);
	assert_int_equal(c.mem_limit, 4 * GIB);
}

static void test_quotes(void **state)
{
	parse("dyndbg=\"file x +p\" \"nokaslr\" mem=\"2G\" bootcfg=\"mem=1G");
	assert_true(c.nokaslr);
	assert_int_equal(c.mem_limit, 2 * GIB);
}

static void test_mem_lowest_counts(void **state)
{
	parse("mem=4G mem=6G mem=nopentium mem=0");
	assert_int_equal(c.mem_limit, 4 * GIB);
	parse("mem=0x100000000");
	assert_int_equal(c.mem_limit, 4 * GIB);
	parse("mem=99999999999999999999G");
	assert_true(c.mem_limit == UINT64_MAX);
}

static void test_memmap(void **state)
{
	parse("memmap=1G$5G,64M@0x10000000,3G");
	assert_int_equal(c.nr_memmaps, 3);
	assert_int_equal(c.memmap[0].kind, '$');
	assert_int_equal(c.memmap[0].bytes, GIB);
	assert_int_equal(c.memmap[0].start_pa, 5 * GIB);
	assert_int_equal(c.memmap[1].kind, '@');
	assert_int_equal(c.memmap[1].start_pa, 0x10000000);
	assert_int_equal(c.memmap[2].kind, '-');
	assert_int_equal(c.memmap[2].bytes, 3 * GIB);
	assert_int_equal(c.nr_not_followed, 0);
	parse("memmap=exactmap");
	assert_int_equal(c.nr_not_followed, 1);
	parse("memmap=1G%4G-1+2");
	assert_int_equal(c.nr_not_followed, 1);
}

static void test_swiotlb(void **state)
{
	parse("swiotlb=2048");
	assert_int_equal(c.swiotlb_bytes, 4 * MIB);
	parse("swiotlb=1,4,force");
	assert_int_equal(c.swiotlb_bytes, 128 * 2048);
	assert_true(c.swiotlb_force);
	parse("swiotlb=noforce");
	assert_true(c.swiotlb_noforce);
	parse("swiotlb=force");
	assert_true(c.swiotlb_force);
}

static void test_crashkernel(void **state)
{
	parse("crashkernel=128M");
	assert_int_equal(c.crashkernel_bytes, 128 * MIB);
	assert_false(c.crashkernel_high);
	parse("crashkernel=64M@16M");
	assert_int_equal(c.crashkernel_base_pa, 16 * MIB);
	parse("crashkernel=64M,high crashkernel=0,low");
	assert_true(c.crashkernel_high && c.crashkernel_low_given);
	assert_int_equal(c.crashkernel_bytes, 64 * MIB);
	assert_int_equal(c.crashkernel_low_bytes, 0);
	/* The plain one wins, whatever the order. */
	parse("crashkernel=512M,high crashkernel=128M crashkernel=72M,low");
	assert_int_equal(c.crashkernel_bytes, 128 * MIB);
	assert_false(c.crashkernel_high || c.crashkernel_low_given);
	parse("crashkernel=128M crashkernel=256M");
	assert_int_equal(c.crashkernel_bytes, 256 * MIB);
	parse("crashkernel=64M,cma");
	assert_int_equal(c.crashkernel_bytes, 0);
	assert_int_equal(c.nr_not_followed, 1);
}

/* 8 GiB of RAM. */
static void test_crashkernel_ranges(void **state)
{
	parse("crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M");
	assert_int_equal(c.crashkernel_bytes, 256 * MIB);
	parse("crashkernel=1G-8G:192M,8G-:300M@32M");
	assert_int_equal(c.crashkernel_bytes, 300 * MIB);
	assert_int_equal(c.crashkernel_base_pa, 32 * MIB);
	parse("crashkernel=64G-:512M");
	assert_int_equal(c.crashkernel_bytes, 0);
	parse("crashkernel=4G-1G:512M");
	assert_int_equal(c.crashkernel_bytes, 0);
}

static void test_hugepages(void **state)
{
	parse("hugepages=100 hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=0:512,1:256");
	assert_int_equal(c.nr_hugepages, 4);
	assert_int_equal(c.hugepages[0].page_bytes, 0);
	assert_int_equal(c.hugepages[1].page_bytes, GIB);
	assert_int_equal(c.hugepages[1].count, 2);
	assert_int_equal(c.hugepages[1].node, KHO_NO_NODE);
	assert_int_equal(c.hugepages[3].node, 1);
	assert_int_equal(c.hugepages[3].count, 256);
	parse("default_hugepagesz=1G hugepages=4");
	assert_int_equal(c.default_hugepage_bytes, GIB);
	assert_int_equal(c.hugepages[0].count, 4);
}

static void test_log_buf_is_a_power_of_two(void **state)
{
	parse("log_buf_len=3M");
	assert_int_equal(c.log_buf_bytes, 4 * MIB);
	parse("log_buf_len=16M");
	assert_int_equal(c.log_buf_bytes, 16 * MIB);
	parse("log_buf_len=100G");
	assert_int_equal(c.log_buf_bytes, 2 * GIB);
}

static void test_numa_fake(void **state)
{
	parse("numa=fake=4");
	assert_int_equal(c.numa_fake, 4);
	assert_int_equal(c.nr_not_followed, 0);
	parse("numa=fake=512M");
	assert_int_equal(c.numa_fake, 0);
	assert_int_equal(c.nr_not_followed, 1);
}

static void test_not_followed(void **state)
{
	parse("movable_node kernelcore=mirror reserve_mem=4M:4096:x movable-node");
	assert_int_equal(c.nr_not_followed, 3);
	assert_string_equal(c.not_followed[0], "movable_node");
	parse("kernelcore=50% page_owner=off");
	assert_int_equal(c.nr_not_followed, 0);
}

/* No text may make it read past its end: each cut of a long one, at its own size. */
static void test_any_prefix(void **state)
{
	static const char text[] =
		"\"a b=\"c d\" mem=4G memmap=1G$5G,64M@0x10000000,exactmap hugepagesz=1G "
		"hugepages=0:1,1:2 crashkernel=1G-4G:192M,4G-:256M@1G swiotlb=1,2,force "
		"log_buf_len=16M numa=fake=4 cma=64M iommu=soft,off dhash_entries=077 --";

	for (size_t n = 0; n < sizeof(text); n++) {
		char *cut = strndup(text, n);

		assert_non_null(cut);
		parse(cut);
		free(cut);
	}
	for (size_t n = 0; n < sizeof(text); n++)
		parse(text + n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_end_of_the_kernels),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_mem_lowest_counts),
		cmocka_unit_test(test_memmap),
		cmocka_unit_test(test_swiotlb),
		cmocka_unit_test(test_crashkernel),
		cmocka_unit_test(test_crashkernel_ranges),
		cmocka_unit_test(test_hugepages),
		cmocka_unit_test(test_log_buf_is_a_power_of_two),
		cmocka_unit_test(test_numa_fake),
		cmocka_unit_test(test_not_followed),
		cmocka_unit_test(test_any_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
