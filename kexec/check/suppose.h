/* SPDX-License-Identifier: GPL-2.0-only */
/* What if the machine had been booted with another kho_scratch=? */
#ifndef CHECK_SUPPOSE_H
#define CHECK_SUPPOSE_H

#include "check/check.h"

/*
 * Give @m the areas that a cold boot with @set would give it (the worst that it may: worst-layout.h),
 * in place of its own; whether KHO
 * is on now no longer matters, and what is preserved now is gone.  Where they find no room, or
 * cannot be worked out, @m has none, and a gap says why.  0 or -ENOMEM.
 */
int kho_suppose(const struct successor *s, const struct kho_with *with,
		const struct boot_setting *set, struct machine *m)
	__attribute__((warn_unused_result));

/*
 * One setting for @n kernels, each loaded with its own @with (whose prepared is set), on @m: see
 * boot_advise().  @advice says so where a fact is missing: nothing is found in it.  0 or -ENOMEM.
 */
int kho_plan_setting(const struct machine *m, const struct kho_with *with, size_t n,
		     struct boot_advice *advice) __attribute__((warn_unused_result));

/*
 * The verdict on the room alone, with the areas of @set (NULL: with those that @m has); what
 * becomes of the state that is handed over does not count.  One that was @advised for them does in
 * every layout; of another the worst is judged.  As kho_check().
 */
int kho_room_verdict(const struct successor *s, const struct machine *m,
		     const struct kho_with *with, const struct boot_setting *set,
		     bool advised, kho_verdict *verdict) __attribute__((warn_unused_result));

#endif
