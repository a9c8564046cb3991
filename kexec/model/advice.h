/* SPDX-License-Identifier: GPL-2.0-only */
/* The smallest kho_scratch= with which this successor boots on this machine. */
#ifndef MODEL_ADVICE_H
#define MODEL_ADVICE_H

#include "model/boot.h"

/*
 * kho_scratch=low,global,node in bytes, each a multiple of the PMD.  It is the
 * first kernel of a chain of handovers that reads it: at a cold boot.
 */
struct boot_advice {
	/* False: no setting was found within the budget, or the present areas are not a
	 * lowmem, a global and one for each node. */
	bool found;
	uint64_t low_bytes;
	uint64_t global_bytes;
	uint64_t node_bytes;
	uint64_t total_bytes;		/* low + global + nodes * node */
	uint64_t present_bytes;		/* what is set aside now */
	uint64_t headroom_bytes;	/* that it leaves */
};

/*
 * @margin_percent of the memory map are to stay free.  New areas are taken to lie
 * where the present ones do, each growing or shrinking at its lower end.
 * 0; errors as boot_follow(), but for -EDQUOT.
 */
int boot_advise(struct boot_work *work, const struct boot_kernel *kernel,
		const struct boot_machine *machine, const struct boot_load *load,
		unsigned int margin_percent, struct boot_advice *advice)
	__attribute__((warn_unused_result));

#endif
