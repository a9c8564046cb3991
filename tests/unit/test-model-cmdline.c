// SPDX-License-Identifier: GPL-2.0-only
/* Command lines as the kernel reads them; see Documentation/admin-guide/kernel-parameters.txt. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/range.h"
#include "model/toolbox/cmdline.h"
#include "unit.h"

#define MIB	(UINT64_C(1) << 20)
#define GIB	(UINT64_C(1) << 30)

static struct cmdline c;
static const struct cmdline_reader x86_64 = { .arch = &kho_arch_x86_64 };
static const struct cmdline_reader arm64 = { .arch = &kho_arch_arm64 };
static const struct cmdline_reader later = { .arch = &kho_arch_x86_64, .saturates = true };

static void parse(const char *text)
{
	cmdline_parse(text, &x86_64, 8 * GIB, &c);
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
	assert_int_equal(c.nr_not_followed, 0);
}

/*
 * lib/cmdline.c, memparse(): up to 7.1 17179869185G, 2^34 + 1 GiB, is 1 GiB, from 7.2 on no
 * limit (both seen in boots: param-mem-wraps-7.1, param-mem-saturates-7.2).
 */
static void test_a_number_that_does_not_fit(void **state)
{
	parse("mem=17179869185G");
	assert_int_equal(c.mem_limit, GIB);
	assert_int_equal(c.nr_not_followed, 1);
	assert_string_equal(c.not_followed[0].name, "mem");
	assert_int_equal(c.not_followed[0].effect, PARAMETER_TAKES);
	/* 2^64 + 4096 */
	parse("mem=18446744073709555712");
	assert_int_equal(c.mem_limit, 4096);
	assert_int_equal(c.nr_not_followed, 1);
	cmdline_parse("mem=17179869185G", &later, 8 * GIB, &c);
	assert_true(c.mem_limit == UINT64_MAX);
	assert_int_equal(c.nr_not_followed, 1);
	cmdline_parse("mem=18446744073709555712", &later, 8 * GIB, &c);
	assert_true(c.mem_limit == UINT64_MAX);
}

/* _parse_integer_fixup_radix() */
static void test_number_bases(void **state)
{
	parse("mem=0x40000000");
	assert_int_equal(c.mem_limit, GIB);
	parse("mem=010M");
	assert_int_equal(c.mem_limit, 8 * MIB);
	parse("mem=0xG mem=08G");
	assert_true(c.mem_limit == UINT64_MAX);
}

/* arch/arm64/mm/init.c, early_mem(): the last one; it has no memmap=. */
static void test_arm64(void **state)
{
	cmdline_parse("mem=4G mem=6G memmap=1G$5G memmap=exactmap", &arm64, 8 * GIB, &c);
	assert_int_equal(c.mem_limit, 6 * GIB);
	assert_int_equal(c.nr_memmaps, 0);
	assert_int_equal(c.nr_not_followed, 0);
	cmdline_parse("kvm-arm.mode=protected", &arm64, 8 * GIB, &c);
	assert_int_equal(c.nr_not_followed, 1);
	parse("kvm_arm.mode=protected");
	assert_int_equal(c.nr_not_followed, 0);
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
	/* A part that can't be read does not end the list (parse_memmap_opt()). */
	parse("memmap=exactmap,nonsense,1G@4G mem=2G");
	assert_int_equal(c.nr_memmaps, 3);
	assert_int_equal(c.memmap[0].kind, 'x');
	assert_int_equal(c.memmap[1].kind, '@');
	assert_int_equal(c.memmap[2].kind, '-');
	assert_int_equal(c.memmap[2].bytes, 2 * GIB);
	assert_int_equal(c.nr_not_followed, 0);
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
	/* arch_reserve_crashkernel(): only with a crash kernel, and the last one. */
	parse("crashkernel=64M,cma");
	assert_int_equal(c.crashkernel_bytes, 0);
	assert_int_equal(c.crashkernel_cma_bytes, 0);
	parse("crashkernel=64M,cma crashkernel=32M crashkernel=1G,cma");
	assert_int_equal(c.crashkernel_bytes, 32 * MIB);
	assert_int_equal(c.crashkernel_cma_bytes, GIB);
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

/* nr_cpus= and possible_cpus= are limits, the lowest counts; maxcpus= is none, but with 0. */
static void test_cpus(void **state)
{
	parse("quiet");
	assert_int_equal(c.cpus, 0);
	parse("nr_cpus=8 possible_cpus=4 nr_cpus=6");
	assert_int_equal(c.cpus, 4);
	parse("nr_cpus=0 nr_cpus=-1 nr_cpus maxcpus=2");
	assert_int_equal(c.cpus, 0);
	parse("nr_cpus=0x10 maxcpus=00");
	assert_int_equal(c.cpus, 1);
	parse("nr_cpus=16 nosmp");
	assert_int_equal(c.cpus, 1);
	parse("nolapic");
	assert_int_equal(c.cpus, 1);
	/* A 32-bit int. */
	parse("nr_cpus=4294967298");
	assert_int_equal(c.cpus, 2);
	assert_int_equal(c.nr_not_followed, 0);
}

static void test_kfence(void **state)
{
	parse("kfence.sample_interval=100");
	assert_true(c.kfence_given && c.kfence_on);
	parse("kfence.sample_interval=100 kfence.sample_interval=0");
	assert_true(c.kfence_given && !c.kfence_on);
	parse("kfence.sample_interval=off");
	assert_false(c.kfence_given);
	assert_int_equal(c.nr_not_followed, 0);
}

/* mm/mm_init.c, set_hashdist(): 0 and 1 mean the same in each release. */
static void test_hashdist(void **state)
{
	parse("hashdist=0");
	assert_true(c.hashes_early);
	parse("hashdist=0 hashdist=1");
	assert_false(c.hashes_early);
	assert_int_equal(c.nr_not_followed, 0);
	parse("hashdist=off");
	assert_int_equal(c.nr_not_followed, 1);
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

/* early_cma(): the memory that a fixed area takes, where that is certain. */
static void test_fixed_cma(void **state)
{
	parse("cma=64M@8G");
	assert_int_equal(c.nr_not_followed, 1);
	assert_true(c.cma_base_pa == 8 * GIB && c.not_followed[0].start_pa == 8 * GIB);
	assert_true(c.not_followed[0].end_pa == 8 * GIB + 64 * MIB);
	parse("cma=64M@8G-16G");
	assert_true(c.nr_not_followed == 1 && !c.not_followed[0].end_pa && !c.cma_base_pa);
	parse("cma=64M@8G cma=128M");
	assert_true(c.nr_not_followed == 1 && !c.not_followed[0].end_pa && !c.cma_base_pa);
	parse("cma=128M cma=64M@8G");
	assert_true(c.nr_not_followed == 1 && !c.not_followed[0].end_pa && !c.cma_base_pa);
	parse("cma=16777215T@16777215T");
	assert_true(c.nr_not_followed == 1 && !c.not_followed[0].end_pa && !c.cma_base_pa);
	parse("cma=64M@0");
	assert_int_equal(c.nr_not_followed, 0);
}

/* mm/percpu.c, percpu_alloc_setup(): the last word that it knows. */
static void test_percpu_alloc(void **state)
{
	parse("percpu_alloc=page");
	assert_true(c.percpu_in_pages);
	parse("percpu_alloc=page percpu_alloc=pages percpu_alloc=lpage");
	assert_true(c.percpu_in_pages);
	parse("percpu_alloc=page percpu_alloc=embed percpu_alloc");
	assert_false(c.percpu_in_pages);
}

static void test_not_followed(void **state)
{
	parse("movable_node kernelcore=mirror reserve_mem=4M:4096:x movable-node");
	assert_int_equal(c.nr_not_followed, 3);
	assert_string_equal(c.not_followed[0].name, "movable_node");
	parse("kernelcore=50% page_owner=off memtest=0 acpi=force cma_pernuma=0 percpu_alloc=page");
	assert_int_equal(c.nr_not_followed, 0);
}

static enum parameter_effect effect(const char *text)
{
	parse(text);
	return c.nr_not_followed ? c.not_followed[0].effect : PARAMETER_HARMLESS;
}

/* Each read in Linux 7.3; the file and function stand at the rule in kernel/parameters.c. */
static void test_effects(void **state)
{
	assert_int_equal(effect("memtest"), PARAMETER_DESTROYS);
	assert_int_equal(effect("memtest=4"), PARAMETER_DESTROYS);
	assert_int_equal(effect("memtest=4 quiet memtest=0"), PARAMETER_HARMLESS);
	assert_int_equal(effect("memtest=0 quiet memtest=4"), PARAMETER_DESTROYS);
	assert_int_equal(effect("debug_pagealloc=on debug_pagealloc=x"), PARAMETER_TAKES);
	assert_int_equal(effect("debug_pagealloc=on debug_pagealloc=0"), PARAMETER_HARMLESS);
	assert_int_equal(effect("hugetlb_cma=2G"), PARAMETER_DESTROYS);
	assert_int_equal(effect("cma=64M@8G"), PARAMETER_TAKES);
	assert_int_equal(effect("cma=64M@0"), PARAMETER_HARMLESS);
	assert_int_equal(effect("cma=64M"), PARAMETER_HARMLESS);
	assert_int_equal(effect("cma_pernuma=64M"), PARAMETER_TAKES);
	assert_int_equal(effect("acpi=off"), PARAMETER_TAKES);
	assert_int_equal(effect("acpi=ht"), PARAMETER_TAKES);
	assert_int_equal(effect("numa=noacpi"), PARAMETER_TAKES);
	assert_int_equal(effect("numa=nohmat"), PARAMETER_HARMLESS);
	assert_int_equal(effect("memory_corruption_check_size=64G"), PARAMETER_HARMLESS);
	assert_int_equal(effect("memory_corruption_check_size=3G"), PARAMETER_TAKES);
	assert_int_equal(effect("i915.modeset=1 root=/dev/sda1 quiet"), PARAMETER_HARMLESS);
}

/* lib/kstrtox.c, kstrtobool() */
static void test_spellings_of_yes(void **state)
{
	static const char *const yes[] = { "1", "y", "Yes", "true", "T", "on", "ON", "enable" };
	static const char *const no[] = { "0", "n", "No", "false", "off", "OFF", "disable", "x", "" };
	char text[64];

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		snprintf(text, sizeof(text), "debug_pagealloc=%s", yes[i]);
		assert_int_equal(effect(text), PARAMETER_TAKES);
		snprintf(text, sizeof(text), "kho=%s", yes[i]);
		parse(text);
		assert_false(c.kho_off);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		snprintf(text, sizeof(text), "hugetlb_free_vmemmap=%s", no[i]);
		assert_int_equal(effect(text), PARAMETER_HARMLESS);
	}
	parse("kho=disable");
	assert_true(c.kho_off);
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
		cmocka_unit_test(test_a_number_that_does_not_fit),
		cmocka_unit_test(test_number_bases),
		cmocka_unit_test(test_arm64),
		cmocka_unit_test(test_memmap),
		cmocka_unit_test(test_swiotlb),
		cmocka_unit_test(test_crashkernel),
		cmocka_unit_test(test_crashkernel_ranges),
		cmocka_unit_test(test_hugepages),
		cmocka_unit_test(test_log_buf_is_a_power_of_two),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_kfence),
		cmocka_unit_test(test_hashdist),
		cmocka_unit_test(test_numa_fake),
		cmocka_unit_test(test_fixed_cma),
		cmocka_unit_test(test_percpu_alloc),
		cmocka_unit_test(test_not_followed),
		cmocka_unit_test(test_effects),
		cmocka_unit_test(test_spellings_of_yes),
		cmocka_unit_test(test_any_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
