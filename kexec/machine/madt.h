/* SPDX-License-Identifier: GPL-2.0-only */
/* The ACPI Multiple APIC Description Table: the CPUs that firmware lists. */
#ifndef MACHINE_MADT_H
#define MACHINE_MADT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MADT_CPUS	65536	/* more than any kernel has */

/* Which entries count (arch/x86/kernel/acpi/boot.c, acpi_is_processor_usable()). */
struct madt_rules {
	bool arm64;		/* GICC entries, not APICs */
	bool hypervisor;	/* x86: disabled ones may be plugged in */
	bool online_capable;	/* x86: ACPI 6.3, they say so themselves */
};

/*
 * The CPUs of @table, each by the number that the SRAT knows it by (APIC id, or the ACPI
 * processor uid of a GICC), in the order in which Linux numbers them: the enabled ones as they are
 * listed, then the others by number.  The caller frees *@ids.
 * -EBADMSG: not a MADT, cut short, or with more than MADT_CPUS; -ENOENT: it lists none; -ENOMEM.
 */
int madt_cpus(const uint8_t *table, size_t bytes, const struct madt_rules *rules, uint32_t **ids,
	      size_t *n, struct kho_err *err) __attribute__((warn_unused_result));

#endif
