// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots that KASLR may choose: each is accounted for, those that behave alike by
 * one run (shift.h, certain.h).
 */
#include "config.h"

#include <string.h>

#include "model/slots/certain.h"
#include "model/slots/kaslr.h"
#include "model/slots/slots.h"
#include "model/steps/steps.h"

struct slot_walk {
	struct boot *b;
	bool extend;
	bool first;		/* no slot has been followed yet */
	bool all_told;		/* one run tells for all */
	bool high_told;		/* one from floor_pa on tells for all of those */
	bool is_short;		/* one does not meet the needs */
	bool ended;		/* and no other matters */
	struct boot_result high;
	uint64_t high_loaded_bytes;
	uint64_t floor_pa;	/* certain_floor() */
	uint64_t runs;
	uint64_t stride;
	uint64_t slots;
	struct boot_result worst;
	uint64_t worst_nr;	/* the lowest of those that are as bad */
	uint64_t done_nr, done;	/* slots that were followed before their turn */
	const struct kaslr_area *area;
	size_t n;
};

/* What each slot lacks of what is asked for but does not kill. */
static void count_lacking(const struct boot_result *r, uint64_t lacking[BOOT_SHORT_NR])
{
	lacking[BOOT_SHORT_SWIOTLB] = r->swiotlb_wanted_bytes - r->swiotlb_bytes;
	lacking[BOOT_SHORT_CRASHKERNEL] = r->crashkernel_wanted_bytes - r->crashkernel_bytes;
	lacking[BOOT_SHORT_HUGEPAGES] = r->hugepages_wanted - r->hugepages;
	lacking[BOOT_SHORT_LOG_BUF] = r->log_buf_wanted_bytes - r->log_buf_bytes;
	lacking[BOOT_SHORT_OFF_NODE] = r->map_off_node_bytes;
	lacking[BOOT_SHORT_BUFFERS] = r->buffers_failed;
	lacking[BOOT_SHORT_PRESERVED] = r->preserved_list_wanted_bytes - r->preserved_list_bytes;
}

/* A death that is sure, or one that is not, or room that is too little to be sure. */
static bool dies_for_sure(const struct boot_result *r)
{
	return r->outcome == BOOT_DIES && !r->lacking_bytes;
}

static bool is_close(const struct boot_result *r)
{
	return r->outcome == BOOT_DIES ? r->lacking_bytes != 0 :
					 r->headroom_bytes < BOOT_MARGIN_BYTES;
}

/* Does @r leave less than @worst: a sure death, the larger lack, or else less room? */
static bool is_worse(const struct boot_result *r, const struct boot_result *worst)
{
	if (dies_for_sure(r) != dies_for_sure(worst))
		return dies_for_sure(r);
	if (r->lacking_bytes != worst->lacking_bytes)
		return r->lacking_bytes > worst->lacking_bytes;
	return r->outcome == BOOT_UP && r->headroom_bytes < worst->headroom_bytes;
}

/* The result of a run that stands for @slots: the worst one's, and the sums of all. */
static void fold(struct slot_walk *w, uint64_t nr, uint64_t slots)
{
	const struct boot_result *r = w->b->out;
	struct boot_fold sums = w->worst.fold;
	uint64_t lacking[BOOT_SHORT_NR];

	if (w->first || is_worse(r, &w->worst) ||
	    (nr < w->worst_nr && !is_worse(&w->worst, r))) {
		w->worst = *r;
		w->worst_nr = nr;
	}
	w->first = false;
	sums.followed += slots;
	sums.close += is_close(r) ? slots : 0;
	if (r->outcome == BOOT_DIES)
		sums.dying += slots;
	count_lacking(r, lacking);
	for (int i = 0; i < BOOT_SHORT_NR && r->outcome == BOOT_UP; i++) {
		struct boot_shortfall *s = &sums.shortfall[i];

		s->slots += lacking[i] ? slots : 0;
		s->most = lacking[i] > s->most ? lacking[i] : s->most;
		if (sums.followed - sums.dying == slots || lacking[i] < s->least)
			s->least = lacking[i];
	}
	w->worst.fold = sums;
}

/* To the front of those that are asked first; @was: where it stands now. */
static void remember_hard(struct boot *b, struct boot_hard_slot slot, size_t was)
{
	if (was == b->nr_hard && b->nr_hard < BOOT_HARD_SLOTS)
		b->nr_hard++;
	if (was >= b->nr_hard)
		was = b->nr_hard - 1;
	memmove(&b->hard[1], &b->hard[0], was * sizeof(slot));
	b->hard[0] = slot;
}

/* Is it known by now that not all slots meet the needs? */
static bool is_short(const struct slot_walk *w)
{
	const struct boot *b = w->b;

	return !boot_meets(&w->worst, b->load->needs, boot_map_bytes(b, KHO_NO_NODE));
}

/* After slot @k of area @i. */
static void end_if_short(struct slot_walk *w, size_t i, uint64_t k)
{
	const struct boot_needs *needs = w->b->load->needs;

	if (!needs || w->is_short || !is_short(w))
		return;
	w->is_short = true;
	w->ended = needs->hasty;
	remember_hard(w->b, (struct boot_hard_slot){ i, w->area[i].count - k }, w->b->nr_hard);
}

/* Slots from floor_pa on that are still to come: from @k of area @i on. */
static uint64_t count_high(const struct slot_walk *w, size_t i, uint64_t k)
{
	uint64_t step = w->b->kernel->align_bytes, high = 0;

	for (; i < w->n; i++, k = 0) {
		const struct kaslr_area *a = &w->area[i];
		uint64_t low = a->first_pa < w->floor_pa ?
			       boot_round_up(w->floor_pa - a->first_pa, step) / step : 0;

		low = low < k ? k : low;
		high += low < a->count ? a->count - low : 0;
	}
	return high;
}

/* Number of slot @k of area @i among all. */
static uint64_t slot_nr(const struct slot_walk *w, size_t i, uint64_t k)
{
	while (i--)
		k += w->area[i].count;
	return k;
}

/* Follow slot @k of area @i.  Returns how many from there on it tells for. */
static uint64_t follow_slot(struct slot_walk *w, size_t i, uint64_t k)
{
	struct boot *b = w->b;
	const struct kaslr_area *a = &w->area[i];
	uint64_t step = b->kernel->align_bytes, same = 1;
	struct shift shift = { step, INT64_MIN / 2, INT64_MAX / 2 };
	struct boot_run how = {
		.kernel_pa = a->first_pa + k * step, .extend = w->extend,
		.quiet = b->load->no_list || !w->first, .exact = w->slots == 1,
	};
	bool each = b->load->each_slot || w->slots == 1;

	how.shift = each ? NULL : &shift;
	how.begin = !each && w->first ? certain_begin : NULL;
	if (w->high_told) {
		how.above = &w->high;
		how.above_loaded_bytes = w->high_loaded_bytes;
	}
	boot_run(b, &how);
	w->runs++;
	if (how.begin && certain_same(b)) {
		w->all_told = b->out->outcome == BOOT_DIES;
		w->high_told = !w->all_told;
		w->high = *b->out;
		w->high_loaded_bytes = b->loaded_bytes;
		same = w->all_told ? w->slots : count_high(w, i, k);
		fold(w, slot_nr(w, i, k), same);
		end_if_short(w, i, k);
		return same;
	}
	if (!each && (uint64_t)shift.high / step < a->count - k)
		same += (uint64_t)shift.high / step;
	else if (!each)
		same = a->count - k;
	fold(w, slot_nr(w, i, k), same);
	end_if_short(w, i, k);
	return same;
}

/*
 * Slots that were too tight before, in areas of another size: where one is again, that is all there
 * is to know.  Not where so many slots are left out that it may be one of them.
 */
static void follow_hard(struct slot_walk *w)
{
	struct boot *b = w->b;

	if (!b->load->needs || !b->load->needs->hasty || w->slots > BOOT_SLOTS_ALL)
		return;
	for (size_t j = 0; j < b->nr_hard; j++) {
		const struct boot_hard_slot hard = b->hard[j];
		const struct kaslr_area *a;
		uint64_t k;

		if (hard.area >= w->n)
			continue;
		a = &w->area[hard.area];
		k = a->count > hard.from_end ? a->count - hard.from_end : 0;
		boot_run(b, &(struct boot_run){
			.kernel_pa = a->first_pa + k * b->kernel->align_bytes,
			.extend = w->extend, .quiet = true });
		w->runs++;
		fold(w, slot_nr(w, hard.area, k), 1);
		w->ended = is_short(w);
		if (!w->ended)
			continue;
		remember_hard(b, hard, j);
		return;
	}
	w->ended = w->runs && b->load->needs->of_hard_only;
	if (w->ended)
		return;
	w->first = true;
	w->worst.fold = (struct boot_fold){ 0 };
}

/* The first slot above the floor comes first of all: it may tell for the others there. */
static void follow_high(struct slot_walk *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct kaslr_area *a = &w->area[i];
		uint64_t k = a->first_pa < w->floor_pa ?
			     boot_round_up(w->floor_pa - a->first_pa, w->b->kernel->align_bytes) /
			     w->b->kernel->align_bytes : 0;

		if (k >= a->count)
			continue;
		w->done_nr = slot_nr(w, i, k);
		w->done = follow_slot(w, i, k);
		break;
	}
	if (!w->all_told || !w->done_nr || w->ended)
		return;
	/* Each dies, and the first is the one to show. */
	w->first = true;
	w->worst.fold = (struct boot_fold){ 0 };
	follow_slot(w, 0, 0);
}

/*
 * The slot to follow after @k, of an area's @count: each one, or, with too many,
 * each one near the ends and one of @stride between.
 */
static uint64_t next_slot(uint64_t k, uint64_t count, uint64_t stride)
{
	if (stride == 1 || k + 1 < BOOT_SLOTS_AT_ENDS || k + BOOT_SLOTS_AT_ENDS >= count)
		return k + 1;
	return k + stride + BOOT_SLOTS_AT_ENDS < count ? k + stride : count - BOOT_SLOTS_AT_ENDS;
}

static void walk_area(struct slot_walk *w, size_t i)
{
	const struct kaslr_area *a = &w->area[i];
	uint64_t same;

	for (uint64_t k = 0; k < a->count && !w->all_told && !w->ended;
	     k = same > 1 ? k + same : next_slot(k, a->count, w->stride)) {
		/* All that come after it in this area are higher still. */
		if (w->high_told &&
		    a->first_pa + k * w->b->kernel->align_bytes >= w->floor_pa)
			return;
		same = w->done && slot_nr(w, i, k) == w->done_nr ? w->done : follow_slot(w, i, k);
		/* Half of the runs for one after the other, the rest for a sample. */
		if (w->runs == BOOT_SLOTS_ALL / 2 && w->slots > BOOT_SLOTS_ALL)
			w->stride = (w->slots - w->worst.fold.followed) / (BOOT_SLOTS_ALL / 2) + 1;
	}
}

/*
 * The list of the worst slot, as exact as for a place that is known; unless the boot ended
 * otherwise then, which is a matter of a few pages.  The figures stay what they are in all slots.
 */
static void list_worst(struct slot_walk *w)
{
	struct boot_result *r = w->b->out, list;
	struct boot_run how = {
		.kernel_pa = w->worst.kernel_pa, .extend = w->extend, .exact = true,
	};

	boot_run(w->b, &how);
	if (r->outcome != w->worst.outcome || r->failed != w->worst.failed) {
		how.exact = false;
		boot_run(w->b, &how);
		return;
	}
	list = *r;
	*r = w->worst;
	r->alloc = list.alloc;
	r->nr_allocs = list.nr_allocs;
	r->cap_allocs = list.cap_allocs;
}

/* The worst one's result, and what was asked for as the worst slot gets it. */
static void conclude_slots(struct slot_walk *w)
{
	struct boot_result *r = w->b->out;
	const struct boot_shortfall *s;

	if (w->slots > 1 && !w->b->load->no_list)
		list_worst(w);
	else
		*r = w->worst;
	w->b->kernel_pa = r->kernel_pa;
	r->fold = w->worst.fold;
	s = r->fold.shortfall;
	if (r->outcome != BOOT_UP)
		return;
	r->swiotlb_bytes = r->swiotlb_wanted_bytes - s[BOOT_SHORT_SWIOTLB].most;
	r->crashkernel_bytes = r->crashkernel_wanted_bytes - s[BOOT_SHORT_CRASHKERNEL].most;
	r->hugepages = r->hugepages_wanted - s[BOOT_SHORT_HUGEPAGES].most;
	r->log_buf_bytes = r->log_buf_wanted_bytes - s[BOOT_SHORT_LOG_BUF].most;
	r->map_off_node_bytes = s[BOOT_SHORT_OFF_NODE].most;
	r->buffers_failed = s[BOOT_SHORT_BUFFERS].most;
	r->preserved_list_bytes = r->preserved_list_wanted_bytes - s[BOOT_SHORT_PRESERVED].most;
}

void boot_slots(struct boot *b, bool extend)
{
	const struct segment *kernel = segments_find(&b->segments, BOOT_KERNEL);
	struct kaslr_area area[KASLR_AREAS];
	size_t n = kaslr_areas(b, area);
	struct kaslr_area loaded = { kernel->got.start_pa, 1 };
	struct slot_walk w = {
		.b = b, .extend = extend, .first = true, .stride = 1, .area = n ? area : &loaded,
		.n = n ? n : 1, .floor_pa = certain_floor(b),
	};

	for (size_t i = 0; i < w.n; i++)
		w.slots += w.area[i].count;
	if (n)
		follow_hard(&w);
	if (n && !w.ended && !b->load->each_slot && (extend || !certain_death(b)))
		follow_high(&w);
	for (size_t i = 0; i < w.n; i++)
		walk_area(&w, i);
	conclude_slots(&w);
	b->out->kaslr = n;
	b->out->slots = w.slots;
	b->out->one_tells = n && w.runs == 1;
	b->out->runs = w.runs;
}
