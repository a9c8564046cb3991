// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/memory.h"
#include "machine/number.h"

#define MEMMAP "sys/firmware/memmap"
#define IOMEM "proc/iomem"
#define RAM_NAME "System RAM"

struct memmap_walk {
	const struct machine_tree *tree;
	struct kho_ranges *ram;
	unsigned int entries;
	struct kho_err err;
};

/* An inclusive end becomes the address after it. */
static int add_inclusive(struct kho_ranges *ram, uint64_t start_pa, uint64_t last_pa,
			 const char *where, struct kho_err *err)
{
	if (last_pa < start_pa || last_pa >= MACHINE_PA_LIMIT)
		return kho_fail(err, EBADMSG, "%s: no range: 0x%llx to 0x%llx", where,
				(unsigned long long)start_pa, (unsigned long long)last_pa);
	return kho_ranges_add(ram, start_pa, last_pa + 1, KHO_NO_NODE);
}

/* drivers/firmware/memmap.c: a folder a range, holding start, end and type. */
static int visit_memmap(const char *name, void *arg)
{
	struct memmap_walk *walk = arg;
	uint64_t start_pa, last_pa;
	char path[sizeof(MEMMAP) + 300];
	char *type;
	int ret;

	walk->entries++;
	snprintf(path, sizeof(path), MEMMAP "/%s/type", name);
	ret = tree_read(walk->tree, path, &type, NULL);
	if (ret)
		return kho_fail(&walk->err, -ret, "%s: %s", path, strerror(-ret));
	type[strcspn(type, "\n")] = '\0';
	ret = strcmp(type, RAM_NAME);
	free(type);
	if (ret)
		return 0;
	snprintf(path, sizeof(path), MEMMAP "/%s/start", name);
	ret = tree_read_u64(walk->tree, path, 16, &start_pa);
	if (!ret) {
		snprintf(path, sizeof(path), MEMMAP "/%s/end", name);
		ret = tree_read_u64(walk->tree, path, 16, &last_pa);
	}
	if (ret)
		return kho_fail(&walk->err, -ret, "%s: %s", path, strerror(-ret));
	return add_inclusive(walk->ram, start_pa, last_pa, path, &walk->err);
}

/* "00100000-bffdffff : System RAM"; nested lines are indented and not wanted. */
static int parse_iomem(const char *at, struct kho_ranges *ram, struct kho_err *err)
{
	for (unsigned int line = 1; *at; line++) {
		size_t len = strcspn(at, "\n");
		const char *end = at + len, *p = at;
		uint64_t start_pa, last_pa;
		char where[32];

		at = end + (*end == '\n');
		if (*p == ' ')
			continue;
		snprintf(where, sizeof(where), IOMEM ":%u", line);
		if (number_parse(&p, 16, &start_pa) || *p++ != '-' ||
		    number_parse(&p, 16, &last_pa) || end - p < 3 || memcmp(p, " : ", 3))
			return kho_fail(err, EBADMSG, "%s: not \"start-end : name\"", where);
		p += 3;
		if ((size_t)(end - p) != strlen(RAM_NAME) || memcmp(p, RAM_NAME, end - p))
			continue;
		if (!start_pa && !last_pa)
			return kho_fail(err, EACCES, "%s: the addresses are hidden", where);
		if (add_inclusive(ram, start_pa, last_pa, where, err))
			return -EBADMSG;
	}
	return 0;
}

static int read_iomem(const struct machine_tree *tree, struct kho_ranges *ram,
		      struct kho_err *err)
{
	char *text;
	int ret = tree_read(tree, IOMEM, &text, NULL);

	if (ret)
		return kho_fail(err, -ret, IOMEM ": %s", strerror(-ret));
	ret = parse_iomem(text, ram, err);
	free(text);
	return ret;
}

static int check_ram(struct kho_ranges *ram, const char *source, struct kho_err *err)
{
	kho_ranges_normalise(ram);
	return ram->n ? 0 : kho_fail(err, EBADMSG, "%s: no %s in it", source, RAM_NAME);
}

static int explain(struct machine *m, int ret, const struct kho_err *err)
{
	if (ret == -ENOMEM)
		return ret;
	if (ret == -EACCES || ret == -EPERM)
		return kho_findings_add(&m->gaps, KHO_F_MEMORY_HIDDEN, "run as root",
					"/%s", err->text);
	if (ret == -EBADMSG || ret == -ERANGE)
		return kho_findings_add(&m->gaps, KHO_F_MEMORY_MALFORMED,
					"capture the machine again, or report the kernel's release",
					"/%s", err->text);
	return kho_findings_add(&m->gaps, KHO_F_MEMORY_UNREADABLE,
				"mount sysfs and procfs, or capture the machine again",
				"/%s", err->text);
}

int memory_read(const struct machine_tree *tree, struct machine *m, struct kho_ranges *ram)
{
	struct memmap_walk walk = { .tree = tree, .ram = ram };
	const char *source = MEMMAP;
	int ret = tree_list(tree, MEMMAP, visit_memmap, &walk);

	if (ret == -ENOENT && !walk.err.text[0]) {
		source = IOMEM;
		ret = read_iomem(tree, ram, &walk.err);
	}
	if (!ret)
		ret = check_ram(ram, source, &walk.err);
	if (ret) {
		/* What was read before the error is not all of the RAM. */
		kho_ranges_deinit(ram);
		return explain(m, ret, &walk.err);
	}
	m->memory_source = source;
	m->firmware_ranges = walk.entries;
	return 0;
}
