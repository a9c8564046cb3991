/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_BOOT_SERVICES_H
#define MACHINE_BOOT_SERVICES_H

#include "machine/machine.h"
#include "machine/tree.h"

#define BOOT_SERVICES_SOURCE "dev/mem"

/*
 * x86, booted by UEFI: the memory of the boot services, which a cold boot keeps reserved until its
 * page allocator is up (arch/x86/platform/efi/quirks.c, efi_reserve_boot_services()), so that no
 * area lies there.  No file of sysfs shows it; but the firmware's memory map that the EFI stub left
 * stays where struct efi_info of the boot parameters says.  That is memory of type ACPI reclaim
 * (drivers/firmware/efi/libstub/mem.c, efi_get_memory_map()), no RAM to the kernel: /proc/kcore
 * lacks it, /dev/mem has it, unless the kernel is built with CONFIG_IO_STRICT_DEVMEM or locked
 * down.  A kernel that kexec started was handed a map without boot services.
 * Sets @m->uefi, and boot_services with boot_services_known where the map can be read; what can't
 * be read is no error.  0 or -ENOMEM.
 */
int boot_services_read(const struct machine_tree *tree, struct machine *m)
	__attribute__((warn_unused_result));

#endif
