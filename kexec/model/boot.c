// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/boot.h"
#include "model/slots/slots.h"
#include "model/steps/steps.h"
#include "model/steps/successor-cpus.h"
#include "model/steps/successor-ram.h"
#include "model/work.h"

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
	       (!k->block_bytes || is_pow2(k->block_bytes, k->page_bytes, k->pmd_bytes)) &&
	       k->struct_page_bytes && k->struct_page_bytes <= k->page_bytes &&
	       k->section_size_bits >= 21 && k->section_size_bits < k->max_physmem_bits &&
	       k->max_physmem_bits <= 52 && k->four_level_physmem_bits <= 52 &&
	       (!k->four_level_physmem_bits || k->four_level_physmem_bits > k->section_size_bits) &&
	       (!k->no_lpa2_physmem_bits || k->no_lpa2_physmem_bits > k->section_size_bits) &&
	       k->no_lpa2_physmem_bits <= k->max_physmem_bits &&
	       k->mem_section_bytes && k->mem_section_bytes <= k->page_bytes &&
	       k->node_data_bytes && k->node_data_bytes <= gib && k->percpu_bytes <= gib &&
	       k->percpu_reserved_bytes <= gib && k->percpu_dynamic_bytes <= gib &&
	       k->log_buf_bytes <= 4 * gib && k->log_info_bytes <= 4096 &&
	       k->log_cpu_bytes <= 4 * gib &&
	       k->kfence_bytes <= gib << 10 && k->cma_bytes <= gib << 10 && k->kernel_bytes <= k->init_bytes &&
	       k->brk_offset_bytes <= k->init_bytes &&
	       (!k->kernel_bytes || k->kernel_bytes >= UINT64_C(1) << 20) &&
	       k->output_bytes <= 4 * gib && k->payload_offset_bytes <= k->init_bytes;
}

/* arm64: whether addresses have 52 bits, where the kernel is configured for it. */
static void set_lpa2(struct boot *b, bool lpa2)
{
	const struct boot_kernel *k = b->kernel;

	b->lpa2 = lpa2;
	if (k->no_lpa2_physmem_bits)
		b->physmem_bits = lpa2 ? k->max_physmem_bits : k->no_lpa2_physmem_bits;
}

int boot_prepare(struct boot_work *work, const struct boot_kernel *k,
		 const struct boot_machine *machine, const struct boot_load *load_with,
		 struct boot_result *result)
{
	struct boot *b = &work->b;
	int ret;

	b->kernel = k;
	b->machine = machine;
	b->load = load_with;
	b->out = result;
	if (!sane(k) || !b->machine->ram.n)
		return -EINVAL;
	cmdline_parse(b->load->cmdline, &(struct cmdline_reader){ k->arch, k->numbers_saturate },
		      kho_ranges_bytes(&b->machine->ram), &b->cmd);
	ret = successor_cpus(b);
	if (!ret)
		ret = successor_ram(b);
	if (ret)
		return ret;
	/* A level more of tables, and x86 only: on arm64 the one more is static for what is taken here. */
	b->five_level = k->four_level_physmem_bits && b->machine->five_level && !b->cmd.no5lvl;
	b->physmem_bits = b->five_level || !k->four_level_physmem_bits ?
			  k->max_physmem_bits : k->four_level_physmem_bits;
	set_lpa2(b, k->no_lpa2_physmem_bits && machine->lpa2 && !b->cmd.no_lpa2);
	ret = sections_find(&b->ram, k->section_size_bits, k->page_bytes, &b->sections);
	return ret ? ret : boot_cut_preserved(b);
}

static void note_segment(struct boot *b, const struct segment *seg)
{
	struct memblock_range got = boot_fixed(&seg->got);

	boot_note(b, seg->user, KHO_NO_NODE, 1, &got);
}

/* The load itself: the running kernel does it, the successor's command line does not matter. */
static bool load_segments(struct boot *b)
{
	const struct segment_refused *refused;
	enum boot_user failed;

	b->segments.n = 0;
	if (b->kernel->arch->boot->place(b, &failed))
		return true;
	boot_result_reset(b->out);
	b->out->outcome = BOOT_LOAD_FAILS;
	b->out->failed = failed;
	b->out->failed_node = KHO_NO_NODE;
	refused = &b->segments.refused[failed];
	b->out->unmet = (struct boot_unmet){
		.bytes = refused->bytes, .align = refused->align, .pieces = 1,
		.largest_bytes = refused->largest_bytes, .left_bytes = refused->left_bytes,
	};
	/* What is in its way, for whoever has to explain it. */
	b->quiet = false;
	for (size_t i = 0; i < b->segments.n; i++)
		note_segment(b, &b->segments.seg[i]);
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
	if (load_segments(b))
		boot_result_reset(result);
	return b->mb.error;
}

/*
 * With extended scratch much depends on what is preserved.  When that is not
 * known, both ends are followed: nothing is, and everything is.
 */
static void run_ends(struct boot *b)
{
	const struct boot_kernel *k = b->kernel;
	bool known = b->machine->preserved, sure = k->extends_scratch && known;
	bool best_boots = false;

	b->kept = b->machine->preserved;
	if ((k->extends_scratch || k->extends_unknown) && !sure && !b->load->worst_end) {
		boot_slots(b, true);
		best_boots = b->out->outcome == BOOT_UP;
	}
	boot_slots(b, sure);
	b->out->preserved_known = known;
	b->out->depends_on_preserved = best_boots && b->out->outcome != BOOT_UP &&
				       !k->extends_unknown;
	b->out->depends_on_extension = best_boots && b->out->outcome != BOOT_UP &&
				       k->extends_unknown;
}

/*
 * With LPA2 more is taken, and not every machine shows whether its CPU has it: it is followed as if
 * it had.  Where it dies so, without it is followed too.
 */
static void run_cpus(struct boot *b)
{
	bool boots = false;

	run_ends(b);
	if (!b->lpa2 || b->machine->lpa2_known || b->load->worst_end ||
	    b->out->outcome == BOOT_UP)
		return;
	set_lpa2(b, false);
	run_ends(b);
	boots = b->out->outcome == BOOT_UP || b->out->depends_on_preserved ||
		b->out->depends_on_extension;
	set_lpa2(b, true);
	run_ends(b);
	b->out->depends_on_lpa2 = boots;
}

int boot_follow(struct boot_work *work, const struct boot_kernel *kernel,
		const struct boot_machine *machine, const struct boot_load *load_with,
		struct boot_result *result)
{
	struct boot *b = &work->b;
	int ret;

	if (!machine->scratch.n)
		return -EINVAL;
	ret = boot_prepare(work, kernel, machine, load_with, result);
	if (ret)
		return ret;
	b->mb.budget = load_with->budget;
	if (load_segments(b)) {
		run_cpus(b);
		result->map_bytes = boot_map_bytes(b, KHO_NO_NODE);
		result->map_least_node_bytes = boot_least_map_bytes(b);
		if (result->outcome == BOOT_DIES)
			result->failed_map_bytes = boot_map_bytes(b, result->failed_node);
	}
	if (kho_spent(load_with->budget))
		return -EDQUOT;
	result->entries_at_random = kernel->kaslr && !b->cmd.nokaslr &&
				    kernel->arch->boot->moves_kernel;
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
	boot_run(b, &(struct boot_run){ .kernel_pa = b->kernel_pa, .extend = true, .quiet = true });
	return b->out->outcome == BOOT_UP;
}

int boot_follow_blocks(struct boot_work *work, struct boot_result *result)
{
	struct boot *b = &work->b;
	int ret;

	if (!b->kernel->extends_scratch || !b->machine->preserved || result->outcome != BOOT_UP)
		return 0;
	ret = boot_count_blocks(b, boots_again);
	if (!ret && kho_spent(b->load->budget))
		return -EDQUOT;
	return ret ? ret : b->mb.error;
}
