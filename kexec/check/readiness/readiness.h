/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Will the handover happen at all?  The running kernel's outgoing state against
 * what the successor can read: a successor may boot well and find nothing.
 *
 * Pure: no I/O, no clock, no globals.
 */
#ifndef CHECK_READINESS_READINESS_H
#define CHECK_READINESS_READINESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding/finding.h"
#include "base/list.h"
#include "machine/machine.h"
#include "successor/known-formats.h"
#include "successor/successor.h"

/* What becomes of state that the running kernel hands over, as far as can be known now. */
enum kho_fate {
	KHO_FATE_ARRIVES,
	KHO_FATE_LOST,		/* the successor boots and ignores it */
	KHO_FATE_PANIC,		/* the successor panics when it finds it */
	KHO_FATE_UNKNOWN,
};

/* "arrives", "lost", "panic", "unknown". */
const char *kho_fate_name(enum kho_fate fate);

struct kho_readiness {
	enum kho_fate handover;		/* of all of it: is it looked at? */

	/* What the running kernel writes, the machine's; NULL: not known. */
	const struct handover_compatible *format;

	/* One for each of machine->handover.out.producer; NULL where there are none. */
	enum kho_fate *producer;

	/* "kho-vN": every N that stands in the successor's image. */
	struct successor_versions abi;

	/* Each reserve_mem= of the successor finds its region again: it takes no memory. */
	bool reserve_mem_revived;

	/* Only where the preserved memory is known. */
	uint64_t gib_blocks;		/* aligned blocks of 1 GiB that hold RAM */
	uint64_t free_gib_blocks;	/* of those, without preserved memory */
	uint64_t in_scratch_bytes;	/* preserved, though it lies in a scratch area */
	uint64_t outside_bytes;		/* preserved, where no RAM is passed to the successor */
};

/* "memblock-v1, reserve-mem-v1": the formats of a blob; "raw" where it names none, "unread". */
void kho_producer_formats(const struct handover_producer *p, struct kho_list *formats);

/* The regions of reserve_mem= in it, by name. */
void kho_producer_regions(const struct handover_producer *p, struct kho_list *regions);

/* What is compared; the command line is NULL where none was given. */
struct kho_readiness_of {
	const struct successor *successor;	/* NULL: the machine alone */
	const struct machine *machine;
	const char *cmdline;
	const struct successor_formats *formats;	/* kho_readiness_check() sets it */
};

/*
 * Judge.  On success @readiness is to be given to kho_readiness_deinit().  0 or -ENOMEM.
 */
int kho_readiness_check(const struct kho_readiness_of *of, struct kho_readiness *readiness,
			struct kho_findings *findings) __attribute__((warn_unused_result));

void kho_readiness_deinit(struct kho_readiness *readiness);

/* The formats that this kernel writes and that the successor reads, in words; "" for none. */
void kho_readiness_formats(const struct kho_readiness *readiness, struct kho_list *written,
			   struct kho_list *read);

/* ---- its parts, for kho_readiness_check() ---- */

/* Does one of the formats stand in the successor's image?  UNKNOWN without an image. */
enum kho_tri kho_readiness_reads(const struct kho_readiness_of *of,
				 const struct handover_compatible *c);

/* Each producer, by name: what the successor does with its blob. */
int kho_readiness_producers(const struct kho_readiness_of *of, struct kho_readiness *readiness,
			    struct kho_findings *findings) __attribute__((warn_unused_result));

/* Is KHO on in the successor?  UNKNOWN: not given, and the image does not tell the default. */
enum kho_tri kho_readiness_kho_on(const struct kho_readiness_of *of);

/* kho=, reserve_mem= and crashkernel= on both command lines. */
int kho_readiness_cmdline(const struct kho_readiness_of *of, struct kho_readiness *readiness,
			  struct kho_findings *findings) __attribute__((warn_unused_result));

/* All scratch is in RAM that is passed to the successor; also where one of them is not known. */
bool kho_readiness_areas_in_ram(const struct machine *m);

/* Where kernels of one format differ: does the successor's map have the levels of this kernel's? */
int kho_readiness_map_levels(const struct kho_readiness_of *of, struct kho_readiness *readiness,
			     struct kho_findings *findings) __attribute__((warn_unused_result));

/* Preserved memory, areas and RAM against each other and against mem= and memmap=. */
int kho_readiness_memory(const struct kho_readiness_of *of, struct kho_readiness *readiness,
			 struct kho_findings *findings) __attribute__((warn_unused_result));

#endif
