// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "report/layout.h"

static int push_piece(struct layout_area *area, uint64_t start_pa, uint64_t end_pa,
		      unsigned int user)
{
	struct layout_piece *last = area->nr_pieces ? &area->piece[area->nr_pieces - 1] : NULL;

	if (last && last->user == user && last->end_pa == start_pa) {
		last->end_pa = end_pa;
		return 0;
	}
	if (area->nr_pieces == area->cap_pieces) {
		size_t cap = area->cap_pieces ? area->cap_pieces * 2 : 16;
		struct layout_piece *piece = reallocarray(area->piece, cap, sizeof(*piece));

		if (!piece)
			return -ENOMEM;
		area->piece = piece;
		area->cap_pieces = cap;
	}
	area->piece[area->nr_pieces++] = (struct layout_piece){ start_pa, end_pa, user };
	return 0;
}

static void sum_up(struct layout_area *area)
{
	for (size_t i = 0; i < area->nr_pieces; i++) {
		const struct layout_piece *p = &area->piece[i];
		struct layout_share *share = &area->share[p->user];

		if (!share->pieces++)
			share->first_pa = p->start_pa;
		share->end_pa = p->end_pa;
		share->bytes += p->end_pa - p->start_pa;
	}
}

/* By start; @alloc of the result stays in order of time, which decides between two. */
static int compare_start(const void *a, const void *b)
{
	const struct boot_allocation *x = *(const struct boot_allocation *const *)a;
	const struct boot_allocation *y = *(const struct boot_allocation *const *)b;

	if (x->range.start_pa != y->range.start_pa)
		return x->range.start_pa < y->range.start_pa ? -1 : 1;
	return (x > y) - (x < y);
}

/* What is swept over: allocations by start, and those of them that @pa lies in. */
struct sweep {
	const struct boot_allocation **by_start;
	const struct boot_allocation **open;
	size_t n;
	size_t next;
	size_t nr_open;
};

static int sweep_init(struct sweep *s, const struct boot_result *boot)
{
	*s = (struct sweep){ .n = boot->nr_allocs };
	s->by_start = calloc(s->n + 1, sizeof(*s->by_start));
	s->open = calloc(s->n + 1, sizeof(*s->open));
	if (!s->by_start || !s->open)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++)
		s->by_start[i] = &boot->alloc[i];
	qsort(s->by_start, s->n, sizeof(*s->by_start), compare_start);
	return 0;
}

static void sweep_deinit(struct sweep *s)
{
	free(s->by_start);
	free(s->open);
}

/*
 * Who has the memory at @pa, and how far: @stop_pa is lowered to the next place at
 * which that may change.  From call to call @pa may only grow.
 */
static unsigned int sweep_to(struct sweep *s, uint64_t pa, uint64_t *stop_pa)
{
	const struct boot_allocation *owner = NULL;
	size_t kept = 0;

	while (s->next < s->n && s->by_start[s->next]->range.start_pa <= pa)
		s->open[s->nr_open++] = s->by_start[s->next++];
	if (s->next < s->n && s->by_start[s->next]->range.start_pa < *stop_pa)
		*stop_pa = s->by_start[s->next]->range.start_pa;
	for (size_t i = 0; i < s->nr_open; i++) {
		const struct boot_allocation *a = s->open[i];

		if (a->range.end_pa <= pa)
			continue;
		s->open[kept++] = a;
		if (a->range.end_pa < *stop_pa)
			*stop_pa = a->range.end_pa;
		if (!owner || owner->user == BOOT_PURGATORY ||
		    (a->user != BOOT_PURGATORY && a > owner))
			owner = a;
	}
	s->nr_open = kept;
	return owner ? owner->user : LAYOUT_FREE;
}

/* All that somebody has, wherever it lies. */
static int paint(const struct boot_result *boot, struct layout_area *owned)
{
	struct sweep sweep;
	int ret = sweep_init(&sweep, boot);

	for (uint64_t pa = 0, stop_pa; pa < UINT64_MAX && !ret; pa = stop_pa) {
		unsigned int user;

		stop_pa = UINT64_MAX;
		user = sweep_to(&sweep, pa, &stop_pa);
		if (user != LAYOUT_FREE)
			ret = push_piece(owned, pa, stop_pa, user);
	}
	sweep_deinit(&sweep);
	return ret;
}

/* The part of @owned in [@start_pa, @end_pa), and what is free there if @with_free. */
static int clip(const struct layout_area *owned, uint64_t start_pa, uint64_t end_pa,
		bool with_free, struct layout_area *area)
{
	uint64_t pa = start_pa;
	int ret = 0;

	for (size_t i = 0; i < owned->nr_pieces && !ret; i++) {
		const struct layout_piece *p = &owned->piece[i];
		uint64_t from_pa = p->start_pa > start_pa ? p->start_pa : start_pa;
		uint64_t to_pa = p->end_pa < end_pa ? p->end_pa : end_pa;

		if (from_pa >= to_pa)
			continue;
		if (with_free && pa < from_pa)
			ret = push_piece(area, pa, from_pa, LAYOUT_FREE);
		if (!ret)
			ret = push_piece(area, from_pa, to_pa, p->user);
		pa = to_pa;
	}
	if (with_free && pa < end_pa && !ret)
		ret = push_piece(area, pa, end_pa, LAYOUT_FREE);
	return ret;
}

static int lay_out_area(const struct kho_range *range, const struct layout_area *owned,
			bool followed, struct layout_area *area)
{
	int ret;

	area->range = (struct kho_range){ range->start_pa, range->end_pa, KHO_NO_NODE };
	if (followed)
		ret = clip(owned, range->start_pa, range->end_pa, true, area);
	else
		ret = push_piece(area, range->start_pa, range->end_pa, LAYOUT_UNKNOWN);
	sum_up(area);
	return ret;
}

/* Between the areas, and before and behind them all. */
static int lay_out_beyond(const struct kho_ranges *scratch, const struct layout_area *owned,
			  struct layout_area *beyond)
{
	struct kho_ranges areas = { 0 };
	uint64_t from_pa = 0;
	int ret = 0;

	for (size_t i = 0; i < scratch->n && !ret; i++)
		ret = kho_ranges_add(&areas, scratch->r[i].start_pa, scratch->r[i].end_pa,
				     KHO_NO_NODE);
	kho_ranges_normalise(&areas);
	for (size_t i = 0; i <= areas.n && !ret; i++) {
		uint64_t to_pa = i < areas.n ? areas.r[i].start_pa : UINT64_MAX;

		ret = clip(owned, from_pa, to_pa, false, beyond);
		if (i < areas.n)
			from_pa = areas.r[i].end_pa;
	}
	kho_ranges_deinit(&areas);
	sum_up(beyond);
	return ret;
}

static int lay_out_areas(const struct kho_report *report, struct layout *layout)
{
	const struct kho_ranges *scratch = &report->machine->scratch;
	struct layout_area owned = { 0 };
	int ret = 0;

	layout->area = calloc(scratch->n + 1, sizeof(*layout->area));
	if (!layout->area)
		return -ENOMEM;
	if (layout->followed)
		ret = paint(&report->check->boot, &owned);
	while (layout->nr_areas < scratch->n && !ret) {
		ret = lay_out_area(&scratch->r[layout->nr_areas], &owned, layout->followed,
				   &layout->area[layout->nr_areas]);
		layout->nr_areas++;
	}
	if (!ret)
		ret = lay_out_beyond(scratch, &owned, &layout->beyond);
	free(owned.piece);
	return ret;
}

static int compare_node(const void *a, const void *b)
{
	const struct kho_range *x = a, *y = b;

	if (x->node != y->node)
		return (x->node > y->node) - (x->node < y->node);
	return (x->start_pa > y->start_pa) - (x->start_pa < y->start_pa);
}

/* @ram is sorted by node. */
static int lay_out_nodes(const struct kho_ranges *ram, struct layout *layout)
{
	int ret = 0;

	layout->node = calloc(ram->n + 1, sizeof(*layout->node));
	if (!layout->node)
		return -ENOMEM;
	for (size_t i = 0; i < ram->n && !ret; i++) {
		const struct kho_range *r = &ram->r[i];

		if (!i || ram->r[i - 1].node != r->node)
			layout->node[layout->nr_nodes++].node = r->node;
		layout->node[layout->nr_nodes - 1].ram_bytes += r->end_pa - r->start_pa;
		ret = kho_ranges_add(&layout->node[layout->nr_nodes - 1].ram, r->start_pa,
				     r->end_pa, r->node);
	}
	return ret;
}

static int sort_nodes(const struct kho_ranges *memory, struct layout *layout)
{
	struct kho_ranges ram = { 0 };
	int ret = 0;

	for (size_t i = 0; i < memory->n && !ret; i++)
		ret = kho_ranges_add(&ram, memory->r[i].start_pa, memory->r[i].end_pa,
				     memory->r[i].node);
	if (ram.n)
		qsort(ram.r, ram.n, sizeof(*ram.r), compare_node);
	if (!ret)
		ret = lay_out_nodes(&ram, layout);
	kho_ranges_deinit(&ram);
	return ret;
}

/* Bytes of @ram below @pa; @before has those below each range of it. */
static uint64_t ram_below(const struct kho_ranges *ram, const uint64_t *before, uint64_t pa)
{
	size_t at = kho_ranges_first_after(ram, pa);

	if (at < ram->n)
		return before[at] + (pa > ram->r[at].start_pa ? pa - ram->r[at].start_pa : 0);
	return at ? before[at - 1] + ram->r[at - 1].end_pa - ram->r[at - 1].start_pa : 0;
}

static int compare_mark(const void *a, const void *b)
{
	const struct layout_mark *x = a, *y = b;

	return (x->from_bytes > y->from_bytes) - (x->from_bytes < y->from_bytes);
}

static int mark_areas(const struct layout *layout, const uint64_t *before,
		      struct layout_node *node)
{
	node->mark = calloc(layout->nr_areas + 1, sizeof(*node->mark));
	if (!node->mark)
		return -ENOMEM;
	for (size_t i = 0; i < layout->nr_areas; i++) {
		const struct kho_range *area = &layout->area[i].range;
		uint64_t from_bytes = ram_below(&node->ram, before, area->start_pa);
		uint64_t to_bytes = ram_below(&node->ram, before, area->end_pa);

		if (from_bytes < to_bytes)
			node->mark[node->nr_marks++] =
				(struct layout_mark){ i, from_bytes, to_bytes };
	}
	qsort(node->mark, node->nr_marks, sizeof(*node->mark), compare_mark);
	return 0;
}

/* @preserved is cut by node. */
static int mark_preserved(const struct kho_ranges *preserved, const uint64_t *before,
			  struct layout_node *node)
{
	size_t n = 0;

	for (size_t i = 0; i < preserved->n; i++)
		n += preserved->r[i].node == node->node;
	node->preserved = calloc(n + 1, sizeof(*node->preserved));
	if (!node->preserved)
		return -ENOMEM;
	for (size_t i = 0; i < preserved->n; i++) {
		const struct kho_range *r = &preserved->r[i];
		uint64_t from_bytes = ram_below(&node->ram, before, r->start_pa);
		uint64_t bytes = r->end_pa - r->start_pa;

		/* What belongs to no node may be no RAM at all. */
		if (r->node != node->node ||
		    ram_below(&node->ram, before, r->end_pa) - from_bytes != bytes)
			continue;
		node->preserved[node->nr_preserved++] = (struct layout_preserved){
			r->start_pa, r->end_pa, from_bytes, from_bytes + bytes
		};
		node->preserved_bytes += bytes;
	}
	return 0;
}

/* What lies on each node, by bytes of its RAM. */
static int mark_nodes(const struct machine *m, struct layout *layout)
{
	struct kho_ranges preserved = { 0 };
	int ret = kho_ranges_cut(&m->handover.preserved, &m->memory, &preserved);

	for (size_t i = 0; i < layout->nr_nodes && !ret; i++) {
		struct layout_node *node = &layout->node[i];
		uint64_t *before = calloc(node->ram.n + 1, sizeof(*before));

		if (!before) {
			ret = -ENOMEM;
			break;
		}
		for (size_t k = 0; k < node->ram.n; k++)
			before[k + 1] = before[k] + node->ram.r[k].end_pa -
					node->ram.r[k].start_pa;
		ret = mark_areas(layout, before, node);
		if (!ret)
			ret = mark_preserved(&preserved, before, node);
		free(before);
	}
	kho_ranges_deinit(&preserved);
	return ret;
}

struct on_node {
	int node;
	bool found;
};

static void look_for_node(int node, void *arg)
{
	struct on_node *look = arg;

	look->found |= node == look->node;
}

/*
 * kernel/liveupdate/kexec_handover.c, kho_reserve_scratch(): lowmem, global, then
 * one area for each node with memory, by number.
 */
static void find_roles(const struct machine *m, struct layout *layout)
{
	if (!layout->nr_nodes || layout->node[0].node == KHO_NO_NODE ||
	    layout->nr_areas != layout->nr_nodes + 2)
		return;
	for (size_t i = 0; i < layout->nr_nodes; i++) {
		struct on_node look = { .node = layout->node[i].node };

		kho_report_area_nodes(&layout->area[i + 2].range, &m->memory, look_for_node, &look);
		if (!look.found)
			return;
	}
	layout->area[0].role = LAYOUT_LOWMEM;
	layout->area[1].role = LAYOUT_GLOBAL;
	for (size_t i = 0; i < layout->nr_nodes; i++) {
		layout->area[i + 2].role = LAYOUT_OF_NODE;
		layout->area[i + 2].role_node = layout->node[i].node;
	}
}

int layout_make(const struct kho_report *report, struct layout *layout)
{
	int ret;

	*layout = (struct layout){ .followed = report->check->has_boot };
	ret = sort_nodes(&report->machine->memory, layout);
	if (!ret)
		ret = lay_out_areas(report, layout);
	if (!ret)
		ret = mark_nodes(report->machine, layout);
	if (ret)
		layout_deinit(layout);
	else
		find_roles(report->machine, layout);
	return ret;
}

unsigned int layout_by_size(const struct layout_area *area, unsigned int user[LAYOUT_USERS])
{
	unsigned int n = 0;

	for (unsigned int u = 0; u < LAYOUT_USERS; u++) {
		unsigned int at = n;

		if (!area->share[u].bytes)
			continue;
		while (at && u < LAYOUT_FREE &&
		       area->share[user[at - 1]].bytes < area->share[u].bytes) {
			user[at] = user[at - 1];
			at--;
		}
		user[at] = u;
		n++;
	}
	return n;
}

void layout_deinit(struct layout *layout)
{
	for (size_t i = 0; i < layout->nr_nodes; i++) {
		kho_ranges_deinit(&layout->node[i].ram);
		free(layout->node[i].mark);
		free(layout->node[i].preserved);
	}
	for (size_t i = 0; i < layout->nr_areas; i++)
		free(layout->area[i].piece);
	free(layout->beyond.piece);
	free(layout->node);
	free(layout->area);
	*layout = (struct layout){ 0 };
}
