// SPDX-License-Identifier: GPL-2.0-only
/* memblock's list of what is reserved, when the preserved memory is put into it. */
#include "config.h"

#include "model/steps/steps.h"

#define REGION_BYTES	24	/* struct memblock_region */
#define FIRST_REGIONS	128	/* INIT_MEMBLOCK_REGIONS */
#define OTHER_REGIONS	64	/* of early boot itself, and two that marking a range may want */

/* arch/arm64/include/asm/memory.h, INIT_MEMBLOCK_RESERVED_REGIONS: one more for each CPU */
uint64_t boot_first_regions(const struct boot *b)
{
	uint64_t cpus = b->kernel->nr_cpus ? b->kernel->nr_cpus : b->possible_cpus;

	return FIRST_REGIONS + (b->kernel->arch->boot->region_per_cpu ? cpus + 1 : 0);
}

/*
 * kho_memory_init() reserves each preserved range.  memblock_double_array() then wants twice the
 * list in one piece, in scratch, while the one before is still there.  Where it finds none the range
 * is not reserved: the kernel goes on, and gives preserved memory to its page allocator.
 */
void boot_list_preserved(struct boot *b)
{
	uint64_t page = b->kernel->page_bytes;
	bool counted = b->mb.regions.max;
	uint64_t own = counted ? b->mb.reserved.n + b->mb.regions.others : OTHER_REGIONS;
	uint64_t regions = counted ? b->mb.regions.max : boot_first_regions(b);
	uint64_t wanted = b->machine->preserved_ranges + own;
	struct memblock_request req = { .align = page, .node = KHO_NO_NODE };
	struct memblock_range now = b->mb.regions.array, larger;

	if (!b->machine->preserved_ranges)
		return;
	b->mb.regions.max = 0;
	for (; regions < wanted; regions *= 2) {
		req.bytes = boot_round_up(2 * regions * REGION_BYTES, page);
		b->out->preserved_list_wanted_bytes = req.bytes;
		/* What is freed leaves a hole: this slot does not tell for others. */
		b->tally.open = true;
		if (!memblock_alloc(&b->mb, &req, &larger))
			return;
		memblock_free(&b->mb, &now);
		now = larger;
		b->out->preserved_list_bytes = req.bytes;
	}
	if (now.end_pa)
		boot_note(b, BOOT_SMALL, KHO_NO_NODE, 1, &now);
}
