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

/* load-rules.c */
bool arm64_refuses(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal);

#endif
