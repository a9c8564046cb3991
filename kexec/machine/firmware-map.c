// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/boot-map.h"
#include "machine/firmware-map.h"
#include "base/number.h"

#define RAM_NAME "System RAM"

/* The kernel's table has 3200 entries at most (E820_MAX_ENTRIES), and DIMMs are few. */
#define MAX_ENTRIES 65536

typedef unsigned long long ull;

/* One folder of the map. */
struct sysfs_entry {
	uint64_t number;
	uint64_t start_pa, end_pa;
	bool ram;
};

struct firmware_map {
	const struct machine_tree *tree;
	struct sysfs_entry *e;
	size_t n, cap;
	struct kho_err *err;
};

/* arch/x86/kernel/e820.c, e820_type_to_string(): all that it may say. */
static bool known_type(const char *type)
{
	static const char *const types[] = {
		RAM_NAME, "ACPI Tables", "ACPI Non-volatile Storage", "Unusable memory",
		"Persistent Memory (legacy)", "Persistent Memory", "Reserved", "Soft Reserved",
		"Unknown E820 type",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(type, types[i]))
			return true;
	return false;
}

/* What is no type may be a System RAM that was cut short: it must not pass for reserved. */
static int read_type(struct firmware_map *map, const char *name, bool *ram)
{
	char path[sizeof(FIRMWARE_MAP) + 300], *type;
	int ret;

	snprintf(path, sizeof(path), FIRMWARE_MAP "/%s/type", name);
	ret = tree_read(map->tree, path, &type, NULL);
	if (ret)
		return kho_fail(map->err, ret == -ENOENT ? EBADMSG : -ret, "%s: %s", path,
				strerror(-ret));
	type[strcspn(type, "\n")] = '\0';
	*ram = !strcmp(type, RAM_NAME);
	if (!known_type(type))
		ret = kho_fail(map->err, EBADMSG, "%s: \"%.40s\" is no type of memory", path, type);
	free(type);
	return ret;
}

static int read_address(struct firmware_map *map, const char *name, const char *which, uint64_t *pa)
{
	char path[sizeof(FIRMWARE_MAP) + 300];
	int ret;

	snprintf(path, sizeof(path), FIRMWARE_MAP "/%s/%s", name, which);
	ret = tree_read_u64(map->tree, path, 16, pa);
	return ret ? kho_fail(map->err, ret == -ENOENT ? EBADMSG : -ret, "%s: %s", path,
			      strerror(-ret)) : 0;
}

/* drivers/firmware/memmap.c: a folder a range, holding start, inclusive end, and type. */
static int visit_entry(const char *name, void *arg)
{
	struct firmware_map *map = arg;
	struct sysfs_entry e = { 0 };
	const char *at = name;
	uint64_t last_pa;
	int ret;

	if (number_parse(&at, 10, &e.number) || *at)
		return kho_fail(map->err, EBADMSG, FIRMWARE_MAP "/%s: no entry of a memory map",
				name);
	if (map->n == MAX_ENTRIES)
		return kho_fail(map->err, EBADMSG, FIRMWARE_MAP ": more than %d entries",
				MAX_ENTRIES);
	ret = read_type(map, name, &e.ram);
	if (!ret)
		ret = read_address(map, name, "start", &e.start_pa);
	if (!ret)
		ret = read_address(map, name, "end", &last_pa);
	if (ret)
		return ret;
	if (last_pa < e.start_pa || (e.ram && last_pa >= MACHINE_PA_LIMIT))
		return kho_fail(map->err, EBADMSG, FIRMWARE_MAP "/%s/end: no range: 0x%llx to 0x%llx",
				name, (ull)e.start_pa, (ull)last_pa);
	e.end_pa = last_pa == UINT64_MAX ? last_pa : last_pa + 1;
	if (map->n == map->cap) {
		size_t cap = map->cap ? map->cap * 2 : 64;
		struct sysfs_entry *more = reallocarray(map->e, cap, sizeof(*more));

		if (!more)
			return -ENOMEM;
		map->e = more;
		map->cap = cap;
	}
	map->e[map->n++] = e;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct sysfs_entry *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

/* As the kernel's table is sorted; an entry that was plugged in again has a larger number. */
static int by_address(const void *a, const void *b)
{
	const struct sysfs_entry *x = a, *y = b;

	if (x->start_pa != y->start_pa)
		return x->start_pa < y->start_pa ? -1 : 1;
	return by_number(a, b);
}

static int check_numbers(struct firmware_map *map)
{
	qsort(map->e, map->n, sizeof(*map->e), by_number);
	for (size_t i = 0; i < map->n; i++)
		if (map->e[i].number != i)
			return kho_fail(map->err, EBADMSG, FIRMWARE_MAP ": entry %zu is absent, though "
					"there is a later one: a DIMM was unplugged, or the copy is not "
					"whole", i);
	return 0;
}

static uint64_t bytes_common_with(const struct kho_ranges *ranges, const struct sysfs_entry *e)
{
	struct kho_range r = { e->start_pa, e->end_pa, KHO_NO_NODE };
	const struct kho_ranges one = { &r, 1, 1 };

	return kho_ranges_common_bytes(ranges, &one);
}

/* Is what was RAM at boot in the map still, whatever it is now? */
static int check_boot_ram(struct firmware_map *map, const struct kho_ranges *boot)
{
	struct kho_ranges all = { 0 };
	uint64_t absent_bytes = 0;
	int ret = 0;

	for (size_t i = 0; i < map->n && !ret; i++)
		ret = kho_ranges_add(&all, map->e[i].start_pa, map->e[i].end_pa, KHO_NO_NODE);
	kho_ranges_normalise(&all);
	if (!ret)
		absent_bytes = kho_ranges_bytes(boot) - kho_ranges_common_bytes(boot, &all);
	kho_ranges_deinit(&all);
	if (ret || !absent_bytes)
		return ret;
	return kho_fail(map->err, EBADMSG, FIRMWARE_MAP ": %llu KiB of the RAM that was there at boot "
			"are in no entry: a DIMM was unplugged, or the copy is not whole",
			(ull)((absent_bytes + 1023) >> 10));
}

/* RAM that was not there at boot goes to @hotplugged; the rest stays. */
static int take_hotplugged(struct firmware_map *map, const struct kho_ranges *boot,
			   struct kho_ranges *hotplugged)
{
	size_t kept = 0;
	int ret = 0;

	for (size_t i = 0; i < map->n && !ret; i++) {
		const struct sysfs_entry e = map->e[i];
		uint64_t known_bytes = bytes_common_with(boot, &e);

		if (!e.ram || known_bytes == e.end_pa - e.start_pa)
			map->e[kept++] = e;
		else if (!known_bytes)
			ret = kho_ranges_add(hotplugged, e.start_pa, e.end_pa, KHO_NO_NODE);
		else
			ret = kho_fail(map->err, EBADMSG, FIRMWARE_MAP "/%llu: part of this RAM was "
				       "there at boot, part was not", (ull)e.number);
	}
	map->n = kept;
	kho_ranges_normalise(hotplugged);
	return ret;
}

/* The first entries are passed on, the RAM of the others is lost. */
static int cut_to_passed(const struct firmware_map *map, struct machine *m, struct kho_ranges *ram)
{
	uint64_t done_pa = 0;
	int ret = 0;

	qsort(map->e, map->n, sizeof(*map->e), by_address);
	for (size_t i = 0; i < map->n && !ret; i++) {
		const struct sysfs_entry *e = &map->e[i];
		bool again = e->ram && e->end_pa <= done_pa;

		/* Part of an entry of the boot, unplugged and plugged in again. */
		if (again)
			continue;
		if (e->ram)
			ret = kho_ranges_add(m->firmware_ranges < MACHINE_E820_PASSED ? ram :
					     &m->lost, e->start_pa, e->end_pa, KHO_NO_NODE);
		if (e->ram)
			done_pa = e->end_pa;
		m->firmware_ranges++;
	}
	kho_ranges_normalise(ram);
	kho_ranges_normalise(&m->lost);
	return ret;
}

static int tell_apart(struct firmware_map *map, struct passed_memory *memory)
{
	struct kho_ranges boot = { 0 };
	int ret = boot_map_read(map->tree, &boot, map->err);

	if (ret == -ENOENT) {
		ret = check_numbers(map);
	} else if (ret && ret != -ENOMEM) {
		if (!map->err->text[0])
			kho_fail(map->err, -ret, BOOT_MAP_SOURCE ": %s", strerror(-ret));
	} else if (!ret) {
		memory->boot_map_known = true;
		ret = check_boot_ram(map, &boot);
		if (!ret)
			ret = take_hotplugged(map, &boot, &memory->hotplugged);
	}
	kho_ranges_deinit(&boot);
	return ret;
}

int firmware_map_read(const struct machine_tree *tree, struct machine *m,
		      struct passed_memory *memory, struct kho_err *err)
{
	struct firmware_map map = { .tree = tree, .err = err };
	int ret = tree_list(tree, FIRMWARE_MAP, visit_entry, &map);

	if (!ret)
		ret = tell_apart(&map, memory);
	if (!ret)
		ret = cut_to_passed(&map, m, &memory->ram);
	else if (ret != -ENOENT && ret != -ENOMEM && !err->text[0])
		kho_fail(err, -ret, FIRMWARE_MAP ": %s", strerror(-ret));
	free(map.e);
	return ret;
}
