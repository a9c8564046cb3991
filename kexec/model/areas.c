// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/words.h"
#include "model/areas.h"
#include "model/steps/steps.h"
#include "model/work.h"

#define MIB		(UINT64_C(1) << 20)
#define RESERVE_MEM_MAX	8	/* RESERVE_MEM_MAX_ENTRIES */
#define CACHE_LINE	64

uint64_t boot_area_align(const char *release, uint64_t pmd_bytes)
{
	if (release_is_before_7(release, 2))
		return pmd_bytes;
	/* PAGE_SIZE * MAX_ORDER_NR_PAGES: 4 MiB with pages of 4 KiB, else a PMD. */
	return pmd_bytes < 4 * MIB ? 4 * MIB : pmd_bytes;
}

bool boot_setting_parse(const char *text, struct boot_setting *set)
{
	size_t len = strlen(text);
	struct param_text t = { .at = text, .end = text + len };
	uint64_t *const sizes[] = { &set->low_bytes, &set->global_bytes, &set->node_bytes };

	*set = (struct boot_setting){ .percent = 0 };
	if (len && text[len - 1] == '%') {
		char *end;
		unsigned long percent = strtoul(text, &end, 10);

		if (len > 11 || text[0] < '0' || text[0] > '9' || end != text + len - 1 ||
		    percent > UINT_MAX || !percent)
			return false;
		set->percent = (unsigned int)percent;
		return true;
	}
	for (int i = 0; i < 3; i++)
		if ((i && !param_eat(&t, ",")) || !param_size(&t, sizes[i]))
			return false;
	return t.at == t.end && !t.too_large &&
	       (set->low_bytes || set->global_bytes || set->node_bytes);
}

/* mm/memblock.c, reserve_mem(): a region for each that can be read. */
static void reserve_mem(struct boot *b, const char *cmdline)
{
	unsigned int regions = 0;
	struct param p;

	while (cmdline && (cmdline = param_next(cmdline, &p)) && regions < RESERVE_MEM_MAX) {
		struct param_text t = { .at = p.value, .end = p.value + p.value_bytes };
		struct memblock_request req = { .node = KHO_NO_NODE };

		if (!param_is(&p, "reserve_mem") || !p.value || !param_size(&t, &req.bytes) ||
		    !param_eat(&t, ":") || !param_size(&t, &req.align) || !param_eat(&t, ":"))
			continue;
		if (req.align < CACHE_LINE)
			req.align = CACHE_LINE;
		if (req.bytes && !(req.align & (req.align - 1)))
			regions += boot_take(b, BOOT_SMALL, &req, 1, NULL) != 0;
	}
}

/* The kernel and the initrd where the boot loader put them; nothing else is loaded. */
static void place_cold_load(struct boot *b, const struct boot_cold *cold)
{
	const struct boot_kernel *k = b->kernel;
	uint64_t at_pa = cold->kernel_pa ? cold->kernel_pa : k->load_min_pa;

	if (!cold->kernel_pa && b->ram.n && at_pa < b->ram.r[0].start_pa)
		at_pa = boot_round_up(b->ram.r[0].start_pa, k->align_bytes) + k->load_min_pa;
	b->kernel_pa = at_pa;
	b->segments.n = 0;
	b->segments.seg[b->segments.n++] = (struct segment){
		.user = BOOT_KERNEL, .bytes = k->init_bytes,
		.got = { at_pa - (at_pa > k->load_min_pa ? k->load_min_pa : 0),
			 at_pa + k->init_bytes, KHO_NO_NODE },
	};
	if (cold->initrd.start_pa < cold->initrd.end_pa)
		b->segments.seg[b->segments.n++] = (struct segment){
			.user = BOOT_INITRD, .got = cold->initrd,
		};
}

/* arch/x86/platform/efi/quirks.c, efi_reserve_boot_services(): before memblock gives anything. */
static void reserve_boot_services(struct boot *b)
{
	for (size_t i = 0; i < b->machine->boot_services.n; i++) {
		const struct kho_range *r = &b->machine->boot_services.r[i];

		memblock_reserve(&b->mb, &(struct memblock_range){ r->start_pa, r->end_pa,
								   KHO_NO_NODE, 0, 0 });
	}
}

/* Where the boot loader put it: no allocation of memblock's. */
static bool is_loaded(enum boot_user user)
{
	return user == BOOT_KERNEL || user == BOOT_INITRD;
}

/*
 * What is taken before nodes are known: numa_register_meminfo() gives it its node afterwards.  On
 * arm64 (setup_arch()) that is all before NODE_DATA: KFENCE's pool, the unflattened device tree.
 */
static size_t count_before_nodes(const struct boot *b)
{
	size_t n = 0;

	while (b->kernel->arch->boot->kfence_is_first && n < b->out->nr_allocs &&
	       b->out->alloc[n].user != BOOT_NODE_DATA)
		n++;
	return n;
}

static bool is_before_nodes(enum boot_user user)
{
	return is_loaded(user) || user == BOOT_PAGE_TABLES;
}

static int node_at(const struct boot *b, uint64_t pa)
{
	for (size_t i = 0; i < b->ram.n; i++)
		if (b->ram.r[i].start_pa <= pa && pa < b->ram.r[i].end_pa)
			return b->ram.r[i].node;
	return KHO_NO_NODE;
}

/* memblock_reserved_kern_size(): what was allocated, by limit and by the node it is filed under. */
static void add_up(const struct boot *b, struct boot_cold_memory *m)
{
	const struct boot_result *r = b->out;
	size_t before = count_before_nodes(b);

	for (size_t i = 0; i < r->nr_allocs; i++) {
		const struct boot_allocation *a = &r->alloc[i];
		uint64_t start = a->range.start_pa, end = a->range.end_pa;
		int node = i < before || is_before_nodes(a->user) ? node_at(b, start) :
			   a->range.node == a->wanted_node ? a->wanted_node : KHO_NO_NODE;

		/* Scratch is never given to them from 7.3 on. */
		if (a->user == BOOT_HUGEPAGES && b->kernel->extends_scratch)
			continue;
		if (a->user == BOOT_CRASHKERNEL)
			m->crashkernel_bytes += end - start;
		if (a->user == BOOT_KERNEL && !m->image_bytes)
			m->image_pa = start;
		if (a->user == BOOT_KERNEL)
			m->image_bytes += end - start;
		if (is_loaded(a->user) && !b->kernel->arch->boot->loaded_is_kern)
			continue;
		m->kernel_bytes += end - start;
		if (start < BOOT_4G)
			m->kernel_low_bytes += (end < BOOT_4G ? end : BOOT_4G) - start;
		for (size_t k = 0; k < m->nr_nodes; k++)
			if (m->node[k] == node)
				m->kernel_node_bytes[k] += end - start;
	}
}

/* Everything that boot_lay_out() wants of @b. */
static int keep_cold_memory(struct boot *b, const struct boot_cold *cold,
			    struct boot_cold_memory *m)
{
	m->mb = calloc(1, sizeof(*m->mb));
	m->node = calloc(b->nr_nodes, sizeof(*m->node));
	m->kernel_node_bytes = calloc(b->nr_nodes, sizeof(*m->kernel_node_bytes));
	if (!m->mb || !m->node || !m->kernel_node_bytes)
		return -ENOMEM;
	memcpy(m->node, b->node, b->nr_nodes * sizeof(*m->node));
	m->nr_nodes = b->nr_nodes;
	m->align_bytes = boot_area_align(cold->release, b->kernel->pmd_bytes);
	m->rounds_low_first = release_is_before_7(cold->release, 1);
	m->page_bytes = b->kernel->page_bytes;
	m->free_bytes = memblock_free_bytes(&b->mb, KHO_NO_NODE);
	m->image_align_bytes = b->kernel->align_bytes;
	m->kaslr = b->kernel->kaslr && !b->cmd.nokaslr;
	add_up(b, m);
	/* Its arrays pass over. */
	*m->mb = b->mb;
	m->mb->shift = NULL;
	m->mb->skips = NULL;
	m->mb->seen = NULL;
	m->mb->budget = NULL;
	memblock_init(&b->mb);
	return 0;
}

int boot_cold_follow(struct boot_work *work, const struct boot_kernel *kernel,
		     const struct boot_machine *machine, const struct boot_cold *cold,
		     struct kho_budget *budget, struct boot_cold_memory *memory)
{
	struct boot_machine bare = *machine;
	const struct boot_load load = { .cmdline = cold->cmdline ? cold->cmdline : "",
					.budget = budget };
	struct boot_result result = { .nr_allocs = 0 };
	struct boot *b = &work->b;
	int ret;

	*memory = (struct boot_cold_memory){ .nr_nodes = 0 };
	bare.scratch = (struct kho_ranges){ 0 };
	bare.preserved = bare.preserved_map = NULL;
	if (bare.own_cpus) {
		bare.cpus = bare.own_cpus;
		bare.nr_cpus = bare.nr_own_cpus;
	}
	ret = boot_prepare(work, kernel, &bare, &load, &result);
	for (size_t i = 0; i < b->ram.n && !ret; i++)
		ret = kho_ranges_add(&b->areas, b->ram.r[i].start_pa, b->ram.r[i].end_pa,
				     b->ram.r[i].node);
	if (!ret && b->nr_nodes + 2 > BOOT_AREAS_MAX)
		ret = -ENOSPC;
	if (!ret) {
		b->mb.budget = budget;
		place_cold_load(b, cold);
		boot_run(b, &(struct boot_run){ .kernel_pa = b->kernel_pa,
						.begin = reserve_boot_services });
		reserve_mem(b, load.cmdline);
		ret = kho_spent(budget) ? -EDQUOT : b->mb.error;
	}
	if (!ret && result.outcome != BOOT_UP)
		ret = -ENOSPC;
	if (!ret)
		ret = keep_cold_memory(b, cold, memory);
	if (ret)
		boot_cold_deinit(memory);
	boot_result_deinit(&result);
	return ret;
}

static uint64_t scaled(uint64_t bytes, unsigned int percent)
{
	return bytes / 100 * percent + bytes % 100 * percent / 100;
}

/* scratch_size_update(): what both @low and all there is come to; the rest is the global area's. */
static bool update_sizes(const struct boot_cold_memory *m, unsigned int percent, uint64_t *low,
			 uint64_t *global)
{
	uint64_t all = scaled(m->kernel_bytes, percent);

	*low = scaled(m->kernel_low_bytes, percent);
	if (m->rounds_low_first)
		*low = boot_round_up(*low, m->align_bytes);
	*global = all - *low;
	return all >= *low;
}

uint64_t boot_setting_bytes(const struct boot_cold_memory *m, const struct boot_setting *set)
{
	uint64_t bytes = set->percent ? scaled(m->kernel_bytes, set->percent) :
					set->low_bytes + set->global_bytes;

	for (size_t i = 0; i < m->nr_nodes; i++)
		bytes += set->percent ? scaled(m->kernel_node_bytes[i], set->percent) :
					set->node_bytes;
	return bytes;
}

static int take_area(struct memblock *mb, struct memblock_request *req, uint64_t align,
		     struct kho_ranges *areas)
{
	struct memblock_range got;

	if (!req->bytes)
		return 0;
	req->align = align;
	req->bytes = boot_round_up(req->bytes, align);
	if (!memblock_alloc(mb, req, &got))
		return -ENOSPC;
	return kho_ranges_add(areas, got.start_pa, got.end_pa, got.node);
}

static int take_all(const struct boot_cold_memory *m, const struct boot_setting *set,
		    struct kho_ranges *areas)
{
	uint64_t low = set->low_bytes, global = set->global_bytes;
	struct memblock_request req = { .max_pa = BOOT_4G, .node = KHO_NO_NODE };
	int ret;

	if (set->percent && !update_sizes(m, set->percent, &low, &global))
		return -ENOSPC;
	req.bytes = low;
	ret = take_area(m->mb, &req, m->align_bytes, areas);
	req = (struct memblock_request){ .bytes = global, .node = KHO_NO_NODE };
	if (!ret)
		ret = take_area(m->mb, &req, m->align_bytes, areas);
	for (size_t i = 0; i < m->nr_nodes && !ret; i++) {
		req = (struct memblock_request){
			.bytes = set->percent ? scaled(m->kernel_node_bytes[i], set->percent) :
						set->node_bytes,
			.node = m->node[i], .exact_node = true,
		};
		ret = take_area(m->mb, &req, m->align_bytes, areas);
	}
	return ret;
}

int boot_lay_out(const struct boot_cold_memory *m, const struct boot_setting *set,
		 struct kho_ranges *areas)
{
	/* kho_scratch[]: address and size of each. */
	struct memblock_request list = {
		.bytes = (m->nr_nodes + 2) * 16, .align = m->page_bytes, .node = KHO_NO_NODE,
	};
	struct memblock_range got = { 0 };
	int ret = 0;

	areas->n = 0;
	if (memblock_alloc(m->mb, &list, &got))
		ret = take_all(m, set, areas);
	else
		ret = -ENOSPC;
	/* Memory is again what it was before. */
	for (size_t i = 0; i < areas->n; i++)
		memblock_free(m->mb, &(struct memblock_range){
			areas->r[i].start_pa, areas->r[i].end_pa, KHO_NO_NODE, 0, 0 });
	memblock_free(m->mb, &got);
	if (ret)
		areas->n = 0;
	return ret ? ret : m->mb->error;
}

void boot_cold_deinit(struct boot_cold_memory *m)
{
	if (m->mb)
		memblock_deinit(m->mb);
	free(m->mb);
	free(m->node);
	free(m->kernel_node_bytes);
	*m = (struct boot_cold_memory){ .nr_nodes = 0 };
}

int boot_areas_of(struct boot_work *work, const struct boot_kernel *kernel,
		  const struct boot_machine *machine, const struct boot_cold *cold,
		  const struct boot_setting *set, struct kho_ranges *areas)
{
	struct boot_cold_memory memory;
	int ret = boot_cold_follow(work, kernel, machine, cold, NULL, &memory);

	if (ret)
		return ret;
	ret = boot_lay_out(&memory, set, areas);
	boot_cold_deinit(&memory);
	return ret;
}
