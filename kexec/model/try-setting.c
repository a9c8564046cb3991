// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "model/try-setting.h"

#define MIB		(UINT64_C(1) << 20)

static bool meets(const struct advice_search *s)
{
	const struct boot_result *r = &s->result;

	if (r->outcome != BOOT_UP || r->fold.close)
		return false;
	if (s->goal == GOAL_BARE)
		return true;
	/* That the map is not in one piece has no effect (memory-map-fallback). */
	for (int i = 0; i < BOOT_SHORT_NR; i++)
		if (i != BOOT_SHORT_BUFFERS && r->fold.shortfall[i].slots)
			return false;
	return r->headroom_bytes >= r->map_bytes / 100 * s->want->margin_percent;
}

/* An initrd that was not given: the largest that can be loaded, see check/initrd.c. */
static int largest_initrd(struct advice_search *s, const struct advice_case *one)
{
	uint64_t least = 0, most = s->want->initrd_most_bytes / MIB;
	struct boot_load load = one->load;
	int ret = 0;

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
	if (!ret && least)
		ret = boot_follow(s->work, &one->kernel, &s->machine, &load, &s->result);
	return ret;
}

/* Does @set do for @one?  Negative errno, or 0 and 1; the result is its. */
static int try_one(struct advice_search *s, const struct advice_case *one,
		   const struct boot_setting *set)
{
	int ret = boot_lay_out(&one->memory, set, &s->areas);

	s->fits = !ret && kho_ranges_bytes(&s->areas) + s->want->outside_bytes <= s->free_bytes;
	if (ret == -ENOSPC || (!ret && !s->fits))
		return 0;
	s->machine.scratch = s->areas;
	if (!ret)
		ret = boot_follow(s->work, &one->kernel, &s->machine, &one->load, &s->result);
	if (ret || !meets(s))
		return ret;
	if (!s->want->initrd_most_bytes)
		return 1;
	ret = largest_initrd(s, one);
	if (ret || s->result.outcome != BOOT_UP || s->result.fold.close)
		return ret;
	/* The result to show is that without one. */
	ret = boot_follow(s->work, &one->kernel, &s->machine, &one->load, &s->result);
	return ret ? ret : 1;
}

/* Does it do for all?  The one that it was too little for last is asked first. */
int advice_try(struct advice_search *s, const struct boot_setting *set)
{
	size_t first = s->hard;

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

void advice_set_kaslr(struct advice_search *s, bool on)
{
	for (size_t i = 0; i < s->n; i++)
		s->one[i].kernel.kaslr = on && s->one[i].kaslr;
}
