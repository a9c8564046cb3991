// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/find-percent.h"
#include "model/find-setting.h"
#include "model/try-setting.h"

#define TRIES		256
#define HARD_TRIES	8

/* The three numbers of kho_scratch= in a point, in steps. */
enum { LOW, GLOBAL, NODE };

static struct boot_setting setting_of(const struct advice_search *s, const struct advice_point *p)
{
	return (struct boot_setting){
		.low_bytes = p->at[LOW] * s->step, .global_bytes = p->at[GLOBAL] * s->step,
		.node_bytes = p->at[NODE] * s->step,
	};
}

static uint64_t total(const struct advice_search *s, const struct advice_point *p)
{
	return (p->at[LOW] + p->at[GLOBAL] + s->nr_nodes * p->at[NODE]) * s->step;
}

static int try_point(struct advice_search *s, const struct advice_point *p)
{
	const struct boot_setting set = setting_of(s, p);
	int ret = advice_try(s, &set);

	if (ret > 0 && advice_is_whole(s)) {
		advice_keep(s, &set, &s->last);
		s->last_point = *p;
	}
	return ret;
}

static int try_hastily(struct advice_search *s, const struct advice_point *p)
{
	int ret;

	s->needs.hasty = true;
	ret = try_point(s, p);
	s->needs.hasty = false;
	return ret;
}

/* The same while shrinking; the result is that of @p only where nothing was known of it. */
static int try_unless_known(struct advice_search *s, const struct advice_point *p)
{
	int does = advice_known_find(&s->known, p);

	if (does != -ENOENT)
		return does;
	does = try_point(s, p);
	if (does >= 0)
		advice_known_add(&s->known, p, does);
	return does;
}

/* Which of the three numbers helps against what is short? */
static int coordinate_for(struct advice_search *s)
{
	const struct boot_result *r = &s->result;
	const struct boot_shortfall *lacks = r->fold.shortfall;
	bool map = r->failed == BOOT_MEMORY_MAP || r->failed == BOOT_MAP_TABLES;

	if (r->outcome == BOOT_DIES)
		return map && s->needs.all ? NODE : GLOBAL;
	if (r->outcome == BOOT_LOAD_FAILS || r->fold.close || !s->needs.all)
		return GLOBAL;
	if (lacks[BOOT_SHORT_OFF_NODE].slots)
		return NODE;
	if (lacks[BOOT_SHORT_SWIOTLB].slots)
		return LOW;
	if (lacks[BOOT_SHORT_CRASHKERNEL].slots)
		return s->grown % 2 ? LOW : GLOBAL;
	return GLOBAL;
}

/* As far as it fits: from @least, which does, to @most, which does not. */
static int grow_to_fit(struct advice_search *s, struct advice_point *p, int i, uint64_t least,
		       uint64_t most)
{
	int ret = 0;

	while (least + 1 < most && ret >= 0) {
		p->at[i] = least + (most - least) / 2;
		ret = try_point(s, p);
		if (s->fits)
			least = p->at[i];
		else
			most = p->at[i];
	}
	p->at[i] = least;
	return ret < 0 ? ret : try_point(s, p);
}

/* Over sizes that find no room to one that does, if there is one: see @beyond. */
static int jump(struct advice_search *s, struct advice_point *p, int i)
{
	int ret = 0;

	while (!ret && !s->fits && !s->beyond) {
		p->at[i] += p->at[i] / 2 + 1;
		ret = try_point(s, p);
	}
	return ret;
}

/*
 * Larger, where something is short, until nothing is: by half as much again or by @slack, the
 * larger one.  -ERANGE: there is no room; the result says for what.
 */
static int grow_setting(struct advice_search *s, struct advice_point *p, uint64_t slack)
{
	bool full[3] = { false };
	int ret = try_point(s, p);

	if (!ret && !s->fits)
		return -ERANGE;
	for (s->grown = 0; !ret && s->grown < TRIES; s->grown++) {
		int i = coordinate_for(s);
		uint64_t was, next;

		if (full[i])
			i = full[GLOBAL] ? full[NODE] ? LOW : NODE : GLOBAL;
		if (full[i])
			return -ERANGE;
		was = p->at[i];
		next = was + (was / 2 > slack ? was / 2 : slack);
		p->at[i] = next;
		ret = try_point(s, p);
		if (!ret && !s->fits)
			ret = jump(s, p, i);
		if (ret || s->fits)
			continue;
		full[i] = true;
		ret = grow_to_fit(s, p, i, was, next);
	}
	return ret < 0 ? ret : ret ? 0 : -ERANGE;
}

/*
 * The smallest of number @i, when the others stay: one step less is not enough.  Small
 * strides first, since the answer is often near.
 */
static int shrink(struct advice_search *s, struct advice_point *p, int i, bool *moved)
{
	uint64_t good = p->at[i], bad = 0;
	int ret;

	for (uint64_t stride = 1; good > 1; stride *= 2) {
		p->at[i] = good > stride ? good - stride : 1;
		if (p->at[i] <= bad)
			break;
		ret = try_unless_known(s, p);
		if (ret < 0)
			return ret;
		if (!ret) {
			bad = p->at[i];
			break;
		}
		good = p->at[i];
		*moved = true;
	}
	while (bad + 1 < good) {
		p->at[i] = bad + (good - bad) / 2;
		ret = try_unless_known(s, p);
		if (ret < 0)
			return ret;
		if (ret)
			good = p->at[i];
		else
			bad = p->at[i];
		*moved |= ret;
	}
	p->at[i] = good;
	return 0;
}

/* In the order of @order, again and again, until none of the three can be smaller. */
static int shrink_all(struct advice_search *s, struct advice_point *p, const int order[3])
{
	bool moved = true;
	int ret = 0;

	s->needs.hasty = true;
	for (int pass = 0; moved && pass < TRIES && !ret; pass++) {
		moved = false;
		for (int i = 0; i < 3 && !ret; i++)
			ret = shrink(s, p, order[i], &moved);
	}
	s->needs.hasty = false;
	return ret;
}

/*
 * The same, where the kernel may lie in many slots: by those that were too tight before, and all
 * of them at the end.  One that is too tight there is another hard one, and it begins anew.
 */
static int shrink_by_hard_slots(struct advice_search *s, struct advice_point *p, const int order[3])
{
	int ret = 0;

	for (int i = 0; advice_is_orderly(s) && i < HARD_TRIES; i++) {
		struct advice_point q = *p;

		s->needs.of_hard_only = true;
		ret = shrink_all(s, &q, order);
		s->needs.of_hard_only = false;
		if (!ret)
			ret = try_hastily(s, &q);
		if (ret > 0)
			*p = q;
		if (ret)
			return ret < 0 ? ret : 0;
		s->known.does.n = 0;
		advice_known_add(&s->known, &q, false);
	}
	return shrink_all(s, p, order);
}

static const int orders[][3] = {
	{ GLOBAL, LOW, NODE }, { LOW, GLOBAL, NODE }, { GLOBAL, NODE, LOW },
	{ NODE, GLOBAL, LOW }, { NODE, LOW, GLOBAL }, { LOW, NODE, GLOBAL },
};

#define ORDERS	(sizeof(orders) / sizeof(orders[0]))

/*
 * Down from a setting that does, in each order, and the smallest of what comes out; of
 * equals the first.
 */
static int smallest_from(struct advice_search *s, struct advice_point *p, const int **order)
{
	const struct advice_point from = *p;
	uint64_t least = UINT64_MAX;

	advice_forget(s);
	for (size_t i = 0; i < ORDERS; i++) {
		struct advice_point q = from;
		int ret = shrink_all(s, &q, orders[i]);

		if (ret)
			return ret;
		if (total(s, &q) >= least)
			continue;
		least = total(s, &q);
		*p = q;
		*order = orders[i];
	}
	return 0;
}

/* Without KASLR first, which is cheap; then for every place of the successor. */
static int search_nominal(struct advice_search *s, struct advice_point *p, const int **order,
			  uint64_t slack, bool kaslr)
{
	int ret;

	*p = (struct advice_point){ { 1, 1, 1 } };
	advice_set_kaslr(s, false);
	ret = grow_setting(s, p, 1);
	if (!ret)
		ret = smallest_from(s, p, order);
	advice_set_kaslr(s, true);
	if (ret || !kaslr)
		return ret;
	advice_forget(s);
	ret = grow_setting(s, p, slack);
	return ret ? ret : shrink_by_hard_slots(s, p, *order);
}

/* What was known of other settings said that less does not do; a rare one does (one of 1,000). */
static int shrink_exactly(struct advice_search *s, struct advice_point *p, const int order[3])
{
	advice_forget(s);
	s->known.exact = true;
	return shrink_all(s, p, order);
}

/* Up from @p where it does not do, and down. */
static int search_around(struct advice_search *s, struct advice_point *p, const int order[3],
			 uint64_t slack)
{
	int ret;

	advice_forget(s);
	ret = try_hastily(s, p);
	if (!ret) {
		ret = grow_setting(s, p, slack);
		if (!ret)
			ret = shrink_by_hard_slots(s, p, order);
	}
	return ret < 0 ? ret : shrink_exactly(s, p, order);
}

/* What does in the layout of boot_lay_out(), and then in all others. */
static int search(struct advice_search *s, struct advice_point *p)
{
	const int *order = orders[0];
	uint64_t slack = 1;
	bool kaslr = false;
	int ret;

	for (size_t i = 0; i < s->n; i++) {
		uint64_t its = s->one[i].kernel.init_bytes / s->step + 1;

		slack = its > slack ? its : slack;
		kaslr |= s->one[i].kaslr;
	}
	s->everywhere = false;
	ret = search_nominal(s, p, &order, slack, kaslr);
	if (ret)
		return ret;
	s->everywhere = true;
	do {
		struct boot_setting set;

		ret = search_around(s, p, order, slack);
		set = setting_of(s, p);
		if (!ret)
			ret = advice_find_hard_end(s, &set);
	} while (ret > 0);
	return ret;
}

/*
 * By the three numbers; by N% where that takes an eighth less, as on uneven nodes: what it comes
 * to depends on the first boot.
 */
static int find_either(struct advice_search *s, struct boot_advised *a)
{
	struct advice_point p;
	int ret;

	s->last_point = (struct advice_point){ { 0 } };
	ret = search(s, &p);
	s->everywhere = false;
	if (!ret && memcmp(&s->last_point, &p, sizeof(p)))
		ret = try_point(s, &p);
	if (ret >= 0 && !memcmp(&s->last_point, &p, sizeof(p)))
		*a = s->last;
	if (ret < 0 && ret != -ERANGE)
		return ret;
	if (a->found && s->nr_nodes < 2)
		return 0;
	/* What was short with the last try is reported where nothing does. */
	s->needs.hasty = a->found;
	if (a->found && advice_is_orderly(s))
		s->enough_bytes = a->total_bytes / 8 * 7;
	ret = advice_find_percent(s, a);
	s->needs.hasty = false;
	s->enough_bytes = UINT64_MAX;
	return ret == -ERANGE ? 0 : ret;
}

/* Where the first kernel's KASLR leaves no setting that always does, one with nokaslr. */
static int find_best(struct advice_search *s, struct boot_advised *a)
{
	bool kaslr = false;
	int ret;

	for (size_t i = 0; i < s->n; i++)
		kaslr |= s->one[i].memory.kaslr;
	s->no_kaslr = false;
	ret = find_either(s, a);
	if (ret || a->found || !kaslr)
		return ret;
	s->no_kaslr = true;
	return find_either(s, a);
}

/* What the machine cannot give: whose request is not met with the largest areas that fit. */
static void note_no_fit(const struct advice_search *s, struct boot_advice *advice)
{
	static const enum boot_user users[BOOT_SHORT_NR] = {
		[BOOT_SHORT_SWIOTLB] = BOOT_SWIOTLB, [BOOT_SHORT_CRASHKERNEL] = BOOT_CRASHKERNEL,
		[BOOT_SHORT_HUGEPAGES] = BOOT_HUGEPAGES, [BOOT_SHORT_LOG_BUF] = BOOT_LOG_BUF,
		[BOOT_SHORT_OFF_NODE] = BOOT_MEMORY_MAP,
	};
	const struct boot_result *r = &s->result;

	advice->no_fit = true;
	advice->no_fit_for = r->outcome == BOOT_UP ? BOOT_SMALL : r->failed;
	for (int i = 0; i < BOOT_SHORT_NR && r->outcome == BOOT_UP; i++)
		if (i != BOOT_SHORT_BUFFERS && r->fold.shortfall[i].slots)
			advice->no_fit_for = users[i];
}

static int advise_both(struct advice_search *s, struct boot_advice *advice)
{
	const struct boot_setting normal = { .percent = BOOT_PERCENT_DEFAULT };
	bool extends = true;
	int ret = boot_lay_out(&s->one[0].memory, &normal, &s->areas);

	if (ret && ret != -ENOSPC)
		return ret;
	advice->default_bytes = kho_ranges_bytes(&s->areas);
	s->needs = (struct boot_needs){ .all = true, .margin_percent = s->want->margin_percent };
	ret = find_best(s, &advice->best);
	if (!ret && !advice->best.found)
		note_no_fit(s, advice);
	if (s->want->best_only)
		return ret;
	s->needs = (struct boot_needs){ .all = false };
	for (size_t i = 0; i < s->n; i++)
		extends &= s->one[i].kernel.extends_scratch;
	if (extends)
		s->machine.preserved = &s->nothing;
	advice->bare_extends = extends;
	if (!ret)
		ret = find_best(s, &advice->bare);
	return ret;
}

int boot_advise(struct boot_work *work, const struct boot_case *cases, size_t n,
		const struct boot_machine *machine, const struct boot_cold *cold,
		const struct boot_want *want, struct kho_budget *budget,
		struct boot_advice *advice)
{
	struct advice_search s = { .work = work, .n = n, .machine = *machine, .want = want,
				   .enough_bytes = UINT64_MAX };
	int ret;

	*advice = (struct boot_advice){
		.present_bytes = kho_ranges_bytes(&machine->scratch),
	};
	s.one = calloc(n, sizeof(*s.one));
	if (!s.one)
		return -ENOMEM;
	/* Other memory is preserved in another boot. */
	s.machine.preserved = s.machine.preserved_map = NULL;
	ret = advice_follow_cold(&s, cases, machine, cold, budget);
	if (!ret) {
		advice->step_bytes = s.step;
		advice->crashkernel_bytes = s.one[0].memory.crashkernel_bytes;
		ret = advise_both(&s, advice);
	}
	for (size_t i = 0; i < n; i++)
		boot_cold_deinit(&s.one[i].memory);
	free(s.one);
	boot_result_deinit(&s.result);
	boot_layouts_deinit(&s.layouts);
	kho_ranges_deinit(&s.areas);
	if (ret == -EDQUOT)
		*advice = (struct boot_advice){ .spent = true,
						.present_bytes = advice->present_bytes };
	return ret == -EDQUOT || ret == -ENOSPC ? 0 : ret;
}
