/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ACPI tables for the guest: no firmware stands between the rehearsal and the
 * successor, so what early boot reads of a machine's firmware is made here.
 */
#ifndef REHEARSE_ACPI_H
#define REHEARSE_ACPI_H

#include "machine/machine.h"
#include "rehearse/bytes.h"
#include "rehearse/firmware.h"

/* A processor's number fits in eight bits, and the last one means all of them. */
#define ACPI_CPUS_MAX	255

/*
 * RSDP, XSDT, FADT, DSDT, MADT, HPET and, where the nodes are known, SRAT, into @o, of
 * which the first byte will stand at @base_pa.  @rsdp_pa is where the first one is.
 *
 * All possible CPUs are enabled in the MADT, though the guest has one: they would be
 * woken only long after the rehearsal's end.  SRAT: proximity domains have the numbers
 * of the nodes, and are met in that order (drivers/acpi/numa/srat.c).

 * Where @firmware has them, memory in the SRAT is what the machine's own has, and the
 * SLIT is the machine's.
 * What does not fit shows in @o->full.
 */
void acpi_write(struct bytes_out *o, uint64_t base_pa, const struct machine *m,
		const struct firmware *firmware, uint64_t *rsdp_pa);

#endif
