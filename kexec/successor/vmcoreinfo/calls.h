/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMCOREINFO before it exists: the text is made at boot, by calls of one function,
 * vmcoreinfo_append_str(format, ...), with constants.  They are read where they
 * stand, in the code that makes the calls.
 */
#ifndef SUCCESSOR_VMCOREINFO_CALLS_H
#define SUCCESSOR_VMCOREINFO_CALLS_H

#include "arch/arch.h"
#include "base/unpack/unpack.h"
#include "successor/vmcoreinfo/code-walk.h"

/* Calls of vmcoreinfo_append_str() that are noted. */
#define VMCOREINFO_MAX_CALLS 512

/* Functions, called in between, that are looked into for more of them. */
#define VMCOREINFO_MAX_CALLEES 32

/* One such call. */
struct vmcoreinfo_call {
	uint64_t site;
	struct code_regs regs;
};

/* All of them, in the order in which they are made, as far as the code tells it. */
struct vmcoreinfo_calls {
	struct vmcoreinfo_call *call;
	size_t nr;
	bool whole;	/* none was missed */
};

/*
 * Find them.  -ENOENT: the image has no code that makes a VMCOREINFO, or it can't
 * be followed; -ENOMEM.  @calls is to be freed with vmcoreinfo_calls_deinit().
 */
int vmcoreinfo_calls_find(const struct code_isa *isa, const struct successor_image *image,
			  struct vmcoreinfo_calls *calls) __attribute__((warn_unused_result));

void vmcoreinfo_calls_deinit(struct vmcoreinfo_calls *calls);

/*
 * The text that they make: a line a call.  A value that only the booting kernel
 * knows ends in '?': "KERNELOFFSET=?"; one that KASLR moves, in the address as it
 * was linked and '?': "SYMBOL(_stext)=ffffffff81000000?".  @whole is cleared when a
 * call could not be understood.  @arch has an isa.  -ENOMEM; -EINVAL: this is no VMCOREINFO.
 */
int vmcoreinfo_print(const struct kho_arch *arch, const struct successor_image *image,
		     const struct vmcoreinfo_calls *calls, struct kho_buffer *text, bool *whole)
	__attribute__((warn_unused_result));

#endif
