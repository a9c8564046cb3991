// SPDX-License-Identifier: GPL-2.0-only
/* Between the memory map and the buddy allocator. */
#include "config.h"

#include "model/steps/steps.h"

/* A table of alloc_large_system_hash(). */
struct hash {
	uint64_t entries;	/* by a parameter; 0: by the memory */
	unsigned int scale;	/* a bucket for every 2^scale bytes */
	uint64_t bucket_bytes;
	uint64_t least, most;	/* entries; @most 0: by the memory */
};

/*
 * mm/mm_init.c, alloc_large_system_hash(): a bucket for every 2^scale bytes; without a limit of its
 * own less often the more memory there is, and at most a sixteenth of it all.
 */
static uint64_t hash_bytes(const struct boot *b, const struct hash *h)
{
	uint64_t page = b->kernel->page_bytes, pages = b->pages_for_hashes, entries = h->entries;
	uint64_t max = h->most ? h->most : pages * page / 16 / h->bucket_bytes;
	unsigned int scale = h->scale;

	if (!entries) {
		entries = page < (UINT64_C(1) << 20) ?
			  boot_round_up(pages, (UINT64_C(1) << 20) / page) : pages;
		/* ADAPT_SCALE_BASE: 64 GiB, then every fourfold. */
		for (uint64_t at = (UINT64_C(64) << 30) / page; !h->most && at && at < entries; at <<= 2)
			scale++;
		entries = entries * page >> scale;
		if (entries * h->bucket_bytes < page)
			entries = page / h->bucket_bytes;
	}
	entries = boot_pow2_up(entries);
	if (entries < h->least)
		entries = h->least;
	if (entries > max)
		entries = max;
	return entries ? (boot_pow2_up(entries + 1) >> 1) * h->bucket_bytes : page;
}

/* Halved until it fits, down to a page.  @got: where it is; or NULL. */
static bool take_hash(struct boot *b, const struct hash *h, struct memblock_range *got)
{
	struct memblock_request req = { .align = 64, .node = KHO_NO_NODE };

	for (req.bytes = hash_bytes(b, h); ; req.bytes /= 2) {
		if (boot_take(b, BOOT_HASHES, &req, 1, got))
			return true;
		if (req.bytes <= b->kernel->page_bytes)
			return boot_lacks(b, BOOT_HASHES, &req, 1);
	}
}

/*
 * fs/dcache.c, fs/inode.c: on more than one node the tables are made later, in vmalloc space, unless
 * hashdist=0.
 */
bool boot_hashes(struct boot *b)
{
	const struct hash dentries = { b->cmd.dhash_entries, 13, 8, 0, 0 };
	const struct hash inodes = { b->cmd.ihash_entries, 14, 8, 0, 0 };

	return (b->nr_nodes > 1 && !b->cmd.hashes_early) ||
	       (take_hash(b, &dentries, NULL) && take_hash(b, &inodes, NULL));
}

/* include/linux/stackdepot.h, DEPOT_POOL_INDEX_BITS: what a handle has for the pool's number. */
static uint64_t depot_pools(const struct boot *b)
{
	/* 32 bits, less 5 for flags, and those for a place in a pool of four pages, in 16 bytes. */
	uint64_t most = (UINT64_C(1) << 27) / (4 * b->kernel->page_bytes / 16) - 1;

	if (b->cmd.depot.pools && b->cmd.depot.pools <= most)
		return b->cmd.depot.pools;
	return most < 8192 ? most : 8192;
}

/*
 * lib/stackdepot.c, stack_depot_early_init(): a table of 4096 to 1048576 lists, by the memory, and
 * pointers to the pools.  Without room for these there is no depot, and the boot goes on.
 */
bool boot_stack_depot(struct boot *b)
{
	const struct hash stacks = { 0, 14, 16, 1 << 12, 1 << 20 };
	struct memblock_request pools = {
		.bytes = depot_pools(b) * 8, .align = b->kernel->page_bytes, .node = KHO_NO_NODE,
	};
	bool wanted = b->kernel->depot_always || (b->cmd.depot.users & b->kernel->depot_users);
	struct memblock_range table = { 0 };

	if (!wanted || b->cmd.depot.off)
		return true;
	if (!take_hash(b, &stacks, &table))
		return false;
	if (boot_take(b, BOOT_SMALL, &pools, 1, NULL))
		return true;
	/* What is freed leaves a hole: this slot does not tell for others. */
	b->tally.open = true;
	memblock_free(&b->mb, &table);
	return true;
}

#define SWIOTLB_SEGMENT_BYTES	(UINT64_C(256) << 10)	/* IO_TLB_SEGSIZE slots of 2 KiB */
#define SWIOTLB_SLOT_BYTES	24			/* struct io_tlb_slot */
#define SWIOTLB_AREA_BYTES	16			/* struct io_tlb_area */

/* swiotlb_adjust_nareas(): an area for each possible CPU, both rounded up to a power of two. */
static uint64_t swiotlb_areas(const struct boot *b)
{
	return boot_pow2_up(b->cmd.swiotlb_areas ? b->cmd.swiotlb_areas : b->possible_cpus);
}

/* round_up_default_nslabs() */
static uint64_t swiotlb_wanted(const struct boot *b)
{
	uint64_t bytes = b->kernel->arch->boot->swiotlb_bytes(b);
	uint64_t least = swiotlb_areas(b) * SWIOTLB_SEGMENT_BYTES;

	return bytes ? boot_pow2_up(bytes > least ? bytes : least) : 0;
}

/* The slots and the areas: without them the buffer is of no use. */
static bool swiotlb_tables(struct boot *b, uint64_t bytes)
{
	uint64_t page = b->kernel->page_bytes, areas = swiotlb_areas(b);
	struct memblock_request req = {
		.bytes = boot_round_up(bytes / 2048 * SWIOTLB_SLOT_BYTES, page),
		.align = page, .node = KHO_NO_NODE,
	};

	if (!boot_take(b, BOOT_SWIOTLB, &req, 1, NULL))
		return false;
	/* limit_nareas() */
	if (areas > bytes / SWIOTLB_SEGMENT_BYTES)
		areas = bytes / SWIOTLB_SEGMENT_BYTES;
	req.bytes = areas * SWIOTLB_AREA_BYTES;
	req.align = 64;
	return boot_take(b, BOOT_SMALL, &req, 1, NULL);
}

/* struct kfence_metadata of the 255 objects: Fedora's 7.2 in its log. */
#define KFENCE_METADATA_BYTES	(UINT64_C(292) << 10)

/* Nothing depends on it: all that comes after it has no room of its own. */
static bool take_for_kfence(struct boot *b, uint64_t bytes)
{
	uint64_t page = b->kernel->page_bytes;
	struct memblock_request req = {
		.bytes = boot_round_up(bytes, page), .align = page, .node = KHO_NO_NODE, .either = true,
	};

	return boot_take(b, BOOT_SMALL, &req, 1, NULL);
}

/*
 * mm/kfence/core.c, kfence_alloc_pool_and_metadata(): the pool in one piece, and what describes
 * its objects.  Without room there is no KFENCE, and that is all.
 */
void boot_kfence_pool(struct boot *b)
{
	b->has_kfence_pool = b->kernel->kfence_bytes &&
			     (b->cmd.kfence_given ? b->cmd.kfence_on : b->kernel->kfence_on) &&
			     take_for_kfence(b, b->kernel->kfence_bytes);
}

void boot_kfence_metadata(struct boot *b)
{
	if (b->has_kfence_pool)
		take_for_kfence(b, KFENCE_METADATA_BYTES);
}

/*
 * ARCH_LOW_ADDRESS_LIMIT: the last byte of 4 GiB, or on arm64 of RAM that ends before that
 * (max_zone_phys()); memblock takes it for the end, so that a page at the very top stays free.
 */
static uint64_t low_limit_pa(const struct boot *b)
{
	uint64_t end_pa = b->ram.n ? b->ram.r[b->ram.n - 1].end_pa : 0;

	return b->kernel->arch->boot->low_ends_with_ram && end_pa < BOOT_4G ? end_pa - 1 :
									     BOOT_4G - 1;
}

/* kernel/dma/swiotlb.c, swiotlb_init_remap(): halved until it fits, down to 1 MiB. */
void boot_swiotlb(struct boot *b)
{
	struct memblock_request req = {
		.align = b->kernel->page_bytes, .node = KHO_NO_NODE, .max_pa = low_limit_pa(b),
		/* Where one slot tells for others, all have the same below 4 GiB. */
		.either = true,
	};
	uint64_t bytes = swiotlb_wanted(b);
	struct memblock_range got;

	if (b->cmd.swiotlb_noforce)
		return;
	b->out->swiotlb_wanted_bytes = bytes;
	for (; bytes; bytes /= 2) {
		req.bytes = boot_round_up(bytes, b->kernel->page_bytes);
		if (memblock_alloc(&b->mb, &req, &got))
			break;
		if (bytes <= UINT64_C(1) << 20)
			return;
	}
	if (!bytes)
		return;
	boot_note(b, BOOT_SWIOTLB, KHO_NO_NODE, 1, &got);
	if (swiotlb_tables(b, bytes))
		b->out->swiotlb_bytes = bytes;
}
