// SPDX-License-Identifier: GPL-2.0-only
/* Snapshots written by hand after doc/machine-schema.md. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/snapshot/snapshot.h"
#include "producers/luo.h"
#include "unit.h"

#define SCRATCH "\"scratch\":{\"areas\":\"b7400000-b8400000,100000000-104000000\"," \
		"\"source\":\"sys/kernel/debug/kho/out/scratch_phys\"}"
#define MEMORY "\"memory\":{\"known\":true,\"ranges\":\"1000-9fc00@0,100000-c0000000@0," \
	       "100000000-240000000@1\",\"source\":\"sys/firmware/memmap\"," \
	       "\"node_source\":\"sys/firmware/acpi/tables/SRAT\",\"unmapped\":\"100000-200000\"," \
	       "\"uefi\":true,\"boot_services\":\"300000-400000\",\"firmware_ranges\":129," \
	       "\"lost\":\"240000000-280000000\",\"late\":\"280000000-300000000\"}"

static const char whole[] =
	"{\"kho_machine\":1,\"host\":\"web-1\",\"release\":\"7.2.13\",\"arch\":\"x86_64\","
	"\"page_bytes\":4096,"
	"\"cmdline\":\"kho=on \\\"a b\\\"\",\"cpus\":\"0-4@0,4-6@1,6-7\",\"ima_bytes\":8192,\"possible_end\":68719476736,\"possible_nodes\":42,\"cpu_flags\":[\"la57\",\"lpa2\"],"
	SCRATCH "," MEMORY ",\"device_tree\":{\"nodes\":57,\"properties\":224,\"names_bytes\":1848},\"handover\":{"
	"\"out\":{\"state\":\"read\",\"source\":\"sys/kernel/debug/kho/out/fdt\","
	"\"root\":[\"/\",\"kho-v4\"],\"producers\":["
	"{\"name\":\"LUO\",\"read\":true,\"fdt\":true,\"bytes\":512,\"compatible\":"
	"[[\"/\",\"luo-v5\",\"luo-v4\"],[\"/luo-session\",\"luo-session-v5\"]]},"
	"{\"name\":\"memblock\",\"read\":true,\"fdt\":true,\"reserve_mem\":[\"trace\"]},"
	"{\"name\":\"other\",\"read\":false,\"fdt\":false}],\"preserved_map\":4096},"
	"\"in\":{\"state\":\"hidden\"},"
	"\"finalized\":\"no\",\"previous_release\":\"7.1.1\",\"hops\":3,\"memfd\":[2,7],"
	"\"preserved\":{\"ranges\":\"110000000-110001000,120000000-160000000\","
	"\"map\":\"170000000-170002000\","
	"\"source\":\"proc/kcore\"}},"
	"\"gaps\":[{\"id\":\"margin-thin\",\"message\":\"m\",\"remedy\":\"on that machine: r\"}]}\n";

static struct snapshot_reader *reader;

static int set_up(void **state)
{
	reader = snapshot_reader_create();
	return !reader;
}

static int tear_down(void **state)
{
	snapshot_reader_destroy(reader);
	return 0;
}

/* From memory that ends where the text ends: what reads on is seen. */
static int parse_bytes(const char *text, size_t bytes, struct machine *m, struct kho_err *err)
{
	char *copy = malloc(bytes ? bytes : 1);
	int ret;

	assert_non_null(copy);
	memcpy(copy, text, bytes);
	err->text[0] = '\0';
	ret = snapshot_parse(reader, copy, bytes, m, err);
	free(copy);
	return ret;
}

static void test_all_of_it_is_read(void **state)
{
	struct kho_err err;
	struct machine m;

	assert_int_equal(parse_bytes(whole, strlen(whole), &m, &err), 0);
	assert_string_equal(m.host, "web-1");
	assert_string_equal(m.release, "7.2.13");
	assert_string_equal(m.arch, "x86_64");
	assert_string_equal(m.cmdline, "kho=on \"a b\"");
	assert_int_equal(m.possible_cpus, 7);
	assert_int_equal(m.cpu_node[3], 0);
	assert_int_equal(m.cpu_node[5], 1);
	assert_int_equal(m.cpu_node[6], KHO_NO_NODE);
	assert_int_equal(m.possible_nodes, 42);
	assert_int_equal(m.ima_bytes, 8192);
	assert_int_equal(m.possible_end_pa, UINT64_C(64) << 30);
	assert_true(m.cpu_flags_known && m.five_level && !m.gbpages);
	assert_true(m.lpa2_known && m.lpa2);
	assert_true(m.scratch_known && m.memory_known);
	assert_int_equal(m.scratch.n, 2);
	assert_int_equal(m.scratch.r[0].start_pa, 0xb7400000);
	assert_int_equal(m.scratch.r[0].node, KHO_NO_NODE);
	assert_int_equal(m.memory.n, 3);
	assert_int_equal(m.memory.r[2].end_pa, 0x240000000);
	assert_int_equal(m.memory.r[2].node, 1);
	assert_int_equal(m.firmware_ranges, 129);
	assert_int_equal(m.unmapped.n, 1);
	assert_int_equal(m.unmapped.r[0].end_pa, 0x200000);
	assert_true(m.uefi && m.boot_services_known);
	assert_int_equal(m.boot_services.n, 1);
	assert_int_equal(m.boot_services.r[0].end_pa, 0x400000);
	assert_true(m.device_tree.known);
	assert_int_equal(m.device_tree.nodes, 57);
	assert_int_equal(m.device_tree.properties, 224);
	assert_int_equal(m.device_tree.names_bytes, 1848);
	assert_int_equal(m.lost.n, 1);
	assert_int_equal(m.lost.r[0].start_pa, 0x240000000);
	assert_int_equal(m.lost.r[0].end_pa, 0x280000000);
	assert_int_equal(m.late.n, 1);
	assert_int_equal(m.late.r[0].start_pa, 0x280000000);
	assert_int_equal(m.page_bytes, 4096);
	assert_string_equal(m.scratch_source, "sys/kernel/debug/kho/out/scratch_phys");
	assert_string_equal(m.memory_source, "sys/firmware/memmap");
	assert_string_equal(m.node_source, "sys/firmware/acpi/tables/SRAT");
	assert_int_equal(m.gaps.n, 1);
	assert_int_equal(m.gaps.f[0].id, KHO_F_MARGIN_THIN);
	assert_string_equal(m.gaps.f[0].remedy, "on that machine: r");
	machine_deinit(&m);
}

static void test_the_handover_is_read(void **state)
{
	const struct machine_handover *h;
	const struct handover_producer *luo;
	const struct luo_state *memfd;
	struct kho_err err;
	struct machine m;

	assert_int_equal(parse_bytes(whole, strlen(whole), &m, &err), 0);
	h = &m.handover;
	assert_int_equal(h->out.state, HANDOVER_READ);
	assert_string_equal(h->out.root.text[0], "kho-v4");
	assert_string_equal(h->out.source, "sys/kernel/debug/kho/out/fdt");
	assert_int_equal(h->out.preserved_map_pa, 4096);
	assert_int_equal(h->preserved_map.r[0].end_pa, 0x170002000);
	assert_int_equal(h->out.nr_producers, 3);
	luo = &h->out.producer[0];
	assert_string_equal(luo->name, "LUO");
	assert_true(luo->read && luo->is_fdt);
	assert_int_equal(luo->blob_bytes, 512);
	assert_int_equal(luo->nr_compatibles, 2);
	assert_int_equal(luo->compatible[0].nr_texts, 2);
	assert_string_equal(luo->compatible[0].text[1], "luo-v4");
	assert_string_equal(luo->compatible[1].node, "/luo-session");
	assert_string_equal(h->out.producer[1].reserve_mem[0], "trace");
	assert_false(h->out.producer[2].read);
	assert_int_equal(h->in.state, HANDOVER_HIDDEN);
	assert_int_equal(h->finalized, FINALIZED_NO);
	assert_string_equal(h->previous_release, "7.1.1");
	assert_int_equal(h->hops, 3);
	memfd = luo->state;
	assert_non_null(memfd);
	assert_int_equal(memfd->n, 2);
	assert_int_equal(memfd->version[1], 7);
	assert_true(h->preserved_known);
	assert_int_equal(h->preserved.n, 2);
	assert_int_equal(h->preserved.r[1].end_pa, 0x160000000);
	assert_string_equal(h->preserved_source, "proc/kcore");
	machine_deinit(&m);
}

static void test_it_is_written_as_it_was(void **state)
{
	struct kho_err err;
	struct machine m;
	char *line;

	assert_int_equal(parse_bytes(whole, strlen(whole), &m, &err), 0);
	assert_int_equal(snapshot_write(&m, &line, &err), 0);
	assert_string_equal(line, whole);
	free(line);
	machine_deinit(&m);
}

static void test_what_is_left_out_is_not_known(void **state)
{
	static const char text[] = "{\"kho_machine\":1," SCRATCH "," MEMORY "}";
	struct kho_err err;
	struct machine m;

	assert_int_equal(parse_bytes(text, strlen(text), &m, &err), 0);
	assert_string_equal(m.host, "");
	assert_null(m.cmdline);
	assert_null(m.cpu_node);
	assert_false(m.cpu_flags_known);
	assert_false(m.lpa2_known);
	assert_int_equal(m.handover.out.state, HANDOVER_ABSENT);
	assert_int_equal(m.handover.finalized, FINALIZED_UNKNOWN);
	assert_int_equal(m.handover.hops, -1);
	assert_false(m.handover.preserved_known);
	machine_deinit(&m);
}

static void preserve(struct machine *m, uint64_t start_pa, uint64_t end_pa)
{
	assert_int_equal(kho_ranges_add(&m->handover.preserved, start_pa, end_pa, KHO_NO_NODE), 0);
}

static void assert_preserved(const struct machine *m, size_t i, uint64_t start_pa, uint64_t end_pa)
{
	assert_int_equal(m->handover.preserved.r[i].start_pa, start_pa);
	assert_int_equal(m->handover.preserved.r[i].end_pa, end_pa);
}

/* @m, written and read again, in @back. */
static void there_and_back(const struct machine *m, struct machine *back)
{
	struct kho_err err;
	char *line;

	assert_int_equal(snapshot_write(m, &line, &err), 0);
	assert_int_equal(parse_bytes(line, strlen(line), back, &err), 0);
	free(line);
}

/*
 * RAM is [4 GiB, 9 GiB) above 4 GiB; an area is at its start.  A page in each 1 MiB of
 * [5 GiB, 6 GiB), one stretch over two blocks, and some where nothing may be rounded.
 */
static void test_many_preserved_stretches_become_blocks(void **state)
{
	const uint64_t gib = UINT64_C(1) << 30;
	struct machine m, back;
	struct kho_err err;

	assert_int_equal(parse_bytes(whole, strlen(whole), &m, &err), 0);
	m.handover.preserved.n = 0;
	preserve(&m, 4 * gib + 0x1000, 4 * gib + 0x2000);	/* in the area */
	preserve(&m, 4 * gib + 0x8000000, 4 * gib + 0x8001000);	/* in its block */
	for (uint64_t i = 0; i < SNAPSHOT_PRESERVED_EXACT; i++)
		preserve(&m, 5 * gib + (i << 20), 5 * gib + (i << 20) + 0x1000);
	preserve(&m, 7 * gib - 0x1000, 7 * gib + 0x1000);
	preserve(&m, 9 * gib - 0x1000, 9 * gib + 0x1000);	/* over the end of RAM */
	there_and_back(&m, &back);
	assert_int_equal(back.handover.preserved.n, 3);
	assert_preserved(&back, 0, 4 * gib + 0x1000, 4 * gib + 0x2000);
	assert_preserved(&back, 1, 4 * gib + 0x8000000, 4 * gib + 0x8001000);
	assert_preserved(&back, 2, 5 * gib, 9 * gib + 0x1000);
	machine_deinit(&back);

	m.handover.preserved.n = SNAPSHOT_PRESERVED_EXACT;
	there_and_back(&m, &back);
	assert_int_equal(back.handover.preserved.n, SNAPSHOT_PRESERVED_EXACT);
	assert_preserved(&back, 2, 5 * gib, 5 * gib + 0x1000);
	machine_deinit(&back);
	machine_deinit(&m);
}

/* JSON between "{"kho_machine":1," and "}", and what is said of it. */
static const struct {
	const char *inside, *said;
} wrong[] = {
	{ MEMORY, "$.scratch: not known, and no gap says why" },
	{ SCRATCH, "$.memory: not known, and no gap says why" },
	{ "\"gaps\":[{\"id\":\"swiotlb-short\",\"message\":\"m\"}]",
	  "$.scratch: not known, and no gap says why" },
	{ SCRATCH ",\"memory\":7", "$.memory: not of type object" },
	{ SCRATCH ",\"memory\":{\"known\":true,\"ranges\":\"\"}", "$.memory.ranges: no memory" },
	{ SCRATCH ",\"memory\":{\"known\":true,\"ranges\":\"0-1000@0\"}",
	  "$.memory: source or node_source is absent" },
	{ SCRATCH ",\"memory\":{\"known\":true,\"ranges\":\"0-1000\"}",
	  "$.memory.ranges: range 1 is not a range that can be" },
	{ SCRATCH ",\"memory\":{\"known\":true,\"ranges\":\"0-2000@0,1000-3000@0\"}",
	  "$.memory.ranges: range 2 is not a range that can be" },
	{ SCRATCH ",\"memory\":{\"known\":true,\"ranges\":\"0-10000000000001@0\"}",
	  "$.memory.ranges: range 1 is not a range that can be" },
	{ SCRATCH ",\"memory\":{\"known\":true,\"ranges\":\"0-1000@4096\"}",
	  "$.memory.ranges: range 1 is not a range that can be" },
	{ SCRATCH ",\"memory\":{\"known\":true}", "$.memory.ranges: absent" },
	{ SCRATCH ",\"memory\":{\"known\":1,\"ranges\":\"0-1@0\"}",
	  "$.memory.known: not of type boolean" },
	{ SCRATCH ",\"memory\":{\"known\":true,\"ranges\":\"0-1000@0\",\"source\":\"s\","
	  "\"node_source\":\"n\",\"lost\":\"1000-2000@0\"}",
	  "$.memory.lost: range 1 is not a range that can be" },
	{ SCRATCH ",\"memory\":{\"known\":true,\"ranges\":\"0-1000@0\",\"source\":\"s\","
	  "\"node_source\":\"n\",\"firmware_ranges\":129}",
	  "$.memory.lost: absent: of a version that did not cut the memory map; capture the "
	  "machine again" },
	{ MEMORY ",\"scratch\":{}", "$.scratch.areas: absent" },
	{ MEMORY ",\"scratch\":{\"areas\":\"\"}", "$.scratch.areas: no areas" },
	{ MEMORY ",\"scratch\":{\"areas\":7}", "$.scratch.areas: not of type string" },
	{ MEMORY ",\"scratch\":{\"areas\":\"1000-2000,\"}",
	  "$.scratch.areas: range 1 is not a range that can be" },
	{ MEMORY ",\"scratch\":{\"areas\":\"1000-2000 3000-4000\"}",
	  "$.scratch.areas: range 1 is not a range that can be" },
	{ MEMORY ",\"scratch\":{\"areas\":\"2000-1000\"}",
	  "$.scratch.areas: range 1 is not a range that can be" },
	{ MEMORY ",\"scratch\":{\"areas\":\"1000-3000,2000-4000\"}",
	  "$.scratch.areas: two areas overlap" },
	{ MEMORY ",\"scratch\":{\"areas\":\"2000-4000,1000-3000\"}",
	  "$.scratch.areas: two areas overlap" },
	{ SCRATCH ",\"memory\":{\"known\":true,\"ranges\":\"0-1000@0\\u0000,1000-40000000@0\"}",
	  "$.memory.ranges: a NUL in a string" },
	{ "\"cpus\":\"0-4,5-6\"", "$.cpus: not all CPUs from 0 on" },
	{ "\"cpus\":\"0-10001\"", "$.cpus: range 1 is not a range that can be" },
	{ "\"cpu_flags\":[7]", "$.cpu_flags: not of type string" },
	{ "\"host\":7", "$.host: not of type string" },
	{ "\"release\":\"a\\u0000b\"", "$.release: a NUL in a string" },
	{ "\"arch\":\"01234567890123456789012345678901\"", "$.arch: too long" },
	{ SCRATCH "," MEMORY ",\"gaps\":{}", "$.gaps: not of type array" },
	{ SCRATCH "," MEMORY ",\"gaps\":[7]", "$.gaps[0]: not of type object" },
	{ SCRATCH "," MEMORY ",\"gaps\":[{\"id\":\"dust\",\"message\":\"m\"}]",
	  "$.gaps[0].id: no such finding in this version" },
	{ SCRATCH "," MEMORY ",\"gaps\":[{\"id\":\"kho-off\"}]", "$.gaps[0].message: absent" },
	{ SCRATCH "," MEMORY ",\"handover\":7", "$.handover: not of type object" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"out\":{\"state\":\"read\"}}",
	  "$.handover.out.root: absent" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"out\":{\"state\":\"read\",\"root\":[\"/\",\"x\"]}}",
	  "$.handover.out.source: absent" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"in\":{\"state\":\"lost\"}}",
	  "$.handover.in.state: not one of the known values" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"finalized\":\"perhaps\"}",
	  "$.handover.finalized: not one of the known values" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"hops\":-2}", "$.handover.hops: below 0" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"memfd\":[\"2\"]}",
	  "$.handover.memfd: not a few numbers of versions" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"memfd\":[1,2,3,4,5,6,7,8,9]}",
	  "$.handover.memfd: not a few numbers of versions" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"out\":{\"state\":\"malformed\",\"producers\":[{}]}}",
	  "$.handover.out.producers[0].name: absent" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"out\":{\"state\":\"malformed\",\"root\":[\"/\"]}}",
	  "$.handover.out: not an array of a node and its compatible strings" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"out\":{\"state\":\"read\",\"root\":[\"/\",\"\"]}}",
	  "$.handover.out: a compatible string that is empty or too long" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"out\":{\"state\":\"malformed\",\"producers\":"
	  "[{\"name\":\"x\",\"read\":true,\"part\":true}]}}",
	  "$.handover.out.producers[0].part: read whole and in part" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"preserved\":{}}",
	  "$.handover.preserved: neither ranges nor trouble" },
	{ SCRATCH "," MEMORY ",\"handover\":{\"preserved\":{\"ranges\":\"1000-2000@0\"}}",
	  "$.handover.preserved.ranges: range 1 is not a range that can be" },
};

static void test_what_is_wrong_is_named_by_its_path(void **state)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct kho_err err;
		struct machine m;
		char text[2048];

		snprintf(text, sizeof(text), "{\"kho_machine\":1,%s}", wrong[i].inside);
		assert_int_equal(parse_bytes(text, strlen(text), &m, &err), -EBADMSG);
		assert_string_equal(err.text, wrong[i].said);
	}
}

static void test_what_is_no_snapshot(void **state)
{
	static const struct {
		const char *text;
		int ret;
		const char *said;
	} none[] = {
		{ "", -EBADMSG, "no JSON: it ends after 0 bytes, too early" },
		{ "{\"kho_machine\"", -EBADMSG, "no JSON: it ends after 14 bytes, too early" },
		{ "what", -EBADMSG, "no JSON: byte 0: unexpected character" },
		{ "[]", -EBADMSG, "$: not of type object" },
		{ "null\n", -EBADMSG, "$: not of type object" },
		{ "{}", -EBADMSG, "$.kho_machine: absent: no snapshot of a machine" },
		{ "{\"kho_machine\":\"1\"}", -EBADMSG, "$.kho_machine: not of type int" },
		{ "{\"kho_machine\":2}", -ENOTSUP,
		  "$.kho_machine: version 2; this kexec reads version 1" },
		{ "{\"kho_machine\":1}{}", -EBADMSG, "no JSON: byte 17: unexpected character" },
		{ "{\"a\":[[[[[[[[[]]]]]]]]]}", -EBADMSG, "no JSON: byte 12: nesting too deep" },
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct kho_err err;
		struct machine m;

		assert_int_equal(parse_bytes(none[i].text, strlen(none[i].text), &m, &err),
				 none[i].ret);
		assert_string_equal(err.text, none[i].said);
	}
}

/* json-c ends at a NUL: what is behind must not be passed over. */
static void test_a_nul_is_no_end(void **state)
{
	char text[4096], said[64];
	struct kho_err err;
	struct machine m;
	size_t bytes = (size_t)snprintf(text, sizeof(text), "%s", whole);

	memcpy(text + bytes, "\0{}", 3);
	assert_int_equal(parse_bytes(text, bytes + 3, &m, &err), -EBADMSG);
	snprintf(said, sizeof(said), "no JSON: byte %zu: a NUL", bytes);
	assert_string_equal(err.text, said);
}

static void expect_unwritten(const struct machine *m, int ret, const char *said)
{
	struct kho_err err;
	char *line;

	assert_int_equal(snapshot_write(m, &line, &err), ret);
	assert_null(line);
	assert_string_equal(err.text, said);
}

static void test_what_would_not_be_read_is_not_written(void **state)
{
	struct kho_err err;
	struct machine m;

	assert_int_equal(parse_bytes(whole, strlen(whole), &m, &err), 0);
	m.handover.out.preserved_map_pa = MACHINE_PA_LIMIT + 1;
	expect_unwritten(&m, -EBADMSG, "this machine has no snapshot, judge it where it is: "
			 "$.handover.out.preserved_map: too large");
	m.handover.out.preserved_map_pa = 0;
	free(m.cmdline);
	m.cmdline = malloc(SNAPSHOT_LIMIT_BYTES + 1);
	assert_non_null(m.cmdline);
	memset(m.cmdline, 'x', SNAPSHOT_LIMIT_BYTES);
	m.cmdline[SNAPSHOT_LIMIT_BYTES] = '\0';
	expect_unwritten(&m, -EFBIG, "this machine has no snapshot, judge it where it is: more "
			 "than 256 KiB: no snapshot of a machine");
	machine_deinit(&m);
}

/* Without cpus_source, where nr_cpus= cuts them, they are the running kernel's own. */
static void test_cpus_that_are_cut(void **state)
{
	static const char cut[] = "{\"kho_machine\":1,\"arch\":\"x86_64\",\"cmdline\":\"kho=on nr_cpus=3\","
				  "\"cpus\":\"0-2@0,2-3@1\"," SCRATCH "," MEMORY "}\n";
	struct kho_err err;
	struct machine m;
	char *line;

	assert_int_equal(parse_bytes(cut, strlen(cut), &m, &err), 0);
	assert_int_equal(m.possible_cpus, 0);
	assert_null(m.cpu_node);
	assert_int_equal(m.own_cpus, 3);
	assert_int_equal(m.own_cpu_node[1], 0);
	assert_int_equal(m.own_cpu_node[2], 1);
	assert_int_equal(snapshot_write(&m, &line, &err), 0);
	assert_non_null(strstr(line, "\"cpus\":\"0-2@0,2-3@1\""));
	assert_null(strstr(line, "cpus_source"));
	free(line);
	machine_deinit(&m);
}

static void test_one_that_is_cut_short_is_never_read(void **state)
{
	struct kho_err err;
	struct machine m;

	/* Without the newline and the last brace, and so on. */
	for (size_t bytes = 0; bytes < strlen(whole) - 1; bytes++)
		assert_int_equal(parse_bytes(whole, bytes, &m, &err), -EBADMSG);
}

static void test_one_that_is_too_large_is_not_looked_at(void **state)
{
	size_t bytes = SNAPSHOT_LIMIT_BYTES + 1;
	char *text = malloc(bytes);
	struct kho_err err;
	struct machine m;

	assert_non_null(text);
	memset(text, ' ', bytes);
	assert_int_equal(parse_bytes(text, bytes, &m, &err), -EFBIG);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_of_it_is_read),
		cmocka_unit_test(test_the_handover_is_read),
		cmocka_unit_test(test_it_is_written_as_it_was),
		cmocka_unit_test(test_what_is_left_out_is_not_known),
		cmocka_unit_test(test_many_preserved_stretches_become_blocks),
		cmocka_unit_test(test_what_is_wrong_is_named_by_its_path),
		cmocka_unit_test(test_what_is_no_snapshot),
		cmocka_unit_test(test_a_nul_is_no_end),
		cmocka_unit_test(test_what_would_not_be_read_is_not_written),
		cmocka_unit_test(test_cpus_that_are_cut),
		cmocka_unit_test(test_one_that_is_cut_short_is_never_read),
		cmocka_unit_test(test_one_that_is_too_large_is_not_looked_at),
	};

	return cmocka_run_group_tests_name("snapshot", tests, set_up, tear_down);
}
