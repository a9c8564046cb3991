/* SPDX-License-Identifier: GPL-2.0-only */
/* The possible CPUs as the successor counts them: NR_CPUS, nr_cpus=, possible_cpus=, nosmp. */
#ifndef MODEL_STEPS_SUCCESSOR_CPUS_H
#define MODEL_STEPS_SUCCESSOR_CPUS_H

#include "model/toolbox/run.h"

/*
 * Fill @b's cpus from its machine, kernel and command line: the first ones, as many as may be.
 * -EINVAL: more CPUs or nodes than any kernel has.
 */
int successor_cpus(struct boot *b) __attribute__((warn_unused_result));

#endif
