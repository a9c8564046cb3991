/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of kho_arch_x86_64, one a file. */
#ifndef ARCH_X86_64_X86_64_H
#define ARCH_X86_64_X86_64_H

#include "arch/arch.h"
#include "successor/containers/container.h"
#include "successor/vmcoreinfo/code-walk.h"

extern const struct boot_arch boot_arch_x86_64;	/* early-boot.c */
extern const struct code_isa code_x86_64;		/* code.c; only with capstone */
extern const struct container container_bzimage;	/* bzimage.c */

/* direct-map.c; false: the successor dies */
struct boot;
bool x86_64_map_memory(struct boot *b);

/* load-rules.c */
bool x86_64_refuses(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal);

#endif
