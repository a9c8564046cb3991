/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SMBIOS tables of the guest.  Early boot keeps what it reads there in .brk
 * (dmi_alloc(), arch/x86/include/asm/dmi.h), so without them the kernel would end a page
 * lower than on a real machine.
 */
#ifndef REHEARSE_SMBIOS_H
#define REHEARSE_SMBIOS_H

#include "rehearse/bytes.h"
#include "rehearse/firmware.h"

#define SMBIOS_ENTRY_BYTES	32	/* of which the last ones are room */

/*
 * The structures, those of @firmware where it has them, into @o, whose first byte will
 * stand at @base_pa; and at @entry, SMBIOS_ENTRY_BYTES large and on a multiple of 16 in the
 * 64 KiB below 1 MiB, what the kernel looks for (drivers/firmware/dmi_scan.c).
 * What does not fit shows in @o->full.
 */
void smbios_write(struct bytes_out *o, uint64_t base_pa, const struct firmware *firmware,
		  uint8_t *entry);

#endif
