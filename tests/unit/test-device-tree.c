// SPDX-License-Identifier: GPL-2.0-only
/* A device tree made with libfdt, counted; and what the kernel took for a real one. */
#include "config.h"

#include <fcntl.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arch/arm64/arm64.h"
#include "machine/device-tree.h"
#include "model/boot.h"
#include "unit.h"

static char root[] = "/tmp/test-device-tree-XXXXXX";

static int set_up(void **state)
{
	char path[64];

	if (!mkdtemp(root))
		return -1;
	snprintf(path, sizeof(path), "%s/sys", root);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/sys/firmware", root);
	return mkdir(path, 0755);
}

static int tear_down(void **state)
{
	static const char *const made[] = {
		"sys/firmware/fdt", "sys/firmware/acpi", "sys/firmware", "sys", "",
	};

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "%s/%s", root, made[i]);
		remove(path);
	}
	return 0;
}

static void write_fdt(const void *data, size_t bytes)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/sys/firmware/fdt", root);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, bytes), bytes);
	close(fd);
}

static struct tree_counts counts(void)
{
	struct machine m = { .release = "" };
	struct machine_tree tree;

	assert_int_equal(tree_init(&tree, root), 0);
	device_tree_read(&tree, &m);
	tree_deinit(&tree);
	return m.device_tree;
}

/* Three nodes: "", "cpu@100" and "chosen", of which the load sets two properties. */
static size_t make_tree(void *fdt, size_t bytes)
{
	assert_int_equal(fdt_create(fdt, bytes), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_property_u32(fdt, "#address-cells", 2), 0);
	/* Of that name, but not in /chosen. */
	assert_int_equal(fdt_property_string(fdt, "bootargs", "a"), 0);
	assert_int_equal(fdt_begin_node(fdt, "cpu@100"), 0);
	assert_int_equal(fdt_property_u32(fdt, "reg", 1), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, "chosen"), 0);
	assert_int_equal(fdt_property_string(fdt, "bootargs", "kho=on"), 0);
	assert_int_equal(fdt_property_u64(fdt, "kaslr-seed", 0), 0);
	assert_int_equal(fdt_property_string(fdt, "stdout-path", "/uart"), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	return fdt_totalsize(fdt);
}

static void test_nodes_and_properties_are_counted(void **state)
{
	uint64_t fdt[128];
	size_t bytes = make_tree(fdt, sizeof(fdt));
	struct tree_counts dt;

	write_fdt(fdt, bytes);
	dt = counts();
	assert_true(dt.known);
	assert_int_equal(dt.nodes, 3);
	assert_int_equal(dt.properties, 4);
	/* "" twice in 8 bytes; "cpu@100" in 8 and "cpu" in 8; "chosen" twice in 8. */
	assert_int_equal(dt.names_bytes, 48);
	/* Cut off, it tells nothing. */
	write_fdt(fdt, bytes - 8);
	assert_false(counts().known);
	write_fdt("", 0);
	assert_false(counts().known);
}

static void test_with_acpi_it_stays_flat(void **state)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/sys/firmware/acpi", root);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_true(counts().known);
	assert_int_equal(counts().nodes, 0);
}

/*
 * 7.2.13 as Fedora configures it, on QEMU's virt: 57 nodes and 228 properties, four of which the load
 * sets, and 2399ebc00 to 2399f6ffb reserved for them (memblock_dump_all()).
 */
static void test_as_the_kernel_took_it(void **state)
{
	const struct boot_kernel kernel = { .of_property_bytes = 112 };
	struct tree_counts dt = { .known = true, .nodes = 57, .properties = 224, .names_bytes = 1848 };

	assert_int_equal(arm64_unflat_bytes(&kernel, &dt, 1, true), 0x2399f6ffc - 0x2399ebc00);
	/* linux,initrd-start and linux,initrd-end are deleted. */
	assert_int_equal(arm64_unflat_bytes(&kernel, &dt, 1, false),
			 0x2399f6ffc - 0x2399ebc00 - 2 * 112);
	dt.nodes = 0;
	assert_int_equal(arm64_unflat_bytes(&kernel, &dt, 1, true), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nodes_and_properties_are_counted),
		cmocka_unit_test(test_with_acpi_it_stays_flat),
		cmocka_unit_test(test_as_the_kernel_took_it),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
