/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the running kernel is about to hand over, and what it was handed: the
 * device trees below /sys/kernel/debug/kho, and the map of preserved memory that
 * the outgoing one points to.
 */
#ifndef MACHINE_HANDOVER_HANDOVER_H
#define MACHINE_HANDOVER_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/range.h"
#include "machine/handover/compatible.h"

struct kcore;	/* machine/kcore.h */

/* How much of a blob was read.  In part is never fine: what is behind may be anything. */
enum handover_blob {
	HANDOVER_BLOB_UNREAD,
	HANDOVER_BLOB_WHOLE,
	HANDOVER_BLOB_PART,	/* a device tree, up to what is said in @trouble */
};

/* One blob of one producer: "memblock", "LUO", "kexec-metadata", ... */
struct handover_producer {
	char *name;		/* as the root names it; printable */
	enum handover_blob read;
	char *trouble;		/* why not, or in part; NULL: it is whole, or not to be seen */
	bool is_fdt;		/* a device tree; else a format of its producer's own */
	uint64_t blob_bytes;	/* 0: not known */
	/* Of a device tree, or of the struct that "LUO" is from 7.2 on; else none. */
	struct handover_compatible *compatible;
	size_t nr_compatibles;
	/* memblock: the regions of reserve_mem= it hands over, by name */
	char **reserve_mem;
	size_t nr_reserve_mem;
	void *state;		/* what else is known of it: producers/NAME.c has its type; or NULL */
};

enum handover_state {
	/*
	 * No such folder, or no tree in it.  Linux 7.x shows no kho/out/fdt when it was
	 * started by a handover itself: the producers are then those of sub_fdts.
	 */
	HANDOVER_ABSENT,
	HANDOVER_READ,
	HANDOVER_HIDDEN,	/* not for this user */
	HANDOVER_MALFORMED,	/* there, but not a valid device tree */
};

/* One root tree: kho/out or kho/in. */
struct handover_tree {
	enum handover_state state;
	const char *source;		/* where the root was read; NULL unless READ */
	struct handover_compatible root;	/* "kho-v1" ...; only when READ */
	struct handover_producer *producer;
	size_t nr_producers;
	char *producers_trouble;	/* why there may be more than these; NULL: all are here */
	bool cut;			/* Linux 7.x shows a part: no producers come from it */
	uint64_t preserved_map_pa;	/* 0: none is named */
};

enum handover_finalized {
	FINALIZED_NOT_WANTED,	/* later kernels have no such file (7.1: none) */
	FINALIZED_YES,
	FINALIZED_NO,
	FINALIZED_UNKNOWN,
};

struct machine_handover {
	struct handover_tree out;
	struct handover_tree in;	/* HANDOVER_ABSENT: a cold boot, or not to be seen */
	enum handover_finalized finalized;

	/* Of the kernel that handed over to this one (kexec-metadata); NULL: not known. */
	char *previous_release;
	int64_t hops;			/* handovers since the cold boot; -1: not known */

	/* Memory that is preserved now; ascending, without overlap, no node. */
	bool preserved_known;
	struct kho_ranges preserved;
	/*
	 * Pages of the map itself.  They are not preserved, but a successor that extends
	 * its scratch leaves their 1 GiB blocks alone.  As above.
	 */
	struct kho_ranges preserved_map;
	bool preserved_rounded;		/* to whole blocks of 1 GiB: a snapshot's may be */
	uint64_t preserved_count;	/* ranges before that; 0: not known */
	const char *preserved_source;	/* "proc/kcore"; NULL when not known */
	char *preserved_trouble;	/* why it is not known; NULL: it is, or KHO is off */
};

void handover_tree_deinit(struct handover_tree *tree);

/* What the running kernel's image tells of each producer of @out.  0 or -ENOMEM. */
int handover_read_kernel(const struct kcore *core, struct handover_tree *out)
	__attribute__((warn_unused_result));

void machine_handover_deinit(struct machine_handover *handover);

#endif
