/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REHEARSE_PLACE_H
#define REHEARSE_PLACE_H

#include "model/boot.h"
#include "rehearse/guest-load.h"

/* From what it follows. */
struct place_want {
	const struct boot_kernel *kernel;
	const struct boot_load *with;	/* what the load gets */
	const struct boot_result *model;
};

struct rehearse_place {
	uint64_t kernel_pa;	/* where the kernel runs */
	bool at_random;		/* KASLR is on, and off in the guest (x86: CPU entry areas too) */
	bool forced;		/* it is the model's worst place (physical; arm64 has none), */
	uint64_t slots;		/* of so many, */
	char reason[160];	/* and what makes it that */
};

/*
 * Fill in @load->segments, as kexec_file_load places them on @load->machine, and
 * @load->kernel_pa: there too, or with KASLR the model's worst place.  -ENOMEM;
 * -EADDRNOTAVAIL: the load itself fails.
 */
int rehearse_place(const struct place_want *want, const struct rehearse_arch *arch,
		   struct rehearse_load *load, struct rehearse_place *place, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * KASLR asks for as much room as the kernel takes.  To be unpacked in its place it takes a
 * little more, which in the guest must be RAM, and nobody else's.  0, or -ENOTSUP.
 */
int rehearse_check_place(const struct rehearse_load *load, const struct guest_shape *shape,
			 struct kho_err *err) __attribute__((warn_unused_result));

#endif
