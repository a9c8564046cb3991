// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/boot-steps.h"
#include "model/kaslr.h"
#include "model/successor-ram.h"

struct boot_work {
	struct boot b;
};

static const struct {
	const char *text;
	const char *key;
} users[BOOT_USER_NR] = {
	[BOOT_KERNEL] = { "kernel", "kernel" },
	[BOOT_INITRD] = { "initrd", "initrd" },
	[BOOT_PARAMS] = { "boot parameters", "boot_params" },
	[BOOT_SCRATCH_LIST] = { "scratch list", "scratch_list" },
	[BOOT_PURGATORY] = { "purgatory", "purgatory" },
	[BOOT_PAGE_TABLES] = { "page tables of the direct map", "page_tables" },
	[BOOT_LOG_BUF] = { "kernel log", "log_buf" },
	[BOOT_NODE_DATA] = { "node data", "node_data" },
	[BOOT_CMA] = { "CMA area", "cma" },
	[BOOT_CRASHKERNEL] = { "crash kernel", "crashkernel" },
	[BOOT_HUGEPAGES] = { "gigantic pages", "hugepages" },
	[BOOT_SECTION_TABLE] = { "section table", "section_table" },
	[BOOT_USAGE_MAP] = { "usage map", "usage_map" },
	[BOOT_MEMORY_MAP] = { "memory map", "memory_map" },
	[BOOT_MAP_TABLES] = { "page tables of the memory map", "map_tables" },
	[BOOT_PERCPU] = { "percpu memory", "percpu" },
	[BOOT_HASHES] = { "hash tables", "hashes" },
	[BOOT_SWIOTLB] = { "bounce buffer", "swiotlb" },
	[BOOT_SMALL] = { "small pieces", "small" },
};

const char *boot_user_text(enum boot_user user)
{
	return users[user].text;
}

const char *boot_user_key(enum boot_user user)
{
	return users[user].key;
}

struct boot_work *boot_work_create(void)
{
	struct boot_work *work = calloc(1, sizeof(*work));

	if (work)
		memblock_init(&work->b.mb);
	return work;
}

void boot_work_destroy(struct boot_work *work)
{
	if (!work)
		return;
	kho_ranges_deinit(&work->b.ram);
	kho_ranges_deinit(&work->b.banks);
	kho_ranges_deinit(&work->b.areas);
	kho_ranges_deinit(&work->b.unmapped);
	kho_ranges_deinit(&work->b.node_data);
	sections_deinit(&work->b.sections);
	memblock_deinit(&work->b.mb);
	free(work);
}

void boot_result_deinit(struct boot_result *result)
{
	free(result->alloc);
	memset(result, 0, sizeof(*result));
}

/* Empty, but for the array. */
static void reset_result(struct boot_result *r)
{
	struct boot_allocation *alloc = r->alloc;
	size_t cap = r->cap_allocs;

	memset(r, 0, sizeof(*r));
	r->alloc = alloc;
	r->cap_allocs = cap;
}

bool boot_dies(struct boot *b, enum boot_user user, int node)
{
	b->out->outcome = BOOT_DIES;
	b->out->failed = user;
	b->out->failed_node = node;
	return false;
}

/* Does @got, pieces of the same size, go on where the last stretch of the list ends? */
static bool continues(const struct boot_allocation *last, enum boot_user user, int wanted_node,
		      uint64_t pieces, const struct kho_range *got)
{
	return last->user == user && last->wanted_node == wanted_node &&
	       last->range.node == got->node &&
	       (last->range.end_pa - last->range.start_pa) / last->pieces ==
	       (got->end_pa - got->start_pa) / pieces &&
	       (last->range.start_pa == got->end_pa || last->range.end_pa == got->start_pa);
}

/*
 * arch/x86/mm/init_64.c, phys_pmd_init(): what e820 does not have as RAM is not in the
 * direct map, and the first touch is the death (seen on 6.18 and 7.1).  The kernel has a
 * mapping of its own, and initrd and parameters are copied from there.
 */
static void note_unmapped(struct boot *b, enum boot_user user, int node,
			  const struct kho_range *got)
{
	if (user == BOOT_KERNEL || user == BOOT_INITRD || user == BOOT_PARAMS ||
	    user == BOOT_PURGATORY)
		return;
	for (size_t i = 0; i < b->unmapped.n; i++)
		if (b->unmapped.r[i].start_pa < got->end_pa &&
		    got->start_pa < b->unmapped.r[i].end_pa) {
			b->out->failed_in_cut = true;
			boot_dies(b, user, node);
			return;
		}
}

void boot_note(struct boot *b, enum boot_user user, int wanted_node, uint64_t pieces,
	       struct kho_range got)
{
	struct boot_result *r = b->out;
	struct boot_allocation *last = r->nr_allocs ? &r->alloc[r->nr_allocs - 1] : NULL;

	if (user == BOOT_MEMORY_MAP && got.node != wanted_node)
		r->map_off_node_bytes += got.end_pa - got.start_pa;
	if (b->unmapped.n && !r->failed_in_cut)
		note_unmapped(b, user, wanted_node, &got);
	if (b->quiet)
		return;
	if (last && continues(last, user, wanted_node, pieces, &got)) {
		if (got.start_pa < last->range.start_pa)
			last->range.start_pa = got.start_pa;
		if (got.end_pa > last->range.end_pa)
			last->range.end_pa = got.end_pa;
		last->pieces += pieces;
		return;
	}
	if (r->nr_allocs == r->cap_allocs) {
		size_t cap = r->cap_allocs ? r->cap_allocs * 2 : 64;
		struct boot_allocation *alloc = realloc(r->alloc, cap * sizeof(*alloc));

		if (!alloc) {
			b->mb.error = -ENOMEM;
			return;
		}
		r->alloc = alloc;
		r->cap_allocs = cap;
	}
	r->alloc[r->nr_allocs++] = (struct boot_allocation){ user, wanted_node, pieces, got };
}

uint64_t boot_take(struct boot *b, enum boot_user user, const struct memblock_request *req,
		   uint64_t count, struct kho_range *first)
{
	uint64_t done = 0;

	while (done < count) {
		struct kho_range got;
		uint64_t n = memblock_alloc_run(&b->mb, req, count - done, &got);

		if (!n)
			break;
		boot_note(b, user, req->node, n, got);
		if (first && !done)
			*first = got;
		done += n;
	}
	return done;
}

bool boot_must(struct boot *b, enum boot_user user, const struct memblock_request *req)
{
	return boot_take(b, user, req, 1, NULL) || boot_dies(b, user, req->node);
}

/* Direct map: page by page, anywhere. */
static bool page_tables(struct boot *b)
{
	uint64_t pages = b->kernel->arch->boot->direct_map_pages(b);
	struct memblock_request req = {
		.bytes = b->kernel->page_bytes, .align = b->kernel->page_bytes,
		.node = KHO_NO_NODE,
	};

	return boot_take(b, BOOT_PAGE_TABLES, &req, pages, NULL) == pages ||
	       boot_dies(b, BOOT_PAGE_TABLES, KHO_NO_NODE);
}

/*
 * mm/numa.c, alloc_node_data(): nodes by number, each with memory gets one.  Fake
 * nodes have a table of distances before that (numa_alloc_distance()).
 */
static bool node_data(struct boot *b)
{
	struct memblock_request distances = {
		.bytes = b->cmd.numa_fake * b->cmd.numa_fake, .align = b->kernel->page_bytes,
		.node = KHO_NO_NODE,
	};
	struct memblock_request req = {
		.bytes = boot_round_up(b->kernel->node_data_bytes, 64), .align = 64,
	};

	if (b->cmd.numa_fake && b->kernel->numa_emulation)
		boot_take(b, BOOT_SMALL, &distances, 1, NULL);
	b->node_data.n = 0;
	for (size_t i = 0; i < b->nr_nodes; i++) {
		struct kho_range got;

		req.node = b->node[i];
		if (!boot_take(b, BOOT_NODE_DATA, &req, 1, &got))
			return boot_dies(b, BOOT_NODE_DATA, req.node);
		if (kho_ranges_add(&b->node_data, got.start_pa, got.end_pa, req.node))
			b->mb.error = -ENOMEM;
	}
	return true;
}

static bool small_pieces(struct boot *b)
{
	uint64_t bytes = b->kernel->arch->boot->small_bytes(b);
	struct memblock_request req = { .bytes = bytes, .align = 64, .node = KHO_NO_NODE };

	return !bytes || boot_must(b, BOOT_SMALL, &req);
}

/* init/main.c, setup_command_line(): two copies. */
static bool command_lines(struct boot *b)
{
	struct memblock_request req = {
		.bytes = b->load->cmdline ? strlen(b->load->cmdline) + 1 : 1, .align = 64,
		.node = KHO_NO_NODE,
	};

	return boot_must(b, BOOT_SMALL, &req) && boot_must(b, BOOT_SMALL, &req);
}

/* Fixmap page tables and the like (spp_getpage()). */
static bool late_pages(struct boot *b)
{
	struct memblock_request req = {
		.bytes = b->kernel->page_bytes, .align = b->kernel->page_bytes,
		.node = KHO_NO_NODE,
	};
	uint64_t pages = b->kernel->arch->boot->late_pages;

	return boot_take(b, BOOT_SMALL, &req, pages, NULL) == pages ||
	       boot_dies(b, BOOT_SMALL, KHO_NO_NODE);
}

/* log_buf_add_cpu(): a page for each CPU but one, if that is more than half of the buffer. */
static uint64_t log_buf_for_cpus(const struct boot *b)
{
	uint64_t cpus = 0;

	for (size_t i = 0; i < b->machine->nr_cpus; i++)
		cpus += b->machine->cpus[i].count;
	if (cpus < 2 || (cpus - 1) * 4096 <= b->kernel->log_buf_bytes / 2)
		return 0;
	return boot_pow2_up((cpus - 1) * 4096 + b->kernel->log_buf_bytes);
}

/* setup_log_buf(0): what failed early is tried again; else room for many CPUs. */
static void late_log_buf(struct boot *b)
{
	uint64_t bytes = b->out->log_buf_wanted_bytes;

	if (bytes && b->out->log_buf_bytes)
		return;
	if (!bytes)
		bytes = log_buf_for_cpus(b);
	if (bytes)
		boot_log_buf(b, bytes);
}

/*
 * What comes behind it must have single pages only.  The rest is counted as if it
 * were had in full, in each size that is tried.
 */
static void certain_late(struct boot *b)
{
	uint64_t log_bytes = b->out->log_buf_wanted_bytes ? b->out->log_buf_wanted_bytes :
							    log_buf_for_cpus(b);

	if (!b->certain.on)
		return;
	/* Text, descriptors, infos: boot_log_buf(). */
	certain_add(&b->certain, log_bytes, 1);
	certain_add(&b->certain, log_bytes, 1);
	certain_add(&b->certain, 3 * log_bytes, 1);
	certain_hashes(b);
	certain_add_pages(&b->certain, b->kernel->arch->boot->late_pages);
}

/* Free pages of all RAM: what is reserved in scratch is all that is reserved. */
static uint64_t free_pages(const struct boot *b)
{
	uint64_t used = 0;

	for (size_t i = 0; i < b->mb.reserved.n; i++)
		used += b->mb.reserved.r[i].end_pa - b->mb.reserved.r[i].start_pa;
	return b->ram_bytes > used ? (b->ram_bytes - used) / b->kernel->page_bytes : 0;
}

/* setup_arch(), as far as it takes memory. */
static bool setup_arch(struct boot *b)
{
	const struct boot_arch *arch = b->kernel->arch->boot;

	arch->reserve(b);
	if (!page_tables(b))
		return false;
	if (b->cmd.log_buf_bytes > b->kernel->log_buf_bytes)
		boot_log_buf(b, b->cmd.log_buf_bytes);
	if (arch->small_before_nodes && !small_pieces(b))
		return false;
	if (!node_data(b))
		return false;
	boot_cma(b);
	boot_crashkernel(b);
	return true;
}

/* The memory map: on 6.18 x86-64 still inside setup_arch(), before its small pieces. */
static bool map_memory(struct boot *b)
{
	bool small = !b->kernel->arch->boot->small_before_nodes;

	if (small && b->kernel->map_after_setup_arch && !small_pieces(b))
		return false;
	if (b->extend) {
		certain_before_more(b);
		boot_extend_scratch(b);
		b->extended = true;
		certain_after_more(b);
	}
	b->pages_for_hashes = free_pages(b);
	boot_hugepages(b);
	if (!boot_memory_map(b))
		return false;
	return !small || b->kernel->map_after_setup_arch || small_pieces(b);
}

/* The straight road, from the entry of the kernel to the buddy allocator. */
static bool follow(struct boot *b)
{
	if (!setup_arch(b) || !map_memory(b))
		return false;
	if (!command_lines(b) || !boot_percpu(b))
		return false;
	b->out->headroom_bytes = memblock_free_bytes(&b->mb, KHO_NO_NODE);
	b->mb.seen = NULL;
	certain_late(b);
	late_log_buf(b);
	if (!boot_hashes(b) || !late_pages(b))
		return false;
	boot_swiotlb(b);
	return true;
}

/* kho_extend_scratch(): every 1 GiB block without preserved memory is scratch too. */
void boot_extend_scratch(struct boot *b)
{
	const uint64_t block = UINT64_C(1) << BOOT_BLOCK_BITS;
	const struct kho_ranges *kept = b->kept;
	uint64_t from_pa = 0;

	for (size_t i = 0; ; i++) {
		uint64_t busy = kept && i < kept->n ? kept->r[i].start_pa / block * block :
						      UINT64_MAX;

		for (size_t k = 0; from_pa < busy && k < b->ram.n; k++) {
			const struct kho_range *r = &b->ram.r[k];
			uint64_t lo = r->start_pa > from_pa ? r->start_pa : from_pa;
			uint64_t hi = r->end_pa < busy ? r->end_pa : busy;

			if (lo < hi)
				memblock_add(&b->mb, lo, hi, r->node);
		}
		if (busy == UINT64_MAX)
			return;
		busy = boot_round_up(kept->r[i].end_pa, block);
		if (busy > from_pa)
			from_pa = busy;
	}
}

/* One run with the kernel at @kernel_pa. */
static void run(struct boot *b, uint64_t kernel_pa, bool extend, bool quiet, bool look)
{
	struct boot_result *r = b->out;

	reset_result(r);
	memblock_reset(&b->mb);
	b->mb.limit_pa = b->limit_pa;
	b->kernel_pa = r->kernel_pa = kernel_pa;
	b->extend = extend;
	b->extended = false;
	b->quiet = quiet;
	b->next_pmd = 0;
	for (size_t i = 0; i < b->areas.n; i++)
		memblock_add(&b->mb, b->areas.r[i].start_pa, b->areas.r[i].end_pa,
			     b->areas.r[i].node);
	/* reserve_real_mode(); arm64 has no RAM there. */
	memblock_reserve(&b->mb, 0, UINT64_C(1) << 20);
	r->outcome = BOOT_UP;
	b->certain.on = false;
	if (look)
		certain_begin(b);
	follow(b);
}

/* Does @r leave less than @worst: a death, or else less room? */
static bool is_worse(const struct boot_result *r, const struct boot_result *worst)
{
	if ((r->outcome == BOOT_DIES) != (worst->outcome == BOOT_DIES))
		return r->outcome == BOOT_DIES;
	return r->headroom_bytes < worst->headroom_bytes;
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

/*
 * Each slot, or a sample of them, after the first one, whose result stands in b->out.
 * The result becomes the worst one's.
 */
static void run_each(struct boot *b, const struct kaslr_area *area, size_t n, uint64_t slots,
		     bool extend)
{
	struct boot_result worst = *b->out;
	uint64_t followed = 1, dying = worst.outcome == BOOT_DIES;
	uint64_t stride = (slots + BOOT_SLOTS_ALL - 1) / BOOT_SLOTS_ALL;

	for (size_t i = 0; i < n; i++) {
		uint64_t k = i ? 0 : next_slot(0, area[i].count, stride);

		for (; k < area[i].count; k = next_slot(k, area[i].count, stride)) {
			run(b, area[i].first_pa + k * b->kernel->align_bytes, extend, true, false);
			dying += b->out->outcome == BOOT_DIES;
			followed++;
			if (is_worse(b->out, &worst))
				worst = *b->out;
		}
	}
	run(b, worst.kernel_pa, extend, b->load->no_list, false);
	b->out->slots_followed = followed;
	b->out->slots_dying = dying;
}

/* The slots of KASLR, or the place where the kernel was loaded; the result is the worst one's. */
static void run_slots(struct boot *b, bool extend)
{
	const struct segment *kernel = segments_find(&b->segments, BOOT_KERNEL);
	struct kaslr_area area[KASLR_AREAS];
	size_t n = kaslr_areas(b, area);
	bool each = b->load->each_slot;
	uint64_t slots = 0;

	for (size_t i = 0; i < n; i++)
		slots += area[i].count;
	run(b, n ? area[0].first_pa : kernel->got.start_pa, extend, b->load->no_list,
	    n && !each);
	b->out->slots_followed = slots ? slots : 1;
	b->out->slots_dying = b->out->outcome == BOOT_DIES ? b->out->slots_followed : 0;
	/* The first of those with the same result is the one that is shown. */
	b->out->one_tells = n && !each && certain_same(b);
	if (n && !b->out->one_tells)
		run_each(b, area, n, slots, extend);
	b->out->kaslr = slots > 0;
	b->out->slots = slots ? slots : 1;
}

static bool is_pow2(uint64_t n, uint64_t lowest, uint64_t highest)
{
	return n >= lowest && n <= highest && !(n & (n - 1));
}

/* Sizes that no kernel has would only make sums overflow. */
static bool sane_load(const struct boot_kernel *k)
{
	const uint64_t gib = UINT64_C(1) << 30;

	return k->arch && k->arch->boot && is_pow2(k->page_bytes, 4096, 65536) &&
	       is_pow2(k->align_bytes, k->page_bytes, 4 * gib) &&
	       k->init_bytes && k->init_bytes <= 4 * gib && k->load_min_pa <= gib << 10;
}

static bool sane(const struct boot_kernel *k)
{
	const uint64_t gib = UINT64_C(1) << 30;

	return sane_load(k) && is_pow2(k->pmd_bytes, k->page_bytes, 4 * gib) &&
	       k->struct_page_bytes && k->struct_page_bytes <= k->page_bytes &&
	       k->section_size_bits >= 21 && k->section_size_bits < k->max_physmem_bits &&
	       k->max_physmem_bits <= 52 && k->four_level_physmem_bits <= 52 &&
	       (!k->four_level_physmem_bits || k->four_level_physmem_bits > k->section_size_bits) &&
	       k->mem_section_bytes && k->mem_section_bytes <= k->page_bytes &&
	       k->node_data_bytes && k->node_data_bytes <= gib && k->percpu_bytes <= gib &&
	       k->percpu_dynamic_bytes <= gib && k->log_buf_bytes <= 4 * gib &&
	       k->cma_bytes <= gib << 10 && k->kernel_bytes <= k->init_bytes &&
	       k->brk_offset_bytes <= k->init_bytes &&
	       (!k->kernel_bytes || k->kernel_bytes >= UINT64_C(1) << 20) &&
	       k->output_bytes <= 4 * gib && k->payload_offset_bytes <= k->init_bytes;
}

/* Everything that does not depend on where the kernel runs. */
static int prepare(struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	int ret;

	if (!sane(k) || !b->machine->scratch.n || !b->machine->ram.n)
		return -EINVAL;
	for (size_t i = 0; i < b->machine->nr_cpus; i++)
		if (b->machine->cpus[i].count > BOOT_CPUS)
			return -EINVAL;
	cmdline_parse(b->load->cmdline, &(struct cmdline_reader){ k->arch, k->numbers_saturate },
		      kho_ranges_bytes(&b->machine->ram), &b->cmd);
	ret = successor_ram(b);
	if (ret)
		return ret;
	b->five_level = b->machine->five_level && !b->cmd.no5lvl;
	b->physmem_bits = b->five_level || !k->four_level_physmem_bits ?
			  k->max_physmem_bits : k->four_level_physmem_bits;
	ret = sections_find(&b->ram, k->section_size_bits, k->page_bytes, &b->sections);
	return ret ? ret : boot_cut_preserved(b);
}

/* The load itself: the running kernel does it, the successor's command line does not matter. */
static bool load(struct boot *b)
{
	enum boot_user failed;

	b->segments.n = 0;
	if (b->kernel->arch->boot->place(b, &failed))
		return true;
	reset_result(b->out);
	b->out->outcome = BOOT_LOAD_FAILS;
	b->out->failed = failed;
	b->out->failed_node = KHO_NO_NODE;
	/* What is in its way, for whoever has to explain it. */
	b->quiet = false;
	for (size_t i = 0; i < b->segments.n; i++)
		boot_note(b, b->segments.seg[i].user, KHO_NO_NODE, 1, b->segments.seg[i].got);
	return false;
}

int boot_place(struct boot_work *work, const struct boot_kernel *kernel,
	       const struct boot_machine *machine, const struct boot_load *load_with,
	       struct boot_result *result)
{
	struct boot *b = &work->b;

	if (!sane_load(kernel) || !machine->scratch.n)
		return -EINVAL;
	b->kernel = kernel;
	b->machine = machine;
	b->load = load_with;
	b->out = result;
	if (load(b))
		reset_result(result);
	return b->mb.error;
}

/*
 * With extended scratch much depends on what is preserved.  When that is not
 * known, both ends are followed: nothing is, and everything is.
 */
static void run_ends(struct boot *b)
{
	bool extends = b->kernel->extends_scratch, known = b->machine->preserved;
	bool best_boots = false;

	b->kept = b->machine->preserved;
	if (extends && !known) {
		run_slots(b, true);
		best_boots = b->out->outcome == BOOT_UP;
	}
	run_slots(b, extends && known);
	b->out->preserved_known = known;
	b->out->depends_on_preserved = best_boots && b->out->outcome != BOOT_UP;
}

int boot_follow(struct boot_work *work, const struct boot_kernel *kernel,
		const struct boot_machine *machine, const struct boot_load *load_with,
		struct boot_result *result)
{
	struct boot *b = &work->b;
	int ret;

	b->kernel = kernel;
	b->machine = machine;
	b->load = load_with;
	b->out = result;
	ret = prepare(b);
	if (ret)
		return ret;
	if (load(b))
		run_ends(b);
	result->cut_bytes = b->cut_bytes;
	result->cut_preserved_bytes = b->cut_preserved_bytes;
	result->cut_kills = b->cut_kills;
	result->cut_area_bytes = b->cut_area_bytes;
	result->nr_not_followed = b->cmd.nr_not_followed;
	memcpy(result->not_followed, b->cmd.not_followed, sizeof(result->not_followed));
	return b->mb.error;
}

/* Once more, where the kernel ran last. */
static bool boots_again(struct boot *b)
{
	run(b, b->kernel_pa, true, true, false);
	return b->out->outcome == BOOT_UP;
}

int boot_follow_blocks(struct boot_work *work, struct boot_result *result)
{
	struct boot *b = &work->b;
	int ret;

	if (!b->kernel->extends_scratch || !b->machine->preserved || result->outcome != BOOT_UP)
		return 0;
	ret = boot_count_blocks(b, boots_again);
	return ret ? ret : b->mb.error;
}
