/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much work one check may do.  What is judged is not trusted: a snapshot of 256 KiB
 * can ask for hours.  Work is counted, in steps of the innermost loops, so that the same
 * input gives the same verdict on any machine.
 */
#ifndef BASE_BUDGET_H
#define BASE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Steps for one machine, some five seconds: those at hand take under 2^17, eight nodes of 2 TiB
 * at the edge, where each place of KASLR is followed, 2^27.
 */
#define KHO_BUDGET_STEPS (UINT64_C(1) << 31)

struct kho_budget {
	uint64_t left;
};

/* NULL: no limit. */
static inline bool kho_spent(const struct kho_budget *budget)
{
	return budget && !budget->left;
}

/* False once there is nothing left. */
static inline bool kho_spend(struct kho_budget *budget, uint64_t steps)
{
	if (!budget)
		return true;
	budget->left = budget->left > steps ? budget->left - steps : 0;
	return budget->left;
}

#endif
