// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "model/find-percent.h"

#define PERCENT_MOST	(1u << 20)

/*
 * Sizes by N%, above @bad, which does not do: what each node takes of its own, so that small
 * nodes give less.
 */
static int search_percent(struct advice_search *s, unsigned int bad, struct boot_setting *set)
{
	unsigned int good, most = PERCENT_MOST;
	int ret;

	set->percent = bad + 1;
	while (!(ret = advice_try(s, set))) {
		/* Beyond what there is it is halfway back. */
		if (s->fits || !s->beyond)
			bad = set->percent;
		else
			most = set->percent;
		if (bad + 1 >= most)
			return -ERANGE;
		set->percent = bad * 2 < most ? bad * 2 : bad + (most - bad) / 2;
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
