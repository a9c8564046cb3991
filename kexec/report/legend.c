// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "base/size.h"
#include "report/legend.h"

static const struct {
	char letter;
	enum legend_family family;
} legend[LAYOUT_USERS] = {
	[BOOT_KERNEL] = { 'K', LEGEND_LOADED },
	[BOOT_INITRD] = { 'I', LEGEND_LOADED },
	[BOOT_PARAMS] = { 'B', LEGEND_LOADED },
	[BOOT_SCRATCH_LIST] = { 'L', LEGEND_LOADED },
	[BOOT_PURGATORY] = { 'Y', LEGEND_LOADED },
	[BOOT_PAGE_TABLES] = { 'D', LEGEND_KERNEL },
	[BOOT_LOG_BUF] = { 'G', LEGEND_KERNEL },
	[BOOT_NODE_DATA] = { 'N', LEGEND_KERNEL },
	[BOOT_CMA] = { 'C', LEGEND_RESERVED },
	[BOOT_CRASHKERNEL] = { 'X', LEGEND_RESERVED },
	[BOOT_HUGEPAGES] = { 'Z', LEGEND_RESERVED },
	[BOOT_SECTION_TABLE] = { 'R', LEGEND_MAP },
	[BOOT_USAGE_MAP] = { 'U', LEGEND_MAP },
	[BOOT_MEMORY_MAP] = { 'M', LEGEND_MAP },
	[BOOT_MAP_TABLES] = { 'T', LEGEND_MAP },
	[BOOT_PERCPU] = { 'P', LEGEND_KERNEL },
	[BOOT_HASHES] = { 'H', LEGEND_KERNEL },
	[BOOT_SWIOTLB] = { 'S', LEGEND_RESERVED },
	[BOOT_SMALL] = { 'o', LEGEND_KERNEL },
	[LAYOUT_FREE] = { '.', LEGEND_FREE },
	[LAYOUT_UNKNOWN] = { '?', LEGEND_UNKNOWN },
};

char legend_letter(unsigned int user)
{
	return legend[user].letter;
}

const char *legend_text(unsigned int user)
{
	if (user == LAYOUT_FREE)
		return "free";
	return user == LAYOUT_UNKNOWN ? "not known" : boot_user_text(user);
}

enum legend_family legend_family(unsigned int user)
{
	return legend[user].family;
}

const char *legend_percent(uint64_t part, uint64_t whole, char text[LEGEND_PERCENT_BYTES])
{
	uint64_t permille = whole ? part * 1000 / whole : 0;

	if (part && !permille)
		snprintf(text, LEGEND_PERCENT_BYTES, "<0.1");
	else
		snprintf(text, LEGEND_PERCENT_BYTES, "%u.%u", (unsigned int)(permille / 10 % 1000),
			 (unsigned int)(permille % 10));
	return text;
}

const char *legend_outcome(const struct kho_check *check, char text[LEGEND_LINE_BYTES])
{
	const struct boot_result *boot = &check->boot;
	char node[24] = "";

	if (!check->has_boot)
		return "early boot is not followed: what will lie in the areas is not known";
	if (kho_boot_state(boot) == KHO_BOOT_UP)
		return "early boot comes up";
	if (boot->outcome == BOOT_UP)
		return "early boot comes up, but the headroom is within the error of the model";
	if (boot->failed_node != KHO_NO_NODE)
		snprintf(node, sizeof(node), " of node %d", boot->failed_node);
	if (boot->outcome == BOOT_LOAD_FAILS)
		snprintf(text, LEGEND_LINE_BYTES, "the load fails: no area has room for the %s",
			 boot_user_text(boot->failed));
	else
		snprintf(text, LEGEND_LINE_BYTES, "early boot dies%s: no room for the %s%s",
			 boot->depends_on_preserved ?
			 " if every 1 GiB block holds preserved memory" :
			 boot->depends_on_extension ? " if scratch is not extended" :
			 boot->depends_on_lpa2 ? " if the CPU has LPA2" :
			 boot->lacking_bytes ? "; the shortage is within the error of the model" : "",
			 boot_user_text(boot->failed), node);
	return text;
}

const char *legend_missing(const struct kho_check *check, char text[LEGEND_LINE_BYTES])
{
	const struct boot_result *boot = &check->boot;
	char had[KHO_SIZE_BYTES], all[KHO_SIZE_BYTES];
	uint64_t had_bytes = 0;

	text[0] = '\0';
	if (!check->has_boot || boot->outcome != BOOT_DIES || boot->failed != BOOT_MEMORY_MAP)
		return text;
	for (size_t i = 0; i < boot->nr_allocs; i++)
		if (boot->alloc[i].user == BOOT_MEMORY_MAP)
			had_bytes += boot->alloc[i].range.end_pa - boot->alloc[i].range.start_pa;
	snprintf(text, LEGEND_LINE_BYTES, "it gets %s of the %s of the memory map",
		 kho_size(had_bytes, had), kho_size(boot->map_bytes, all));
	return text;
}
