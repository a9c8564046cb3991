/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of kho_arch_arm64, one a file. */
#ifndef ARCH_ARM64_ARM64_H
#define ARCH_ARM64_ARM64_H

#include "arch/arch.h"
#include "base/tree-counts.h"
#include "successor/containers/container.h"
#include "successor/vmcoreinfo/code-walk.h"

struct boot_kernel;

extern const struct boot_arch boot_arch_arm64;	/* early-boot.c */
extern const struct code_isa code_arm64;		/* code.c; only with capstone */
extern const struct container container_arm64;	/* flat-image.c */

/*
 * The device tree that the loader makes is the machine's own and a little more.  Its segment is
 * aligned to 2 MiB, so a larger one changes nothing before that.
 */
#define ARM64_TREE_BYTES	(UINT64_C(64) << 10)

/* include/linux/of.h, sizeof(struct device_node), as 6.18 to 7.3 have it with OF_KOBJ. */
#define ARM64_NODE_BYTES	208

/*
 * drivers/of/fdt.c, __unflatten_device_tree(): what @dt takes with what a load sets, for @k; 0:
 * nothing.  Where it is not known, twice what virt takes, and more for each of @cpus.
 */
uint64_t arm64_unflat_bytes(const struct boot_kernel *k, const struct tree_counts *dt,
			    uint64_t cpus, bool has_initrd);

/* load-rules.c */
bool arm64_refuses(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal);

#endif
