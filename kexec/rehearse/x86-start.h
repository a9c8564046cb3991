/* SPDX-License-Identifier: GPL-2.0-only */
/* The first instructions of an x86 guest, in place of firmware. */
#ifndef REHEARSE_X86_START_H
#define REHEARSE_X86_START_H

#include <stddef.h>
#include <stdint.h>

/* Room that x86_start() takes at the end of the ROM. */
#define X86_START_BYTES	256

struct x86_start {
	uint32_t page_table_pa;	/* of an identity map that has the ROM and the entry */
	uint64_t entry_pa;	/* in 64-bit mode: load address of the kernel and 0x200 */
	uint64_t params_pa;	/* the zero page, for RSI */
};

/*
 * Fill the last X86_START_BYTES bytes of @rom, which ends at 4 GiB: from the reset
 * vector to 64-bit mode and the entry (Documentation/arch/x86/boot.rst, "64-bit Boot
 * Protocol").
 */
void x86_start(uint8_t *rom, size_t rom_bytes, const struct x86_start *start);

#endif
