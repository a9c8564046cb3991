/* SPDX-License-Identifier: GPL-2.0-only */
/* What a plan comes to. */
#ifndef CLI_PLAN_OUTCOME_H
#define CLI_PLAN_OUTCOME_H

#include "kho-scratch.h"
#include "model/find-setting.h"

#define PLAN_KERNELS	BOOT_CASES_MAX
#define PLAN_NAME_BYTES	256

struct plan_kernel {
	const char *path;
	struct successor successor;
	struct kho_prepared prepared;
};

struct plan_row {
	char name[PLAN_NAME_BYTES];		/* of the machine, printable */
	const char *parameter;			/* what its kernel calls kho_scratch= */
	bool known;				/* its memory is */
	bool has_areas;				/* now, or supposed */
	uint64_t present_bytes;
	struct boot_advice advice;		/* for all kernels */
	kho_verdict now[PLAN_KERNELS];		/* with the present areas; unless has_areas UNKNOWN */
	kho_verdict then[PLAN_KERNELS];		/* with advice.best; where it was found */
};

struct plan {
	struct plan_kernel kernel[PLAN_KERNELS];
	struct kho_with with[PLAN_KERNELS];
	size_t nr_kernels;
	struct plan_row *row;
	size_t nr_rows;
	/* One setting for all machines; not found where there is none, or just one machine. */
	bool for_all;
	struct boot_setting setting;
};

#endif
