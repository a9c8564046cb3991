// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/machine.h"
#include "machine/srat.h"
#include "machine/tree.h"
#include "rehearse/firmware.h"

#define MEMMAP "sys/firmware/memmap"
#define TABLES "sys/firmware/acpi/tables"
#define SMBIOS "sys/firmware/dmi/tables/DMI"

/* arch/x86/kernel/e820.c, e820_type_to_string(), as of 6.18 to 7.3. */
static const struct {
	const char *name;
	uint32_t type;
} types[] = {
	{ "System RAM", 1 }, { "Reserved", 2 }, { "ACPI Tables", 3 },
	{ "ACPI Non-volatile Storage", 4 }, { "Unusable memory", 5 }, { "Persistent Memory", 7 },
	{ "Persistent Memory (legacy)", 12 }, { "Soft Reserved", 0xefffffff },
};

static uint32_t type_of(const char *text)
{
	size_t len = strcspn(text, "\n");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].name) == len && !memcmp(types[i].name, text, len))
			return types[i].type;
	return 2;
}

struct firmware_walk {
	const struct machine_tree *tree;
	struct firmware *firmware;
};

static int visit(const char *name, void *arg)
{
	struct firmware_walk *walk = arg;
	struct firmware *fw = walk->firmware;
	struct firmware_entry e = { 0 };
	char path[sizeof(MEMMAP) + 300];
	uint64_t last_pa;
	char *type;
	int ret;

	snprintf(path, sizeof(path), MEMMAP "/%s/start", name);
	ret = tree_read_u64(walk->tree, path, 16, &e.start_pa);
	snprintf(path, sizeof(path), MEMMAP "/%s/end", name);
	ret = ret ? ret : tree_read_u64(walk->tree, path, 16, &last_pa);
	snprintf(path, sizeof(path), MEMMAP "/%s/type", name);
	ret = ret ? ret : tree_read(walk->tree, path, &type, NULL);
	if (ret)
		return ret;
	e.type = type_of(type);
	free(type);
	if (last_pa < e.start_pa || last_pa >= MACHINE_PA_LIMIT ||
	    fw->nr_entries == FIRMWARE_ENTRIES)
		return -EBADMSG;
	e.end_pa = last_pa + 1;
	fw->entry[fw->nr_entries++] = e;
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct firmware_entry *x = a, *y = b;

	return x->start_pa < y->start_pa ? -1 : x->start_pa > y->start_pa;
}

/* All of it or nothing. */
static int read_memmap(const struct machine_tree *tree, struct firmware *fw)
{
	struct firmware_walk walk = { tree, fw };
	int ret = tree_list(tree, MEMMAP, visit, &walk);

	if (ret)
		fw->nr_entries = 0;
	qsort(fw->entry, fw->nr_entries, sizeof(fw->entry[0]), by_start);
	return ret == -ENOMEM ? ret : 0;
}

static int read_srat(const struct machine_tree *tree, struct firmware *fw)
{
	struct srat_blocks blocks = { .memory = { 0 } };
	struct kho_err err;
	size_t bytes;
	char *table;
	int ret = tree_read(tree, TABLES "/SRAT", &table, &bytes);

	if (ret)
		return ret == -ENOMEM ? ret : 0;
	ret = srat_parse((const uint8_t *)table, bytes, &blocks, &err);
	free(table);
	if (!ret) {
		fw->srat = blocks.memory;
		blocks.memory = (struct kho_ranges){ 0 };
	}
	srat_blocks_deinit(&blocks);
	return ret == -ENOMEM ? ret : 0;
}

/* ACPI 6.5, 5.2.17: a header, a number of localities, and a byte for each two of them. */
static int read_slit(const struct machine_tree *tree, struct firmware *fw)
{
	uint64_t n = 0;
	char *table;
	int ret = tree_read(tree, TABLES "/SLIT", &table, &fw->slit_bytes);

	if (ret)
		return ret == -ENOMEM ? ret : 0;
	for (size_t i = 0; i < 8 && fw->slit_bytes >= 44; i++)
		n |= (uint64_t)(uint8_t)table[36 + i] << 8 * i;
	if (fw->slit_bytes < 44 || memcmp(table, "SLIT", 4) || n > 1024 ||
	    fw->slit_bytes != 44 + n * n)
		free(table);
	else
		fw->slit = (uint8_t *)table;
	return 0;
}

static int read_smbios(const struct machine_tree *tree, struct firmware *fw)
{
	size_t bytes;
	char *table;
	int ret = tree_read(tree, SMBIOS, &table, &bytes);

	if (ret)
		return ret == -ENOMEM ? ret : 0;
	if (!bytes || bytes > FIRMWARE_SMBIOS_BYTES) {
		free(table);
		return 0;
	}
	fw->smbios = (uint8_t *)table;
	fw->smbios_bytes = bytes;
	return 0;
}

int firmware_read(const char *root, struct firmware *firmware)
{
	struct machine_tree tree;
	int ret;

	*firmware = (struct firmware){ 0 };
	if (tree_init(&tree, root))
		return 0;
	ret = read_memmap(&tree, firmware);
	if (!ret)
		ret = read_srat(&tree, firmware);
	if (!ret)
		ret = read_slit(&tree, firmware);
	if (!ret)
		ret = read_smbios(&tree, firmware);
	tree_deinit(&tree);
	if (ret)
		firmware_deinit(firmware);
	return ret;
}

void firmware_deinit(struct firmware *firmware)
{
	kho_ranges_deinit(&firmware->srat);
	free(firmware->slit);
	free(firmware->smbios);
	*firmware = (struct firmware){ 0 };
}
