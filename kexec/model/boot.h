/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a successor boots inside the scratch areas: a pure function of what its
 * image says, of the machine, and of what is loaded with it.
 *
 * No I/O, no clock, no globals.  doc/model.md explains the sequence.
 */
#ifndef MODEL_BOOT_H
#define MODEL_BOOT_H

#include "model/toolbox/data.h"

/* Memory that is kept from call to call: a model is run thousands of times. */
struct boot_work;
struct boot_work *boot_work_create(void);
void boot_work_destroy(struct boot_work *work);

/*
 * Follow the boot.  @result is all zeros or the result of an earlier call, whose
 * array is used again.
 * 0; -ENOMEM; -EINVAL when the facts do not allow an answer (no scratch area, no
 * page size, no room wanted for the kernel); -EDQUOT when the budget is spent.
 */
int boot_follow(struct boot_work *work, const struct boot_kernel *kernel,
		const struct boot_machine *machine, const struct boot_load *load,
		struct boot_result *result) __attribute__((warn_unused_result));

/*
 * The load alone, which every kernel with KHO makes inside its areas, whatever the
 * successor is: of @machine only scratch is looked at, of @kernel only what
 * boot_kernel_for_load() fills.  outcome is BOOT_UP or BOOT_LOAD_FAILS.
 * 0; -ENOMEM; -EINVAL as boot_follow().
 */
int boot_place(struct boot_work *work, const struct boot_kernel *kernel,
	       const struct boot_machine *machine, const struct boot_load *load,
	       struct boot_result *result) __attribute__((warn_unused_result));

/*
 * After boot_follow() with the same @work, and while all that boot_follow() was given still
 * exists.  Where scratch is extended, preserved memory is known and the successor comes up,
 * set in @result: free_blocks, the blocks of 1 GiB that have RAM and nothing preserved, and
 * needed_blocks, how many of them must stay so for it to come up, if those that stay are the
 * ones with the least RAM.  Else both stay 0.
 * 0, -EDQUOT or -ENOMEM.
 */
int boot_follow_blocks(struct boot_work *work, struct boot_result *result)
	__attribute__((warn_unused_result));

#endif
