// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "model/advice.h"

#define MAX_AREAS	258	/* lowmem, global and 256 nodes */

/* More below 4 GiB than a full bounce buffer and what comes with it is of no use. */
#define LOW_USEFUL_BYTES	(UINT64_C(80) << 20)

/* The three numbers of kho_scratch=. */
struct setting {
	uint64_t low, global, node;
};

struct advice_search {
	struct boot_work *work;
	struct boot_kernel kernel;	/* without KASLR while searching */
	struct boot_machine machine;	/* with the areas that are tried */
	struct kho_range area[MAX_AREAS];
	const struct boot_machine *present;
	struct boot_load load;		/* without a list of allocations */
	unsigned int margin_percent;
	struct boot_result result;
};

static uint64_t total(const struct advice_search *s, const struct setting *set)
{
	return set->low + set->global + (s->present->scratch.n - 2) * set->node;
}

static uint64_t round_to(const struct advice_search *s, uint64_t bytes)
{
	return (bytes + s->kernel.pmd_bytes - 1) / s->kernel.pmd_bytes * s->kernel.pmd_bytes;
}

/* Start of the RAM without a hole that @pa lies in. */
static uint64_t bank_start(const struct advice_search *s, uint64_t pa)
{
	const struct kho_ranges *ram = &s->present->ram;
	uint64_t start = pa, node_start = pa;

	for (size_t i = 0; i < ram->n; i++) {
		if (i && ram->r[i].start_pa == ram->r[i - 1].end_pa &&
		    ram->r[i].node == ram->r[i - 1].node)
			;
		else
			node_start = ram->r[i].start_pa;
		if (ram->r[i].start_pa <= pa && pa < ram->r[i].end_pa)
			start = node_start;
	}
	return start;
}

/* The present area that lies next below @below_pa, at or above @floor_pa; n: none. */
static size_t next_down(const struct advice_search *s, uint64_t below_pa, uint64_t floor_pa)
{
	const struct kho_ranges *areas = &s->present->scratch;
	size_t found = areas->n;

	for (size_t i = 0; i < areas->n; i++)
		if (areas->r[i].start_pa < below_pa && areas->r[i].start_pa >= floor_pa &&
		    (found == areas->n || areas->r[i].start_pa > areas->r[found].start_pa))
			found = i;
	return found;
}

/*
 * Areas of these sizes: downwards in each bank of RAM, an area ends where it ends
 * now unless the one above it has grown over that.  False: they do not fit.
 */
static bool lay_out(struct advice_search *s, const struct setting *set)
{
	const struct kho_ranges *areas = &s->present->scratch;
	uint64_t above_pa = UINT64_MAX, at_pa = UINT64_MAX;

	if (!kho_spend(s->load.budget, areas->n * (areas->n + s->present->ram.n)))
		return false;
	for (size_t n = 0; n < areas->n; n++) {
		size_t i = next_down(s, at_pa, 0);
		uint64_t bytes = i == 0 ? set->low : i == 1 ? set->global : set->node;
		uint64_t end_pa;

		if (i == areas->n)
			return false;
		at_pa = areas->r[i].start_pa;
		end_pa = areas->r[i].end_pa < above_pa ? areas->r[i].end_pa : above_pa;
		if (end_pa < bytes || end_pa - bytes < bank_start(s, at_pa))
			return false;
		above_pa = end_pa - bytes;
		s->area[i] = (struct kho_range){ above_pa, end_pa, areas->r[i].node };
	}
	return true;
}

/* Does it boot with the margin?  Negative errno, or 0 and 1. */
static int boots(struct advice_search *s, const struct setting *set)
{
	int ret;

	if (!lay_out(s, set))
		return 0;
	ret = boot_follow(s->work, &s->kernel, &s->machine, &s->load, &s->result);
	if (ret)
		return ret;
	return s->result.outcome == BOOT_UP && s->result.headroom_bytes >= BOOT_MARGIN_BYTES &&
	       s->result.headroom_bytes >= s->result.map_bytes / 100 * s->margin_percent;
}

/* The smallest global area for the other two; -ERANGE: there is none. */
static int smallest_global(struct advice_search *s, struct setting *set)
{
	uint64_t step = s->kernel.pmd_bytes, low = 0, high = 1;
	int ret;

	for (;; high *= 2) {
		set->global = high * step;
		ret = boots(s, set);
		if (ret < 0)
			return ret;
		if (ret)
			break;
		low = high;
		if (high * step > UINT64_C(1) << 50 || !lay_out(s, set))
			return -ERANGE;
	}
	while (low + 1 < high) {
		uint64_t mid = low + (high - low) / 2;

		set->global = mid * step;
		ret = boots(s, set);
		if (ret < 0)
			return ret;
		if (ret)
			high = mid;
		else
			low = mid;
	}
	/* Once more: the result is to be that of the setting. */
	set->global = high * step;
	ret = boots(s, set);
	return ret < 0 ? ret : ret ? 0 : -ERANGE;
}

/* Where the kernel lands is chance: what was found must hold for all of it. */
static int hold_for_kaslr(struct advice_search *s, struct setting *set)
{
	for (unsigned int tries = 0; tries < 16; tries++) {
		int ret = boots(s, set);

		if (ret)
			return ret < 0 ? ret : 0;
		set->global += s->kernel.pmd_bytes << (tries / 4);
	}
	return -ERANGE;
}

/* What a node wants for its own map, roughly: its share of RAM. */
static uint64_t node_map_bytes(const struct advice_search *s, int node)
{
	const struct kho_ranges *ram = &s->present->ram;
	uint64_t bytes = 0;

	for (size_t i = 0; i < ram->n; i++)
		if (ram->r[i].node == node)
			bytes += ram->r[i].end_pa - ram->r[i].start_pa;
	return round_to(s, bytes / s->kernel.page_bytes * s->kernel.struct_page_bytes +
			   s->kernel.pmd_bytes);
}

/*
 * Each node's own share is worth a try as the size for all; the cheapest wins.  A
 * map on another node than its memory is slower for as long as the kernel runs:
 * each byte of it counts like one that has to be set aside.
 */
static int search(struct advice_search *s, const struct setting *present, struct setting *best)
{
	uint64_t best_cost = UINT64_MAX, tried = 0;
	int node = -1;

	for (;;) {
		struct setting set = *present;
		int next = -1, ret;
		uint64_t cost;

		if (set.low > LOW_USEFUL_BYTES)
			set.low = round_to(s, LOW_USEFUL_BYTES);
		for (size_t i = 0; i < s->present->ram.n; i++)
			if (s->present->ram.r[i].node > node &&
			    (next < 0 || s->present->ram.r[i].node < next))
				next = s->present->ram.r[i].node;
		/* Last of all: next to nothing on the nodes, everything in the global area. */
		set.node = next < 0 ? s->kernel.pmd_bytes * 2 : node_map_bytes(s, next);
		if (set.node != tried) {
			tried = set.node;
			ret = smallest_global(s, &set);
			if (ret && ret != -ERANGE)
				return ret;
			cost = total(s, &set) + s->result.map_off_node_bytes;
			if (!ret && cost < best_cost) {
				best_cost = cost;
				*best = set;
			}
		}
		if (next < 0)
			return best_cost == UINT64_MAX ? -ERANGE : 0;
		node = next;
	}
}

int boot_advise(struct boot_work *work, const struct boot_kernel *kernel,
		const struct boot_machine *machine, const struct boot_load *load,
		unsigned int margin_percent, struct boot_advice *advice)
{
	struct advice_search s = {
		.work = work, .kernel = *kernel, .machine = *machine, .present = machine,
		.load = *load, .margin_percent = margin_percent,
	};
	struct setting present, best;
	int ret;

	memset(advice, 0, sizeof(*advice));
	advice->present_bytes = kho_ranges_bytes(&machine->scratch);
	if (machine->scratch.n < 3 || machine->scratch.n > MAX_AREAS || !kernel->pmd_bytes)
		return 0;
	s.machine.scratch = (struct kho_ranges){ .r = s.area, .n = machine->scratch.n };
	present.low = machine->scratch.r[0].end_pa - machine->scratch.r[0].start_pa;
	present.global = present.node = 0;
	s.load.no_list = true;
	s.kernel.kaslr = false;
	ret = search(&s, &present, &best);
	s.kernel.kaslr = kernel->kaslr;
	if (!ret)
		ret = hold_for_kaslr(&s, &best);
	if (!ret) {
		advice->found = true;
		advice->low_bytes = best.low;
		advice->global_bytes = best.global;
		advice->node_bytes = best.node;
		advice->total_bytes = total(&s, &best);
		advice->headroom_bytes = s.result.headroom_bytes;
	}
	boot_result_deinit(&s.result);
	return ret == -ERANGE || ret == -EDQUOT ? 0 : ret;
}
