// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/boot-map.h"
#include "base/cursor.h"

#define DATA BOOT_MAP_SOURCE "/data"
#define SETUP_DATA BOOT_MAP_SOURCE "/setup_data"

/* arch/x86/include/uapi/asm/bootparam.h, struct boot_params; setup_data.h */
enum {
	E820_ENTRIES = 0x1e8,		/* one byte */
	E820_TABLE = 0x2d0,
	E820_TABLE_ENTRIES = 128,	/* E820_MAX_ENTRIES_ZEROPAGE */
	E820_ENTRY_BYTES = 20,		/* struct boot_e820_entry */
	E820_RAM = 1,
	SETUP_E820_EXT = 1,
};

/* @n entries from where @c stands; a range that wraps is none (e820__range_add() says so). */
static int read_entries(struct cursor *c, size_t n, const char *path, struct kho_ranges *ram,
			struct kho_err *err)
{
	int ret = 0;

	for (size_t i = 0; i < n && !ret; i++) {
		uint64_t start_pa, bytes;
		uint32_t type;

		if (cursor_u64(c, &start_pa) || cursor_u64(c, &bytes) || cursor_u32(c, &type))
			return kho_fail(err, EBADMSG, "%s: cut short in entry %zu of %zu", path, i + 1,
					n);
		if (type == E820_RAM && bytes <= UINT64_MAX - start_pa)
			ret = kho_ranges_add(ram, start_pa, start_pa + bytes, KHO_NO_NODE);
	}
	return ret;
}

static int read_table(const struct machine_tree *tree, struct kho_ranges *ram, struct kho_err *err)
{
	struct cursor c;
	struct kho_bytes bytes;
	uint8_t n = 0;
	char *data;
	int ret = tree_read(tree, DATA, &data, &bytes.size);

	if (ret)
		return ret;
	bytes.data = (const uint8_t *)data;
	c = cursor_init(bytes);
	if (cursor_seek(&c, E820_ENTRIES) || cursor_u8(&c, &n) || cursor_seek(&c, E820_TABLE))
		ret = kho_fail(err, EBADMSG, DATA ": cut short: %zu bytes", bytes.size);
	else if (n > E820_TABLE_ENTRIES)
		ret = kho_fail(err, EBADMSG, DATA ": %u entries of a memory map, at most %d fit", n,
			       E820_TABLE_ENTRIES);
	else
		ret = read_entries(&c, n, DATA, ram, err);
	free(data);
	return ret;
}

struct setup_walk {
	const struct machine_tree *tree;
	struct kho_ranges *ram;
	struct kho_err *err;
};

/* arch/x86/kernel/ksysfs.c: a folder a setup_data, holding type ("0x1") and data. */
static int visit_setup_data(const char *name, void *arg)
{
	struct setup_walk *walk = arg;
	char path[sizeof(SETUP_DATA) + 300];
	struct kho_bytes bytes;
	struct cursor c;
	uint64_t type;
	char *data;
	int ret;

	snprintf(path, sizeof(path), SETUP_DATA "/%s/type", name);
	ret = tree_read_u64(walk->tree, path, 16, &type);
	if (ret == -ENOENT || (!ret && type != SETUP_E820_EXT))
		return 0;
	if (ret)
		return kho_fail(walk->err, -ret, "%s: %s", path, strerror(-ret));
	snprintf(path, sizeof(path), SETUP_DATA "/%s/data", name);
	ret = tree_read(walk->tree, path, &data, &bytes.size);
	if (ret)
		return kho_fail(walk->err, EBADMSG, "%s: %s", path, strerror(-ret));
	bytes.data = (const uint8_t *)data;
	c = cursor_init(bytes);
	ret = read_entries(&c, bytes.size / E820_ENTRY_BYTES, path, walk->ram, walk->err);
	free(data);
	return ret;
}

int boot_map_read(const struct machine_tree *tree, struct kho_ranges *ram, struct kho_err *err)
{
	struct setup_walk walk = { tree, ram, err };
	int ret = read_table(tree, ram, err);

	if (!ret)
		ret = tree_list(tree, SETUP_DATA, visit_setup_data, &walk);
	if (ret == -ENOENT && ram->n)
		ret = 0;
	kho_ranges_normalise(ram);
	return ret || ram->n ? ret : -ENOENT;
}
