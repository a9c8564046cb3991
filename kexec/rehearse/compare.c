// SPDX-License-Identifier: GPL-2.0-only
/* The rehearsal's allocations against the model's. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "rehearse/rehearse.h"

static bool is_map(enum boot_user user)
{
	return user == BOOT_MEMORY_MAP || user == BOOT_MAP_TABLES;
}

/*
 * What touches is one stretch, cut where a PMD's worth ends.  A buffer (up to 7.1) is one
 * allocation in the log, whatever is handed out of it: whole PMDs, pages, and tables.
 */
static int cut_at_pmds(struct kho_ranges *pieces, uint64_t pmd_bytes)
{
	struct kho_ranges out = { 0 };
	int ret = 0;

	kho_ranges_normalise(pieces);
	for (size_t i = 0; i < pieces->n; i++) {
		uint64_t at = pieces->r[i].start_pa, end_pa = pieces->r[i].end_pa;

		while (at < end_pa && !ret) {
			uint64_t stop = (at / pmd_bytes + 1) * pmd_bytes;

			if (stop > end_pa)
				stop = end_pa;
			ret = kho_ranges_add(&out, at, stop, KHO_NO_NODE);
			at = stop;
		}
	}
	kho_ranges_deinit(pieces);
	*pieces = out;
	return ret;
}

static int seen_pieces(const struct console *c, struct kho_ranges *pieces)
{
	int ret = 0;

	for (size_t i = 0; i < c->nr_allocs && !ret; i++)
		if (is_map(c->alloc[i].user))
			ret = kho_ranges_add(pieces, c->alloc[i].start_pa,
					     c->alloc[i].start_pa + c->alloc[i].bytes, KHO_NO_NODE);
	return ret;
}

static int model_pieces(const struct boot_result *m, struct kho_ranges *pieces)
{
	int ret = 0;

	for (size_t i = 0; i < m->nr_allocs && !ret; i++)
		if (is_map(m->alloc[i].user))
			ret = kho_ranges_add(pieces, m->alloc[i].range.start_pa,
					     m->alloc[i].range.end_pa, KHO_NO_NODE);
	return ret;
}

static void add_difference(struct rehearsal *r, const struct console_alloc *seen, uint64_t model_pa)
{
	if (r->nr_differences < REHEARSAL_DIFFERENCES)
		r->difference[r->nr_differences++] =
			(struct rehearsal_difference){ *seen, model_pa };
}

static void compare_maps(struct rehearsal *r, const struct kho_ranges *seen,
			 const struct kho_ranges *model)
{
	r->map_seen = seen->n;
	r->map_model = model->n;
	for (size_t i = 0, k = 0; i < seen->n; i++) {
		const struct kho_range *piece = &seen->r[i];

		while (k < model->n && model->r[k].start_pa < piece->start_pa)
			k++;
		if (k < model->n && model->r[k].start_pa == piece->start_pa &&
		    model->r[k].end_pa == piece->end_pa) {
			r->map_equal++;
			continue;
		}
		/* The first one tells; the others mostly follow from it. */
		if (r->map_equal == i)
			add_difference(r, &(struct console_alloc){ .user = BOOT_MEMORY_MAP,
				       .node = KHO_NO_NODE, .start_pa = piece->start_pa,
				       .bytes = piece->end_pa - piece->start_pa },
				       k < model->n ? model->r[k].start_pa : UINT64_MAX);
	}
}

/* Does the model have a piece of this user that begins there? */
static bool model_has(const struct boot_result *m, const struct console_alloc *seen)
{
	for (size_t i = 0; i < m->nr_allocs; i++) {
		const struct boot_allocation *a = &m->alloc[i];
		uint64_t bytes = (a->range.end_pa - a->range.start_pa) / a->pieces;

		/* Small ones have many names, and a name that the compiler left is any. */
		if ((a->user == seen->user || seen->user == BOOT_SMALL) && bytes &&
		    seen->start_pa >= a->range.start_pa && seen->start_pa < a->range.end_pa &&
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
 * With KASLR the tables of the CPU entry areas, which are anywhere in 512 GiB, come before
 * the bounce buffer and KFENCE's pool; the guest, which has nokaslr, needs fewer of them.
 */
static bool follows_entry_areas(const struct console_alloc *a)
{
	return a->user == BOOT_SWIOTLB || !strncmp(a->function, "kfence_", 7);
}

/*
 * What a later one lies on was given back: pcpu_page_first_chunk()'s list of pages, a crash kernel
 * without its low part.  The model lists what stays.
 */
static bool was_freed(const struct console *c, const struct console_alloc *a)
{
	uint64_t end_pa = a->start_pa + a->bytes;

	for (const struct console_alloc *b = a + 1; b < c->alloc + c->nr_allocs; b++)
		if (b->start_pa < end_pa && a->start_pa < b->start_pa + b->bytes)
			return true;
	return false;
}

/* What is no more than a page is too many kinds of things; the first MiB is x86's own. */
static bool is_compared(const struct console *c, const struct boot_result *model,
			const struct console_alloc *a, uint64_t page_bytes)
{
	return !is_map(a->user) && a->bytes > page_bytes && a->start_pa >= UINT64_C(1) << 20 &&
	       !(model->entries_at_random && follows_entry_areas(a)) && !was_freed(c, a);
}

int rehearsal_compare(struct rehearsal *r, const struct boot_result *model,
		      const struct boot_kernel *kernel)
{
	struct kho_ranges seen = { 0 }, predicted = { 0 };
	int ret = r->console.no_memory ? -ENOMEM : seen_pieces(&r->console, &seen);

	if (!ret)
		ret = model_pieces(model, &predicted);
	if (!ret)
		ret = cut_at_pmds(&seen, kernel->pmd_bytes);
	if (!ret)
		ret = cut_at_pmds(&predicted, kernel->pmd_bytes);
	if (!ret)
		compare_maps(r, &seen, &predicted);
	for (size_t i = 0; i < r->console.nr_allocs && !ret; i++) {
		const struct console_alloc *a = &r->console.alloc[i];

		if (!is_compared(&r->console, model, a, kernel->page_bytes))
			continue;
		r->others_seen++;
		if (model_has(model, a))
			r->others_equal++;
		else
			add_difference(r, a, nearest(model, a));
	}
	kho_ranges_deinit(&seen);
	kho_ranges_deinit(&predicted);
	return ret;
}
