/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of a machine's firmware early boot sees and struct machine does not keep, read
 * from the machine itself or its copied tree.
 */
#ifndef REHEARSE_FIRMWARE_H
#define REHEARSE_FIRMWARE_H

#include <stddef.h>
#include <stdint.h>

#include "base/range.h"

#define FIRMWARE_ENTRIES	1024
#define FIRMWARE_SMBIOS_BYTES	(256u << 10)	/* what is larger is left out */

/* An entry of the memory map; half-open; type as in e820 (arch/x86/include/asm/e820/types.h). */
struct firmware_entry {
	uint64_t start_pa;
	uint64_t end_pa;
	uint32_t type;
};

struct firmware {
	/* Ascending.  More than there is room for, or one that cannot be read: none. */
	struct firmware_entry entry[FIRMWARE_ENTRIES];
	size_t nr_entries;
	struct kho_ranges srat;		/* its memory with nodes, RAM or not; none: not to be had */
	uint8_t *slit;			/* the table as it is; NULL: none, or not to be had */
	size_t slit_bytes;
	uint8_t *smbios;		/* its structures; NULL: none, or not to be had */
	size_t smbios_bytes;
};

/*
 * Read below @root ("/" for this machine).  What cannot be read is not in it: a snapshot
 * has none of it, and the tables are for root only.  0 or -ENOMEM.
 */
int firmware_read(const char *root, struct firmware *firmware) __attribute__((warn_unused_result));

void firmware_deinit(struct firmware *firmware);

#endif
