// SPDX-License-Identifier: GPL-2.0-only
/* The map of a machine whose every cell was counted by hand. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "report/legend.h"
#include "report-fixture.h"
#include "unit.h"

#define MIB (UINT64_C(1) << 20)

/*
 * Bars of 32 cells.  Node 0 has 256 MiB, 8 MiB a cell: area 1 lies on its bytes 64
 * to 96 MiB (cells 8 to 11), area 2 behind a hole on 192 to 208 (24 and 25).  Area 1
 * has 1 MiB a cell: 16 of the map, 10 free, 5 of the kernel and most of the last one,
 * which the boot parameters get, since the kernel has others; the scratch list, as
 * small and in the same cell, gets none.
 */
static void by_hand(struct fixture *f)
{
	fixture_init(f);
	strcpy(f->successor.release, "2.0");
	fixture_ram(f, 0, 128 * MIB, 0);
	fixture_ram(f, 256 * MIB, 384 * MIB, 0);
	fixture_ram(f, 384 * MIB, 640 * MIB, 1);
	fixture_area(f, 64 * MIB, 96 * MIB);
	fixture_area(f, 320 * MIB, 336 * MIB);
	fixture_area(f, 384 * MIB, 392 * MIB);
	fixture_take(f, BOOT_KERNEL, 90 * MIB, 95 * MIB + 768 * 1024);
	fixture_take(f, BOOT_PARAMS, 0x5fe0000, 0x5fe1000);
	fixture_take(f, BOOT_SCRATCH_LIST, 0x5fe1000, 0x5fe1040);
	fixture_take(f, BOOT_MEMORY_MAP, 64 * MIB, 80 * MIB);
	fixture_take(f, BOOT_MEMORY_MAP, 320 * MIB, 336 * MIB);
	f->check.boot.outcome = BOOT_DIES;
	f->check.boot.failed = BOOT_MEMORY_MAP;
	f->check.boot.failed_node = 1;
	f->check.boot.map_bytes = 48 * MIB;
	/* 16 of its 32 MiB were had. */
	f->check.boot.failed_map_bytes = 32 * MIB;
	f->check.boot.alloc[4].wanted_node = 1;
	f->check.boot.unmet = (struct boot_unmet){
		.bytes = 4096, .align = 4096, .pieces = 1024,
		.largest_bytes = 2048, .left_bytes = 10240,
	};
	assert_int_equal(kho_findings_add(&f->check.findings, KHO_F_MEMORY_MAP_SHORT, "more",
					  "too small"), 0);
	f->check.verdict = KHO_FAIL;
}

static const char in_ascii[] =
"FAIL 1.2.3 -> 2.0: node 1's memory map is 16 MiB short\n"
"fail: memory-map-short: too small\n"
"  remedy: more\n"
"what fails: no room for the memory map of node 1\n"
"  wanted        1024 pieces of 4 KiB\n"
"  missing       16 MiB\n"
"  largest left  2 KiB, of 10 KiB that are left\n"
"  asked for by  vmemmap_populate(), mm/sparse-vmemmap.c\n"
"  console       sparse_init_nid: node[1] memory map backing failed, then \"Kernel panic - not "
"syncing: Attempted to kill the idle task!\"\n"
"  or            nothing, without earlyprintk= or earlycon: it looks like a hang\n"
"more: kexec --kho-explain=memory-map-short\n"
"\n"
"successor: 2.0, machine: 1.2.3\n"
"early boot dies: no room for the memory map of node 1\n"
"it gets 32 MiB of the 48 MiB of the memory map\n"
"\n"
"node 0: 256 MiB of RAM, 0x0000000000-0x0018000000; cell: 8 MiB\n"
"|--------####------------##------|\n"
"         1               2\n"
"\n"
"node 1: 256 MiB of RAM, 0x0018000000-0x0028000000; cell: 8 MiB\n"
"|#-------------------------------|\n"
" 3\n"
"\n"
"area 1 (node 0): 32 MiB, 0x0004000000-0x0006000000; cell: 1 MiB\n"
"|MMMMMMMMMMMMMMMM..........KKKKKB|\n"
" M  memory map                       16777216  50.0%  0x0004000000-0x0005000000\n"
" K  kernel                            6029312  17.9%  0x0005a00000-0x0005fc0000\n"
" B  boot parameters                      4096  <0.1%  0x0005fe0000-0x0005fe1000\n"
"(L) scratch list                           64  <0.1%  0x0005fe1000-0x0005fe1040\n"
" .  free                             10743744  32.0%  3 stretches\n"
"\n"
"area 2 (node 0): 16 MiB, 0x0014000000-0x0015000000; cell: 512 KiB\n"
"|MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM|\n"
" M  memory map                       16777216 100.0%  0x0014000000-0x0015000000\n"
"\n"
"area 3 (node 1): 8 MiB, 0x0018000000-0x0018800000; cell: 256 KiB\n"
"|................................|\n"
" .  free                              8388608 100.0%  0x0018000000-0x0018800000\n"
"\n"
"no room: memory map of node 1, 32 MiB wanted; cell: 1 MiB\n"
"|MMMMMMMMMMMMMMMM!!!!!!!!!!!!!!!!|\n"
" !  missing                          16777216  50.0%\n"
"\n"
"(X): less than a cell, not drawn\n"
"\n"
"verdict: fail\n";

static char *print(const struct fixture *f, const char *columns, const char *locale)
{
	setenv("COLUMNS", columns, 1);
	setenv("LC_ALL", locale, 1);
	return fixture_print(f, kho_report_map);
}

static void test_every_cell(void **state)
{
	struct fixture f;
	char *text;

	by_hand(&f);
	text = print(&f, "34", "C");
	assert_string_equal(text, in_ascii);
	free(text);
	fixture_deinit(&f);
}

static void test_blocks_in_utf8(void **state)
{
	struct fixture f;
	char *text;

	by_hand(&f);
	text = print(&f, "34", "C.UTF-8");
	assert_non_null(strstr(text, "\n│░░░░░░░░████░░░░░░░░░░░░██░░░░░░│\n"));
	assert_non_null(strstr(text, "\n│M▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒··········K▒▒▒▒B│\n"));
	free(text);
	fixture_deinit(&f);
}

/* The length of the first line that begins with @edge. */
static size_t bar_of(const char *text, const char *edge)
{
	const char *line = strstr(text, edge);

	assert_non_null(line);
	return strcspn(line + 1, "\n");
}

static void test_as_wide_as_the_terminal_within_reason(void **state)
{
	static const struct { const char *columns; size_t bar; } width[] = {
		{ "1", 22 }, { "30", 30 }, { "80", 80 }, { "119", 119 }, { "500", 120 },
		{ "", 80 }, { "wide", 80 }, { "-5", 120 }, { "99999999999999999999", 120 },
	};
	struct fixture f;

	by_hand(&f);
	for (size_t i = 0; i < sizeof(width) / sizeof(width[0]); i++) {
		char *text = print(&f, width[i].columns, "C");

		assert_int_equal(bar_of(text, "\n|"), width[i].bar);
		free(text);
	}
	fixture_deinit(&f);
}

static void test_not_followed_is_told_and_not_drawn_as_free(void **state)
{
	struct fixture f;
	char *text;

	fixture_init(&f);
	f.check.has_boot = false;
	fixture_area(&f, 0, 20 * MIB);
	text = print(&f, "22", "C");
	assert_non_null(strstr(text, "\nearly boot is not followed: what will lie in the areas is "
				     "not known\n"));
	assert_non_null(strstr(text, "\n|????????????????????|\n ?  not known "));
	assert_null(strstr(text, "free"));
	free(text);
	fixture_deinit(&f);
}

static void test_a_load_that_fails(void **state)
{
	struct fixture f;
	char *text;

	fixture_init(&f);
	fixture_area(&f, 0, 20 * MIB);
	fixture_take(&f, BOOT_KERNEL, 4 * MIB, 20 * MIB);
	f.check.boot.outcome = BOOT_LOAD_FAILS;
	f.check.boot.failed = BOOT_INITRD;
	f.check.boot.failed_node = KHO_NO_NODE;
	text = print(&f, "22", "C");
	assert_non_null(strstr(text, "\nthe load fails: no area has room for the initrd\n"));
	assert_non_null(strstr(text, "\n|....KKKKKKKKKKKKKKKK|\n"));
	free(text);
	fixture_deinit(&f);
}

static void test_a_death_that_is_not_sure(void **state)
{
	struct fixture f;
	char *text;

	fixture_init(&f);
	fixture_area(&f, 0, 20 * MIB);
	f.check.boot.outcome = BOOT_DIES;
	f.check.boot.failed = BOOT_NODE_DATA;
	f.check.boot.failed_node = 3;
	f.check.boot.depends_on_preserved = true;
	text = print(&f, "22", "C");
	assert_non_null(strstr(text, "\nearly boot dies if every 1 GiB block holds preserved "
				     "memory: no room for the node data of node 3\n"));
	free(text);
	fixture_deinit(&f);
}

/* An area of fewer bytes than its bar has cells, and users without a cell. */
static void test_the_smallest_areas(void **state)
{
	struct fixture f;
	char *text;

	fixture_init(&f);
	fixture_area(&f, 100, 103);
	fixture_area(&f, 200, 201);
	fixture_take(&f, BOOT_KERNEL, 101, 102);
	text = print(&f, "20", "C");
	assert_non_null(strstr(text, "\n|.......KKKKKKK......|\n"));
	free(text);
	fixture_deinit(&f);
}

static void test_beyond_the_areas(void **state)
{
	struct fixture f;
	char *text;

	fixture_init(&f);
	fixture_area(&f, 0, 20 * MIB);
	fixture_take(&f, BOOT_MEMORY_MAP, 1024 * MIB, 1026 * MIB);
	text = print(&f, "22", "C");
	assert_non_null(strstr(text, "\nbeyond the areas, in 1 GiB blocks without preserved "
			       "memory\n M  memory map                        2097152         "
			       "0x0040000000-0x0040200000\n"));
	free(text);
	text = fixture_print(&f, kho_report_html);
	assert_non_null(strstr(text, "<table id=\"beyond-table\">"));
	assert_non_null(strstr(text, "<td class=\"number\">2,097,152</td>"));
	free(text);
	fixture_deinit(&f);
}

/* Bars of 20 cells, 1 MiB each: an area lies over what is preserved. */
static void test_preserved_memory(void **state)
{
	struct fixture f;
	char *text;

	fixture_init(&f);
	fixture_ram(&f, 0, 20 * MIB, 0);
	fixture_area(&f, 4 * MIB, 8 * MIB);
	fixture_preserve(&f, 2 * MIB, 5 * MIB);
	fixture_preserve(&f, 10 * MIB + 4096, 10 * MIB + 8192);
	fixture_preserve(&f, 19 * MIB, 21 * MIB);
	text = print(&f, "22", "C");
	assert_non_null(strstr(text, "\n|--==####--=--------=|\n     1\n"
			       " =  preserved memory                  4198400         "
			       "3 stretches\n"));
	free(text);
	text = fixture_print(&f, kho_report_html);
	assert_non_null(strstr(text, "aria-label=\"preserved memory: 4,198,400 bytes, 0x0000200000"
			       "&#8211;0x0001400000, 3 stretches\">"));
	assert_non_null(strstr(text, "<title>preserved memory: 0x0000a01000&#8211;0x0000a02000, "
			       "4,096 bytes</title>"));
	free(text);
	fixture_deinit(&f);
}

static void test_each_user_has_a_letter_of_its_own(void **state)
{
	for (unsigned int a = 0; a < LAYOUT_USERS; a++)
		for (unsigned int b = 0; b < a; b++)
			assert_int_not_equal(legend_letter(a), legend_letter(b));
}

static void hand_over(struct fixture *f, const char *producer, const char *format)
{
	struct handover_tree *out = &f->machine.handover.out;
	struct kho_readiness *r = &f->check.readiness;

	f->check.has_readiness = true;
	r->handover = KHO_FATE_LOST;
	r->producer = calloc(1, sizeof(*r->producer));
	out->producer = calloc(1, sizeof(*out->producer));
	assert_true(r->producer && out->producer);
	r->producer[0] = KHO_FATE_PANIC;
	out->nr_producers = 1;
	out->producer[0].name = strdup(producer);
	out->producer[0].compatible = calloc(1, sizeof(*out->producer[0].compatible));
	out->producer[0].nr_compatibles = 1;
	out->producer[0].compatible[0].text = calloc(1, sizeof(char *));
	out->producer[0].compatible[0].text[0] = strdup(format);
	out->producer[0].compatible[0].nr_texts = 1;
	out->producer[0].compatible[0].node = strdup("/");
}

static void test_what_is_handed_over(void **state)
{
	struct fixture f;
	char *text;

	fixture_init(&f);
	hand_over(&f, "memblock", "memblock-v1");
	text = print(&f, "80", "C");
	assert_non_null(strstr(text, "\nhandover: lost\n"));
	assert_non_null(strstr(text, "\n  memblock         memblock-v1: panic\n"));
	free(text);
	text = fixture_print(&f, kho_report_html);
	assert_non_null(strstr(text, "<td>lost: the successor boots without it</td>"));
	assert_non_null(strstr(text, "<th scope=\"row\">memblock</th><td>memblock-v1</td>"
			       "<td>panic</td>"));
	free(text);
	fixture_deinit(&f);
}

/* Nothing that comes from outside may end a text or an attribute, or turn it around. */
static void test_html_escapes(void **state)
{
	struct fixture f;
	char *text;

	fixture_init(&f);
	strcpy(f.machine.release, "</title><script>alert(1)</script>");
	strcpy(f.machine.host, "<i>host</i>");
	strcpy(f.successor.release, "\"'&\x1b[31m\xe2\x80\xae\n\x7f");
	hand_over(&f, "<i>", "\"><i>");
	assert_int_equal(kho_findings_add(&f.check.findings, KHO_F_FACT_UNKNOWN,
					  "<img src=x onerror=alert(1)>", "<b>%s", "bold"), 0);
	text = fixture_print(&f, kho_report_html);
	assert_null(strstr(text, "<script"));
	assert_null(strstr(text, "<img"));
	assert_null(strstr(text, "<i>"));
	assert_null(strstr(text, "<b>bold"));
	assert_non_null(strstr(text, "<h1>Handover from &#60;/title&#62;&#60;script&#62;alert(1)"
			       "&#60;/script&#62; to &#34;&#39;&#38;\\x1b[31m\\xe2\\x80\\xae\\x0a"
			       "\\x7f</h1>"));
	assert_non_null(strstr(text, "<p>&#60;b&#62;bold</p>"));
	for (const char *at = text; *at; at++)
		assert_true(*at == '\n' || *at == '\t' || (*at >= ' ' && *at <= '~'));
	free(text);
	fixture_deinit(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cell),
		cmocka_unit_test(test_blocks_in_utf8),
		cmocka_unit_test(test_as_wide_as_the_terminal_within_reason),
		cmocka_unit_test(test_not_followed_is_told_and_not_drawn_as_free),
		cmocka_unit_test(test_a_load_that_fails),
		cmocka_unit_test(test_a_death_that_is_not_sure),
		cmocka_unit_test(test_the_smallest_areas),
		cmocka_unit_test(test_beyond_the_areas),
		cmocka_unit_test(test_preserved_memory),
		cmocka_unit_test(test_each_user_has_a_letter_of_its_own),
		cmocka_unit_test(test_what_is_handed_over),
		cmocka_unit_test(test_html_escapes),
	};

	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
