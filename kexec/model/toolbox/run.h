/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run of the model, and what each step does its work with.  Only kexec/model/ and
 * kexec/arch/ use this.
 *
 * A step that returns bool returns false when the successor dies in it; boot_lacks()
 * has put that into the result.
 */
#ifndef MODEL_TOOLBOX_RUN_H
#define MODEL_TOOLBOX_RUN_H

#include "model/toolbox/cmdline.h"
#include "model/toolbox/data.h"
#include "model/toolbox/memblock.h"
#include "model/toolbox/sections.h"
#include "model/toolbox/segments.h"
#include "model/toolbox/tally.h"

#define BOOT_4G		(UINT64_C(1) << 32)
#define BOOT_BLOCK_BITS	30	/* KHO_SCRATCH_EXT_BLKSHIFT */
#define BOOT_NODES	1024
#define BOOT_CPUS	65536
#define BOOT_HARD_SLOTS	6	/* that are remembered */

struct boot {
	const struct boot_kernel *kernel;
	const struct boot_machine *machine;
	const struct boot_load *load;
	struct boot_result *out;

	/* Prepared once: they do not depend on where the kernel runs. */
	struct cmdline cmd;
	uint64_t ram_bytes;
	uint64_t cut_bytes;
	uint64_t cut_preserved_bytes;
	bool cut_kills;
	uint64_t cut_area_bytes;
	bool one_node;			/* RAM that memmap= adds makes all RAM node 0 */
	struct kho_ranges ram;		/* all memblock memory, with the successor's nodes */
	int node[BOOT_NODES];		/* with memory, by number */
	size_t nr_nodes;
	struct boot_cpus cpus[BOOT_NODES + 1];	/* by node, in the order of their first CPU */
	size_t nr_cpus;				/* entries in cpus */
	uint64_t possible_cpus;			/* of them all */
	struct kho_ranges banks;	/* the same before nodes are known */
	struct kho_ranges areas;	/* scratch, cut at the successor's nodes, by address */
	struct kho_ranges unmapped;	/* of those, what mem= or memmap= cut off */
	bool five_level;
	bool lpa2;
	unsigned int physmem_bits;
	uint64_t limit_pa;		/* what is above cannot be allocated */
	struct sections sections;
	struct segments segments;

	/* From call to call: slots that did not meet the needs, the last one first. */
	struct boot_hard_slot {
		size_t area;
		uint64_t from_end;
	} hard[BOOT_HARD_SLOTS];
	size_t nr_hard;

	/* This run. */
	struct memblock mb;
	struct memblock_skips skips;
	uint64_t kernel_pa;
	bool extend;
	bool exact;			/* of this place only: see struct boot_run */
	const struct kho_ranges *kept;	/* where scratch is not extended; NULL: everywhere it is */
	bool extended;			/* it has been done */
	bool has_kfence_pool;		/* that is what its metadata are taken for */
	uint64_t pages_for_hashes;	/* free pages of RAM when the memory map begins */
	bool quiet;			/* the list of allocations is not wanted */
	struct kho_ranges node_data;	/* where each node's is; the node it is for */
	uint64_t lacking_bytes;		/* since the first death */
	uint64_t loaded_bytes;		/* reserved before the first request */
	int off_node_moves;		/* how the result's map_off_node_bytes move */
	uint64_t next_pmd;		/* of the memory map, lowest not yet there */
	struct tally tally;
};

/*
 * What differs between architectures before the memory map.  Adding one: fill
 * each member; the comment names the rule in the kernel of the first ones.
 */
struct boot_arch {
	/*
	 * Place every segment in b->segments, as the running kernel's loader does
	 * (kexec-bzimage64.c, kexec_image.c).  False: no hole; @failed says for whom.
	 */
	bool (*place)(struct boot *b, enum boot_user *failed);
	/* Reserve what the successor reserves of it (setup_arch(), arm64_memblock_init()). */
	void (*reserve)(struct boot *b);
	/* Tables of the direct map that memblock has to give, in pages. */
	uint64_t (*direct_map_pages)(const struct boot *b);
	/* Take them where the kernel takes them, for a run at one place; NULL: anywhere. */
	bool (*map_memory)(struct boot *b);
	/* The address whose struct page stands at the start of the virtual memory map; NULL: 0. */
	uint64_t (*map_origin_pa)(const struct boot *b);
	uint64_t crash_align_bytes;	/* CRASH_ALIGN */
	/* DEFAULT_CRASH_KERNEL_LOW_SIZE; @swiotlb_bytes: swiotlb=, 0: not given. */
	uint64_t (*crash_low_bytes)(uint64_t swiotlb_bytes);
	uint64_t ram_starts_pa;		/* what is below is no RAM (trim_bios_range()) */
	bool moves_kernel;		/* KASLR chooses a physical place (kaslr.h) */
	uint64_t goal_pa;		/* __pa(MAX_DMA_ADDRESS): the lower limit that is tried first */
	bool percpu_atom_is_page;	/* else a PMD */
	/* Page tables for the first @bytes of the vmalloc area that are free (pcpu_populate_pte()). */
	uint64_t (*vmalloc_tables)(const struct boot *b, uint64_t bytes);
	/* The bounce buffer that swiotlb_init() is asked for; 0: none. */
	uint64_t (*swiotlb_bytes)(const struct boot *b);
	bool low_ends_with_ram;		/* the bounce buffer's limit, where RAM ends below 4 GiB */
	/* Take the device tree's, unflattened, before NODE_DATA; NULL: there is none. */
	bool (*unflatten_tree)(struct boot *b);
	/* Take what comes of knowing the nodes, after NODE_DATA; NULL: nothing. */
	bool (*node_masks)(struct boot *b);
	/* Take the small pieces at the end of setup_arch(). */
	bool (*small_pieces)(struct boot *b);
	/* Take the masks of CPUs, once the percpu memory is there; NULL: none by then. */
	bool (*cpu_masks)(struct boot *b);
	bool data_for_all_nodes;	/* also those without memory, with the others' */
	bool early_log_buf;		/* setup_log_buf(1) in setup_arch(), for log_buf_len= */
	/* Reserved regions beside those that are followed: ACPI tables, pieces of the first MiB. */
	unsigned int regions_of_firmware;
	bool region_per_cpu;		/* memblock's first list has so many more regions */
	/* memblock_reserve_kern() is for the kernel and the initrd too: areas in percent count them. */
	bool loaded_is_kern;
	bool kfence_is_first;		/* KFENCE's pool is taken before the page tables */
	/* Pages taken between the hash tables and the bounce buffer; NULL: none. */
	uint64_t (*late_pages)(const struct boot *b);
};

/*
 * What cannot be done without is short of @pieces of @req.  The first one is the death, and
 * what the result tells of it stays.  True: go on as if it were met, to see how much is
 * lacking in all; false, for the caller to return: it is more than the margin.
 */
bool boot_lacks(struct boot *b, enum boot_user user, const struct memblock_request *req,
		uint64_t pieces);

static inline struct memblock_range boot_fixed(const struct kho_range *r)
{
	return (struct memblock_range){ r->start_pa, r->end_pa, r->node, 0, 0 };
}

/* One line of the list.  Pieces that continue the last one are merged into it. */
void boot_note(struct boot *b, enum boot_user user, int wanted_node, uint64_t pieces,
	       const struct memblock_range *got);

/*
 * Ask @count times.  Returns how many times it was met; each stretch is noted.
 * @first, if not NULL, gets the first stretch.
 */
uint64_t boot_take(struct boot *b, enum boot_user user, const struct memblock_request *req,
		   uint64_t count, struct memblock_range *first);

/* @count pieces without which the successor cannot go on. */
bool boot_must(struct boot *b, enum boot_user user, const struct memblock_request *req,
	       uint64_t count);

static inline uint64_t boot_round_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) / align * align;
}

static inline uint64_t boot_block_bytes(const struct boot_kernel *k)
{
	return k->block_bytes ? k->block_bytes : k->pmd_bytes;
}

static inline uint64_t boot_pow2_up(uint64_t value)
{
	uint64_t pow2 = 1;

	while (pow2 && pow2 < value)
		pow2 <<= 1;
	return pow2;
}

#endif
