/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of the parameters that a kernel reads before its page allocator is
 * up: early_param(), and those of __setup() and module_param() in files that take
 * memory from memblock.  One row a parameter.
 *
 * A word that has no row is harmless: it is read later, or is not the kernel's.
 *
 * No row says since or until which release a parameter exists: the image shows it.  A
 * parameter whose name does not stand in the image (successor_has_parameter()) has no
 * effect there, whatever its row says (check/unfollowed.c, is_settled()).
 *
 * tests/data/parameters/ lists all of a kernel's, and a test that each has a row;
 * tests/kernels/list-parameters makes such a list from a source tree.
 */
#ifndef KERNEL_PARAMETERS_H
#define KERNEL_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/words.h"

enum parameter_effect {
	PARAMETER_HARMLESS,	/* takes no early memory that matters, and changes none */
	PARAMETER_FOLLOWED,	/* the model or the readiness check knows what it does */
	PARAMETER_TAKES,	/* may take or change early memory in a way that is not followed */
	PARAMETER_DESTROYS,	/* memory that was handed over is overwritten, or given away */
};

struct parameter {
	const char *name;
	const char *arch;	/* the only one that has it, as uname -m says it; NULL: any */
	enum parameter_effect effect;
	bool (*has_effect)(const struct param *p);	/* with this value; NULL: with any */
};

/* The row of @p for a kernel of @arch (NULL: any); NULL: it has none. */
const struct parameter *parameter_find(const struct param *p, const char *arch);

/* All rows, from 0 on; NULL behind the last. */
const struct parameter *parameter_at(size_t nr);

/* What @p does with the value that it has. */
enum parameter_effect parameter_effect(const struct param *p, const char *arch,
				       const struct parameter **row);

/* Does @p, which has no effect by itself, undo an earlier one of the same name? */
bool parameter_takes_back(const struct parameter *row, const struct param *p);

#endif
