// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "model/known-points.h"

static bool is_same(const struct advice_point *a, const struct advice_point *b)
{
	return a->at[0] == b->at[0] && a->at[1] == b->at[1] && a->at[2] == b->at[2];
}

static bool is_within(const struct advice_point *a, const struct advice_point *b)
{
	return a->at[0] <= b->at[0] && a->at[1] <= b->at[1] && a->at[2] <= b->at[2];
}

static size_t kept(const struct advice_points *points)
{
	return points->n < ADVICE_KNOWN ? points->n : ADVICE_KNOWN;
}

int advice_known_find(const struct advice_known *known, const struct advice_point *p)
{
	bool (*tells)(const struct advice_point *a, const struct advice_point *b) =
		known->exact ? is_same : is_within;

	for (size_t i = kept(&known->does); i; i--)
		if (tells(&known->does.point[i - 1], p))
			return 1;
	for (size_t i = kept(&known->fails); i; i--)
		if (tells(p, &known->fails.point[i - 1]))
			return 0;
	return -ENOENT;
}

void advice_known_add(struct advice_known *known, const struct advice_point *p, bool does)
{
	struct advice_points *to = does ? &known->does : &known->fails;

	to->point[to->n++ % ADVICE_KNOWN] = *p;
}
