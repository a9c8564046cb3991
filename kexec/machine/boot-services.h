/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_BOOT_SERVICES_H
#define MACHINE_BOOT_SERVICES_H

#include "machine/kcore.h"
#include "machine/machine.h"

/*
 * x86, booted by UEFI: the memory of the boot services, which a cold boot keeps reserved until its
 * page allocator is up (arch/x86/platform/efi/quirks.c, efi_reserve_boot_services()), so that no
 * area lies there.  No file shows it; but the firmware's memory map that the EFI stub left stays
 * where struct efi_info of the boot parameters says (efi_memblock_x86_reserve_range()), and @core
 * shows its content.  A kernel that kexec started was handed no boot services.
 * Sets @m->uefi, and boot_services with boot_services_known where the map can be read.
 * @core: NULL: there is none.  0 or -ENOMEM.
 */
int boot_services_read(const struct machine_tree *tree, const struct kcore *core, struct machine *m)
	__attribute__((warn_unused_result));

#endif
