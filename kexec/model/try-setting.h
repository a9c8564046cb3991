/* SPDX-License-Identifier: GPL-2.0-only */
/* What the search for a setting (find-setting.c) asks of one: does it do?  Of the model only. */
#ifndef MODEL_TRY_SETTING_H
#define MODEL_TRY_SETTING_H

#include "model/layouts.h"
#include "model/want.h"

enum goal { GOAL_ALL, GOAL_BARE };

struct advice_case {
	struct boot_kernel kernel;	/* without KASLR at first */
	struct boot_load load;		/* without a list of allocations */
	struct boot_cold_memory memory;
	bool kaslr;
};

struct advice_search {
	struct boot_work *work;
	struct advice_case *one;		/* that are to do with one setting */
	size_t n;
	size_t hard;			/* the one that did not do last */
	size_t nr_nodes;
	struct boot_machine machine;	/* with the areas that are tried */
	struct kho_ranges areas;
	struct kho_ranges nothing;	/* preserved, where all blocks are free */
	const struct boot_want *want;
	uint64_t step, free_bytes;
	enum goal goal;
	bool everywhere;		/* the first kernel may lie anywhere, see model/layouts.h */
	bool no_kaslr;			/* but not by its KASLR */
	struct boot_layouts layouts;
	size_t hard_layout;		/* the one in which it did not do last */
	bool fits;			/* what was tried last could be laid out */
	/*
	 * Or else it is more than there is.  If not, more may fit: a global area that fills a small
	 * node leaves no room for that node's own, and a larger one lies elsewhere.
	 */
	bool beyond;
	unsigned int grown;		/* how often, for taking turns */
	uint64_t initrd_bytes;		/* the largest that all could load; 0: not asked */
	struct boot_result result;
};

/*
 * Does @set do for all?  Negative errno, or 0 and 1.  The result is that of the case that was
 * looked at last; where it does not do, of one for which it does not.
 */
int advice_try(struct advice_search *search, const struct boot_setting *set)
	__attribute__((warn_unused_result));

/* Each case without KASLR, or as its kernel has it. */
void advice_set_kaslr(struct advice_search *search, bool on);

#endif
