// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the rehearsal writes into its guest, read back by the readers of machines: the
 * map of preserved memory by those of /proc/kcore, the SRAT by that of firmware.
 */
#include "config.h"

#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/kcore.h"
#include "machine/handover/preserved.h"
#include "machine/srat.h"
#include "mkcore.h"
#include "model/boot.h"
#include "rehearse/acpi.h"
#include "rehearse/guest-cmdline.h"
#include "rehearse/guest-load.h"
#include "rehearse/handed.h"
#include "rehearse/smbios.h"
#include "rehearse/x86-start.h"
#include "unit.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define DIRECT_MAP UINT64_C(0xffff888000000000)

static const struct guest_shape shape = {
	.low_bytes = 3 * GIB, .high_pa = 4 * GIB, .ram_bytes = 5 * GIB,
};

static void test_memory_has_a_hole(void **state)
{
	struct kho_err err = { "" };
	uint64_t value = 0x1122334455667788, back = 0;
	struct guest guest;

	assert_int_equal(guest_create(&guest, &shape, &err), 0);
	assert_int_equal(guest_write(&guest, 3 * GIB - 8, &value, 8, &err), 0);
	assert_int_equal(guest_write(&guest, 3 * GIB - 4, &value, 8, &err), -ERANGE);
	assert_int_equal(guest_write(&guest, 4 * GIB - 8, &value, 8, &err), -ERANGE);
	assert_int_equal(guest_write(&guest, 4 * GIB, &value, 8, &err), 0);
	assert_int_equal(guest_write(&guest, 6 * GIB - 4, &value, 8, &err), -ERANGE);
	/* The second stretch follows the first one in the file. */
	assert_int_equal(pread(guest.ram_fd, &back, 8, 3 * GIB), 8);
	assert_int_equal(back, value);
	/* Only what was written takes room. */
	assert_in_range(guest_touched_bytes(&guest), 1, 64 << 10);
	guest_destroy(&guest);
}

static void test_a_text_is_found_in_memory(void **state)
{
	static const char format[] = "Panic: %s", said[] = "Panic: out of cake\n";
	const struct kho_range initrd = { 8 * MIB, 9 * MIB, KHO_NO_NODE };
	struct kho_err err = { "" };
	struct guest guest;
	char line[64];

	assert_int_equal(guest_create(&guest, &shape, &err), 0);
	/* A format is not what was said, and an initrd may hold anything. */
	assert_int_equal(guest_write(&guest, 2 * MIB, format, sizeof(format), &err), 0);
	assert_int_equal(guest_write(&guest, 8 * MIB, said, sizeof(said), &err), 0);
	assert_false(guest_find_text(&guest, "Panic: ", &initrd, line, sizeof(line)));
	assert_int_equal(guest_write(&guest, 5 * GIB, said, sizeof(said), &err), 0);
	assert_true(guest_find_text(&guest, "Panic: ", &initrd, line, sizeof(line)));
	assert_string_equal(line, "Panic: out of cake");
	guest_destroy(&guest);
}

/* RAM of the guest as a core; only the pages of the map are in it. */
static void make_core(struct mkcore *mk, const struct guest *guest, const struct handed *handed)
{
	mkcore_init(mk, -1, 4096);
	mkcore_segment(mk, 0, DIRECT_MAP, 3 * GIB);
	mkcore_segment(mk, 4 * GIB, DIRECT_MAP + 4 * GIB, 2 * GIB);
	mkcore_headers(mk);
	for (size_t i = 0; i < handed->written.n; i++)
		for (uint64_t pa = handed->written.r[i].start_pa; pa < handed->written.r[i].end_pa;
		     pa += 4096) {
			uint8_t page[4096];

			assert_int_equal(pread(guest->ram_fd, page, sizeof(page),
					       pa < 3 * GIB ? pa : pa - GIB), sizeof(page));
			mkcore_put(mk, pa, page, sizeof(page));
		}
}

/* The address of the map, as the successor takes it out of the root tree. */
static uint64_t map_in_tree(const struct guest *guest, const struct handed *handed)
{
	uint8_t tree[HANDED_TREE_BYTES];
	const uint64_t *map_pa;
	int len;

	assert_int_equal(pread(guest->ram_fd, tree, sizeof(tree), handed->tree_pa), sizeof(tree));
	assert_int_equal(fdt_check_full(tree, sizeof(tree)), 0);
	assert_int_equal(fdt_node_check_compatible(tree, 0, handed->format), 0);
	map_pa = fdt_getprop(tree, 0, "preserved-memory-map", &len);
	assert_int_equal(len, 8);
	return *map_pa;
}

/* Write @preserved in @format, and have it read back. */
static void check_round_trip(const char *format, const struct kho_ranges *preserved,
			     const struct kho_ranges *map)
{
	struct handed handed = {
		.format = format, .page_shift = 12, .preserved = preserved, .map = map,
		.spare = { 64 * MIB, 65 * MIB, KHO_NO_NODE }, .tree_pa = MIB,
	};
	struct kho_ranges seen = { 0 }, seen_map = { 0 };
	struct kho_err err = { "" };
	struct preserved_walk walk = { .page_shift = 12, .pages_left = 4096, .preserved = &seen,
				       .map = &seen_map, .err = &err };
	struct kcore core;
	struct mkcore mk;
	struct guest guest;
	uint64_t map_pa;

	assert_int_equal(guest_create(&guest, &shape, &err), 0);
	assert_int_equal(handed_write(&handed, &guest, &err), 0);
	map_pa = map_in_tree(&guest, &handed);
	make_core(&mk, &guest, &handed);
	assert_int_equal(kcore_init(mk.fd, &core, &err), 0);
	walk.core = &core;
	if (!strcmp(format, "kho-v1"))
		assert_int_equal(preserved_list(&walk, map_pa), 0);
	else
		assert_int_equal(preserved_radix(&walk, map_pa), 0);
	kho_ranges_normalise(&seen);
	assert_int_equal(seen.n, preserved->n);
	for (size_t i = 0; i < seen.n; i++) {
		assert_int_equal(seen.r[i].start_pa, preserved->r[i].start_pa);
		assert_int_equal(seen.r[i].end_pa, preserved->r[i].end_pa);
	}
	/* The running kernel's own pages first. */
	if (map->n && map_pa)
		assert_int_equal(handed.written.r[0].start_pa, map->r[0].start_pa);
	kcore_close(&core);
	close(mk.fd);
	kho_ranges_deinit(&seen);
	kho_ranges_deinit(&seen_map);
	kho_ranges_deinit(&handed.written);
	guest_destroy(&guest);
}

static void add(struct kho_ranges *ranges, uint64_t start_pa, uint64_t end_pa)
{
	assert_int_equal(kho_ranges_add(ranges, start_pa, end_pa, KHO_NO_NODE), 0);
}

static void test_the_map_is_read_back(void **state)
{
	struct kho_ranges none = { 0 }, some = { 0 }, map = { 0 };
	static const char *const formats[] = { "kho-v1", "kho-v3", "kho-v4" };

	add(&some, 2 * MIB, 2 * MIB + 4096);
	add(&some, 5 * MIB + 4096, 29 * MIB - 8192);
	add(&some, 1 * GIB, 2 * GIB);
	add(&some, 4 * GIB + 12288, 4 * GIB + 40960);
	add(&some, 6 * GIB - 4096, 6 * GIB);
	add(&map, 32 * MIB, 32 * MIB + 8192);
	for (size_t i = 0; i < 3; i++) {
		check_round_trip(formats[i], &none, &none);
		check_round_trip(formats[i], &some, &none);
		check_round_trip(formats[i], &some, &map);
	}
	kho_ranges_deinit(&some);
	kho_ranges_deinit(&map);
}

static void test_what_cannot_be_written_is_said(void **state)
{
	struct kho_ranges some = { 0 };
	struct handed handed = { .format = "kho-v9", .page_shift = 12, .preserved = &some,
				 .tree_pa = MIB };
	struct kho_err err = { "" };
	struct guest guest;

	add(&some, 8 * MIB, 9 * MIB);
	assert_int_equal(guest_create(&guest, &shape, &err), 0);
	assert_int_equal(handed_write(&handed, &guest, &err), -ENOTSUP);
	handed.format = "kho-v4";
	assert_int_equal(handed_write(&handed, &guest, &err), -ENOSPC);
	handed.format = "kho-v1";
	assert_int_equal(handed_write(&handed, &guest, &err), -ENOSPC);
	kho_ranges_deinit(&some);
	kho_ranges_deinit(&handed.written);
	guest_destroy(&guest);
}

/* ---- ACPI ---- */

struct table {
	const uint8_t *data;
	uint32_t bytes;
};

static uint32_t u32_at(const uint8_t *at)
{
	return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

static void check_sum(const uint8_t *data, size_t bytes)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < bytes; i++)
		sum += data[i];
	assert_int_equal(sum, 0);
}

/* By way of RSDP and XSDT, as a kernel finds it. */
static struct table find_table(const uint8_t *rom, uint64_t base_pa, uint64_t rsdp_pa,
			       const char *signature)
{
	const uint8_t *rsdp = rom + (rsdp_pa - base_pa);
	const uint8_t *xsdt = rom + (u32_at(rsdp + 24) - base_pa);
	uint32_t bytes = u32_at(xsdt + 4);

	assert_memory_equal(rsdp, "RSD PTR ", 8);
	check_sum(rsdp, 20);
	check_sum(rsdp, 36);
	assert_memory_equal(xsdt, "XSDT", 4);
	check_sum(xsdt, bytes);
	for (uint32_t at = 36; at < bytes; at += 8) {
		const uint8_t *table = rom + (u32_at(xsdt + at) - base_pa);

		check_sum(table, u32_at(table + 4));
		if (!memcmp(table, signature, 4))
			return (struct table){ table, u32_at(table + 4) };
	}
	fail_msg("no table %s", signature);
	return (struct table){ NULL, 0 };
}

/* Nodes 0 and 2 have memory, 1 and 2 have CPUs. */
static void test_tables_are_read_back(void **state)
{
	int cpu_node[] = { 1, 1, 2, 2, 2 };
	struct machine m = { .possible_cpus = 5, .cpu_node = cpu_node, .node_source = "a test" };
	static uint8_t rom[16384];
	const uint64_t base_pa = UINT64_C(0x100000000) - sizeof(rom);
	struct bytes_out o = { .data = rom, .size = sizeof(rom) };
	static struct firmware firmware;
	struct srat_blocks blocks = { .memory = { 0 } };
	struct kho_err err = { "" };
	struct table srat, madt;
	unsigned int cpus = 0;
	uint64_t rsdp_pa;

	assert_int_equal(kho_ranges_add(&m.memory, MIB, GIB, 2), 0);
	assert_int_equal(kho_ranges_add(&m.memory, GIB, 2 * GIB, 0), 0);
	acpi_write(&o, base_pa, &m, &firmware, &rsdp_pa);
	assert_false(o.full);
	srat = find_table(rom, base_pa, rsdp_pa, "SRAT");
	assert_int_equal(srat_parse(srat.data, srat.bytes, &blocks, &err), 0);
	/* In the order of their nodes. */
	assert_int_equal(blocks.memory.n, 2);
	assert_int_equal(blocks.memory.r[0].start_pa, GIB);
	assert_int_equal(blocks.memory.r[0].node, 0);
	assert_int_equal(blocks.memory.r[1].end_pa, GIB);
	assert_int_equal(blocks.memory.r[1].node, 2);
	madt = find_table(rom, base_pa, rsdp_pa, "APIC");
	for (uint32_t at = 44; at < madt.bytes; at += madt.data[at + 1])
		cpus += madt.data[at] == 0 && u32_at(madt.data + at + 4) == 1;
	assert_int_equal(cpus, 5);
	find_table(rom, base_pa, rsdp_pa, "FACP");
	find_table(rom, base_pa, rsdp_pa, "HPET");
	o = (struct bytes_out){ .data = rom, .size = 300 };
	acpi_write(&o, base_pa, &m, &firmware, &rsdp_pa);
	assert_true(o.full);
	srat_blocks_deinit(&blocks);
	kho_ranges_deinit(&m.memory);
}

static void put_file(const char *folder, const char *name, const void *data, size_t bytes)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof(path), "mkdir -p %s/$(dirname %s)", folder, name);
	assert_int_equal(system(path), 0);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, bytes, f), bytes);
	assert_int_equal(fclose(f), 0);
}

static void put_text(const char *folder, const char *name, const char *text)
{
	put_file(folder, name, text, strlen(text));
}

#define ENTRY(n) "sys/firmware/memmap/" #n "/"

static void test_the_firmware_is_read(void **state)
{
	uint8_t two[48] = "SLIT\x30\0\0\0";
	char folder[] = "/tmp/test-rehearse-XXXXXX", remove[64];
	static struct firmware fw;

	assert_non_null(mkdtemp(folder));
	put_text(folder, ENTRY(0) "start", "0x100000\n");
	put_text(folder, ENTRY(0) "end", "0xbfffffff\n");
	put_text(folder, ENTRY(0) "type", "System RAM\n");
	put_text(folder, ENTRY(1) "start", "0x0\n");
	put_text(folder, ENTRY(1) "end", "0xfff\n");
	put_text(folder, ENTRY(1) "type", "ACPI Tables\n");
	two[36] = 2;
	put_file(folder, "sys/firmware/acpi/tables/SLIT", two, sizeof(two));
	assert_int_equal(firmware_read(folder, &fw), 0);
	assert_int_equal(fw.nr_entries, 2);
	assert_int_equal(fw.entry[0].type, 3);
	assert_int_equal(fw.entry[0].end_pa, 0x1000);
	assert_int_equal(fw.entry[1].type, 1);
	assert_int_equal(fw.entry[1].end_pa, 0xc0000000);
	assert_int_equal(fw.srat.n, 0);
	assert_non_null(fw.slit);
	assert_int_equal(fw.slit_bytes, 48);
	firmware_deinit(&fw);
	/* A table that says another size, and an entry that is none: as if they were not there. */
	two[36] = 3;
	put_file(folder, "sys/firmware/acpi/tables/SLIT", two, sizeof(two));
	put_text(folder, ENTRY(1) "end", "none\n");
	assert_int_equal(firmware_read(folder, &fw), 0);
	assert_int_equal(fw.nr_entries, 0);
	assert_null(fw.slit);
	firmware_deinit(&fw);
	snprintf(remove, sizeof(remove), "rm -r %s", folder);
	assert_int_equal(system(remove), 0);
	/* A snapshot, or nothing at all. */
	assert_int_equal(firmware_read("/dev/null", &fw), 0);
	assert_int_equal(fw.nr_entries, 0);
}

/* ---- the command line ---- */

static void check_line(const char *own, bool each, const char *wanted)
{
	const struct rehearse_words words = { "earlyprintk=ttyS0", .each = each };
	char *line = rehearse_cmdline(own, &words);

	assert_non_null(line);
	assert_string_equal(line, wanted);
	free(line);
}

static void test_the_command_line_keeps_its_length(void **state)
{
	const struct rehearse_words revived = { "earlycon=x", .reserve_mem_revived = true };
	const struct rehearse_words stays = { "earlycon=x", .stays = true };
	char *line;

	check_line("", true, "nokaslr debug earlyprintk=ttyS0 memblock=debug");
	check_line("nokaslr crashkernel=64M", false,
		   "debug earlyprintk=ttyS0 nokaslr crashkernel=64M");
	/* What is for later makes room, but no more of it than is needed. */
	check_line("root=UUID=0123456789abcdef0123456789abcdef rw console=ttyS0 nokaslr hugepages=4",
		   true,
		   "debug earlyprintk=ttyS0 memblock=debug rw console=ttyS0 nokaslr hugepages=4"
		   "    ");
	/* What would be in the way goes, and quiet is not kept for its room. */
	check_line("quiet loglevel=3 acpi_rsdp=0x7fe earlyprintk=vga nokaslr", false,
		   "debug earlyprintk=ttyS0 nokaslr                         ");
	/* Behind "--" stand words for init. */
	check_line("nokaslr -- quiet", false, "debug earlyprintk=ttyS0 nokaslr -- quiet");
	line = rehearse_cmdline("nokaslr reserve_mem=4M:4K:a hugepages=1", &revived);
	assert_non_null(line);
	assert_string_equal(line, "debug earlycon=x nokaslr hugepages=1   ");
	free(line);
	/* arm64: KASLR stays as the successor has it. */
	line = rehearse_cmdline("quiet crashkernel=64M", &stays);
	assert_non_null(line);
	assert_string_equal(line, "debug earlycon=x crashkernel=64M");
	free(line);
	check_line("nokaslr memblock=debug", true,
		   "debug earlyprintk=ttyS0 nokaslr memblock=debug");
}

/* ---- the first instructions ---- */

static void test_reset_leads_to_the_code(void **state)
{
	const struct x86_start start = { 0x10000, UINT64_C(0x123456200), UINT64_C(0xb67f9000) };
	static uint8_t rom[65536];
	const uint8_t *reset = rom + sizeof(rom) - 16, *code;
	int16_t away;

	x86_start(rom, sizeof(rom), &start);
	assert_int_equal(reset[0], 0xe9);
	away = (int16_t)(reset[1] | reset[2] << 8);
	code = reset + 3 + away;
	/* cli; cld */
	assert_int_equal(code[0], 0xfa);
	assert_int_equal(code[1], 0xfc);
	/* lgdt of a descriptor whose table is that of the ROM's last bytes */
	assert_memory_equal(code + 2, "\x2e\x66\x0f\x01\x16", 5);
	assert_int_equal(u32_at(rom + (code[7] | code[8] << 8) + 2), 0xffffff00);
	/* The far jump goes right behind itself. */
	assert_int_equal(u32_at(code + 19), 0xffff0000u + (uint32_t)(code + 25 - rom));
	assert_non_null(memmem(code, 200, "\x48\xbe\x00\x90\x7f\xb6\x00\x00\x00\x00", 10));
	assert_non_null(memmem(code, 200, "\x48\xb8\x00\x62\x45\x23\x01\x00\x00\x00", 10));
}

/* As dmi_smbios3_present() and dmi_decode_table() (drivers/firmware/dmi_scan.c) walk them. */
static unsigned int walk_smbios(const uint8_t *entry, const uint8_t *table, uint64_t base_pa,
				uint8_t types[8])
{
	uint32_t bytes = u32_at(entry + 12), at = 0;
	unsigned int n = 0;
	uint8_t sum = 0;

	assert_memory_equal(entry, "_SM3_", 5);
	for (size_t i = 0; i < entry[6]; i++)
		sum += entry[i];
	assert_int_equal(sum, 0);
	assert_int_equal(u32_at(entry + 16), base_pa);
	while (at + 4 <= bytes && n < 8) {
		assert_in_range(table[at + 1], 4, bytes - at);
		types[n++] = table[at];
		at += table[at + 1];
		while (at + 2 <= bytes && (table[at] || table[at + 1]))
			at++;
		at += 2;
	}
	assert_int_equal(at, bytes);
	return n;
}

static void test_smbios_is_walked(void **state)
{
	static const uint8_t own[] = { 127, 4, 9, 0, 0, 0 };
	struct firmware firmware = { .nr_entries = 0 };
	uint8_t entry[SMBIOS_ENTRY_BYTES], table[1024], types[8];
	struct bytes_out o = { .data = table, .size = sizeof(table) };

	smbios_write(&o, 0xffff0000, &firmware, entry);
	assert_false(o.full);
	/* Firmware, machine, a memory device, the end. */
	assert_int_equal(walk_smbios(entry, table, 0xffff0000, types), 4);
	assert_memory_equal(types, "\x00\x01\x11\x7f", 4);
	/* The machine's own, as it is. */
	firmware.smbios = (uint8_t *)own;
	firmware.smbios_bytes = sizeof(own);
	o.at = 0;
	smbios_write(&o, 0xffff0000, &firmware, entry);
	assert_int_equal(walk_smbios(entry, table, 0xffff0000, types), 1);
	assert_memory_equal(table, own, sizeof(own));
}

/* 700500: an area at the start of RAM, where QEMU puts a tree; what is loaded is at 0xf4000000. */
static void test_own_tree_of_arm64(void **state)
{
	struct kho_range bank = { GIB, 0x137290000, 0 }, area = { GIB, GIB + 64 * MIB, 0 };
	struct machine m = { .memory = { .r = &bank, .n = 1 }, .scratch = { .r = &area, .n = 1 } };
	struct boot_kernel kernel = { .page_bytes = 65536 };
	struct guest guest = { 0 };
	struct kho_err err = { "" };
	struct rehearse_load load = {
		.machine = &m, .kernel = &kernel, .kernel_pa = 0xf4000000,
		.segments.seg[0] = {
			.user = BOOT_KERNEL, .bytes = 0x4270000, .got = { 0xf4000000, 0xf8270000, 0 },
		},
		.segments.seg[1] = {
			.user = BOOT_PARAMS, .bytes = 65536, .got = { 0xffe00000, 0xffe10000, 0 },
		},
		.segments.n = 2,
	};

	/* It is the empty image that is refused. */
	assert_int_equal(rehearse_arm64.fill(&load, &guest, &err), -ENOTSUP);
	assert_string_equal(err.text, "only an Image of arm64 can be rehearsed");
	load.segments.seg[1].got = (struct kho_range){ GIB, GIB + 65536, 0 };
	assert_int_equal(rehearse_arm64.fill(&load, &guest, &err), -ENOTSUP);
	assert_non_null(strstr(err.text, "where QEMU puts its own device tree"));
}

/* The CPU of the guest has LPA2 where the machine's may have it. */
static void test_lpa2_of_arm64(void **state)
{
	struct machine m = { .lpa2_known = true };
	struct guest guest = { 0 };
	char text[2][128];

	rehearse_arm64.describe(&m, &guest, false, text);
	assert_non_null(strstr(text[1], ",lpa2=off"));
	m.lpa2 = true;
	rehearse_arm64.describe(&m, &guest, false, text);
	assert_null(strstr(text[1], "lpa2"));
	m.lpa2 = m.lpa2_known = false;
	rehearse_arm64.describe(&m, &guest, false, text);
	assert_null(strstr(text[1], "lpa2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_has_a_hole),
		cmocka_unit_test(test_a_text_is_found_in_memory),
		cmocka_unit_test(test_the_map_is_read_back),
		cmocka_unit_test(test_what_cannot_be_written_is_said),
		cmocka_unit_test(test_tables_are_read_back),
		cmocka_unit_test(test_the_firmware_is_read),
		cmocka_unit_test(test_the_command_line_keeps_its_length),
		cmocka_unit_test(test_reset_leads_to_the_code),
		cmocka_unit_test(test_smbios_is_walked),
		cmocka_unit_test(test_lpa2_of_arm64),
		cmocka_unit_test(test_own_tree_of_arm64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
