/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Advices that were found before: machines of a fleet are often of a few kinds, and an advice
 * depends on the machine's RAM, nodes, CPUs and first boot, not on the areas that it has now.
 *
 * For one successor with one load, see struct kho_with; not for two threads at a time.
 */
#ifndef CHECK_ADVICE_MEMO_H
#define CHECK_ADVICE_MEMO_H

#include "machine/machine.h"
#include "model/find-setting.h"

struct kho_advice_memo;

/* NULL: no memory. */
struct kho_advice_memo *kho_advice_memo_create(void);
void kho_advice_memo_destroy(struct kho_advice_memo *memo);

/*
 * The advice for a machine like @m, which boots cold as @cold says, in @advice.  @bm is made of
 * @m.  False: none is known; kho_advice_memo_keep() then takes it.
 */
bool kho_advice_memo_find(struct kho_advice_memo *memo, const struct boot_machine *bm,
			  const struct boot_cold *cold, struct boot_advice *advice);

/* The one for the machine that was looked for last.  Without memory for it, it is not kept. */
void kho_advice_memo_keep(struct kho_advice_memo *memo, const struct boot_advice *advice);

#endif
