// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/firmware-map.h"
#include "machine/memory.h"
#include "machine/remedy.h"
#include "base/number.h"

#define IOMEM "proc/iomem"
#define RAM_NAME "System RAM"
/* arch/arm64/kernel/setup.c, request_standard_resources(), with MEMBLOCK_NOMAP. */
#define NOMAP_NAME "reserved"

/* An inclusive end becomes the address after it. */
static int add_inclusive(struct kho_ranges *ram, uint64_t start_pa, uint64_t last_pa,
			 const char *where, struct kho_err *err)
{
	if (last_pa < start_pa || last_pa >= MACHINE_PA_LIMIT)
		return kho_fail(err, EBADMSG, "%s: no range: 0x%llx to 0x%llx", where,
				(unsigned long long)start_pa, (unsigned long long)last_pa);
	return kho_ranges_add(ram, start_pa, last_pa + 1, KHO_NO_NODE);
}

static bool is_text(const char *at, const char *end, const char *text)
{
	return (size_t)(end - at) == strlen(text) && !memcmp(at, text, end - at);
}

/* "00100000-bffdffff : System RAM"; nested lines are indented and not wanted. */
static int parse_iomem(const char *at, struct passed_memory *memory, struct kho_err *err)
{
	for (unsigned int line = 1; *at; line++) {
		size_t len = strcspn(at, "\n");
		const char *end = at + len, *p = at;
		uint64_t start_pa, last_pa;
		bool nomap;
		char where[32];

		at = end + (*end == '\n');
		if (*p == ' ')
			continue;
		snprintf(where, sizeof(where), IOMEM ":%u", line);
		if (number_parse(&p, 16, &start_pa) || *p++ != '-' ||
		    number_parse(&p, 16, &last_pa) || end - p < 3 || memcmp(p, " : ", 3))
			return kho_fail(err, EBADMSG, "%s: not \"start-end : name\"", where);
		p += 3;
		nomap = is_text(p, end, NOMAP_NAME);
		if (!nomap && !is_text(p, end, RAM_NAME))
			continue;
		if (!start_pa && !last_pa)
			return kho_fail(err, EACCES, "%s: the addresses are hidden", where);
		if (add_inclusive(&memory->ram, start_pa, last_pa, where, err) ||
		    (nomap && add_inclusive(&memory->unmapped, start_pa, last_pa, where, err)))
			return -EBADMSG;
	}
	return 0;
}

static int read_iomem(const struct machine_tree *tree, struct passed_memory *memory,
		      struct kho_err *err)
{
	char *text;
	int ret = tree_read(tree, IOMEM, &text, NULL);

	if (ret)
		return kho_fail(err, -ret, IOMEM ": %s", strerror(-ret));
	ret = parse_iomem(text, memory, err);
	free(text);
	return ret;
}

static int check_ram(struct passed_memory *memory, const char *source, struct kho_err *err)
{
	kho_ranges_normalise(&memory->ram);
	kho_ranges_normalise(&memory->unmapped);
	return kho_ranges_bytes(&memory->ram) > kho_ranges_bytes(&memory->unmapped) ? 0 :
	       kho_fail(err, EBADMSG, "%s: no %s in it", source, RAM_NAME);
}

static int explain_unread_memory(struct machine *m, int ret, const struct kho_err *err)
{
	if (ret == -ENOMEM)
		return ret;
	if (ret == -EACCES || ret == -EPERM)
		return kho_findings_add(&m->gaps, KHO_F_MEMORY_HIDDEN,
					machine_remedy(m, REMEDY_ROOT), "/%s", err->text);
	if (ret == -EBADMSG || ret == -ERANGE)
		return kho_findings_add(&m->gaps, KHO_F_MEMORY_MALFORMED,
					machine_remedy(m, REMEDY_MALFORMED), "/%s", err->text);
	return kho_findings_add(&m->gaps, KHO_F_MEMORY_UNREADABLE,
				machine_remedy(m, REMEDY_PROCFS), "/%s", err->text);
}

int memory_read(const struct machine_tree *tree, struct machine *m, struct passed_memory *memory)
{
	const char *source = FIRMWARE_MAP;
	struct kho_err err = { "" };
	int ret = firmware_map_read(tree, m, memory, &err);

	if (ret == -ENOENT) {
		source = IOMEM;
		ret = read_iomem(tree, memory, &err);
	}
	if (!ret)
		ret = check_ram(memory, source, &err);
	if (ret) {
		/* What was read before the error is not all of the RAM. */
		passed_memory_deinit(memory);
		kho_ranges_deinit(&m->lost);
		m->firmware_ranges = 0;
		return explain_unread_memory(m, ret, &err);
	}
	m->memory_source = source;
	m->unmapped = memory->unmapped;
	memory->unmapped = (struct kho_ranges){ 0 };
	return 0;
}
