// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "model/toolbox/data.h"

static const struct {
	const char *text;
	const char *key;
} users[BOOT_USER_NR] = {
	[BOOT_KERNEL] = { "kernel", "kernel" },
	[BOOT_INITRD] = { "initrd", "initrd" },
	[BOOT_PARAMS] = { "boot parameters", "boot_params" },
	[BOOT_SCRATCH_LIST] = { "scratch list", "scratch_list" },
	[BOOT_PURGATORY] = { "purgatory", "purgatory" },
	[BOOT_PAGE_TABLES] = { "page tables of the direct map", "page_tables" },
	[BOOT_LOG_BUF] = { "kernel log", "log_buf" },
	[BOOT_NODE_DATA] = { "node data", "node_data" },
	[BOOT_CMA] = { "CMA area", "cma" },
	[BOOT_CRASHKERNEL] = { "crash kernel", "crashkernel" },
	[BOOT_HUGEPAGES] = { "gigantic pages", "hugepages" },
	[BOOT_SECTION_TABLE] = { "section table", "section_table" },
	[BOOT_USAGE_MAP] = { "usage map", "usage_map" },
	[BOOT_MEMORY_MAP] = { "memory map", "memory_map" },
	[BOOT_MAP_TABLES] = { "page tables of the memory map", "map_tables" },
	[BOOT_PERCPU] = { "percpu memory", "percpu" },
	[BOOT_HASHES] = { "hash tables", "hashes" },
	[BOOT_SWIOTLB] = { "bounce buffer", "swiotlb" },
	[BOOT_SMALL] = { "small pieces", "small" },
};

const char *boot_user_text(enum boot_user user)
{
	return users[user].text;
}

const char *boot_user_key(enum boot_user user)
{
	return users[user].key;
}

const char *boot_short_key(enum boot_short what)
{
	static const char *const key[] = {
		[BOOT_SHORT_SWIOTLB] = "swiotlb_bytes",
		[BOOT_SHORT_CRASHKERNEL] = "crashkernel_bytes",
		[BOOT_SHORT_HUGEPAGES] = "hugepages",
		[BOOT_SHORT_LOG_BUF] = "log_buf_bytes",
		[BOOT_SHORT_OFF_NODE] = "map_off_node_bytes",
		[BOOT_SHORT_BUFFERS] = "map_buffers",
		[BOOT_SHORT_PRESERVED] = "preserved_list_bytes",
	};

	return key[what];
}

bool boot_meets(const struct boot_result *r, const struct boot_needs *needs, uint64_t map_bytes)
{
	if (r->outcome != BOOT_UP || r->fold.close)
		return false;
	if (!needs->all)
		return true;
	/* That the map is not in one piece has no effect (memory-map-fallback). */
	for (int i = 0; i < BOOT_SHORT_NR; i++)
		if (i != BOOT_SHORT_BUFFERS && r->fold.shortfall[i].slots)
			return false;
	return r->headroom_bytes >= map_bytes / 100 * needs->margin_percent;
}

void boot_result_deinit(struct boot_result *result)
{
	free(result->alloc);
	memset(result, 0, sizeof(*result));
}

void boot_result_reset(struct boot_result *r)
{
	struct boot_allocation *alloc = r->alloc;
	size_t cap = r->cap_allocs;

	memset(r, 0, sizeof(*r));
	r->alloc = alloc;
	r->cap_allocs = cap;
}
