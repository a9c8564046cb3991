// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk through code.  The first byte chooses the instruction set; what follows
 * is a function.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "fuzz.h"

#ifdef HAVE_CAPSTONE

#include "arch/arm64/arm64.h"
#include "arch/x86_64/x86_64.h"
#include "successor/vmcoreinfo/code-walk.h"

#define CODE_VA UINT64_C(0xffffffff81000000)

static bool on_call(void *data, enum code_flow how, uint64_t site, uint64_t target,
		    const struct code_regs *regs)
{
	return how == CODE_JUMP && target == CODE_VA;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct successor_image image = { .flat = false };
	struct image_section section = { .name = ".init.text", .va = CODE_VA, .flags = IMAGE_EXEC };
	const struct code_isa *isa;
	uint64_t reference_va;

	if (!size)
		return 0;
	isa = data[0] & 1 ? &code_arm64 : &code_x86_64;
	section.bytes = (struct kho_bytes){ data + 1, size - 1 };
	if (image_add_section(&image, &section))
		abort();
	if (code_walk(isa, &image, CODE_VA, &(struct code_visit){ .on_call = on_call }) == -ENOMEM)
		abort();
	if (!isa->find_reference(section.bytes, CODE_VA, CODE_VA + 64, &reference_va))
		isa->find_entry(&image, reference_va);
	free(image.sections);
	return 0;
}

#else

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return 0;
}

#endif
