/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scratch areas that a kernel sets aside when it boots from cold
 * (kernel/liveupdate/kexec_handover.c, kho_reserve_scratch()): early boot is followed with all
 * memory, and the areas come out of what is free at its end.
 */
#ifndef MODEL_AREAS_H
#define MODEL_AREAS_H

#include "model/boot.h"

/* More are not laid out: lowmem, global and 256 nodes. */
#define BOOT_AREAS_MAX	258

/* kho_scratch=; without it the kernel takes 200 %. */
struct boot_setting {
	unsigned int percent;		/* kho_scratch=N%; 0: the three sizes count */
	uint64_t low_bytes;
	uint64_t global_bytes;
	uint64_t node_bytes;
};

/* The cold boot in which the areas are made. */
struct boot_cold {
	const char *cmdline;		/* of that boot; NULL: none */
	uint64_t kernel_pa;		/* where it runs; 0: where its header wants it */
	struct kho_range initrd;	/* where the boot loader puts it; empty: none */
	const char *release;		/* of the kernel that makes them; "": not known */
};

#define BOOT_PERCENT_DEFAULT	200	/* scratch_scale */

/*
 * What areas are rounded up to: CMA_MIN_ALIGNMENT_BYTES, a PMD, up to 7.1;
 * SCRATCH_ALIGNMENT_BYTES, the largest block of the buddy allocator, from 7.2 on.  @release
 * is that of the kernel that makes them, "" where it is not known: the larger one then.
 */
uint64_t boot_area_align(const char *release, uint64_t pmd_bytes);

/*
 * Read a value of kho_scratch= as kho_parse_scratch_size() does: "16M,42M,50M" or "150%".
 * False: the kernel would refuse it.
 */
bool boot_setting_parse(const char *text, struct boot_setting *set);

/* Memory as it is when the areas are made.  All zeros is an empty one. */
struct boot_cold_memory {
	struct memblock *mb;
	int *node;			/* with memory, by number */
	size_t nr_nodes;
	uint64_t align_bytes;		/* boot_area_align() */
	bool rounds_low_first;		/* up to 6.18: before the global area's is worked out */
	uint64_t page_bytes;
	uint64_t free_bytes;
	/* MEMBLOCK_RSRV_KERN: what N% is of; gigantic pages left out where the kernel does. */
	uint64_t kernel_low_bytes;	/* below 4 GiB */
	uint64_t kernel_bytes;
	uint64_t *kernel_node_bytes;	/* by index in node */
	uint64_t crashkernel_bytes;	/* of it */
	/* The kernel itself, from its first byte to its last: of it too, where it lies. */
	uint64_t image_pa;
	uint64_t image_bytes;
	uint64_t image_align_bytes;
	bool kaslr;			/* it chooses its place at random */
};

/*
 * Follow the cold boot of @kernel on @machine, of which scratch and preserved are not looked
 * at.  On success @memory is to be given to boot_cold_deinit().
 * 0; errors as boot_follow(); -ENOSPC: the kernel itself does not come up, or there are
 * more nodes than BOOT_AREAS_MAX allows.
 */
int boot_cold_follow(struct boot_work *work, const struct boot_kernel *kernel,
		     const struct boot_machine *machine, const struct boot_cold *cold,
		     struct kho_budget *budget, struct boot_cold_memory *memory)
	__attribute__((warn_unused_result));

/*
 * The areas, in the kernel's order, with the node that each lies on.  @areas is emptied first.
 * 0; -ENOMEM; -ENOSPC: one finds no room, and the kernel turns KHO off.
 */
int boot_lay_out(const struct boot_cold_memory *memory, const struct boot_setting *set,
		 struct kho_ranges *areas) __attribute__((warn_unused_result));

/* What @set comes to, before it is rounded up. */
uint64_t boot_setting_bytes(const struct boot_cold_memory *memory, const struct boot_setting *set);

void boot_cold_deinit(struct boot_cold_memory *memory);

/*
 * The areas of @set at @cold's boot, in @areas; 0, -ENOSPC, or errors as boot_follow().
 */
int boot_areas_of(struct boot_work *work, const struct boot_kernel *kernel,
		  const struct boot_machine *machine, const struct boot_cold *cold,
		  const struct boot_setting *set, struct kho_ranges *areas)
	__attribute__((warn_unused_result));

#endif
