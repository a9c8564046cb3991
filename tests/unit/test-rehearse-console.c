// SPDX-License-Identifier: GPL-2.0-only
/* The guest's console; the lines are those of real boots of 6.18, 7.2 and 7.3. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rehearse/rehearse.h"
#include "unit.h"

static void feed(struct console *c, const char *text)
{
	console_feed(c, text, strlen(text));
}

#define RESERVE " nid=-1 flags=20 memblock_alloc_range_nid+0xcc/0x190\n"

static const char allocations[] =
	"[    0.000000] KHO: found kexec handover data.\r\n"
	"__memblock_reserve: [0x00000000bffe1992-0x00000000bffe1a05] nid=-1 flags=0 "
	"acpi_reserve_initial_tables+0x51/0x70\n"
	/* Tried, and given back. */
	"memblock_phys_alloc_range: 2097152 bytes align=0x200000 from=0x0000000000100000 "
	"max_addr=0x0000000240000000 init_mem_mapping+0x1f6/0x370\n"
	"__memblock_reserve: [0x000000023aa00000-0x000000023abfffff]" RESERVE
	"memblock_phys_free: [0x000000023aa00000-0x000000023abfffff] init_mem_mapping+0x216/0x370\n"
	"__memblock_reserve: [0x00000000b67fbfc0-0x00000000b67fffff] nid=0 flags=20 "
	"memblock_alloc_range_nid+0xcc/0x190\n"
	"NODE_DATA(1) allocated [mem 0x23abfbfc0-0x23abfffff]\n"
	"memblock_alloc_try_nid_raw: 4096 bytes align=0x1000 nid=0 from=0x0000000001000000 "
	"max_addr=0x0000000000000001 memmap_alloc+0x21/0x30\n"
	"memblock_reserve: [0x00000000b67f9000-0x00000000b67f9fff] "
	"memblock_alloc_range_nid+0xcc/0x190\n"
	/* Asked, not had. */
	"memblock_alloc_try_nid: 67108864 bytes align=0x1000 nid=-1 from=0x0000000000000000 "
	"max_addr=0x0000000100000000 swiotlb_init_remap+0x91/0x2a0\n"
	"software IO TLB: swiotlb_memblock_alloc: Failed to allocate 67108864 bytes tlb structure\n"
	/* Not what was asked for before, though as large. */
	"__memblock_reserve: [0x0000000010000000-0x0000000013ffffff] nid=-1 flags=0 "
	"setup_arch+0x9d7/0xb20\n"
	"[    0.000000] memblock_alloc_try_nid: 40960 bytes align=0x1000 nid=2 "
	"from=0x0000000000000000 max_addr=0x0000000000000000 pcpu_fc_alloc.isra.0+0x91/0x2a0\n"
	"[    0.000000] __memblock_reserve: [0x0000000000200000-0x0000000000209fff]" RESERVE;

static void check_alloc(const struct console *c, size_t i, enum boot_user user, int node,
			uint64_t start_pa, uint64_t bytes)
{
	assert_true(i < c->nr_allocs);
	assert_int_equal(c->alloc[i].user, user);
	assert_int_equal(c->alloc[i].node, node);
	assert_int_equal(c->alloc[i].start_pa, start_pa);
	assert_int_equal(c->alloc[i].bytes, bytes);
}

static void test_allocations_are_read(void **state)
{
	struct console c = { 0 };

	/* In pieces of any size. */
	for (size_t at = 0; at < sizeof(allocations) - 1; at += 7)
		console_feed(&c, allocations + at, sizeof(allocations) - 1 - at < 7 ?
						   sizeof(allocations) - 1 - at : 7);
	assert_int_equal(c.nr_allocs, 3);
	check_alloc(&c, 0, BOOT_NODE_DATA, 1, 0x23abfbfc0, 0x4040);
	check_alloc(&c, 1, BOOT_MEMORY_MAP, 0, 0xb67f9000, 4096);
	check_alloc(&c, 2, BOOT_PERCPU, 2, 0x200000, 40960);
	assert_true(c.handover_found);
	assert_int_equal(c.state, CONSOLE_RUNNING);
	console_deinit(&c);
}

/* Of a 7.2 that clang built: another inlines other functions. */
static void test_clang_names_other_functions(void **state)
{
	static const char lines[] =
		"memblock_alloc_try_nid: 2816 bytes align=0x40 nid=0 from=0x0000000000000000 "
		"max_addr=0x0000000000000000 sparse_usage_init+0x1e/0x50\n"
		"__memblock_reserve: [0x000000013bbd34c0-0x000000013bbd3fbf]" RESERVE
		"memblock_alloc_try_nid_raw: 4096 bytes align=0x1000 nid=0 from=0x0000000001000000 "
		"max_addr=0x0000000000000001 vmemmap_pgd_populate+0x4e/0x170\n"
		"__memblock_reserve: [0x000000013bbd2000-0x000000013bbd2fff]" RESERVE
		"memblock_alloc_try_nid_raw: 4096 bytes align=0x1000 nid=0 from=0x0000000001000000 "
		"max_addr=0x0000000000000001 vmemmap_p4d_populate+0x68/0x130\n"
		"__memblock_reserve: [0x000000013bbd1000-0x000000013bbd1fff]" RESERVE;
	struct console c = { 0 };

	feed(&c, lines);
	assert_int_equal(c.nr_allocs, 3);
	check_alloc(&c, 0, BOOT_USAGE_MAP, 0, 0x13bbd34c0, 2816);
	check_alloc(&c, 1, BOOT_MAP_TABLES, 0, 0x13bbd2000, 4096);
	check_alloc(&c, 2, BOOT_MAP_TABLES, 0, 0x13bbd1000, 4096);
	console_deinit(&c);
}

static enum console_state state_after(const char *text)
{
	struct console c = { 0 };
	enum console_state state;

	feed(&c, text);
	state = c.state;
	console_deinit(&c);
	return state;
}

static void test_ends_are_seen(void **state)
{
	assert_int_equal(state_after("Memory: 8224920K/8388088K available (7604K kernel code, 904K "
				     "rwdata)\n"), CONSOLE_UP);
	assert_int_equal(state_after("[    0.1] SLUB: HWalign=64, Order=0-3, MinObjects=0, CPUs=1, "
				     "Nodes=2\n"), CONSOLE_UP);
	assert_int_equal(state_after("Kernel panic - not syncing: Failed to allocate memmap for "
				     "section 57\n"), CONSOLE_DIED);
	assert_int_equal(state_after("PANIC: early exception 0x0e IP 10:ffffffff81a error 0 cr2 0x8\n"),
			 CONSOLE_DIED);
	assert_int_equal(state_after("\n\nOut of memory while allocating zstd_dctx\n\n"
				     " -- System halted\n"), CONSOLE_DIED);
	/* Not a line yet, and words that only look like it. */
	assert_int_equal(state_after("Kernel panic - not syncing: Fa"), CONSOLE_RUNNING);
	assert_int_equal(state_after("Memory: not available\nMemory slots populated: 1/1\n"),
			 CONSOLE_RUNNING);
	/* One oops may be survived, a flood of them has no end. */
	assert_int_equal(state_after("Oops: Oops: 0002 [#1] SMP\n"), CONSOLE_RUNNING);
	assert_int_equal(state_after("Oops: 1\nOops: 2\nOops: 3\nOops: 4\nOops: 5\nOops: 6\nOops: 7\n"
				     "Oops: 8\nOops: 9\nOops: a\nOops: b\nOops: c\nOops: d\nOops: e\n"
				     "Oops: f\nOops: 10\n"), CONSOLE_DIED);
}

static void test_the_first_and_the_last_words_are_kept(void **state)
{
	struct console c = { 0 };

	feed(&c, "sparse_init_nid: node[1] memory map backing failed. Some memory will not be "
		 "available.\n");
	for (int i = 0; i < 12; i++)
		feed(&c, "WARNING: CPU: 0\x1b[31m\n");
	feed(&c, "Kernel panic - not syncing: Attempted to kill the idle task!\n"
		 "Memory: 1K/2K available (\n");
	assert_int_equal(c.state, CONSOLE_DIED);
	assert_int_equal(c.nr_words, CONSOLE_WORDS);
	assert_non_null(strstr(c.words[0], "memory map backing failed"));
	assert_string_equal(c.words[1], "WARNING: CPU: 0?[31m");
	assert_string_equal(c.words[CONSOLE_WORDS - 1],
			    "Kernel panic - not syncing: Attempted to kill the idle task!");
	console_deinit(&c);
}

/* A line without an end, and numbers that are none. */
static void test_nonsense_does_no_harm(void **state)
{
	static char line[3 * CONSOLE_LINE_BYTES];
	struct console c = { 0 };

	memset(line, 'x', sizeof(line));
	console_feed(&c, line, sizeof(line));
	feed(&c, "\nmemblock_ bytes align=0x\n"
		 "memblock_alloc: bytes align=0x10 nid=\n"
		 "memblock_reserve: [0xffff-0x1] f+0x1\n"
		 "memblock_reserve: [\n"
		 "NODE_DATA(x) allocated [mem 0x1-0x0]\n[[[ 1] [\n]\n");
	assert_int_equal(c.nr_allocs, 0);
	assert_int_equal(c.state, CONSOLE_RUNNING);
	console_deinit(&c);
}

static void see(struct rehearsal *r, enum boot_user user, uint64_t start_pa, uint64_t bytes)
{
	r->console.alloc = reallocarray(r->console.alloc, r->console.nr_allocs + 1,
					sizeof(*r->console.alloc));
	assert_non_null(r->console.alloc);
	r->console.alloc[r->console.nr_allocs++] = (struct console_alloc){
		.user = user, .node = KHO_NO_NODE, .start_pa = start_pa, .bytes = bytes,
	};
}

static void test_allocations_are_compared(void **state)
{
	const struct boot_kernel kernel = { .page_bytes = 4096, .pmd_bytes = 0x200000 };
	struct boot_allocation alloc[] = {
		{ BOOT_NODE_DATA, 0, 1, { 0x23abfbfc0, 0x23ac00000, 1 } },
		{ BOOT_MEMORY_MAP, 0, 4, { 0xb0000000, 0xb0800000, 0 } },
		{ BOOT_MAP_TABLES, 0, 1, { 0xb67f9000, 0xb67fa000, 0 } },
		{ BOOT_PERCPU, 0, 2, { 0x400000, 0x404000, 0 } },
	};
	const struct boot_result model = { .alloc = alloc, .nr_allocs = 4 };
	struct rehearsal r = { .outcome = REHEARSAL_UP };

	see(&r, BOOT_NODE_DATA, 0x23abfbfc0, 0x4040);
	/* A buffer of two PMDs, one PMD elsewhere, a page under another name. */
	see(&r, BOOT_MEMORY_MAP, 0xb0000000, 0x400000);
	see(&r, BOOT_MEMORY_MAP, 0xb1000000, 0x200000);
	see(&r, BOOT_MEMORY_MAP, 0xb67f9000, 4096);
	/* A percpu unit is rounded up where it is taken; the second one is elsewhere. */
	see(&r, BOOT_PERCPU, 0x402000, 0x200000);
	see(&r, BOOT_PERCPU, 0x603000, 0x200000);
	see(&r, BOOT_SMALL, 0x99000, 24576);
	see(&r, BOOT_SMALL, 0x900000, 4096);
	assert_int_equal(rehearsal_compare(&r, &model, &kernel), 0);
	assert_int_equal(r.map_seen, 4);
	assert_int_equal(r.map_model, 5);
	assert_int_equal(r.map_equal, 3);
	assert_int_equal(r.others_seen, 3);
	assert_int_equal(r.others_equal, 2);
	assert_int_equal(r.nr_differences, 2);
	assert_int_equal(r.difference[1].seen.start_pa, 0x603000);
	assert_int_equal(r.difference[1].model_pa, 0x400000);
	/* A list that is cut is compared with nothing. */
	r.console.no_memory = true;
	assert_int_equal(rehearsal_compare(&r, &model, &kernel), -ENOMEM);
	rehearsal_deinit(&r);
}

/* pcpu_free_alloc_info() comes after others have asked; a part that is given back is no whole. */
static void test_what_is_given_back_later(void **state)
{
	static const char text[] =
		"memblock_alloc_try_nid: 8192 bytes align=0x1000 nid=-1 from=0x0 max_addr=0x0 "
		"pcpu_build_alloc_info+0x1/0x2\n"
		"memblock_reserve: [0x0000000000200000-0x0000000000201fff]" RESERVE
		"memblock_alloc_try_nid: 12288 bytes align=0x1000 nid=0 from=0x0 max_addr=0x0 "
		"pcpu_fc_alloc+0x1/0x2\n"
		"memblock_reserve: [0x0000000000300000-0x0000000000302fff]" RESERVE
		"memblock_phys_free: [0x0000000000302000-0x0000000000302fff] memblock_free+0x1/0x2\n"
		"memblock_phys_free: [0x0000000000200000-0x0000000000201fff] memblock_free+0x1/0x2\n";
	struct console c = { 0 };

	console_feed(&c, text, sizeof(text) - 1);
	assert_int_equal(c.nr_allocs, 1);
	check_alloc(&c, 0, BOOT_PERCPU, 0, 0x300000, 12288);
	console_deinit(&c);
}

/* pcpu_page_first_chunk()'s list of pages, after all the pages that are in it: 64 CPUs of 59. */
static void test_a_list_is_given_back_after_its_pages(void **state)
{
	static const char list[] =
		"memblock_alloc_try_nid: 32768 bytes align=0x40 nid=-1 from=0x0 max_addr=0x0 "
		"__memblock_alloc_or_panic+0x1/0x2\n"
		"memblock_reserve: [0x0000000000200000-0x0000000000207fff]" RESERVE;
	static const char freed[] =
		"memblock_phys_free: [0x0000000000200000-0x0000000000207fff] memblock_free+0x1/0x2\n";
	const unsigned int pages = 64 * 59 * 2;
	struct console c = { 0 };
	char text[512];

	console_feed(&c, list, sizeof(list) - 1);
	for (unsigned int i = 0; i < pages; i++) {
		int n = snprintf(text, sizeof(text), "memblock_alloc_try_nid: 4096 bytes align=0x1000 "
				 "nid=0 from=0x0 max_addr=0x0 pcpu_fc_alloc+0x1/0x2\n"
				 "memblock_reserve: [0x%016x-0x%016x]" RESERVE,
				 0x300000 + i * 4096, 0x300fff + i * 4096);

		console_feed(&c, text, (size_t)n);
	}
	console_feed(&c, freed, sizeof(freed) - 1);
	assert_int_equal(c.nr_allocs, pages);
	check_alloc(&c, 0, BOOT_PERCPU, 0, 0x300000, 4096);
	console_deinit(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocations_are_read),
		cmocka_unit_test(test_clang_names_other_functions),
		cmocka_unit_test(test_ends_are_seen),
		cmocka_unit_test(test_the_first_and_the_last_words_are_kept),
		cmocka_unit_test(test_nonsense_does_no_harm),
		cmocka_unit_test(test_allocations_are_compared),
		cmocka_unit_test(test_what_is_given_back_later),
		cmocka_unit_test(test_a_list_is_given_back_after_its_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
