/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MODEL_WANT_H
#define MODEL_WANT_H

#include <stdint.h>

/* What is wanted of the areas; beside it nothing that the result can tell may be short. */
struct boot_want {
	unsigned int margin_percent;	/* of the memory map, that stay free */
	/* An initrd that was not given may have up to so much, as far as it can be loaded; 0: no */
	uint64_t initrd_most_bytes;
	/* Memory that must stay outside the areas: the loader's buffers, and the system. */
	uint64_t outside_bytes;
};

#endif
