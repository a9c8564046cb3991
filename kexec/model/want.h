/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MODEL_WANT_H
#define MODEL_WANT_H

#include "model/areas.h"

/* A successor, and what is loaded with it. */
struct boot_case {
	const struct boot_kernel *kernel;
	struct boot_load load;
};

/* What is wanted of the areas; beside it nothing that the result can tell may be short. */
struct boot_want {
	unsigned int margin_percent;	/* of the memory map, that stay free */
	/* An initrd that was not given may have up to so much, as far as it can be loaded; 0: no */
	uint64_t initrd_most_bytes;
	/* Memory that must stay outside the areas: the loader's buffers, and the system. */
	uint64_t outside_bytes;
	bool best_only;			/* not the bare minimum */
};

/* A setting, and what comes of it. */
struct boot_advised {
	bool found;
	struct boot_setting setting;
	/* Only if the first kernel is booted with nokaslr: it may lie where there is no room else. */
	bool nokaslr;
	/* The largest initrd that can be loaded with it; 0: one was given, or that there is none. */
	uint64_t initrd_bytes;
	uint64_t total_bytes;			/* of all areas */
	uint64_t headroom_bytes;		/* that the boot leaves */
	uint64_t lacks[BOOT_SHORT_NR];		/* in the worst place of the kernel */
};

#endif
