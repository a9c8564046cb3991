/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of kho_arch_arm64, one a file. */
#ifndef ARCH_ARM64_ARM64_H
#define ARCH_ARM64_ARM64_H

#include "arch/arch.h"
#include "successor/containers/container.h"
#include "successor/vmcoreinfo/code-walk.h"

extern const struct boot_arch boot_arch_arm64;	/* early-boot.c */
extern const struct code_isa code_arm64;		/* code.c; only with capstone */
extern const struct container container_arm64;	/* flat-image.c */

/*
 * The device tree that the loader makes is the machine's own and a little more; it is not
 * looked at.  Its segment is aligned to 2 MiB, so a larger one changes nothing before that.
 * Unflattened it is larger again, and grows with the CPUs: seen on virt, 84 KiB with one.
 */
#define ARM64_TREE_BYTES		(UINT64_C(64) << 10)
#define ARM64_UNFLAT_BYTES(cpus)	((UINT64_C(88) << 10) + (cpus) * (UINT64_C(1) << 10))

/* load-rules.c */
bool arm64_refuses(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal);

#endif
