/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLI_PLAN_PRINT_PLAN_H
#define CLI_PLAN_PRINT_PLAN_H

#include <stdio.h>

#include "cli/options.h"
#include "cli/plan/outcome.h"

#define PLAN_SCHEMA	1	/* of the JSON: doc/schema/plan.schema.json */

/* A table for people; or a line for each machine and kernel; or one object. */
void plan_print(FILE *f, const struct plan *plan, enum kho_plan_format format);

#endif
