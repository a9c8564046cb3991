// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "model/layouts.h"
#include "model/toolbox/run.h"
#include "model/work.h"

#define GIB		(UINT64_C(1) << 30)
#define GAP_AREAS	3	/* lowmem, global and a node's: no more are in one gap at first */
#define INITRD_END_PA	(UINT64_C(1) << 31)	/* initrd_addr_max of the boot protocol */

/* Free memory without a hole. */
struct gap {
	uint64_t start_pa, end_pa;
};

struct layout_walk {
	struct boot_cold_memory m;	/* its sums are changed, and are again what they were */
	const struct boot_setting *set;
	const struct boot_places *places;
	struct boot_layouts *out;
	struct kho_ranges first;	/* without the kernel in their way */
	struct kho_ranges now;
	uint64_t page_end_bytes;	/* of the layout that is tried */
};

/* ---- which differ ---- */

/* The one that ends where @i begins, on the same node: memblock makes one region of them. */
static size_t area_below(const struct kho_ranges *areas, size_t i)
{
	size_t k = 0;

	while (k < areas->n && (areas->r[k].end_pa != areas->r[i].start_pa ||
				areas->r[k].node != areas->r[i].node))
		k++;
	return k;
}

static bool is_alike_at(const struct layout_walk *w, const struct kho_ranges *a,
		      const struct kho_ranges *b, size_t i)
{
	const struct kho_range *x = &a->r[i], *y = &b->r[i];
	const uint64_t align[] = { w->places->crash_align_bytes, w->places->page_align_bytes };

	for (int k = 0; k < 2; k++)
		if (align[k] && x->start_pa % align[k] != y->start_pa % align[k])
			return false;
	for (size_t k = 0; k < i; k++)
		if ((a->r[k].start_pa < x->start_pa) != (b->r[k].start_pa < y->start_pa))
			return false;
	return x->end_pa - x->start_pa == y->end_pa - y->start_pa && x->node == y->node &&
	       (x->end_pa <= BOOT_4G) == (y->end_pa <= BOOT_4G) && area_below(a, i) == area_below(b, i);
}

static bool is_alike(const struct layout_walk *w, const struct kho_ranges *a,
		     const struct kho_ranges *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!is_alike_at(w, a, b, i))
			return false;
	return a->n == b->n;
}

static int keep_layout(struct layout_walk *w, const struct kho_ranges *areas)
{
	struct boot_layouts *out = w->out;
	struct boot_layout *to;

	for (size_t i = 0; i < out->n; i++)
		if (is_alike(w, &out->layout[i].areas, areas))
			return 0;
	if (out->n == out->cap) {
		size_t cap = out->cap ? out->cap * 2 : 8;

		to = realloc(out->layout, cap * sizeof(*to));
		if (!to)
			return -ENOMEM;
		for (size_t i = out->cap; i < cap; i++)
			to[i] = (struct boot_layout){ .page_end_bytes = 0 };
		out->layout = to;
		out->cap = cap;
	}
	to = &out->layout[out->n];
	to->page_end_bytes = w->page_end_bytes;
	to->areas.n = 0;
	for (size_t i = 0; i < areas->n; i++)
		if (kho_ranges_add(&to->areas, areas->r[i].start_pa, areas->r[i].end_pa,
				   areas->r[i].node))
			return -ENOMEM;
	out->n++;
	return 0;
}

/* ---- where the first kernel may be ---- */

static int node_of(const struct boot_cold_memory *m, uint64_t pa)
{
	const struct memblock_ranges *memory = &m->mb->memory;
	size_t i = memblock_ending_after(memory, pa);

	return i < memory->n && memory->r[i].start_pa <= pa ? memory->r[i].node : KHO_NO_NODE;
}

/* N% is also of the kernel and of the initrd, which count where they lie. */
static void count_for_percent(struct boot_cold_memory *m, uint64_t pa, uint64_t bytes)
{
	int node = node_of(m, pa);

	m->kernel_bytes += bytes;
	m->kernel_low_bytes += pa < BOOT_4G ? bytes : 0;
	for (size_t i = 0; i < m->nr_nodes; i++)
		m->kernel_node_bytes[i] += m->node[i] == node ? bytes : 0;
}

static void discount_for_percent(struct boot_cold_memory *m, uint64_t pa, uint64_t bytes)
{
	count_for_percent(m, pa, -bytes);
}

/* The areas with the kernel at @pa; 0: elsewhere. */
static int try_layout(struct layout_walk *w, uint64_t pa)
{
	struct boot_cold_memory *m = &w->m;
	const struct memblock_range kernel = { pa, pa + m->image_bytes, KHO_NO_NODE, 0, 0 };
	int ret;

	if (!pa)
		return boot_lay_out(m, w->set, &w->now) ?: keep_layout(w, &w->now);
	memblock_reserve(m->mb, &kernel);
	discount_for_percent(m, m->image_pa, m->image_bytes);
	count_for_percent(m, pa, m->image_bytes);
	ret = boot_lay_out(m, w->set, &w->now);
	discount_for_percent(m, pa, m->image_bytes);
	count_for_percent(m, m->image_pa, m->image_bytes);
	memblock_free(m->mb, &kernel);
	return ret ? ret : keep_layout(w, &w->now);
}

/* The free memory around @pa, which is free itself. */
static struct gap gap_around(const struct boot_cold_memory *m, uint64_t pa)
{
	const struct memblock_ranges *memory = &m->mb->memory, *reserved = &m->mb->reserved;
	size_t i = memblock_ending_after(memory, pa), k = memblock_ending_after(reserved, pa);
	struct gap gap = { memory->r[i].start_pa, memory->r[i].end_pa };

	if (k && reserved->r[k - 1].end_pa > gap.start_pa)
		gap.start_pa = reserved->r[k - 1].end_pa;
	if (k < reserved->n && reserved->r[k].start_pa < gap.end_pa)
		gap.end_pa = reserved->r[k].start_pa;
	return gap;
}

/*
 * The areas below it end where it begins.  How much of them is left beside gigantic pages, and in
 * which pieces, depends on where that is.
 */
static int look_below_page(struct layout_walk *w, const struct gap *gap, uint64_t most_pa)
{
	const struct boot_page_ends *some = w->places->page_ends;
	uint64_t page = w->places->page_align_bytes, step = w->m.align_bytes;
	uint64_t n = !page ? 0 : some ? some->n : page / step;
	int ret = 0;

	for (uint64_t i = 0; i < n && !ret; i++) {
		uint64_t at = some ? some->at[i] : i * step;
		uint64_t pa = most_pa >= at ? (most_pa - at) / page * page + at : 0;

		w->page_end_bytes = at;
		if (pa && pa >= gap->start_pa)
			ret = try_layout(w, pa);
	}
	return ret;
}

/* The same of a crash kernel in them: each offset to its alignment, down from @most_pa. */
static int look_below_crash(struct layout_walk *w, const struct gap *gap, uint64_t most_pa)
{
	uint64_t crash = w->places->crash_align_bytes, step = w->m.image_align_bytes;
	int ret = 0;

	step = step < w->m.align_bytes ? w->m.align_bytes : step;
	for (uint64_t down = step; down < crash && !ret; down += step)
		if (most_pa >= gap->start_pa + down)
			ret = try_layout(w, most_pa - down);
	return ret;
}

/* So that @above bytes are left free above it, or a little more; and so that they are not. */
static int look_below(struct layout_walk *w, const struct gap *gap, uint64_t above)
{
	uint64_t align = w->m.image_align_bytes, bytes = above + w->m.image_bytes, pa;
	int ret = 0;

	if (bytes + align > gap->end_pa - gap->start_pa)
		return 0;
	pa = (gap->end_pa - bytes) / align * align;
	if (pa >= gap->start_pa && pa)
		ret = try_layout(w, pa);
	if (!ret)
		ret = look_below_page(w, gap, pa);
	if (!ret)
		ret = look_below_crash(w, gap, pa);
	if (!ret && pa + align + w->m.image_bytes <= gap->end_pa)
		ret = try_layout(w, pa + align);
	return ret;
}

/*
 * The kernel above, between and below the areas of a gap, where each of them just fits above it
 * or just does not; and in the middle of the gap.
 */
static int look_in(struct layout_walk *w, const struct gap *gap)
{
	uint64_t size[GAP_AREAS], all = 0, bytes = gap->end_pa - gap->start_pa;
	unsigned int n = 0;
	int ret = 0;

	for (size_t i = 0; i < w->first.n && n < GAP_AREAS; i++) {
		const struct kho_range *a = &w->first.r[i];

		if (a->start_pa < gap->start_pa || a->start_pa >= gap->end_pa)
			continue;
		size[n] = a->end_pa - a->start_pa;
		all += size[n++];
	}
	/* One that has room on either side of the kernel is where it was, but for its address. */
	if (n == 1 && !w->set->percent &&
	    2 * (all + w->m.image_align_bytes) + w->m.image_bytes <= bytes)
		return 0;
	for (unsigned int some = 0; some < 1u << n && !ret; some++) {
		uint64_t above = 0;

		for (unsigned int i = 0; i < n; i++)
			above += some & 1u << i ? size[i] : 0;
		ret = look_below(w, gap, above);
	}
	if (!ret && bytes > w->m.image_bytes)
		ret = look_below(w, gap, (bytes - w->m.image_bytes) / 2);
	return ret;
}

/* Has a gap of an area before @i been looked at already? */
static bool is_first_in(const struct layout_walk *w, const struct gap *gap, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (w->first.r[k].start_pa >= gap->start_pa && w->first.r[k].start_pa < gap->end_pa)
			return false;
	return true;
}

/* The end of @gap, so much lower that it lies @at bytes after a multiple of @align; false: there is no such end in it. */
static bool cut_end(const struct gap *gap, uint64_t align, uint64_t at, struct memblock_range *cut)
{
	uint64_t end_pa = gap->end_pa >= align ? gap->end_pa / align * align + at : 0;

	end_pa -= end_pa > gap->end_pa ? align : 0;
	*cut = (struct memblock_range){ end_pa, gap->end_pa, KHO_NO_NODE, 0, 0 };
	return end_pa > gap->start_pa && end_pa < gap->end_pa;
}

/* Gaps that have areas are cut at their end: all of them, or all but that of the lowmem area. */
static int look_shifted(struct layout_walk *w, bool all, uint64_t align, uint64_t at)
{
	struct memblock_range cut[BOOT_AREAS_MAX];
	size_t n = 0;
	int ret;

	for (size_t i = all ? 0 : 1; i < w->first.n; i++) {
		const struct gap gap = gap_around(&w->m, w->first.r[i].start_pa);

		if (is_first_in(w, &gap, i) && cut_end(&gap, align, at, &cut[n]))
			n++;
	}
	for (size_t i = 0; i < n; i++)
		memblock_reserve(w->m.mb, &cut[i]);
	ret = try_layout(w, 0);
	for (size_t i = 0; i < n; i++)
		memblock_free(w->m.mb, &cut[i]);
	return ret == -ENOSPC ? 0 : ret;
}

/* Gigantic pages are lost most where the areas end a step below a boundary. */
static int look_aligned(struct layout_walk *w)
{
	uint64_t step = w->m.align_bytes, crash = w->places->crash_align_bytes;
	uint64_t page = w->places->page_align_bytes;
	int ret = 0;

	for (uint64_t at = step; at < crash && !ret; at += step) {
		ret = look_shifted(w, false, crash, at);
		if (!ret)
			ret = look_shifted(w, true, crash, at);
	}
	if (!ret && page > step)
		ret = look_shifted(w, true, page, page - step);
	return ret;
}

/* The areas without the kernel in their way, and with it. */
static int look_in_gaps(struct layout_walk *w)
{
	int ret = try_layout(w, 0);

	w->first.n = 0;
	for (size_t i = 0; i < w->now.n && !ret; i++)
		ret = kho_ranges_add(&w->first, w->now.r[i].start_pa, w->now.r[i].end_pa,
				     w->now.r[i].node);
	for (size_t i = 0; i < w->first.n && w->places->kaslr && !ret; i++) {
		const struct gap gap = gap_around(&w->m, w->first.r[i].start_pa);

		if (is_first_in(w, &gap, i))
			ret = look_in(w, &gap);
	}
	return ret;
}

/*
 * The same with an initrd of any size at the end of low memory: each offset to the alignment of a
 * crash kernel, of the areas above the kernel and of those below it.
 */
static int look_below_initrds(struct layout_walk *w)
{
	uint64_t step = w->m.align_bytes, crash = w->places->crash_align_bytes;
	const struct gap gap = gap_around(&w->m, w->first.r[0].start_pa);
	int ret = 0;

	for (uint64_t at = step; at <= crash && ret != -ENOMEM; at += step) {
		struct memblock_range cut;

		if (!cut_end(&gap, crash, at % crash, &cut))
			continue;
		memblock_reserve(w->m.mb, &cut);
		ret = look_in_gaps(w);
		memblock_free(w->m.mb, &cut);
	}
	return ret == -ENOMEM ? ret : 0;
}

static int look_around(struct layout_walk *w)
{
	int ret = look_in_gaps(w);

	if (ret || !w->first.n || !(w->places->kaslr || w->places->initrd_bytes))
		return ret;
	ret = look_aligned(w);
	return ret ? ret : look_below_initrds(w);
}

/* The end of the free memory below 2 GiB, where boot loaders and the EFI stub put an initrd. */
static struct gap initrd_gap(const struct boot_cold_memory *m)
{
	const struct memblock_ranges *memory = &m->mb->memory;
	size_t i = memblock_ending_after(memory, INITRD_END_PA - 1);
	uint64_t pa = INITRD_END_PA - 1;
	struct gap gap;

	if (i == memory->n || memory->r[i].start_pa > pa) {
		if (!i)
			return (struct gap){ 0, 0 };
		pa = memory->r[i - 1].end_pa - 1;
	}
	gap = gap_around(m, pa);
	gap.end_pa = gap.end_pa < INITRD_END_PA ? gap.end_pa : INITRD_END_PA;
	return gap;
}

static int look_around_initrd(struct layout_walk *w)
{
	const struct gap gap = initrd_gap(&w->m);
	uint64_t bytes = w->places->initrd_bytes;
	struct memblock_range initrd = { .end_pa = gap.end_pa, .node = KHO_NO_NODE };
	int ret;

	if (!bytes || gap.end_pa < gap.start_pa + bytes)
		return 0;
	initrd.start_pa = gap.end_pa - bytes;
	memblock_reserve(w->m.mb, &initrd);
	count_for_percent(&w->m, initrd.start_pa, bytes);
	ret = look_around(w);
	discount_for_percent(&w->m, initrd.start_pa, bytes);
	memblock_free(w->m.mb, &initrd);
	return ret;
}

int boot_layouts_find(const struct boot_cold_memory *memory, const struct boot_setting *set,
		      const struct boot_places *places, struct boot_layouts *layouts)
{
	struct layout_walk w = { .m = *memory, .set = set, .places = places, .out = layouts };
	int ret;

	layouts->n = 0;
	ret = look_around(&w);
	if (!ret)
		ret = look_around_initrd(&w);
	kho_ranges_deinit(&w.first);
	kho_ranges_deinit(&w.now);
	return ret ? ret : memory->mb->error;
}

uint64_t boot_first_initrd_bytes(const struct boot_load *load, uint64_t most_bytes, uint64_t free_bytes)
{
	if (!most_bytes)
		return load->initrd_bytes;
	return most_bytes < free_bytes / 8 ? most_bytes : free_bytes / 8;
}

struct boot_places boot_places_of(const struct boot_kernel *k, const struct boot_cold_memory *memory,
				  const struct boot_result *seen, uint64_t initrd_bytes)
{
	return (struct boot_places){
		.kaslr = memory->kaslr, .initrd_bytes = initrd_bytes,
		.crash_align_bytes = seen->crashkernel_wanted_bytes ?
				     k->arch->boot->crash_align_bytes : 0,
		.page_align_bytes = seen->hugepages_wanted && !k->hugepages_outside ? GIB : 0,
	};
}

/* What the boot wants is what it wants in the first of them. */
static int find_wanted(struct boot_work *work, const struct boot_kernel *kernel,
		       const struct boot_machine *machine, const struct boot_load *load,
		       const struct boot_cold_memory *memory, const struct boot_setting *set,
		       uint64_t initrd_most_bytes, struct boot_layouts *layouts)
{
	const struct boot_page_ends end = { { GIB - memory->align_bytes }, 1 };
	uint64_t initrd_bytes = boot_first_initrd_bytes(load, initrd_most_bytes, memory->free_bytes);
	struct boot_machine then = *machine;
	struct boot_result seen = { .nr_allocs = 0 };
	int ret;

	then.preserved = then.preserved_map = NULL;
	then.scratch = (struct kho_ranges){ 0 };
	ret = boot_lay_out(memory, set, &then.scratch);
	if (!ret)
		ret = boot_follow(work, kernel, &then, load, &seen);
	if (!ret) {
		struct boot_places places = boot_places_of(kernel, memory, &seen, initrd_bytes);

		places.page_ends = &end;
		ret = boot_layouts_find(memory, set, &places, layouts);
	}
	boot_result_deinit(&seen);
	kho_ranges_deinit(&then.scratch);
	return ret;
}

int boot_layouts_of(struct boot_work *work, const struct boot_kernel *kernel,
		    const struct boot_machine *machine, const struct boot_load *load,
		    const struct boot_cold *cold, const struct boot_setting *set,
		    uint64_t initrd_most_bytes, struct boot_layouts *layouts)
{
	struct boot_cold_memory memory;
	int ret = boot_cold_follow(work, kernel, machine, cold, load->budget, &memory);

	if (ret)
		return ret;
	ret = find_wanted(work, kernel, machine, load, &memory, set, initrd_most_bytes, layouts);
	boot_cold_deinit(&memory);
	return ret;
}

void boot_layouts_deinit(struct boot_layouts *layouts)
{
	for (size_t i = 0; i < layouts->cap; i++)
		kho_ranges_deinit(&layouts->layout[i].areas);
	free(layouts->layout);
	*layouts = (struct boot_layouts){ .n = 0 };
}
