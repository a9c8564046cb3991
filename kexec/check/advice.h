/* SPDX-License-Identifier: GPL-2.0-only */
/* How much scratch should be set aside: the advice of a check, and in words. */
#ifndef CHECK_ADVICE_H
#define CHECK_ADVICE_H

#include "check/check.h"

/*
 * Work out check->advice where @with wants one, and what it is good for.  @with has its prepared
 * and its work.  0 or -ENOMEM.
 */
int kho_advise(const struct machine *m, const struct kho_with *with, struct kho_check *check)
	__attribute__((warn_unused_result));

/*
 * The areas of @m if it were booted from cold with @set; @areas is to be given to
 * kho_ranges_deinit().  0, -ENOSPC: they find no room; -EINVAL as boot_follow(); -ENOMEM.
 */
int kho_advised_areas(const struct machine *m, const struct kho_with *with,
		      const struct boot_setting *set, struct kho_ranges *areas)
	__attribute__((warn_unused_result));

/*
 * Does @now have a finding that @before has not, but for those of what is preserved?  Notes do
 * not count: they only explain.
 */
bool kho_finds_more(const struct kho_findings *now, const struct kho_findings *before);

/* What is wanted of the areas of @m for what is loaded with @with. */
struct boot_want kho_want(const struct kho_with *with);

/* The cold boot in which they would be made; it shares @m's texts. */
struct boot_cold kho_cold_boot(const struct machine *m);

/*
 * The name of a finding that counts, is a `fail`, and is none that areas of another size can settle;
 * NULL: there is none.
 */
const char *kho_not_mended(const struct kho_check *check);

/* Take the best setting back. */
void kho_no_advice(struct kho_check *check);

/* How many steps the search for it may take. */
uint64_t kho_advice_steps(const struct kho_with *with);

/*
 * Put the advice into the remedies of the findings that it is for, and add scratch-surplus; where
 * the search was given up, advice-cut-short.  0 or -ENOMEM.
 */
int kho_advise_findings(const struct machine *m, const struct kho_with *with,
			struct kho_check *check) __attribute__((warn_unused_result));

#endif
