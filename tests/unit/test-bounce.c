// SPDX-License-Identifier: GPL-2.0-only
/* Who needs a bounce buffer: by the reach of devices, by what was used, and by the IOMMU. */
#include "config.h"

#include <string.h>

#include "check/bounce.h"
#include "unit.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

static struct machine m;

static int setup(void **state)
{
	memset(&m, 0, sizeof(m));
	m.cmdline = (char *)"kho=on";
	m.dma.known = m.dma.used_known = true;
	return kho_ranges_add(&m.memory, 0, 600 * GIB, 0);
}

static int teardown(void **state)
{
	kho_ranges_deinit(&m.memory);
	return 0;
}

static void reach(struct machine_reach *r, unsigned int bits)
{
	*r = (struct machine_reach){ .devices = 3, .bits = bits, .device = "0000:00:01.1 (ata_piix)" };
}

static void assert_needs_of(uint64_t got_bytes, const char *cmdline, bool needs, const char *wanted)
{
	char why[KHO_BOUNCE_BYTES];

	assert_int_equal(kho_needs_bounce_buffer(&m, cmdline, got_bytes, why), needs);
	assert_string_equal(why, wanted);
}

static void assert_needs(const char *cmdline, bool needs, const char *wanted)
{
	assert_needs_of(MIB, cmdline, needs, wanted);
}

static void test_reach(void **state)
{
	assert_needs("", false, "no device of this machine needs it");
	/* 2^39 is 512 GiB, 2^40 more than there is. */
	reach(&m.dma.direct, 40);
	assert_needs("", false, "no device of this machine needs it");
	reach(&m.dma.direct, 39);
	assert_needs("", true, "0000:00:01.1 (ata_piix) reaches 39 bits of addresses, and may fail");
}

static void test_unknown(void **state)
{
	m.dma.known = false;
	assert_needs("", true, "devices that need it may fail");
	m.dma.known = true;
	m.dma.used_known = false;
	assert_needs("", true, "devices that need it may fail");
}

static void test_what_was_used(void **state)
{
	m.dma.used_bytes = 8192;
	assert_needs("", true, "the running kernel used up to 8 KiB of its own");
	m.dma.known = false;
	assert_needs("", true, "the running kernel used up to 8 KiB of its own");
}

/* 8 MiB are 32 requests (ATA_MAX_QUEUE) of 128 slots of 2 KiB (IO_TLB_SEGSIZE, IO_TLB_SHIFT). */
static void test_enough(void **state)
{
	static const char short_of[] = "0000:00:01.1 (ata_piix) reaches 39 bits of addresses, and may fail";
	const uint64_t burst = 32 * 128 * 2048;

	reach(&m.dma.direct, 39);
	assert_needs_of(burst, "", false,
			"it is enough: the running kernel used at most 0 KiB of its own at a time");
	assert_needs_of(burst - 1, "", true, short_of);
	assert_needs_of(0, "", true, short_of);
	assert_needs_of(burst, "swiotlb=force", true, "swiotlb=force sends all DMA through it");
	m.dma.used_bytes = 4 * MIB + 2048;
	assert_needs_of(16 * MIB, "", true, short_of);
	assert_needs_of(32 * MIB, "", false,
			"it is enough: the running kernel used at most 4098 KiB of its own at a time");
	m.dma.used_known = false;
	assert_needs_of(32 * MIB, "", true, short_of);
}

/* Nobody reaches less, and it is used all the same: an encrypted guest, a device that is not PCI. */
static void test_enough_for_others(void **state)
{
	m.dma.used_bytes = 2 * MIB;
	assert_needs_of(8 * MIB, "", false,
			"it is enough: the running kernel used at most 2048 KiB of its own at a time");
	assert_needs_of(8 * MIB - 1, "", true, "the running kernel used up to 2048 KiB of its own");
	m.dma.known = false;
	assert_needs_of(8 * MIB, "", true, "the running kernel used up to 2048 KiB of its own");
}

/* What was used under an IOMMU shows nothing of the same devices without it. */
static void test_enough_without_iommu(void **state)
{
	reach(&m.dma.translated, 32);
	assert_needs_of(32 * MIB, "iommu=pt", true, "0000:00:01.1 (ata_piix) reaches 32 bits of "
			"addresses where no IOMMU translates them, and may fail");
}

static void test_iommu(void **state)
{
	static const char wide[] = "0000:00:01.1 (ata_piix) reaches 32 bits of addresses where no "
				   "IOMMU translates them, and may fail";
	static const char none[] = "no device needs it: an IOMMU translates for the 3 that reach less";

	reach(&m.dma.translated, 32);
	assert_needs("root=/dev/vda", false, none);
	assert_needs(NULL, true, wide);
	assert_needs("iommu=pt", true, wide);
	assert_needs("intel_iommu=off", true, wide);
	assert_needs("iommu.passthrough=1", true, wide);
	m.cmdline = (char *)"kho=on intel_iommu=on amd_iommu=x";
	assert_needs("quiet", true, wide);
	assert_needs("intel_iommu=off intel_iommu=on amd-iommu=x", false, none);
	assert_needs("intel_iommu=on", true, wide);
}

static void test_force(void **state)
{
	assert_needs("swiotlb=65536,force", true, "swiotlb=force sends all DMA through it");
	assert_needs("swiotlb=force", true, "swiotlb=force sends all DMA through it");
	assert_needs("swiotlb=force swiotlb=64", false, "no device of this machine needs it");
	assert_needs("swiotlb=noforce", false, "no device of this machine needs it");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reach),
		TEST(test_unknown),
		TEST(test_what_was_used),
		TEST(test_enough),
		TEST(test_enough_for_others),
		TEST(test_enough_without_iommu),
		TEST(test_iommu),
		TEST(test_force),
	};

	return cmocka_run_group_tests_name("bounce", tests, NULL, NULL);
}
