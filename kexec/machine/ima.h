/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_IMA_H
#define MACHINE_IMA_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * How much room the measurement list of the running kernel takes at a load, into @m->ima_bytes
 * (security/integrity/ima/ima_kexec.c, ima_add_kexec_buffer()).  0 where there is no list, or where
 * it can't be read.
 */
void ima_read(const struct machine_tree *tree, struct machine *m);

#endif
