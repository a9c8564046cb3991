/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MODEL_SLOTS_SLOTS_H
#define MODEL_SLOTS_SLOTS_H

#include "model/toolbox/run.h"

/*
 * Follow the slots of KASLR, or the place where the kernel was loaded.  @b's result is the
 * worst one's, and its fold what all of them come to.
 */
void boot_slots(struct boot *b, bool extend);

#endif
