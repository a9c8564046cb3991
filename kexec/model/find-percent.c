// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "model/find-percent.h"

#define PERCENT_MOST	(1u << 20)

/*
 * Up from *@bad, which does not do, by a @part of it each time, to one that does; *@bad is then
 * the last that does not.  -ERANGE: there is none.
 */
static int grow_percent(struct advice_search *s, unsigned int *bad, unsigned int part,
			struct boot_setting *set)
{
	unsigned int most = PERCENT_MOST;
	int ret;

	set->percent = *bad + 1;
	while (!(ret = advice_try(s, set))) {
		unsigned int next;

		/* Beyond what there is it is halfway back. */
		if (s->fits || !s->beyond)
			*bad = set->percent;
		else
			most = set->percent;
		if (*bad + 1 >= most)
			return -ERANGE;
		next = *bad + (*bad + part - 1) / part;
		set->percent = next < most ? next : *bad + (most - *bad) / 2;
	}
	return ret < 0 ? ret : 0;
}

/*
 * Sizes by N%, above @bad, which does not do: what each node takes of its own, so that small
 * nodes give less.  Too much does not do either, where a small node has no room for its share, and doubling
 * may pass over what is between: then in small strides.
 */
static int search_percent(struct advice_search *s, unsigned int bad, struct boot_setting *set)
{
	const unsigned int from = bad;
	unsigned int good;
	int ret = grow_percent(s, &bad, 1, set);

	if (ret == -ERANGE) {
		bad = from;
		ret = grow_percent(s, &bad, 8, set);
	}
	for (good = set->percent; ret >= 0 && bad + 1 < good; ) {
		set->percent = bad + (good - bad) / 2;
		ret = advice_try(s, set);
		if (ret > 0)
			good = set->percent;
		else
			bad = set->percent;
	}
	set->percent = good;
	return ret < 0 ? ret : 0;
}

/* In the layout of boot_lay_out() first, which is cheap; then in all. */
int advice_find_percent(struct advice_search *s, struct boot_advised *a)
{
	struct boot_advised by_percent = { .found = false };
	struct boot_setting set = { .percent = 0 };
	int ret;

	s->everywhere = false;
	ret = search_percent(s, 0, &set);
	if (!ret)
		ret = advice_keep_nominal(s, &set, &by_percent);
	if (ret || (a->found && by_percent.total_bytes >= a->total_bytes / 8 * 7))
		return ret;
	s->everywhere = true;
	do {
		ret = search_percent(s, set.percent - 1, &set);
		/* What does need not be all that is larger. */
		if (ret == -ERANGE)
			ret = search_percent(s, 0, &set);
		if (!ret)
			ret = advice_find_hard_end(s, &set);
	} while (ret > 0);
	if (!ret)
		ret = advice_keep_nominal(s, &set, &by_percent);
	if (!ret && (!a->found || by_percent.total_bytes < a->total_bytes / 8 * 7))
		*a = by_percent;
	return ret;
}
