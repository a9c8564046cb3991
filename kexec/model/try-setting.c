// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "model/try-setting.h"
#include "model/work.h"

#define MIB		(UINT64_C(1) << 20)
#define GIB		(UINT64_C(1) << 30)
#define SWEEP_STEPS	(UINT64_C(1) << 28)	/* half a second: one node, or two small ones */

static bool meets(const struct advice_search *s)
{
	return boot_meets(&s->result, &s->needs, s->result.map_bytes);
}

/* An initrd that was not given: the largest that can be loaded, see check/initrd.c. */
static int largest_initrd(struct advice_search *s, const struct advice_case *one)
{
	const struct boot_needs comes_up = {
		.hasty = s->needs.hasty, .of_hard_only = s->needs.of_hard_only,
	};
	uint64_t least = 0, most = s->want->initrd_most_bytes / MIB;
	struct boot_load load = one->load;
	int ret = 0;

	load.needs = &comes_up;
	while (least < most && !ret) {
		uint64_t middle = most - (most - least) / 2;

		load.initrd_bytes = middle * MIB;
		ret = boot_place(s->work, &one->kernel, &s->machine, &load, &s->result);
		if (s->result.outcome != BOOT_LOAD_FAILS)
			least = middle;
		else
			most = middle - 1;
	}
	load.initrd_bytes = least * MIB;
	if (!s->initrd_bytes || load.initrd_bytes < s->initrd_bytes)
		s->initrd_bytes = load.initrd_bytes;
	if (!ret && least)
		ret = boot_follow(s->work, &one->kernel, &s->machine, &load, &s->result);
	return ret;
}

/* Does the successor do in @areas?  Negative errno, or 0 and 1; the result is its. */
static int try_areas(struct advice_search *s, const struct advice_case *one,
		     const struct kho_ranges *areas)
{
	int ret;

	s->machine.scratch = *areas;
	ret = boot_follow(s->work, &one->kernel, &s->machine, &one->load, &s->result);
	if (ret || !meets(s))
		return ret;
	if (!s->want->initrd_most_bytes)
		return 1;
	ret = largest_initrd(s, one);
	if (ret || s->result.outcome != BOOT_UP || s->result.fold.close)
		return ret;
	if (s->needs.hasty)
		return 1;
	/* The result to show is that without one. */
	ret = boot_follow(s->work, &one->kernel, &s->machine, &one->load, &s->result);
	return ret ? ret : 1;
}

/* The first kernel is taken to have an initrd like the successor's. */
static struct boot_places places_of(const struct advice_search *s, const struct advice_case *one)
{
	struct boot_places places =
		boot_places_of(&one->kernel, &one->memory, &s->result,
			       boot_first_initrd_bytes(&one->load, s->want->initrd_most_bytes,
						       s->free_bytes));

	places.kaslr &= !s->no_kaslr;
	places.page_ends = s->every_page_end ? NULL : &s->page_ends;
	return places;
}

/* Wherever the first kernel may lie.  @s->result is that of the layout that was tried before. */
static int try_everywhere(struct advice_search *s, const struct advice_case *one,
			  const struct boot_setting *set)
{
	const struct boot_places places = places_of(s, one);
	int ret = boot_layouts_find(&one->memory, set, &places, &s->layouts);
	size_t first = s->hard_layout;

	s->wants_pages |= places.page_align_bytes != 0;
	s->fits = ret != -ENOSPC;
	if (ret)
		return ret == -ENOSPC ? 0 : ret;
	for (size_t i = 0; i < s->layouts.n; i++) {
		s->hard_layout = (first + i) % s->layouts.n;
		/* That of boot_lay_out() was tried before. */
		ret = s->hard_layout ? try_areas(s, one, &s->layouts.layout[s->hard_layout].areas) : 1;
		if (ret <= 0)
			return ret;
	}
	s->hard_layout = first;
	return 1;
}

/* Does @set do for @one?  Negative errno, or 0 and 1. */
static int try_one(struct advice_search *s, const struct advice_case *one,
		   const struct boot_setting *set)
{
	int ret = boot_lay_out(&one->memory, set, &s->areas);

	s->beyond = boot_setting_bytes(&one->memory, set) + s->want->outside_bytes > s->free_bytes;
	s->fits = !ret && kho_ranges_bytes(&s->areas) + s->want->outside_bytes <= s->free_bytes;
	if (ret == -ENOSPC || (!ret && !s->fits))
		return 0;
	if (!ret && kho_ranges_bytes(&s->areas) >= s->enough_bytes)
		return 1;
	if (!ret)
		ret = try_areas(s, one, &s->areas);
	return ret > 0 && s->everywhere ? try_everywhere(s, one, set) : ret;
}

/* Does it do for all?  The one that it was too little for last is asked first. */
int advice_try(struct advice_search *s, const struct boot_setting *set)
{
	size_t first = s->hard;

	s->initrd_bytes = 0;
	for (size_t i = 0; i < s->n; i++) {
		int ret;

		s->hard = (first + i) % s->n;
		ret = try_one(s, &s->one[s->hard], set);
		if (ret <= 0)
			return ret;
	}
	s->hard = first;
	return 1;
}

static void set_budget(struct advice_search *s, struct kho_budget *budget)
{
	for (size_t i = 0; i < s->n; i++)
		s->one[i].load.budget = budget;
}

/* In the slots that were hard before, and in all of them as far as SWEEP_STEPS reach. */
static int try_every_page_end(struct advice_search *s, const struct boot_setting *set)
{
	struct kho_budget *budget = s->one[0].load.budget;
	uint64_t steps = budget->left / 2 < SWEEP_STEPS ? budget->left / 2 : SWEEP_STEPS;
	struct kho_budget sweep = { steps };
	int ret;

	s->needs.of_hard_only = true;
	ret = advice_try(s, set);
	s->needs.of_hard_only = false;
	if (ret <= 0)
		return ret;
	set_budget(s, &sweep);
	ret = advice_try(s, set);
	set_budget(s, budget);
	budget->left -= steps - sweep.left < budget->left ? steps - sweep.left : budget->left;
	return ret == -EDQUOT ? 1 : ret;
}

int advice_find_hard_end(struct advice_search *s, const struct boot_setting *set)
{
	struct boot_page_ends *ends = &s->page_ends;
	const bool hasty = s->needs.hasty;
	int ret;

	if (!s->everywhere || !s->wants_pages)
		return 0;
	s->every_page_end = s->needs.hasty = true;
	ret = try_every_page_end(s, set);
	s->every_page_end = false;
	s->needs.hasty = hasty;
	if (ret)
		return ret < 0 ? ret : 0;
	if (!s->fits || ends->n == BOOT_PAGE_ENDS)
		return -ERANGE;
	ends->at[ends->n++] = s->layouts.layout[s->hard_layout].page_end_bytes;
	return 1;
}

bool advice_is_orderly(const struct advice_search *s)
{
	return s->n == 1 && !s->work->b.cmd.crashkernel_bytes;
}

void advice_forget(struct advice_search *s)
{
	s->known = (struct advice_known){ .exact = !advice_is_orderly(s) };
	s->work->b.nr_hard = 0;
}

void advice_set_kaslr(struct advice_search *s, bool on)
{
	for (size_t i = 0; i < s->n; i++)
		s->one[i].kernel.kaslr = on && s->one[i].kaslr;
}

void advice_keep(const struct advice_search *s, const struct boot_setting *set,
		 struct boot_advised *a)
{
	a->found = true;
	a->nokaslr = s->no_kaslr;
	a->initrd_bytes = s->initrd_bytes;
	a->setting = *set;
	a->total_bytes = kho_ranges_bytes(&s->areas);
	a->headroom_bytes = s->result.headroom_bytes;
	for (int i = 0; i < BOOT_SHORT_NR; i++)
		a->lacks[i] = s->result.fold.shortfall[i].most;
}

int advice_keep_nominal(struct advice_search *s, const struct boot_setting *set,
			struct boot_advised *a)
{
	bool hasty = s->needs.hasty;
	int ret;

	s->everywhere = s->needs.hasty = false;
	ret = advice_try(s, set);
	s->needs.hasty = hasty;
	if (ret > 0)
		advice_keep(s, set, a);
	return ret < 0 ? ret : 0;
}

bool advice_is_whole(const struct advice_search *s)
{
	return !s->everywhere && !s->needs.of_hard_only && !(s->needs.hasty && s->want->initrd_most_bytes);
}

int advice_follow_cold(struct advice_search *s, const struct boot_case *cases,
		       const struct boot_machine *machine, const struct boot_cold *cold,
		       struct kho_budget *budget)
{
	int ret = 0;

	for (size_t i = 0; i < s->n && !ret; i++) {
		struct advice_case *one = &s->one[i];

		one->kernel = *cases[i].kernel;
		one->kaslr = one->kernel.kaslr;
		one->load = cases[i].load;
		one->load.no_list = one->load.worst_end = true;
		one->load.needs = &s->needs;
		one->load.budget = budget;
		ret = boot_cold_follow(s->work, &one->kernel, machine, cold, budget, &one->memory);
		if (ret)
			return ret;
		s->nr_nodes = one->memory.nr_nodes;
		if (one->memory.align_bytes > s->step)
			s->step = one->memory.align_bytes;
		if (!i || one->memory.free_bytes < s->free_bytes)
			s->free_bytes = one->memory.free_bytes;
	}
	/* One area loses most of a page there. */
	s->page_ends = (struct boot_page_ends){ { GIB - s->step }, s->step < GIB };
	return ret;
}
