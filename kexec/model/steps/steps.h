/* SPDX-License-Identifier: GPL-2.0-only */
/* The steps of early boot, and one run through all of them (sequence.c). */
#ifndef MODEL_STEPS_STEPS_H
#define MODEL_STEPS_STEPS_H

#include "model/toolbox/run.h"

/* One run of the model, with the kernel at one place; the result is in b->out. */
struct boot_run {
	uint64_t kernel_pa;
	bool extend;		/* scratch is extended */
	bool quiet;		/* the list of allocations is not wanted */
	/*
	 * It tells for this place only, so that what depends on the place by a few pages is followed
	 * too: which page tables come out of .brk, and the list of reserved memory that grows.
	 */
	bool exact;
	void (*begin)(struct boot *b);	/* called before the first request; or NULL */
	struct shift *shift;	/* for which places it goes the same way; NULL: not wanted */
	/*
	 * Not NULL: the result of a run with the kernel above where it is now, of which it is
	 * known (slots/certain.h) that nothing but the bounce buffer can come below; and the
	 * bytes that were reserved there before the first request.
	 */
	const struct boot_result *above;
	uint64_t above_loaded_bytes;
};

void boot_run(struct boot *b, const struct boot_run *how);

/* What is cut away of preserved memory, once RAM and sections are known. */
int boot_cut_preserved(struct boot *b) __attribute__((warn_unused_result));

/*
 * Fill the result's counts of 1 GiB blocks.  @boots tries the boot with
 * what is preserved, which is in b->kept then.
 */
int boot_count_blocks(struct boot *b, bool (*boots)(struct boot *b))
	__attribute__((warn_unused_result));

/* The steps, in order; sequence.c calls them. */
/* kho_extend_scratch(): every 1 GiB block without preserved memory is scratch too. */
void boot_extend_scratch(struct boot *b);
void boot_log_buf(struct boot *b, uint64_t bytes);
void boot_cma(struct boot *b);
void boot_crashkernel(struct boot *b);
void boot_hugepages(struct boot *b);
bool boot_memory_map(struct boot *b);
/* The memory map of one node's sections, or with KHO_NO_NODE of all, in bytes. */
uint64_t boot_map_bytes(const struct boot *b, int node);
/* Of the node whose part is the smallest. */
uint64_t boot_least_map_bytes(const struct boot *b);
bool boot_percpu(struct boot *b);
bool boot_hashes(struct boot *b);
void boot_kfence_pool(struct boot *b);
void boot_kfence_metadata(struct boot *b);
bool boot_stack_depot(struct boot *b);
/* That memblock's list of reserved memory has room for at first. */
uint64_t boot_first_regions(const struct boot *b);
void boot_list_preserved(struct boot *b);
void boot_swiotlb(struct boot *b);

#endif
