// SPDX-License-Identifier: GPL-2.0-only
/* Early boot, from the entry of the kernel to the buddy allocator. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "model/steps/steps.h"

/* Direct map: page by page, anywhere. */
static bool page_tables(struct boot *b)
{
	struct memblock_request req = {
		.bytes = b->kernel->page_bytes, .align = b->kernel->page_bytes,
		.node = KHO_NO_NODE,
	};
	uint64_t pages;

	if (b->exact && b->kernel->arch->boot->map_memory)
		return b->kernel->arch->boot->map_memory(b);
	pages = b->kernel->arch->boot->direct_map_pages(b);
	return boot_must(b, BOOT_PAGE_TABLES, &req, pages);
}

/* The usage map is wanted in the section that a node's data begins in. */
static void stay_in_section(struct boot *b, const struct memblock_range *data)
{
	uint64_t section_bytes = UINT64_C(1) << b->kernel->section_size_bits;
	uint64_t start_pa = data->start_pa & ~(section_bytes - 1);

	if (!b->kernel->usage_by_node_data)
		return;
	shift_le(b->mb.shift, start_pa, 0, data->start_pa, data->start_moves);
	shift_lt(b->mb.shift, data->start_pa, data->start_moves, start_pa + section_bytes, 0);
}

/*
 * mm/mm_init.c, free_area_init(): a pg_data_t for each node that could come online and has
 * no memory.  numa=off and numa=fake= leave none (seen: NVDIMM-only nodes on 6.18 and 7.2).
 */
static bool offline_node_data(struct boot *b)
{
	uint64_t possible = b->cmd.numa_off || b->cmd.numa_fake ? 0 : b->machine->possible_nodes;
	struct memblock_request req = {
		.bytes = boot_round_up(b->kernel->node_data_bytes, 64), .align = 64,
		.node = KHO_NO_NODE,
	};

	return possible <= b->nr_nodes ||
	       boot_must(b, BOOT_NODE_DATA, &req, possible - b->nr_nodes);
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
	memblock_settle_nodes(&b->mb);
	b->node_data.n = 0;
	for (size_t i = 0; i < b->nr_nodes; i++) {
		struct memblock_range got;

		req.node = b->node[i];
		if (!boot_take(b, BOOT_NODE_DATA, &req, 1, &got)) {
			if (!boot_lacks(b, BOOT_NODE_DATA, &req, 1))
				return false;
			continue;
		}
		stay_in_section(b, &got);
		if (kho_ranges_add(&b->node_data, got.start_pa, got.end_pa, req.node))
			b->mb.error = -ENOMEM;
	}
	return !b->kernel->arch->boot->data_for_all_nodes || offline_node_data(b);
}

/* init/main.c, setup_command_line(): two copies. */
static bool command_lines(struct boot *b)
{
	struct memblock_request req = {
		.bytes = b->load->cmdline ? strlen(b->load->cmdline) + 1 : 1, .align = 64,
		.node = KHO_NO_NODE,
	};

	return boot_must(b, BOOT_SMALL, &req, 1) && boot_must(b, BOOT_SMALL, &req, 1);
}

static bool take_late_pages(struct boot *b)
{
	struct memblock_request req = {
		.bytes = b->kernel->page_bytes, .align = b->kernel->page_bytes,
		.node = KHO_NO_NODE,
	};
	uint64_t (*pages)(const struct boot *b) = b->kernel->arch->boot->late_pages;

	return !pages || boot_must(b, BOOT_SMALL, &req, pages(b));
}

/* log_buf_add_cpu(): a part for each CPU but one, if they are more than half of the buffer. */
static uint64_t log_buf_for_cpus(const struct boot *b)
{
	uint64_t each = b->kernel->log_cpu_bytes, cpus = b->possible_cpus;

	if (cpus < 2 || (cpus - 1) * each <= b->kernel->log_buf_bytes / 2)
		return 0;
	return boot_pow2_up((cpus - 1) * each + b->kernel->log_buf_bytes);
}

/*
 * setup_log_buf(0): log_buf_len= where there was no early call, or it failed; else room for many
 * CPUs.
 */
static void late_log_buf(struct boot *b)
{
	uint64_t bytes = b->cmd.log_buf_bytes;

	if (b->out->log_buf_bytes)
		return;
	if (bytes <= b->kernel->log_buf_bytes)
		bytes = log_buf_for_cpus(b);
	if (bytes)
		boot_log_buf(b, bytes);
}

static uint64_t reserved_bytes(const struct boot *b)
{
	uint64_t used = 0;
	int moves = 0;

	for (size_t i = 0; i < b->mb.reserved.n; i++) {
		used += b->mb.reserved.r[i].end_pa - b->mb.reserved.r[i].start_pa;
		moves += b->mb.reserved.r[i].end_moves - b->mb.reserved.r[i].start_moves;
	}
	if (moves)
		shift_fix(b->mb.shift);
	return used;
}

/* Free pages of all RAM: what is reserved in scratch is all that is reserved. */
static uint64_t free_pages(const struct boot *b)
{
	uint64_t used = reserved_bytes(b);

	return b->ram_bytes > used ? (b->ram_bytes - used) / b->kernel->page_bytes : 0;
}

/* setup_arch(), as far as it takes memory. */
static bool setup_arch(struct boot *b)
{
	const struct boot_arch *arch = b->kernel->arch->boot;

	arch->reserve(b);
	b->loaded_bytes = reserved_bytes(b);
	if (arch->kfence_is_first)
		boot_kfence_pool(b);
	if (!page_tables(b))
		return false;
	if (arch->early_log_buf && b->cmd.log_buf_bytes > b->kernel->log_buf_bytes)
		boot_log_buf(b, b->cmd.log_buf_bytes);
	if (arch->unflatten_tree && !arch->unflatten_tree(b))
		return false;
	if (!node_data(b))
		return false;
	if (arch->node_masks && !arch->node_masks(b))
		return false;
	boot_cma(b);
	boot_crashkernel(b);
	return true;
}

/* The memory map: on 6.18 x86-64 still inside setup_arch(), before its small pieces. */
static bool map_memory(struct boot *b)
{
	const struct boot_arch *arch = b->kernel->arch->boot;
	bool offline;

	if (b->kernel->map_after_setup_arch && !arch->small_pieces(b))
		return false;
	if (b->extend) {
		tally_before_more(&b->tally, &b->mb);
		boot_extend_scratch(b);
		b->extended = true;
		tally_after_more(&b->tally);
	}
	b->pages_for_hashes = free_pages(b);
	/* From 7.3 on sparse_init() comes after free_area_init(). */
	offline = !arch->data_for_all_nodes;
	if (offline && b->kernel->extends_scratch && !offline_node_data(b))
		return false;
	boot_hugepages(b);
	if (!boot_memory_map(b))
		return false;
	if (offline && !b->kernel->extends_scratch && !offline_node_data(b))
		return false;
	return b->kernel->map_after_setup_arch || arch->small_pieces(b);
}

/* The straight road, from the entry of the kernel to the buddy allocator. */
static bool follow_early_boot(struct boot *b)
{
	if (!setup_arch(b) || !map_memory(b))
		return false;
	if (!command_lines(b) || !boot_percpu(b) ||
	    (b->kernel->arch->boot->cpu_masks && !b->kernel->arch->boot->cpu_masks(b)))
		return false;
	b->out->headroom_bytes = memblock_free_bytes(&b->mb, KHO_NO_NODE);
	late_log_buf(b);
	if (!boot_hashes(b) || !take_late_pages(b))
		return false;
	boot_swiotlb(b);
	if (!b->kernel->arch->boot->kfence_is_first)
		boot_kfence_pool(b);
	boot_kfence_metadata(b);
	if (!boot_stack_depot(b))
		return false;
	boot_list_preserved(b);
	return true;
}

/* What a run walks through, besides what memblock counts. */
static uint64_t run_steps(const struct boot *b, bool extend)
{
	return b->areas.n + b->sections.n + (uint64_t)b->nr_nodes * b->nr_nodes +
	       (extend ? b->ram.n + (b->kept ? b->kept->n : 0) : 0);
}

/*
 * With the kernel below certain_floor(), where nothing else comes but the bounce
 * buffer: the rest is as in a run with the kernel above it.
 */
static void follow_below(struct boot *b, const struct boot_run *how)
{
	struct boot_result *r = b->out;
	const struct boot_result loaded = *r;

	b->kernel->arch->boot->reserve(b);
	*r = *how->above;
	r->alloc = loaded.alloc;
	r->cap_allocs = loaded.cap_allocs;
	r->nr_allocs = 0;
	r->kernel_pa = loaded.kernel_pa;
	r->headroom_bytes += how->above_loaded_bytes - reserved_bytes(b);
	r->swiotlb_bytes = 0;
	if (b->extend)
		boot_extend_scratch(b);
	boot_swiotlb(b);
}

void boot_run(struct boot *b, const struct boot_run *how)
{
	static const struct memblock_range first_mib = {
		0, UINT64_C(1) << 20, MEMBLOCK_FIXED, 0, 0,
	};
	struct boot_result *r = b->out;

	if (!kho_spend(b->load->budget, run_steps(b, how->extend)))
		return;
	boot_result_reset(r);
	b->mb.skips = &b->skips;
	memblock_reset(&b->mb);
	b->mb.limit_pa = b->limit_pa;
	b->mb.shift = how->shift;
	if (how->exact)
		b->mb.regions = (struct memblock_regions){
			.max = boot_first_regions(b), .page_bytes = b->kernel->page_bytes,
			.others = b->kernel->arch->boot->regions_of_firmware,
		};
	b->kernel_pa = r->kernel_pa = how->kernel_pa;
	b->extend = how->extend;
	b->extended = false;
	b->exact = how->exact;
	b->quiet = how->quiet;
	b->next_pmd = 0;
	b->lacking_bytes = 0;
	b->off_node_moves = 0;
	for (size_t i = 0; i < b->areas.n; i++)
		memblock_add(&b->mb, b->areas.r[i].start_pa, b->areas.r[i].end_pa,
			     b->areas.r[i].node);
	/* reserve_real_mode(); arm64 has no RAM there. */
	memblock_reserve(&b->mb, &first_mib);
	r->outcome = BOOT_UP;
	b->tally.on = false;
	if (how->begin)
		how->begin(b);
	if (how->above)
		follow_below(b, how);
	else
		follow_early_boot(b);
	/* Which piece lies in what is cut off is another question for each place. */
	if (b->off_node_moves || b->unmapped.n)
		shift_fix(how->shift);
	if (r->outcome == BOOT_DIES) {
		r->headroom_bytes = 0;
		r->lacking_bytes = b->lacking_bytes <= BOOT_MARGIN_BYTES ? b->lacking_bytes : 0;
	}
}
