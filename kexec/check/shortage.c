// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdio.h>

#include "check/shortage.h"

typedef unsigned long long ull;

/* Who asks for what a user gets, on every architecture; the others are in its table. */
static const struct asker {
	const char *function, *file;
} askers[BOOT_USER_NR] = {
	[BOOT_NODE_DATA] = { "alloc_node_data", "mm/numa.c" },
	[BOOT_SECTION_TABLE] = { "sparse_index_alloc", "mm/sparse.c" },
	[BOOT_USAGE_MAP] = { "sparse_usage_init", "mm/sparse.c" },
	[BOOT_MEMORY_MAP] = { "vmemmap_populate", "mm/sparse-vmemmap.c" },
	[BOOT_MAP_TABLES] = { "vmemmap_populate", "mm/sparse-vmemmap.c" },
	[BOOT_HASHES] = { "alloc_large_system_hash", "mm/mm_init.c" },
	[BOOT_SMALL] = { "memblock_alloc_or_panic", "mm/memblock.c" },
};

/* NULL: it is not the architecture's. */
static const struct kho_arch_asker *arch_asker(const struct successor *s, enum boot_user user)
{
	const struct kho_arch_asker *asker = NULL;

	if (s && s->arch && user == BOOT_PAGE_TABLES)
		asker = &s->arch->page_tables_asker;
	else if (s && s->arch && user == BOOT_PERCPU)
		asker = &s->arch->percpu_asker;
	return asker && asker->function ? asker : NULL;
}

static void find_asker(const struct successor *s, struct kho_shortage *shortage)
{
	const struct kho_arch_asker *own = arch_asker(s, shortage->user);

	if (shortage->load) {
		shortage->function = "kexec_locate_mem_hole";
		shortage->file = "kernel/kexec_file.c";
		return;
	}
	shortage->function = own ? own->function : askers[shortage->user].function;
	shortage->file = own ? own->file : askers[shortage->user].file;
	/* A node without memory gets its data wherever there is room. */
	if (shortage->user == BOOT_NODE_DATA && shortage->node == KHO_NO_NODE)
		shortage->function = "alloc_offline_node_data";
	/* The roots of the section table. */
	if (shortage->user == BOOT_SECTION_TABLE && shortage->node == KHO_NO_NODE)
		shortage->function = "memblocks_present";
}

/* From 7.3 on sparse_init() panics; before, it goes on, and the first use is an oops. */
static bool panics_in_sparse_init(const struct successor *s)
{
	unsigned int major, minor;

	return s && sscanf(s->release, "%u.%u", &major, &minor) == 2 &&
	       (major > 7 || (major == 7 && minor >= 3));
}

static void put_map_text(const struct successor *s, const struct kho_shortage *shortage,
			 char text[KHO_SHORTAGE_LINE])
{
	bool usage = shortage->user == BOOT_USAGE_MAP;

	if (!panics_in_sparse_init(s))
		snprintf(text, KHO_SHORTAGE_LINE, usage ?
			 "sparse_init_nid: node[%d] usemap allocation failed, then \"Kernel panic - "
			 "not syncing: Attempted to kill the idle task!\"" :
			 "sparse_init_nid: node[%d] memory map backing failed, then \"Kernel panic - "
			 "not syncing: Attempted to kill the idle task!\"", shortage->node);
	else if (usage)
		snprintf(text, KHO_SHORTAGE_LINE, "Kernel panic - not syncing: Failed to allocate "
			 "usemap for node %d", shortage->node);
	else
		snprintf(text, KHO_SHORTAGE_LINE, "Kernel panic - not syncing: Failed to allocate "
			 "memmap for section ...");
}

/* Each as the kernel's own format has it (6.18 to 7.3). */
static void put_panic(const struct successor *s, const struct kho_shortage *shortage,
		      char text[KHO_SHORTAGE_LINE])
{
	size_t used = (size_t)snprintf(text, KHO_SHORTAGE_LINE, "Kernel panic - not syncing: ");
	char *rest = text + used;
	size_t room = KHO_SHORTAGE_LINE - used;
	const struct kho_arch_asker *own = arch_asker(s, shortage->user);
	ull bytes = (ull)shortage->piece_bytes;

	if (own)
		snprintf(rest, room, "%s", own->panic);
	else if (shortage->user == BOOT_NODE_DATA && shortage->node != KHO_NO_NODE)
		snprintf(rest, room, "Cannot allocate %llu bytes for node %d data", bytes,
			 shortage->node);
	else if (shortage->user == BOOT_SECTION_TABLE && shortage->node != KHO_NO_NODE)
		snprintf(rest, room, "%s: Failed to allocate %llu bytes nid=%d",
			 shortage->function, bytes, shortage->node);
	else if (shortage->user == BOOT_HASHES)
		snprintf(rest, room, "Failed to allocate Dentry cache hash table");
	else
		snprintf(rest, room, "%s: Failed to allocate 0x%016llx bytes",
			 shortage->user == BOOT_SMALL || !shortage->function ? "..." :
			 shortage->function, bytes);
}

static void put_console(const struct successor *s, struct kho_shortage *shortage)
{
	switch (shortage->user) {
	case BOOT_USAGE_MAP:
	case BOOT_MEMORY_MAP:
	case BOOT_MAP_TABLES:
		put_map_text(s, shortage, shortage->console);
		break;
	default:
		put_panic(s, shortage, shortage->console);
	}
}

uint64_t kho_missing_bytes(const struct boot_result *boot)
{
	const struct boot_unmet *unmet = &boot->unmet;
	uint64_t bytes = unmet->bytes * unmet->pieces, had = 0;

	for (size_t i = 0; i < boot->nr_allocs; i++)
		if (boot->alloc[i].user == BOOT_MEMORY_MAP &&
		    boot->alloc[i].wanted_node == boot->failed_node)
			had += boot->alloc[i].range.end_pa - boot->alloc[i].range.start_pa;
	if (boot->failed == BOOT_MEMORY_MAP && boot->failed_map_bytes > had + bytes)
		return boot->failed_map_bytes - had;
	/* A piece that is too large for what was left; pages were asked for until none was. */
	if (unmet->pieces == 1 && boot->failed != BOOT_MEMORY_MAP &&
	    unmet->largest_bytes < unmet->bytes)
		return unmet->bytes - unmet->largest_bytes;
	return bytes;
}

bool kho_shortage_of(const struct kho_check *check, const struct successor *s,
		     struct kho_shortage *shortage)
{
	const struct boot_result *boot = &check->boot;
	const struct boot_unmet *unmet = &boot->unmet;

	if (!check->has_boot || boot->outcome == BOOT_UP || !unmet->bytes)
		return false;
	*shortage = (struct kho_shortage){
		.load = boot->outcome == BOOT_LOAD_FAILS,
		.sure = kho_boot_state(boot) == KHO_BOOT_DIES ||
			kho_boot_state(boot) == KHO_BOOT_LOAD_FAILS, .user = boot->failed,
		.node = boot->failed_node, .piece_bytes = unmet->bytes, .align = unmet->align,
		.pieces = unmet->pieces, .largest_bytes = unmet->largest_bytes,
		.left_bytes = unmet->left_bytes, .missing_bytes = kho_missing_bytes(boot),
		.wanted_bytes = unmet->bytes * unmet->pieces,
	};
	if (boot->failed == BOOT_MEMORY_MAP && boot->failed_map_bytes >= shortage->missing_bytes)
		shortage->wanted_bytes = boot->failed_map_bytes;
	find_asker(s, shortage);
	if (shortage->load)
		snprintf(shortage->console, sizeof(shortage->console),
			 "kexec_file_load fails with EADDRNOTAVAIL: Cannot assign requested address");
	else
		put_console(s, shortage);
	return true;
}
