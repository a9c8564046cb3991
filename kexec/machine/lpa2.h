/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_LPA2_H
#define MACHINE_LPA2_H

#include "machine/kcore.h"
#include "machine/machine.h"

/*
 * arm64: does the CPU have LPA2, without which a kernel that is configured for addresses of 52 bits
 * and pages of 4 or 16 KiB has those of 48 (arch/arm64/include/asm/pgtable-prot.h,
 * lpa2_is_enabled())?  No file says so, but @core shows it: the direct map begins at
 * -(1 << vabits_actual) (asm/memory.h), below 0xffff000000000000 with 52 bits only.  With 48, a
 * VA_BITS of 52 in the VMCOREINFO note means that the CPU has no more.
 * Not known: another architecture, pages of 64 KiB (they do not need it), a kernel that is configured
 * for 48, or one whose command line takes the bits away.  Sets @m->lpa2 and @m->lpa2_known.
 */
void lpa2_read(const struct kcore *core, struct machine *m);

#endif
