// SPDX-License-Identifier: GPL-2.0-only
/* What /proc/kcore shows of LPA2: the direct map as arch/arm64/include/asm/memory.h places it. */
#include "config.h"

#include <elf.h>
#include <unistd.h>

#include "machine/lpa2.h"
#include "mkcore.h"
#include "unit.h"

#define RAM_PA	UINT64_C(0x40000000)

static void look(const char *note, uint64_t va, uint64_t page_bytes, char *cmdline, struct machine *m)
{
	struct mkcore made;
	struct kcore core;
	struct kho_err err;

	mkcore_init(&made, -1, page_bytes);
	made.elf_machine = EM_AARCH64;
	made.vmcoreinfo = note;
	/* KCORE_TEXT: the image, at the same address with 48 and 52 bits. */
	mkcore_segment(&made, RAM_PA, 0xffff800080000000, 65536);
	mkcore_segment(&made, RAM_PA, va, 65536);
	mkcore_headers(&made);
	assert_int_equal(kcore_init(made.fd, &core, &err), 0);
	*m = (struct machine){ .cmdline = cmdline };
	lpa2_read(&core, m);
	kcore_close(&core);
}

static void test_52_bits(void **state)
{
	struct machine m;

	look("NUMBER(VA_BITS)=52\n", 0xfff0000000000000, 4096, NULL, &m);
	assert_true(m.lpa2_known && m.lpa2);
	/* Moved by KASLR. */
	look("NUMBER(VA_BITS)=52\n", 0xfff7ffffc0000000, 16384, NULL, &m);
	assert_true(m.lpa2_known && m.lpa2);
}

static void test_48_of_52_bits(void **state)
{
	char word[] = "quiet arm64.nolva", value[] = "id_aa64mmfr2.varange=0";
	struct machine m;

	look("NUMBER(VA_BITS)=52\n", 0xffff000000000000, 4096, NULL, &m);
	assert_true(m.lpa2_known && !m.lpa2);
	look("NUMBER(VA_BITS)=52\n", 0xffff000000000000, 4096, word, &m);
	assert_false(m.lpa2_known);
	look("NUMBER(VA_BITS)=52\n", 0xffff000000000000, 4096, value, &m);
	assert_false(m.lpa2_known);
}

/* A kernel for 48 bits, one that does not say, one whose pages do without. */
static void test_not_known(void **state)
{
	struct machine m;

	look("NUMBER(VA_BITS)=48\n", 0xffff000000000000, 4096, NULL, &m);
	assert_false(m.lpa2_known);
	look(NULL, 0xffff000000000000, 4096, NULL, &m);
	assert_false(m.lpa2_known);
	look("NUMBER(VA_BITS)=52\n", 0xfff0000000000000, 65536, NULL, &m);
	assert_false(m.lpa2_known);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_52_bits),
		cmocka_unit_test(test_48_of_52_bits),
		cmocka_unit_test(test_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
