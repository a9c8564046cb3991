/* SPDX-License-Identifier: GPL-2.0-only */
/* A device tree, by what unflattening it takes. */
#ifndef BASE_TREE_COUNTS_H
#define BASE_TREE_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Without the properties that a load sets; no nodes where the kernel runs by ACPI and leaves the
 * tree flat.
 */
struct tree_counts {
	bool known;
	unsigned int nodes, properties;
	uint64_t names_bytes;	/* of the nodes, each whole and without its address, padded to 8 bytes */
};

#endif
