/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which kho_scratch= should this machine be booted with, for this successor?
 *
 * The areas are laid out as the kernel would at a cold boot (model/areas.h), and the boot is
 * followed in them, in every place that KASLR may choose for the successor, and in every layout
 * that comes of the place that it chose for the first kernel (model/layouts.h).  So the answer depends on the
 * machine, the kernel and the load, and not on the areas that there are now.
 */
#ifndef MODEL_FIND_SETTING_H
#define MODEL_FIND_SETTING_H

#include "model/areas.h"
#include "model/want.h"

struct boot_advice {
	/* Nothing is short with it, and the margin stays free. */
	struct boot_advised best;
	/*
	 * It comes up, whatever else is short; where the kernel extends scratch, with all blocks
	 * of 1 GiB free.
	 */
	struct boot_advised bare;
	bool bare_extends;		/* it counts on those blocks */
	uint64_t present_bytes;		/* what is set aside now; 0: KHO is off */
	uint64_t step_bytes;		/* sizes are multiples of it */
	uint64_t default_bytes;		/* what the kernel takes without kho_scratch= */
	uint64_t crashkernel_bytes;	/* of memory that the default is 200 % of */
	/* Where best was not found: what is short with all that the machine can give. */
	bool no_fit;			/* RAM is too small for the areas */
	enum boot_user no_fit_for;
	bool spent;			/* the budget was: nothing is known */
};

#define BOOT_CASES_MAX	64

/*
 * One setting for all of @cases, 1 to BOOT_CASES_MAX.  @cold: the boot in which the areas would be
 * made, by a kernel like each case's.  0; errors as boot_follow(), but for -EDQUOT, which is
 * @advice's spent.
 */
int boot_advise(struct boot_work *work, const struct boot_case *cases, size_t n,
		const struct boot_machine *machine, const struct boot_cold *cold,
		const struct boot_want *want, struct kho_budget *budget,
		struct boot_advice *advice) __attribute__((warn_unused_result));

#endif
