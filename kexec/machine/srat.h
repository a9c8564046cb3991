/* SPDX-License-Identifier: GPL-2.0-only */
/* The ACPI System Resource Affinity Table: which memory belongs to which node. */
#ifndef KHO_MACHINE_SRAT_H
#define KHO_MACHINE_SRAT_H

#include <stddef.h>
#include <stdint.h>

#include "kho-err.h"
#include "kho-range.h"

/*
 * Append the enabled memory affinities of @table to @map, with the node numbers
 * that Linux gives: proximity domains are numbered as they are met, processors
 * and initiators first, then memory (drivers/acpi/numa/srat.c, acpi_numa_init()
 * and acpi_map_pxm_to_node()).
 * -EBADMSG: not a SRAT, truncated or contradictory; -ENOMEM.
 */
int srat_parse(const uint8_t *table, size_t bytes, struct kho_ranges *map, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
