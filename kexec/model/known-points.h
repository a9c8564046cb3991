/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the search for a setting (find-setting.c) has learnt of points, which are three numbers.
 *
 * A point that is at least as large in each number as one that does, does; one that is at most
 * as large as one that does not, does not.  The bisection of one number takes that for granted
 * already, and each order of the three numbers comes to points beside those of the others.  Where
 * crashkernel= is wanted it was seen not to hold: in larger areas the kernel finds it another
 * place, and there less is left.  Only the very same point is known then.
 */
#ifndef MODEL_KNOWN_POINTS_H
#define MODEL_KNOWN_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADVICE_KNOWN	128	/* of each kind; of more the last ones */

struct advice_point {
	uint64_t at[3];
};

struct advice_points {
	struct advice_point point[ADVICE_KNOWN];
	size_t n;
};

/* All zeros: nothing is known. */
struct advice_known {
	bool exact;		/* nothing is said of larger and smaller points */
	struct advice_points does, fails;
};

/* Does @point do?  1, 0, or -ENOENT where that is not known. */
int advice_known_find(const struct advice_known *known, const struct advice_point *point);

void advice_known_add(struct advice_known *known, const struct advice_point *point, bool does);

#endif
