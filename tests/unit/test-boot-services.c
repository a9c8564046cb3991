// SPDX-License-Identifier: GPL-2.0-only
/* A memory map of UEFI by its specification (7.2.3), where boot_params say, in a copy of /dev/mem. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/boot-services.h"
#include "unit.h"

#define MAP_PA	0xbfb74040u

/* EFI_MEMORY_DESCRIPTOR, as OVMF writes it: 8 bytes more than version 1 has. */
struct descriptor {
	uint32_t type, pad;
	uint64_t start_pa, va, nr_pages, attributes, more;
};

static const struct descriptor cold[] = {
	{ .type = 7, .start_pa = 0x100000, .nr_pages = 0x700 },		/* conventional */
	{ .type = 4, .start_pa = 0xba000000, .nr_pages = 0x1000 },	/* boot services data */
	{ .type = 3, .start_pa = 0xbb000000, .nr_pages = 0x100 },	/* their code */
	{ .type = 5, .start_pa = 0xbb100000, .nr_pages = 0x100 },	/* runtime services code */
	{ .type = 2, .start_pa = 0xbc000000, .nr_pages = 0x100 },	/* loader data */
	{ .type = 4, .start_pa = 0xbd000000, .nr_pages = 1 },
	{ .type = 4, .start_pa = 0xbd001000, .nr_pages = UINT64_MAX },	/* wraps: it is none */
};

static char root[] = "/tmp/test-boot-services-XXXXXX";

static void name(const char *below, char path[96])
{
	snprintf(path, 96, "%s/%s", root, below);
}

static int set_up(void **state)
{
	static const char *const folders[] = { "dev", "sys", "sys/kernel", "sys/kernel/boot_params" };
	char path[96];

	if (!mkdtemp(root))
		return -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		name(folders[i], path);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	return 0;
}

static int tear_down(void **state)
{
	static const char *const made[] = { "dev/mem", "dev", "sys/kernel/boot_params/data",
					    "sys/kernel/boot_params", "sys/kernel", "sys", "" };
	char path[96];

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		name(made[i], path);
		remove(path);
	}
	return 0;
}

static void write_at(const char *below, const void *data, size_t bytes, off_t at)
{
	char path[96];
	int fd;

	name(below, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, data, bytes, at), bytes);
	close(fd);
}

/* struct efi_info at 0x1c0 of struct boot_params. */
static void write_params(const char *signature, uint32_t descriptor_bytes, uint32_t map_bytes)
{
	uint32_t info[8] = { 0, 0xbf9ec018, descriptor_bytes, 1, MAP_PA, map_bytes, 0, 0 };
	uint8_t params[4096] = { 0 };

	memcpy(&info[0], signature, 4);
	memcpy(params + 0x1c0, info, sizeof(info));
	write_at("sys/kernel/boot_params/data", params, sizeof(params), 0);
}

static void look(struct machine *m)
{
	struct machine_tree tree;

	*m = (struct machine){ .page_bytes = 4096 };
	assert_int_equal(tree_init(&tree, root), 0);
	assert_int_equal(boot_services_read(&tree, m), 0);
	tree_deinit(&tree);
}

static void test_a_cold_boot(void **state)
{
	struct machine m;

	write_params("EL64", sizeof(cold[0]), sizeof(cold));
	write_at("dev/mem", cold, sizeof(cold), MAP_PA);
	look(&m);
	assert_true(m.uefi && m.boot_services_known);
	assert_int_equal(m.boot_services.n, 2);
	assert_int_equal(m.boot_services.r[0].start_pa, 0xba000000);
	assert_int_equal(m.boot_services.r[0].end_pa, 0xbb100000);
	assert_int_equal(m.boot_services.r[1].start_pa, 0xbd000000);
	assert_int_equal(m.boot_services.r[1].end_pa, 0xbd001000);
	machine_deinit(&m);
}

/* kexec-bzimage64.c hands over what the runtime services need, and no more. */
static void test_a_kernel_that_kexec_started(void **state)
{
	struct machine m;

	write_params("EL64", sizeof(cold[0]), sizeof(cold[0]));
	write_at("dev/mem", &cold[3], sizeof(cold[3]), MAP_PA);
	look(&m);
	assert_true(m.uefi && !m.boot_services_known);
	machine_deinit(&m);
}

static void test_bios(void **state)
{
	struct machine m;

	write_params("\0\0\0\0", 0, 0);
	look(&m);
	assert_true(!m.uefi && !m.boot_services_known);
	machine_deinit(&m);
}

/* Absent, cut short, or of a size that no firmware has: not known. */
static void test_what_cannot_be_read(void **state)
{
	const struct { uint32_t descriptor_bytes, map_bytes; } bad[] = {
		{ 24, sizeof(cold) }, { 0, sizeof(cold) }, { UINT32_MAX, sizeof(cold) },
		{ sizeof(cold[0]), UINT32_MAX }, { sizeof(cold[0]), 0 },
		{ sizeof(cold[0]), sizeof(cold) + 1 },
	};
	struct machine m;
	char path[96];

	write_at("dev/mem", cold, sizeof(cold), MAP_PA);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_params("EL64", bad[i].descriptor_bytes, bad[i].map_bytes);
		look(&m);
		assert_true(m.uefi && !m.boot_services_known);
		machine_deinit(&m);
	}
	name("dev/mem", path);
	remove(path);
	write_params("EL64", sizeof(cold[0]), sizeof(cold));
	look(&m);
	assert_true(m.uefi && !m.boot_services_known);
	machine_deinit(&m);
	write_at("sys/kernel/boot_params/data", "EL64", 4, 0x1c0);
	look(&m);
	assert_false(m.uefi);
	machine_deinit(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cold_boot),
		cmocka_unit_test(test_a_kernel_that_kexec_started),
		cmocka_unit_test(test_bios),
		cmocka_unit_test(test_what_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
