// SPDX-License-Identifier: GPL-2.0-only
/* VMCOREINFO given by the user: as a text, and as a note in an ELF core. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkimage.h"
#include "successor/successor.h"
#include "unit.h"

/* As a 7.2 x86-64 kernel printed it, shortened. */
static const char x86_text[] =
	"OSRELEASE=7.2.13\nBUILD-ID=49e686d8cd453bf7df78d0ea85ebeea3d30cd447\nPAGESIZE=4096\n"
	"SYMBOL(vmemmap)=ffffd51600000000\nLENGTH(mem_section)=16384\n"
	"NUMBER(SECTION_SIZE_BITS)=27\nSIZE(page)=64\nSIZE(pageblock)=9\nNUMBER(phys_base)=16777216\n"
	"NUMBER(KERNEL_IMAGE_SIZE)=1073741824\nKERNELOFFSET=1a000000\n";

static const char arm64_text[] =
	"OSRELEASE=7.3.4\nPAGESIZE=65536\nNUMBER(SECTION_SIZE_BITS)=29\nSIZE(page)=64\n"
	"NUMBER(VA_BITS)=52\nNUMBER(kimage_voffset)=0xffff800040000000\n";

/* A path by which @mk can be opened; close the descriptor in the end. */
static int path_of(const struct mk *mk, char path[40])
{
	int fd = mk_fd(mk);

	snprintf(path, 40, "/proc/self/fd/%d", fd);
	return fd;
}

static int read_mk(const struct mk *mk, struct successor *s, struct kho_err *err)
{
	char path[40];
	int fd = path_of(mk, path), ret;

	ret = successor_read_vmcoreinfo(path, s, err);
	if (ret) {
		assert_memory_equal(err->text, path, strlen(path));
		memmove(err->text, err->text + strlen(path) + 2,
			strlen(err->text + strlen(path) + 2) + 1);
	}
	close(fd);
	return ret;
}

static int read_text(const char *text, struct successor *s, struct kho_err *err)
{
	struct mk mk = { (uint8_t *)text, strlen(text) };

	successor_init(s);
	return read_mk(&mk, s, err);
}

static void assert_refused(const char *text, const char *message)
{
	struct kho_err err = { "" };
	struct successor s;

	assert_int_equal(read_text(text, &s, &err), -EINVAL);
	assert_string_equal(err.text, message);
	for (int i = 0; i < KHO_FACT_NR; i++)
		assert_int_equal(s.fact[i].claimed, 0);
	successor_deinit(&s);
}

static void assert_given(const struct successor *s, enum kho_fact_id id, uint64_t value)
{
	enum kho_source by;
	uint64_t is;

	assert_int_equal(kho_fact_get(&s->fact[id], &is, &by), KHO_FACT_KNOWN);
	assert_int_equal(is, value);
	assert_int_equal(by, KHO_SRC_GIVEN);
}

static void assert_x86_facts(const struct successor *s)
{
	assert_string_equal(s->release, "7.2.13");
	assert_int_equal(s->release_source, KHO_SRC_GIVEN);
	assert_ptr_equal(s->arch, &kho_arch_x86_64);
	assert_given(s, KHO_FACT_PAGE_BYTES, 4096);
	assert_given(s, KHO_FACT_STRUCT_PAGE_BYTES, 64);
	assert_given(s, KHO_FACT_SECTION_SIZE_BITS, 27);
	assert_given(s, KHO_FACT_SPARSEMEM, 1);
	assert_given(s, KHO_FACT_VMEMMAP, 1);
	assert_int_equal(kho_fact_get(&s->fact[KHO_FACT_PMD_BYTES], NULL, NULL), KHO_FACT_KNOWN);
	assert_int_equal(kho_fact_get(&s->fact[KHO_FACT_KHO], NULL, NULL), KHO_FACT_UNKNOWN);
}

static void test_text(void **state)
{
	struct kho_err err = { "" };
	struct successor s;

	assert_int_equal(read_text(x86_text, &s, &err), 0);
	assert_x86_facts(&s);
	successor_deinit(&s);
}

static void test_text_of_arm64(void **state)
{
	struct kho_err err = { "" };
	struct successor s;
	uint64_t pmd;

	assert_int_equal(read_text(arm64_text, &s, &err), 0);
	assert_ptr_equal(s.arch, &kho_arch_arm64);
	assert_given(&s, KHO_FACT_PAGE_BYTES, 65536);
	assert_int_equal(kho_fact_get(&s.fact[KHO_FACT_PMD_BYTES], &pmd, NULL), KHO_FACT_KNOWN);
	assert_int_equal(pmd, 512 << 20);
	/* The text may have been shortened: what is missing says nothing. */
	assert_int_equal(kho_fact_get(&s.fact[KHO_FACT_VMEMMAP], NULL, NULL), KHO_FACT_UNKNOWN);
	successor_deinit(&s);
}

static void test_comments_and_the_first_of_two(void **state)
{
	struct kho_err err = { "" };
	struct successor s;

	assert_int_equal(read_text("# SIZE(page)=56\n\nSIZE(page)=64\nSIZE(page)=128", &s, &err), 0);
	assert_given(&s, KHO_FACT_STRUCT_PAGE_BYTES, 64);
	assert_null(s.arch);
	assert_string_equal(s.release, "");
	successor_deinit(&s);
}

static void test_bad_text(void **state)
{
	assert_refused("", "there is no KEY=VALUE line in it");
	assert_refused("# nothing\n", "there is no KEY=VALUE line in it");
	assert_refused("PAGESIZE=4096\nhello\n", "line 2 is not KEY=VALUE");
	assert_refused("=4096\n", "line 1 is not KEY=VALUE");
	assert_refused("PAGESIZE=4096\n\nA=\001\n", "line 3 is not text");
}

static void test_impossible_values(void **state)
{
	assert_refused("PAGESIZE=4097\n", "PAGESIZE has an impossible value");
	assert_refused("PAGESIZE=0\n", "PAGESIZE has an impossible value");
	assert_refused("PAGESIZE=\n", "PAGESIZE has an impossible value");
	assert_refused("PAGESIZE=-4096\n", "PAGESIZE has an impossible value");
	assert_refused("PAGESIZE= 4096\n", "PAGESIZE has an impossible value");
	assert_refused("PAGESIZE=4096x\n", "PAGESIZE has an impossible value");
	assert_refused("PAGESIZE=18446744073709555712\n", "PAGESIZE has an impossible value");
	assert_refused("PAGESIZE=4096\nSIZE(page)=0\n", "SIZE(page) has an impossible value");
	assert_refused("NUMBER(SECTION_SIZE_BITS)=64\n",
		       "NUMBER(SECTION_SIZE_BITS) has an impossible value");
}

static void test_a_huge_text(void **state)
{
	struct mk mk = { 0 };
	struct kho_err err = { "" };
	struct successor s;

	for (size_t i = 0; i < 8193; i++)
		mk_put(&mk, mk.size, "KEY=ABC\n", 8);
	successor_init(&s);
	assert_int_equal(read_mk(&mk, &s, &err), -EFBIG);
	assert_string_equal(err.text, "neither an ELF core nor a text of at most 64 KiB");
	mk.size = 8192 * 8;
	assert_int_equal(read_mk(&mk, &s, &err), 0);
	successor_deinit(&s);
	mk_free(&mk);
}

static void test_what_cannot_be_opened(void **state)
{
	struct kho_err err = { "" };
	struct successor s;

	successor_init(&s);
	assert_int_equal(successor_read_vmcoreinfo("/nonexistent/x", &s, &err), -ENOENT);
	assert_string_equal(err.text, "/nonexistent/x: No such file or directory");
	assert_int_equal(successor_read_vmcoreinfo("/", &s, &err), -EISDIR);
	assert_string_equal(err.text, "/: Is a directory");
	successor_deinit(&s);
}

/* The user's word stands, but what the image's arch table says stays beside it. */
static void test_it_wins_over_the_image(void **state)
{
	static const char rodata[] = "Linux version 7.0.1 ";
	const struct mk_section section = { ".rodata", 0x1000, 0, rodata, sizeof(rodata) };
	struct mk elf = mk_elf(EM_X86_64, 4096, &section, 1);
	static const char other[] = "OSRELEASE=7.2.1\nNUMBER(SECTION_SIZE_BITS)=28\n";
	struct mk text = { (uint8_t *)other, strlen(other) };
	struct mk arm64 = { (uint8_t *)arm64_text, strlen(arm64_text) };
	struct kho_err err = { "" };
	struct successor s;
	int fd = mk_fd(&elf);

	assert_int_equal(successor_read_fd(fd, &s, &err), 0);
	assert_int_equal(read_mk(&text, &s, &err), 0);
	assert_given(&s, KHO_FACT_SECTION_SIZE_BITS, 28);
	assert_true(kho_fact_disputed(&s.fact[KHO_FACT_SECTION_SIZE_BITS]));
	assert_string_equal(s.release, "7.0.1");
	assert_true(s.nr_notes > 0);
	assert_string_equal(s.notes[s.nr_notes - 1],
			    "given VMCOREINFO names release 7.2.1, read-only data names 7.0.1");
	assert_int_equal(read_mk(&arm64, &s, &err), -EINVAL);
	assert_string_equal(err.text, "it belongs to an aarch64 kernel, the image to an x86_64 kernel");
	successor_deinit(&s);
	close(fd);
	mk_free(&elf);
}

static void put_number(struct mk *mk, size_t offset, bool big, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		mk_put_le(mk, offset + (big ? size - 1 - i : i), value >> 8 * i & 0xff, 1);
}

/* A core with a load segment, then notes: another one, and ours of @desc. */
static struct mk mk_core(bool big, uint16_t machine, const char *desc, size_t desc_bytes)
{
	enum { SEGMENTS = 64, NOTES = 64 + 2 * 56, OURS = NOTES + 24 };
	struct mk mk = { 0 };

	mk_put(&mk, 0, ELFMAG, SELFMAG);
	mk_put_le(&mk, EI_CLASS, ELFCLASS64, 1);
	mk_put_le(&mk, EI_DATA, big ? ELFDATA2MSB : ELFDATA2LSB, 1);
	put_number(&mk, 16, big, ET_CORE, 2);
	put_number(&mk, 18, big, machine, 2);
	put_number(&mk, 32, big, SEGMENTS, 8);
	put_number(&mk, 54, big, 56, 2);
	put_number(&mk, 56, big, 2, 2);
	put_number(&mk, SEGMENTS, big, PT_LOAD, 4);
	put_number(&mk, SEGMENTS + 56, big, PT_NOTE, 4);
	put_number(&mk, SEGMENTS + 56 + 8, big, NOTES, 8);
	put_number(&mk, SEGMENTS + 56 + 32, big, OURS - NOTES + 24 + desc_bytes, 8);
	put_number(&mk, NOTES, big, 5, 4);			/* "CORE", three bytes of data */
	put_number(&mk, NOTES + 4, big, 3, 4);
	put_number(&mk, NOTES + 8, big, 1, 4);
	mk_put(&mk, NOTES + 12, "CORE\0\0\0\0" "abc", 12);
	put_number(&mk, OURS, big, 11, 4);
	put_number(&mk, OURS + 4, big, desc_bytes, 4);
	put_number(&mk, OURS + 8, big, 0, 4);
	mk_put(&mk, OURS + 12, "VMCOREINFO\0", 12);
	mk_put(&mk, OURS + 24, desc, desc_bytes);
	return mk;
}

static void test_note(void **state)
{
	for (int big = 0; big < 2; big++) {
		struct mk core = mk_core(big, EM_X86_64, x86_text, sizeof(x86_text));
		struct kho_err err = { "" };
		struct successor s;

		successor_init(&s);
		if (read_mk(&core, &s, &err))
			fail_msg("%s", err.text);
		assert_x86_facts(&s);
		successor_deinit(&s);
		mk_free(&core);
	}
}

static void assert_core_fails(const struct mk *core, int code, const char *message)
{
	struct kho_err err = { "" };
	struct successor s;

	successor_init(&s);
	assert_int_equal(read_mk(core, &s, &err), -code);
	assert_string_equal(err.text, message);
	successor_deinit(&s);
}

static void test_bad_notes(void **state)
{
	static char large[(64 << 10) + 1] = "A=1";
	struct mk core = mk_core(false, EM_X86_64, large, sizeof(large));

	assert_core_fails(&core, EFBIG, "its VMCOREINFO note has 65537 bytes");
	core.size = 300;
	assert_core_fails(&core, EINVAL, "cut short: the file ends inside the 65585 bytes at 0xb0");
	core.size = 100;
	assert_core_fails(&core, EINVAL, "cut short: the file ends inside the 112 bytes at 0x40");
	core.size = 30;
	assert_core_fails(&core, EINVAL, "cut short: the file ends inside the 64 bytes at 0");
	mk_free(&core);
	core = mk_core(false, EM_X86_64, "A=1\n", 4);
	core.data[64 + 56] = PT_LOAD;
	assert_core_fails(&core, ENOENT, "there is no VMCOREINFO note in it");
	core.data[16] = ET_EXEC;
	assert_core_fails(&core, EINVAL, "an ELF file, but no core: its type is 2");
	core.data[EI_CLASS] = ELFCLASS32;
	assert_core_fails(&core, EINVAL, "not a 64-bit ELF core");
	mk_free(&core);
}

static void test_note_segment_over_the_limit(void **state)
{
	struct mk core = mk_core(false, EM_X86_64, "A=1\n", 4);

	mk_put_le(&core, 64 + 56 + 32, UINT64_C(65) << 20, 8);
	assert_core_fails(&core, EFBIG, "it has more than 64 MiB of notes");
	mk_free(&core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_of_arm64),
		cmocka_unit_test(test_comments_and_the_first_of_two),
		cmocka_unit_test(test_bad_text),
		cmocka_unit_test(test_impossible_values),
		cmocka_unit_test(test_a_huge_text),
		cmocka_unit_test(test_what_cannot_be_opened),
		cmocka_unit_test(test_it_wins_over_the_image),
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_bad_notes),
		cmocka_unit_test(test_note_segment_over_the_limit),
	};

	return cmocka_run_group_tests_name("vmcoreinfo", tests, NULL, NULL);
}
