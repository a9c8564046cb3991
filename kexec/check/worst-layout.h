/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the first kernel lies decides how the areas of a setting lie: the worst that it can make of them. */
#ifndef CHECK_WORST_LAYOUT_H
#define CHECK_WORST_LAYOUT_H

#include "check/check.h"

/*
 * @m has the areas that a cold boot with @set gives it with nothing in their way.  Where more is
 * found of others that the first kernel's KASLR and its initrd can make of @set, @m gets those of the
 * worst, and a gap says so; another where one finds no room.  @with has its prepared and its work.
 * 0 or -ENOMEM.
 */
int kho_take_worst_layout(const struct successor *s, const struct kho_with *with,
			  const struct boot_setting *set, struct machine *m)
	__attribute__((warn_unused_result));

#endif
