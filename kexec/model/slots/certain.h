/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does the same happen wherever KASLR puts the kernel?  Decided from one run, by
 * counting (toolbox/tally.h); doc/model.md has the argument.
 */
#ifndef MODEL_SLOTS_CERTAIN_H
#define MODEL_SLOTS_CERTAIN_H

#include "model/toolbox/run.h"

/*
 * Below it what the slots get is not the same: 4 GiB where a bounce buffer is wanted,
 * which must lie there.
 */
uint64_t certain_floor(const struct boot *b);

/* Begin to count, before the first request: with the segments and the areas in place. */
void certain_begin(struct boot *b);

/* Without extended scratch: is the memory map too large for the areas, whatever happens? */
bool certain_death(const struct boot *b);

/*
 * After a run that came up with the kernel at or above the floor: does every slot there
 * come up, with no less left than in this one, and with the same of all that is asked
 * for?  After one that died: does every slot die, whatever small pieces take?
 */
bool certain_same(const struct boot *b);

#endif
