/* SPDX-License-Identifier: GPL-2.0-only */
/* The ACPI System Resource Affinity Table: which memory belongs to which node. */
#ifndef MACHINE_SRAT_H
#define MACHINE_SRAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/range.h"

/* The memory affinities that are enabled. */
struct srat_blocks {
	struct kho_ranges memory;	/* each with its node, in the table's order */
	struct kho_ranges hotpluggable;	/* of those, where DIMMs may be plugged in; no node */
	/* Processors that are enabled: their numbers (APIC id, uid of a GICC), with their nodes. */
	struct kho_ranges processors;
	uint64_t end_pa;		/* of the highest, with what a dropped table has up to there */
};

/*
 * Append the memory affinities of @table to @blocks, which is to be given to
 * srat_blocks_deinit() whatever is returned, with the node numbers that Linux gives:
 * proximity domains are numbered as they are met, processors and initiators first, then
 * memory (drivers/acpi/numa/srat.c, acpi_numa_init() and acpi_map_pxm_to_node()).
 * -EBADMSG: not a SRAT, or cut short; -ENOTSUP: every kernel drops it (bad_srat()), and
 * @err says why; -ENOMEM.
 */
int srat_parse(const uint8_t *table, size_t bytes, struct srat_blocks *blocks,
	       struct kho_err *err) __attribute__((warn_unused_result));

#define SRAT_PATH "sys/firmware/acpi/tables/SRAT"

/* Types of affinity structures (ACPI 6.5, 5.2.16): processors, by their interrupt controller. */
enum {
	SRAT_PROCESSOR_APIC = 0,
	SRAT_PROCESSOR_X2APIC = 2,
	SRAT_PROCESSOR_GICC = 3,
};

/* Does @table, up to where it makes sense, hold an affinity structure of this type? */
bool srat_has_processor(const uint8_t *table, size_t bytes, unsigned int type);

void srat_blocks_deinit(struct srat_blocks *blocks);

/* What differs between architectures. */
struct srat_rules {
	/* RAM that may lack a node: arch/x86/mm/numa.c 1 MiB, mm/arch_numa.c none. */
	uint64_t nodeless_limit_bytes;
	uint64_t page_bytes;
};

/*
 * Which addresses belong to which node, appended to @map in ascending order, for a kernel
 * that is given @ram (mm/numa_memblks.c, numa_cleanup_meminfo()): blocks without RAM don't
 * count, the others are cut to where RAM begins and ends, and holes between blocks of one
 * node are the node's.
 * -ENOTSUP: the kernel drops the table, since two nodes overlap or too much RAM has no node
 * (mm/memblock.c, memblock_validate_numa_coverage()); @err says which.  -ENOMEM.
 */
int srat_nodes(const struct kho_ranges *ram, const struct kho_ranges *blocks,
	       const struct srat_rules *rules, struct kho_ranges *map, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
