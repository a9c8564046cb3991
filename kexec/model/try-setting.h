/* SPDX-License-Identifier: GPL-2.0-only */
/* What the search for a setting (find-setting.c) asks of one: does it do?  Of the model only. */
#ifndef MODEL_TRY_SETTING_H
#define MODEL_TRY_SETTING_H

#include "model/known-points.h"
#include "model/layouts.h"
#include "model/want.h"

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
	struct boot_needs needs;	/* hasty where what is short does not matter */
	uint64_t enough_bytes;		/* as much as this is taken to do */
	bool everywhere;		/* the first kernel may lie anywhere, see model/layouts.h */
	bool no_kaslr;			/* but not by its KASLR */
	struct boot_layouts layouts;
	bool wants_pages;		/* gigantic ones, in the areas */
	struct boot_page_ends page_ends;	/* that are tried */
	bool every_page_end;		/* and not only those */
	size_t hard_layout;		/* the one in which it did not do last */
	bool fits;			/* what was tried last could be laid out */
	/*
	 * Or else it is more than there is.  If not, more may fit: a global area that fills a small
	 * node leaves no room for that node's own, and a larger one lies elsewhere.
	 */
	bool beyond;
	unsigned int grown;		/* how often, for taking turns */
	uint64_t initrd_bytes;		/* the largest that all could load; 0: not asked */
	struct advice_known known;	/* where there is one case */
	struct boot_advised last;	/* that does, with last_point */
	struct advice_point last_point;
	struct boot_result result;
};

/*
 * Does @set do for all?  Negative errno, or 0 and 1.  The result is that of the case that was
 * looked at last; where it does not do, of one for which it does not.
 */
int advice_try(struct advice_search *search, const struct boot_setting *set)
	__attribute__((warn_unused_result));

/*
 * Are larger areas never worse?  Not known where crashkernel= is wanted; and of several cases the
 * one that is asked first decides how to go on.  After a first try.
 */
bool advice_is_orderly(const struct advice_search *search);

/* What was learnt of points and slots does not count any more. */
void advice_forget(struct advice_search *search);

/* Each case without KASLR, or as its kernel has it. */
void advice_set_kaslr(struct advice_search *search, bool on);

/* The setting that was tried last, and what comes of it. */
void advice_keep(const struct advice_search *search, const struct boot_setting *set,
		 struct boot_advised *advised);

/*
 * If @set does: the figures to show are those of the layout of boot_lay_out(), and of all slots.
 * Negative errno, or 0.
 */
int advice_keep_nominal(struct advice_search *search, const struct boot_setting *set,
			struct boot_advised *advised) __attribute__((warn_unused_result));

/*
 * After one that does: is the result all that there is to show of it?  The figures are those of
 * the layout of boot_lay_out().
 */
bool advice_is_whole(const struct advice_search *search);

/*
 * Does @set do wherever in a gigantic page areas end?  An end at which it does not is tried from
 * then on.  1: there is one; 0: it does, as far as a budget of its own reaches; -ERANGE: it finds
 * no room there, or there are too many; other negative errno.
 */
int advice_find_hard_end(struct advice_search *search, const struct boot_setting *set)
	__attribute__((warn_unused_result));

/* The first boot of each case.  Errors as boot_cold_follow(). */
int advice_follow_cold(struct advice_search *search, const struct boot_case *cases,
		       const struct boot_machine *machine, const struct boot_cold *cold,
		       struct kho_budget *budget) __attribute__((warn_unused_result));

#endif
