// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/range.h"
#include "kernel/words.h"
#include "model/toolbox/cmdline.h"

void cmdline_note(struct cmdline *c, const char *name, enum parameter_effect effect)
{
	for (size_t i = 0; i < c->nr_not_followed; i++)
		if (!strcmp(c->not_followed[i].name, name)) {
			if (effect > c->not_followed[i].effect)
				c->not_followed[i].effect = effect;
			return;
		}
	if (c->nr_not_followed < CMDLINE_NOTES)
		c->not_followed[c->nr_not_followed++] = (struct cmdline_note){ name, effect, 0, 0 };
}

/* Of a parameter that is noted. */
static void name_memory(struct cmdline *c, const char *name, uint64_t start_pa, uint64_t end_pa)
{
	for (size_t i = 0; i < c->nr_not_followed; i++)
		if (!strcmp(c->not_followed[i].name, name)) {
			c->not_followed[i].start_pa = start_pa;
			c->not_followed[i].end_pa = end_pa;
		}
}

/* The last of a repeated parameter counts. */
static void take_back(struct cmdline *c, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->nr_not_followed; i++)
		if (strcmp(c->not_followed[i].name, name))
			c->not_followed[kept++] = c->not_followed[i];
	c->nr_not_followed = kept;
}

static void add_memmap(struct cmdline *c, const struct cmdline_memmap *m)
{
	if (c->nr_memmaps == CMDLINE_MEMMAPS)
		cmdline_note(c, "memmap", PARAMETER_TAKES);
	else
		c->memmap[c->nr_memmaps++] = *m;
}

/*
 * An address, each one cuts (arch/x86/kernel/e820.c, parse_memopt()); or an amount, the last
 * one counts (arch/arm64/mm/init.c, early_mem()).
 */
static void parse_mem(struct param_text *v, const struct kho_arch *arch, struct cmdline *c)
{
	struct cmdline_memmap m = { .kind = '-' };

	if (!param_size(v, &m.bytes) || !m.bytes)
		return;
	if (arch && arch->early.mem_is_amount) {
		c->mem_limit = m.bytes;
		return;
	}
	if (m.bytes < c->mem_limit)
		c->mem_limit = m.bytes;
	add_memmap(c, &m);
}

/* parse_memmap_one(): what stands up to the comma.  A part that can't be read is left out. */
static void parse_memmap_one(struct param_text *v, struct cmdline *c)
{
	struct cmdline_memmap m = { .kind = '-' };

	if (param_eat(v, "exactmap"))
		m.kind = 'x';
	else if (!param_size(v, &m.bytes))
		return;
	if (m.kind == '-' && v->at < v->end && strchr("@#$!", *v->at)) {
		m.kind = *v->at++;
		if (!param_size(v, &m.start_pa))
			m.start_pa = 0;
		if (m.start_pa + m.bytes < m.start_pa) {
			v->too_large = true;
			return;
		}
	} else if (m.kind == '-' && param_eat(v, "%")) {
		cmdline_note(c, "memmap", PARAMETER_TAKES);	/* SIZE%START-FROM+TO */
		return;
	}
	add_memmap(c, &m);
}

static void parse_memmap(struct param_text *v, struct cmdline *c)
{
	do {
		parse_memmap_one(v, c);
		while (v->at < v->end && *v->at != ',')
			v->at++;
	} while (param_eat(v, ","));
}

/*
 * kernel/dma/contiguous.c, early_cma(): SIZE@BASE is reserved there, unless something is
 * reserved there already (mm/cma.c, cma_fixed_reserve()).  In SIZE@BASE-LIMIT it is looked
 * for.  A second cma= keeps the base and the limit of the first: what it then is, is left open.
 */
static void parse_cma(struct param_text *v, struct cmdline *c)
{
	bool again = c->cma_bytes != UINT64_MAX;
	uint64_t base_pa, end_pa;

	if (!param_size(v, &c->cma_bytes))
		c->cma_bytes = 0;
	c->cma_base_pa = 0;
	name_memory(c, "cma", 0, 0);
	if (!param_eat(v, "@") || !param_size(v, &base_pa) || !base_pa || !c->cma_bytes)
		return;
	cmdline_note(c, "cma", PARAMETER_TAKES);
	if (again || param_eat(v, "-") || __builtin_add_overflow(base_pa, c->cma_bytes, &end_pa))
		return;
	c->cma_base_pa = base_pa;
	name_memory(c, "cma", base_pa, end_pa);
}

/* kernel/dma/swiotlb.c, setup_io_tlb_npages(): slots of 2 KiB, areas, a word */
static void parse_swiotlb(struct param_text *v, struct cmdline *c)
{
	uint64_t slots, areas;

	if (param_number(v, &slots) && slots <= UINT32_MAX)
		c->swiotlb_bytes = (slots + 127) / 128 * 128 * 2048;
	param_eat(v, ",");
	if (param_number(v, &areas)) {
		c->swiotlb_areas = areas ? (uint32_t)areas : 1;
		param_eat(v, ",");
	}
	if (param_eat(v, "force"))
		c->swiotlb_force = true;
	else if (param_eat(v, "noforce"))
		c->swiotlb_noforce = true;
}

/* parse_crashkernel_mem(): START-[END]:SIZE[,...][@BASE] */
static bool crash_range(struct param_text *v, uint64_t ram_bytes, uint64_t *bytes, uint64_t *base_pa)
{
	const uint64_t step = UINT64_C(128) << 20;

	ram_bytes = (ram_bytes + step - 1) / step * step;
	do {
		uint64_t start, end = UINT64_MAX, n;

		if (!param_size(v, &start) || !param_eat(v, "-"))
			return false;
		if (!param_eat(v, ":") && (!param_size(v, &end) || !param_eat(v, ":") || end <= start))
			return false;
		if (!param_size(v, &n) || n >= ram_bytes)
			return false;
		if (ram_bytes >= start && ram_bytes < end) {
			*bytes = n;
			while (v->at < v->end && *v->at != '@')
				v->at++;
			return !param_eat(v, "@") || param_size(v, base_pa);
		}
	} while (param_eat(v, ","));
	*bytes = 0;
	return true;
}

/*
 * kernel/crash_reserve.c: the last one of its kind counts; SIZE,high only when
 * there is no plain one.
 */
struct crash {
	uint64_t plain_bytes, plain_base_pa, high_bytes, low_bytes, cma_bytes;
	bool low_given;
};

static void parse_crashkernel(struct param_text *v, uint64_t ram_bytes, struct crash *crash,
			      struct cmdline *c)
{
	uint64_t bytes = 0, base_pa = 0;

	if (memchr(v->at, ':', (size_t)(v->end - v->at))) {
		if (crash_range(v, ram_bytes, &bytes, &base_pa)) {
			crash->plain_bytes = bytes;
			crash->plain_base_pa = base_pa;
		}
		return;
	}
	if (!param_size(v, &bytes))
		return;
	if (param_eat(v, ",high")) {
		crash->high_bytes = bytes;
	} else if (param_eat(v, ",low")) {
		crash->low_bytes = bytes;
		crash->low_given = true;
	} else if (param_eat(v, ",cma")) {
		crash->cma_bytes = bytes;
	} else {
		if (param_eat(v, "@") && !param_size(v, &base_pa))
			return;
		crash->plain_bytes = bytes;
		crash->plain_base_pa = base_pa;
	}
}

/* mm/hugetlb.c, hugepages_setup(): COUNT, or NODE:COUNT[,...] */
static void parse_hugepages(struct param_text *v, uint64_t page_bytes, struct cmdline *c)
{
	do {
		struct cmdline_hugepages h = { .page_bytes = page_bytes, .node = KHO_NO_NODE };
		uint64_t node;

		if (!param_number(v, &h.count))
			return;
		if (param_eat(v, ":")) {
			node = h.count;
			if (node > INT32_MAX || !param_number(v, &h.count))
				return;
			h.node = (int)node;
		}
		if (c->nr_hugepages == CMDLINE_HUGEPAGES) {
			cmdline_note(c, "hugepages", PARAMETER_TAKES);
			return;
		}
		c->hugepages[c->nr_hugepages++] = h;
	} while (param_eat(v, ","));
}

static void parse_numa(struct param_text *v, struct cmdline *c)
{
	uint64_t nodes;

	if (param_eat(v, "off")) {
		c->numa_off = true;
	} else if (param_eat(v, "fake=")) {
		/* SIZE[MG] and NU are other ways to split. */
		if (param_number(v, &nodes) && v->at == v->end)
			c->numa_fake = nodes < CMDLINE_FAKE_NODES ? nodes : CMDLINE_FAKE_NODES;
		else
			cmdline_note(c, "numa", PARAMETER_TAKES);
	} else if (param_eat(v, "noacpi")) {
		cmdline_note(c, "numa", PARAMETER_TAKES);	/* without the SRAT */
	}
}

static void limit_cpus(struct cmdline *c, uint64_t cpus)
{
	if (!c->cpus || cpus < c->cpus)
		c->cpus = cpus;
}

/*
 * kernel/smp.c, nosmp(), and arch/x86/kernel/apic/apic.c, setup_nolapic().  nosmp and noapic leave
 * the I/O APICs unused (disable_ioapic_support()).
 */
static void parse_one_cpu(const struct param *p, struct cmdline *c)
{
	if (param_is(p, "nosmp") || param_is(p, "nolapic"))
		limit_cpus(c, 1);
	if (param_is(p, "nosmp") || param_is(p, "noapic"))
		c->no_ioapic = true;
}

/*
 * lib/cmdline.c, get_option(): an int.  nr_cpus= (kernel/smp.c, nrcpus()) and possible_cpus=
 * (topology_apply_cmdline_limits_early()) limit the possible CPUs; maxcpus= only those that come
 * up, but with 0 there is one.
 */
static void parse_cpus(const struct param *p, struct param_text *v, struct cmdline *c)
{
	bool negative = param_eat(v, "-");
	uint64_t number;
	int cpus;

	if (!param_number(v, &number))
		return;
	cpus = (int)(negative ? -(uint32_t)number : (uint32_t)number);
	if (param_is(p, "nr_cpus") && cpus > 0) {
		limit_cpus(c, (uint64_t)cpus);
	} else if (param_is(p, "possible_cpus") && cpus) {
		limit_cpus(c, (uint32_t)cpus);
	} else if (param_is(p, "maxcpus") && !cpus) {
		limit_cpus(c, 1);
		c->no_ioapic = true;
	}
}

/* mm/kfence/core.c, param_set_sample_interval(): what can't be read changes nothing. */
static void parse_kfence(struct param_text *v, struct cmdline *c)
{
	uint64_t interval;

	if (!param_number(v, &interval) || v->at != v->end)
		return;
	c->kfence_given = true;
	c->kfence_on = interval;
}

static void parse_log_buf(struct param_text *v, struct cmdline *c)
{
	uint64_t bytes, pow2 = 1;

	if (!param_size(v, &bytes) || !bytes)
		return;
	if (bytes > UINT64_C(1) << 31)
		bytes = UINT64_C(1) << 31;
	while (pow2 < bytes)
		pow2 <<= 1;
	c->log_buf_bytes = pow2;
}

/* Parameters that are a word, or a word and one known value. */
static void parse_words(const struct param *p, struct cmdline *c)
{
	if (param_is(p, "nokaslr"))
		c->nokaslr = true;
	else if (param_is(p, "no5lvl"))
		c->no5lvl = true;
	else if (param_is(p, "arm64.nolva"))
		c->no_lpa2 = true;
	else if (param_is(p, "nogbpages"))
		c->nogbpages = true;
	else if (param_is(p, "percpu_alloc"))
		c->percpu_in_pages = param_value_is(p, "page") ||
				     (c->percpu_in_pages && !param_value_is(p, "embed"));
	else if (param_is(p, "kho"))
		c->kho_off = !param_boolean(p, !c->kho_off);
	else if (param_is(p, "rodata"))
		c->rodata_full = !(c->rodata_not_full = param_value_is(p, "off") ||
				   param_value_is(p, "noalias"));
}

/* mm/mm_init.c, set_hashdist(): a number up to 7.1, kstrtobool() from 7.2 on. */
static void parse_hashdist(const struct param *p, struct cmdline *c)
{
	c->hashes_early = param_value_is(p, "0");
	if (!c->hashes_early && !param_value_is(p, "1"))
		cmdline_note(c, "hashdist", PARAMETER_TAKES);
}

static void parse_iommu(struct param_text *v, struct cmdline *c)
{
	do {
		if (param_eat(v, "off"))
			c->iommu_off = true;
		else if (param_eat(v, "soft"))
			c->iommu_soft = true;
		while (v->at < v->end && *v->at != ',')
			v->at++;
	} while (param_eat(v, ","));
}

/* Those with a value that are followed. */
static void parse_value(const struct param *p, struct param_text *v, const struct kho_arch *arch,
			struct cmdline *c)
{
	if (param_is(p, "mem"))
		parse_mem(v, arch, c);
	else if (param_is(p, "memmap"))
		parse_memmap(v, c);
	else if (param_is(p, "numa"))
		parse_numa(v, c);
	else if (param_is(p, "swiotlb"))
		parse_swiotlb(v, c);
	else if (param_is(p, "iommu"))
		parse_iommu(v, c);
	else if (param_is(p, "nr_cpus") || param_is(p, "possible_cpus") || param_is(p, "maxcpus"))
		parse_cpus(p, v, c);
	else if (param_is(p, "kfence.sample_interval"))
		parse_kfence(v, c);
	else if (param_is(p, "log_buf_len"))
		parse_log_buf(v, c);
	else if (param_is(p, "cma"))
		parse_cma(v, c);
	else if (param_is(p, "hashdist"))
		parse_hashdist(p, c);
	else if (param_is(p, "dhash_entries") && !param_number(v, &c->dhash_entries))
		c->dhash_entries = 0;
	else if (param_is(p, "ihash_entries") && !param_number(v, &c->ihash_entries))
		c->ihash_entries = 0;
}

/* Those whose meaning depends on others. */
static void parse_huge(const struct param *p, struct param_text *v, uint64_t *hugepage_bytes,
		       struct cmdline *c)
{
	if (param_is(p, "hugepagesz"))
		*hugepage_bytes = param_size(v, hugepage_bytes) ? *hugepage_bytes : 0;
	else if (param_is(p, "default_hugepagesz"))
		c->default_hugepage_bytes = param_size(v, hugepage_bytes) ? *hugepage_bytes : 0;
	else if (param_is(p, "hugepages"))
		parse_hugepages(v, *hugepage_bytes, c);
}

static void finish_crashkernel(const struct crash *crash, struct cmdline *c)
{
	c->crashkernel_high = !crash->plain_bytes && crash->high_bytes;
	c->crashkernel_bytes = c->crashkernel_high ? crash->high_bytes : crash->plain_bytes;
	c->crashkernel_base_pa = c->crashkernel_high ? 0 : crash->plain_base_pa;
	c->crashkernel_low_given = c->crashkernel_high && crash->low_given;
	c->crashkernel_low_bytes = crash->low_bytes;
	/* arch_reserve_crashkernel(): with a crash kernel only. */
	c->crashkernel_cma_bytes = c->crashkernel_bytes ? crash->cma_bytes : 0;
}

void cmdline_parse(const char *text, const struct cmdline_reader *reader, uint64_t ram_bytes,
		   struct cmdline *c)
{
	struct crash crash = { 0 };
	uint64_t hugepage_bytes = 0;
	struct param p;

	memset(c, 0, sizeof(*c));
	c->mem_limit = c->cma_bytes = UINT64_MAX;
	for (; text && (text = param_next(text, &p)); ) {
		struct param_text v = {
			.at = p.value, .end = p.value ? p.value + p.value_bytes : NULL,
			.saturates = reader->saturates,
		};
		const struct parameter *row;
		enum parameter_effect effect;

		if (param_is(&p, "--") && !p.value)
			break;
		effect = parameter_effect(&p, reader->arch ? reader->arch->machine : NULL, &row);
		if (effect >= PARAMETER_TAKES)
			cmdline_note(c, row->name, effect);
		else if (row && parameter_takes_back(row, &p))
			take_back(c, row->name);
		if (effect != PARAMETER_FOLLOWED)
			continue;
		parse_words(&p, c);
		parse_one_cpu(&p, c);
		stack_depot_parse(&p, &c->depot);
		if (!p.value)
			continue;
		if (param_is(&p, "crashkernel"))
			parse_crashkernel(&v, ram_bytes, &crash, c);
		parse_huge(&p, &v, &hugepage_bytes, c);
		parse_value(&p, &v, reader->arch, c);
		/* By the release only it is known what becomes of it. */
		if (v.too_large)
			cmdline_note(c, row->name, PARAMETER_TAKES);
	}
	finish_crashkernel(&crash, c);
}
