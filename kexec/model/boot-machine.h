/* SPDX-License-Identifier: GPL-2.0-only */
/* From what a machine shows to what the model wants to know. */
#ifndef MODEL_BOOT_MACHINE_H
#define MODEL_BOOT_MACHINE_H

#include "machine/machine.h"
#include "model/toolbox/data.h"

/*
 * Fill @bm from @m, whose ranges it shares.  What is not known of the machine is taken as what
 * takes most memory (five-level page tables, no pages of 1 GiB, most firmware ranges); but for
 * CPUs: one is taken where they are not known, and readiness reports cpus-unknown.
 * On success @bm is to be given to boot_machine_deinit().  0 or -ENOMEM.
 */
int boot_machine_init(struct boot_machine *bm, const struct machine *m)
	__attribute__((warn_unused_result));

void boot_machine_deinit(struct boot_machine *bm);

#endif
