// SPDX-License-Identifier: GPL-2.0-only
/* The rehearsal's allocations against the model's. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "rehearse/rehearse.h"

struct piece {
	uint64_t start_pa;
	uint64_t bytes;
};

struct pieces {
	struct piece *p;
	size_t n;
	size_t cap;
	bool failed;
};

static void append_piece(struct pieces *list, uint64_t start_pa, uint64_t bytes)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? list->cap * 2 : 256;
		struct piece *p = reallocarray(list->p, cap, sizeof(*p));

		if (!p) {
			list->failed = true;
			return;
		}
		list->p = p;
		list->cap = cap;
	}
	list->p[list->n++] = (struct piece){ start_pa, bytes };
}

static int by_address(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->start_pa < y->start_pa ? -1 : x->start_pa > y->start_pa;
}

static bool is_map(enum boot_user user)
{
	return user == BOOT_MEMORY_MAP || user == BOOT_MAP_TABLES;
}

/*
 * What touches is one stretch, cut where a PMD's worth ends.  A buffer (up to 7.1) is one
 * allocation in the log, whatever is handed out of it: whole PMDs, pages, and tables.
 */
static void cut_at_pmds(struct pieces *list, uint64_t pmd_bytes)
{
	struct pieces out = { .failed = list->failed };

	if (list->n)
		qsort(list->p, list->n, sizeof(*list->p), by_address);
	for (size_t i = 0; i < list->n; ) {
		uint64_t at = list->p[i].start_pa, end_pa = at + list->p[i].bytes;

		while (++i < list->n && list->p[i].start_pa <= end_pa)
			if (end_pa < list->p[i].start_pa + list->p[i].bytes)
				end_pa = list->p[i].start_pa + list->p[i].bytes;
		while (at < end_pa) {
			uint64_t stop = (at / pmd_bytes + 1) * pmd_bytes;

			if (stop > end_pa)
				stop = end_pa;
			append_piece(&out, at, stop - at);
			at = stop;
		}
	}
	free(list->p);
	*list = out;
}

static void seen_pieces(const struct console *c, struct pieces *list)
{
	for (size_t i = 0; i < c->nr_allocs; i++)
		if (is_map(c->alloc[i].user))
			append_piece(list, c->alloc[i].start_pa, c->alloc[i].bytes);
}

static void model_pieces(const struct boot_result *m, struct pieces *list)
{
	for (size_t i = 0; i < m->nr_allocs; i++) {
		const struct kho_range *r = &m->alloc[i].range;

		if (is_map(m->alloc[i].user))
			append_piece(list, r->start_pa, r->end_pa - r->start_pa);
	}
}

static void add_difference(struct rehearsal *r, const struct console_alloc *seen, uint64_t model_pa)
{
	if (r->nr_differences < REHEARSAL_DIFFERENCES)
		r->difference[r->nr_differences++] =
			(struct rehearsal_difference){ *seen, model_pa };
}

static void compare_maps(struct rehearsal *r, const struct pieces *seen,
			 const struct pieces *model)
{
	r->map_seen = seen->n;
	r->map_model = model->n;
	for (size_t i = 0, k = 0; i < seen->n; i++) {
		while (k < model->n && model->p[k].start_pa < seen->p[i].start_pa)
			k++;
		if (k < model->n && model->p[k].start_pa == seen->p[i].start_pa &&
		    model->p[k].bytes == seen->p[i].bytes) {
			r->map_equal++;
			continue;
		}
		/* The first one tells; the others mostly follow from it. */
		if (r->map_equal == i)
			add_difference(r, &(struct console_alloc){ .user = BOOT_MEMORY_MAP,
				       .node = KHO_NO_NODE, .start_pa = seen->p[i].start_pa,
				       .bytes = seen->p[i].bytes },
				       k < model->n ? model->p[k].start_pa : UINT64_MAX);
	}
}

/* Does the model have a piece of this user that begins there? */
static bool model_has(const struct boot_result *m, const struct console_alloc *seen)
{
	for (size_t i = 0; i < m->nr_allocs; i++) {
		const struct boot_allocation *a = &m->alloc[i];
		uint64_t bytes = (a->range.end_pa - a->range.start_pa) / a->pieces;

		/* Small ones have many names, and a name that the compiler left is any. */
		if ((a->user == seen->user || seen->user == BOOT_SMALL) && bytes && seen->start_pa >= a->range.start_pa &&
		    seen->start_pa < a->range.end_pa &&
		    (seen->start_pa - a->range.start_pa) % bytes == 0)
			return true;
	}
	return false;
}

/* The nearest of this user, for the message. */
static uint64_t nearest(const struct boot_result *m, const struct console_alloc *seen)
{
	uint64_t best = UINT64_MAX, least = UINT64_MAX;

	for (size_t i = 0; i < m->nr_allocs; i++) {
		uint64_t pa = m->alloc[i].range.start_pa;
		uint64_t away = pa > seen->start_pa ? pa - seen->start_pa : seen->start_pa - pa;

		if (m->alloc[i].user == seen->user && away < least) {
			least = away;
			best = pa;
		}
	}
	return best;
}

/*
 * What is no more than a page is too many kinds of things; the first MiB is x86's own.
 * With KASLR the tables of the CPU entry areas, which are anywhere in 512 GiB, come before
 * the bounce buffer; the guest, which has nokaslr, needs fewer of them.
 */
static bool is_compared(const struct rehearsal *r, const struct console_alloc *a,
			uint64_t page_bytes)
{
	return !is_map(a->user) && a->bytes > page_bytes && a->start_pa >= UINT64_C(1) << 20 &&
	       !(a->user == BOOT_SWIOTLB && r->place.forced);
}

void rehearsal_compare(struct rehearsal *r, const struct boot_result *model,
		       const struct boot_kernel *kernel)
{
	struct pieces seen = { 0 }, predicted = { 0 };

	seen_pieces(&r->console, &seen);
	model_pieces(model, &predicted);
	cut_at_pmds(&seen, kernel->pmd_bytes);
	cut_at_pmds(&predicted, kernel->pmd_bytes);
	r->console.no_memory |= seen.failed || predicted.failed;
	compare_maps(r, &seen, &predicted);
	for (size_t i = 0; i < r->console.nr_allocs; i++) {
		const struct console_alloc *a = &r->console.alloc[i];

		if (!is_compared(r, a, kernel->page_bytes))
			continue;
		r->others_seen++;
		if (model_has(model, a))
			r->others_equal++;
		else
			add_difference(r, a, nearest(model, a));
	}
	free(seen.p);
	free(predicted.p);
}
