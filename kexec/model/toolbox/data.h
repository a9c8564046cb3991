/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the model is given, and what it answers: the successor, the machine, the load, and
 * the result.  model/boot.h has the functions, model/boot-kernel.h fills the first two.
 */
#ifndef MODEL_TOOLBOX_DATA_H
#define MODEL_TOOLBOX_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"
#include "base/budget.h"
#include "base/range.h"
#include "base/tree-counts.h"
#include "model/toolbox/cmdline.h"

/*
 * Small pieces depend on firmware tables and are not followed one by one; doc/model.md
 * ("The margin") has what they add up to.  An answer that is nearer to the edge than
 * this, on either side, is too close to tell.
 */
#define BOOT_MARGIN_BYTES	(UINT64_C(256) << 10)

/* With KASLR: of more slots than this not all are followed, see struct boot_fold. */
#define BOOT_SLOTS_ALL		16384
#define BOOT_SLOTS_AT_ENDS	16

/* Who takes memory, in the order in which early boot asks. */
enum boot_user {
	BOOT_KERNEL,		/* the kernel itself, where it runs */
	BOOT_INITRD,
	BOOT_PARAMS,		/* boot parameters; arm64: device tree */
	BOOT_SCRATCH_LIST,
	BOOT_PURGATORY,		/* at the load only: the successor reuses the room */
	BOOT_PAGE_TABLES,	/* of the direct map */
	BOOT_LOG_BUF,
	BOOT_NODE_DATA,
	BOOT_CMA,
	BOOT_CRASHKERNEL,
	BOOT_HUGEPAGES,
	BOOT_SECTION_TABLE,	/* roots of the section table */
	BOOT_USAGE_MAP,
	BOOT_MEMORY_MAP,
	BOOT_MAP_TABLES,	/* page tables of the memory map */
	BOOT_PERCPU,
	BOOT_HASHES,		/* dentry and inode hash tables */
	BOOT_SWIOTLB,
	BOOT_SMALL,		/* everything else */
	BOOT_USER_NR
};

/* "memory map": for the report.  "memory_map": for the JSON. */
const char *boot_user_text(enum boot_user user);
const char *boot_user_key(enum boot_user user);

/* What the successor is and does; boot-kernel.h fills it from an image. */
struct boot_kernel {
	const struct kho_arch *arch;
	uint64_t page_bytes;
	uint64_t struct_page_bytes;
	uint64_t pmd_bytes;
	uint64_t block_bytes;		/* a page block; 0: a PMD, as it mostly is */
	unsigned int section_size_bits;
	unsigned int max_physmem_bits;
	unsigned int va_bits;		/* arm64: CONFIG_ARM64_VA_BITS; 0: not known, 52 is taken */
	unsigned int four_level_physmem_bits;	/* x86 without LA57; 0: the same */
	unsigned int no_lpa2_physmem_bits;	/* arm64 without LPA2; 0: the same */
	bool vmemmap;

	uint64_t node_data_bytes;	/* sizeof(pg_data_t) */
	uint64_t mem_section_bytes;	/* sizeof(struct mem_section): 16, or 32 with page_ext */
	uint64_t percpu_bytes;		/* the percpu section */
	uint64_t percpu_reserved_bytes;	/* PERCPU_MODULE_RESERVE: behind it, for modules */
	uint64_t percpu_dynamic_bytes;	/* PERCPU_DYNAMIC_RESERVE */
	uint64_t log_buf_bytes;		/* 1 << CONFIG_LOG_BUF_SHIFT */
	uint64_t nr_cpus;		/* CONFIG_NR_CPUS; 0: not known, enough for the machine */
	uint64_t log_info_bytes;	/* sizeof(struct printk_info) */
	uint64_t of_property_bytes;	/* sizeof(struct property), of the device tree */
	uint64_t log_cpu_bytes;		/* 1 << CONFIG_LOG_CPU_MAX_BUF_SHIFT */
	bool cpumask_offstack;		/* masks of CPUs are as long as the possible ones */
	uint64_t percpu_chunk_bytes;	/* sizeof(struct pcpu_chunk) */
	uint64_t cma_bytes;		/* CMA area without cma= */
	uint64_t kfence_bytes;		/* KFENCE's pool; 0: it has no KFENCE */
	bool kfence_on;			/* without kfence.sample_interval= */
	unsigned int depot_users;	/* enum stack_depot_user: those that it knows */
	bool depot_always;		/* built with CONFIG_STACKDEPOT_ALWAYS_INIT */

	/* x86: boot protocol header; arm64: image_size and text_offset of the header. */
	uint64_t init_bytes;		/* room that the load wants for the kernel */
	uint64_t align_bytes;
	uint64_t load_min_pa;		/* pref_address; arm64: text_offset */
	bool relocatable;
	uint64_t kernel_bytes;		/* _text to _end; 0: not known, init_bytes is taken */
	unsigned int brk_tables;	/* x86: of the direct map, that .brk has room for */
	uint64_t brk_offset_bytes;	/* x86: _text to .brk; 0: not known, .brk ends the kernel */
	uint64_t output_bytes;		/* x86: room that KASLR wants for a slot; 0: init_bytes */
	/* x86: from where it was loaded to its packed payload, as run; 0: not known */
	uint64_t payload_offset_bytes;
	bool numa_emulation;		/* built with CONFIG_NUMA_EMU */
	bool cma_per_node;		/* built with CONFIG_CMA_SIZE_PERNUMA: one as large a node */
	bool dma_cma;			/* built with CONFIG_DMA_CMA: cma= counts */
	bool crashkernel_cma;		/* knows crashkernel=SIZE,cma */
	bool hibernates;		/* built with CONFIG_HIBERNATION */
	bool kaslr;			/* built to choose a place at random */

	/* Behaviours. */
	bool numbers_saturate;		/* >= 7.2: of the command line, see kernel/words.h */
	bool sparse_buffer;		/* <= 7.1: one buffer a node is tried first */
	bool usage_by_node_data;	/* <= 6.18: usage maps wanted in NODE_DATA's section */
	bool map_after_setup_arch;	/* >= 7.1: small pieces come before the map, not after */
	bool extends_scratch;		/* >= 7.3 */
	bool hugepages_outside;		/* >= 7.3: gigantic pages lie outside of the areas */
	bool extends_unknown;		/* whether it does is not known: both are followed */
	bool rodata_full;		/* arm64: the direct map is in pages by default */
};

/* Possible CPUs of one node. */
struct boot_cpus {
	int node;
	unsigned int count;
};

struct boot_machine {
	struct kho_ranges ram;		/* ascending, without overlap, node of each known */
	struct kho_ranges unmapped;	/* arm64: of @ram, MEMBLOCK_NOMAP; nothing is allocated there */
	struct kho_ranges boot_services;/* x86: of UEFI; only a boot from cold keeps them */
	struct kho_ranges scratch;	/* in the order of the scratch list; no node needed */
	const struct boot_cpus *cpus;	/* runs, by the CPUs' numbers; a node may have several */
	size_t nr_cpus;			/* entries in cpus */
	const struct boot_cpus *own_cpus;/* of the running kernel; NULL: cpus has them */
	size_t nr_own_cpus;
	uint64_t ima_bytes;		/* that the load takes along for IMA; whole pages */
	uint64_t possible_end_pa;	/* of memory that may be plugged in; 0: of the RAM */
	unsigned int possible_nodes;	/* nodes that could come online; 0: those with memory */
	unsigned int nr_firmware_ranges;/* entries of the firmware's memory map */
	struct tree_counts device_tree;	/* arm64 */
	bool five_level;		/* x86: LA57 is on */
	bool lpa2;			/* arm64: the CPU has LPA2, or may have */
	bool lpa2_known;
	bool gbpages;			/* x86: the CPU has 1 GiB pages */
	/*
	 * Preserved memory and the pages of the map that tells of it; NULL: not known.
	 * Kernels that extend scratch care: without it both ends are followed, nothing
	 * preserved and everything.  And so does RAM that is cut away.
	 */
	const struct kho_ranges *preserved;
	const struct kho_ranges *preserved_map;	/* of those, the map's; NULL: not known */
	uint64_t preserved_ranges;	/* how many there are; 0: not known */
	bool preserved_rounded;		/* to blocks of 1 GiB: whether a cut kills is not known */
};

/* What every slot must leave for the areas to be called large enough. */
struct boot_needs {
	bool all;			/* nothing may be short (see enum boot_short), but for buffers */
	unsigned int margin_percent;	/* with all: of the memory map, that must stay free */
	/* Only whether they are met matters: the walk ends at the first slot that does not meet them. */
	bool hasty;
	/* With hasty: of those slots only that did not meet them before, where there are any. */
	bool of_hard_only;
};

struct boot_load {
	const char *cmdline;		/* that the successor ends up with */
	const char *given;		/* that is loaded; NULL: the same */
	uint64_t initrd_bytes;		/* 0: none */
	bool no_list;			/* the result's list of allocations is not wanted */
	struct kho_budget *budget;	/* NULL: no limit */
	bool each_slot;			/* for tests: a run for each, also where one tells more */
	/* Only the end that is worse, where it is not known how much of RAM is preserved. */
	bool worst_end;
	const struct boot_needs *needs;	/* NULL: none, all slots are followed */
};

enum boot_outcome {
	BOOT_UP,
	BOOT_LOAD_FAILS,	/* kexec_file_load says EADDRNOTAVAIL */
	BOOT_DIES,
};

/* Memory that one user got, in one stretch. */
struct boot_allocation {
	enum boot_user user;
	int wanted_node;	/* KHO_NO_NODE: any */
	uint64_t pieces;
	struct kho_range range;	/* with the node it lies on */
};

/* The request that finds no room: with it the boot, or the load, ends. */
struct boot_unmet {
	uint64_t bytes;		/* of one piece; 0: it was met, but where it must not lie */
	uint64_t align;
	uint64_t pieces;	/* that were not to be had */
	uint64_t largest_bytes;	/* the largest piece that was left where it may lie */
	uint64_t left_bytes;	/* all that was left there */
};

/* Requests that may be met in part, or not at all, without a death. */
enum boot_short {
	BOOT_SHORT_SWIOTLB,		/* bytes */
	BOOT_SHORT_CRASHKERNEL,		/* bytes */
	BOOT_SHORT_HUGEPAGES,		/* pages */
	BOOT_SHORT_LOG_BUF,		/* bytes */
	BOOT_SHORT_OFF_NODE,		/* bytes of the memory map on another node */
	BOOT_SHORT_BUFFERS,		/* of the memory map, in one piece */
	BOOT_SHORT_PRESERVED,		/* bytes of the list of reserved memory */
	BOOT_SHORT_NR
};

/* "swiotlb_bytes": for the JSON. */
const char *boot_short_key(enum boot_short what);

/* Over the slots that come up. */
struct boot_shortfall {
	uint64_t most, least;	/* that one slot lacks */
	uint64_t slots;		/* that lack something */
};

/* What the slots of KASLR come to; without KASLR there is one. */
struct boot_fold {
	/*
	 * Slots that are accounted for.  All, unless so many behave each in its own way
	 * that BOOT_SLOTS_ALL runs are not enough: then those near the ends of each area
	 * and an even sample between them.
	 */
	uint64_t followed;
	uint64_t dying;		/* of those */
	uint64_t close;		/* that come up or die by less than BOOT_MARGIN_BYTES */
	struct boot_shortfall shortfall[BOOT_SHORT_NR];
};

struct boot_result {
	enum boot_outcome outcome;
	enum boot_user failed;		/* whose request: unless BOOT_UP */
	int failed_node;		/* for which node, or KHO_NO_NODE */
	struct boot_unmet unmet;	/* the request itself: unless BOOT_UP */

	/* In order of time; with BOOT_LOAD_FAILS the segments placed by then. */
	struct boot_allocation *alloc;
	size_t nr_allocs;
	size_t cap_allocs;

	/*
	 * Free in scratch once percpu memory has its place; the hash tables, swiotlb and what
	 * else comes later take of it.  0 unless BOOT_UP.
	 */
	uint64_t headroom_bytes;
	/* With BOOT_DIES: so much more would have been enough; 0: more than the margin. */
	uint64_t lacking_bytes;

	uint64_t map_bytes;		/* the whole memory map, without its page tables */
	uint64_t map_least_node_bytes;	/* of it, that of the node that has least */
	uint64_t failed_map_bytes;	/* BOOT_DIES: of it, what describes failed_node */
	/* Of it, in the worst slot, on another node than the memory it describes. */
	uint64_t map_off_node_bytes;
	uint64_t map_in_pages_bytes;	/* of it page by page */
	uint64_t buffers;		/* contiguous buffers wanted */
	uint64_t buffers_failed;
	uint64_t swiotlb_wanted_bytes;	/* 0: none wanted */
	uint64_t swiotlb_bytes;
	uint64_t crashkernel_wanted_bytes;
	uint64_t crashkernel_bytes;	/* 0 with a wanted one: could not be reserved */
	uint64_t crashkernel_cma_wanted_bytes;
	uint64_t crashkernel_cma_bytes;
	uint64_t hugepages_wanted;	/* gigantic ones */
	uint64_t hugepages;
	uint64_t log_buf_wanted_bytes;
	uint64_t log_buf_bytes;
	/* The list of preserved memory; less than wanted: some of that memory is lost. */
	uint64_t preserved_list_wanted_bytes;
	uint64_t preserved_list_bytes;

	bool kaslr;			/* the slot is chosen at random */
	/* KASLR is on, also where it finds no slot: the CPUs' entry areas lie at random (x86). */
	bool entries_at_random;
	uint64_t slots;			/* that it may choose; 1 without KASLR */
	uint64_t runs;			/* that it took to account for them */
	bool one_tells;			/* one run stands for all of them */
	/* The result is the worst slot's; what is short (see enum boot_short) the most of all. */
	struct boot_fold fold;
	uint64_t kernel_pa;		/* where the kernel runs, in the result shown */

	bool preserved_known;
	/* The best end boots, the worst does not: what is preserved, what it does, or the CPU decides. */
	bool depends_on_preserved;
	bool depends_on_extension;
	bool depends_on_lpa2;
	/* From boot_follow_blocks(). */
	uint64_t free_blocks;
	uint64_t needed_blocks;

	/*
	 * RAM that mem= or memmap= takes away, and what is preserved in it.  The successor
	 * dies when it looks into the map of preserved memory there, or for the struct page
	 * of preserved memory in a section without RAM (both seen on 6.18 to 7.3).
	 */
	uint64_t cut_bytes;
	uint64_t cut_preserved_bytes;
	bool cut_kills;
	bool failed_in_cut;	/* with BOOT_DIES: what it took lies in scratch that is cut off */
	uint64_t cut_area_bytes;	/* of them in scratch areas */

	/* Parameters of the command line that take or destroy memory, and are not followed. */
	struct cmdline_note not_followed[CMDLINE_NOTES];
	size_t nr_not_followed;
};

/* Does every slot meet @needs?  @result: of all slots, or of some, of a machine with @map_bytes. */
bool boot_meets(const struct boot_result *result, const struct boot_needs *needs,
		uint64_t map_bytes);

/* Empty, but for the array. */
void boot_result_reset(struct boot_result *result);
void boot_result_deinit(struct boot_result *result);

#endif
