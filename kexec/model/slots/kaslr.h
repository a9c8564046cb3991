/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the x86 decompressor may move the kernel when it was started by a
 * handover: arch/x86/boot/compressed/kaslr.c, process_kho_entries().
 */
#ifndef MODEL_SLOTS_KASLR_H
#define MODEL_SLOTS_KASLR_H

#include "model/toolbox/run.h"

#define KASLR_AREAS	100	/* MAX_SLOT_AREA: what comes after is not used */

/* Possible starts: @first_pa and every further align_bytes of the kernel, @count in all. */
struct kaslr_area {
	uint64_t first_pa;
	uint64_t count;
};

/* The areas to choose from, in the kernel's order; 0: it stays where it was loaded. */
size_t kaslr_areas(const struct boot *b, struct kaslr_area area[KASLR_AREAS]);

#endif
