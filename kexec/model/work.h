/* SPDX-License-Identifier: GPL-2.0-only */
/* What boot_follow() and the laying out of areas share: of the model only. */
#ifndef MODEL_WORK_H
#define MODEL_WORK_H

#include "model/toolbox/run.h"

struct boot_work {
	struct boot b;
};

/*
 * Everything that does not depend on where the kernel runs.  @work keeps the pointers.
 * 0, -ENOMEM, or -EINVAL as boot_follow().
 */
int boot_prepare(struct boot_work *work, const struct boot_kernel *kernel,
		 const struct boot_machine *machine, const struct boot_load *load,
		 struct boot_result *result) __attribute__((warn_unused_result));

#endif
