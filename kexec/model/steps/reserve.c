// SPDX-License-Identifier: GPL-2.0-only
/* What the command line may ask for before the memory map; failing is never fatal. */
#include "config.h"

#include "model/steps/steps.h"

#define CRASH_CMA_PIECES	4	/* CRASHKERNEL_CMA_RANGES_MAX */

/*
 * kernel/printk/printk.c, setup_log_buf(): the text, and for every 32 bytes of it a
 * descriptor (24 bytes) and an info.
 */
void boot_log_buf(struct boot *b, uint64_t bytes)
{
	struct memblock_request req = { .bytes = bytes, .align = 8, .node = KHO_NO_NODE };
	struct memblock_range text, descs, infos;

	b->out->log_buf_wanted_bytes = bytes;
	if (!memblock_alloc(&b->mb, &req, &text))
		return;
	req.bytes = bytes / 32 * 24;
	if (!memblock_alloc(&b->mb, &req, &descs)) {
		memblock_free(&b->mb, &text);
		return;
	}
	req.bytes = bytes / 32 * b->kernel->log_info_bytes;
	if (!memblock_alloc(&b->mb, &req, &infos)) {
		memblock_free(&b->mb, &descs);
		memblock_free(&b->mb, &text);
		return;
	}
	b->out->log_buf_bytes = bytes;
	boot_note(b, BOOT_LOG_BUF, KHO_NO_NODE, 1, &text);
	boot_note(b, BOOT_LOG_BUF, KHO_NO_NODE, 1, &descs);
	boot_note(b, BOOT_LOG_BUF, KHO_NO_NODE, 1, &infos);
}

static uint64_t ram_end(const struct boot *b)
{
	return b->ram.n ? b->ram.r[b->ram.n - 1].end_pa : 0;
}

/*
 * mm/cma.c, cma_fixed_reserve(): in scratch or not, but where something is reserved already
 * there is no area, nor where it is no whole page blocks.
 */
static void fixed_cma(struct boot *b)
{
	const struct memblock_range r = {
		b->cmd.cma_base_pa, b->cmd.cma_base_pa + b->cmd.cma_bytes, KHO_NO_NODE, 0, 0,
	};

	/* What it meets there depends on the place of the kernel. */
	shift_fix(b->mb.shift);
	if ((r.start_pa | r.end_pa) & (boot_block_bytes(b->kernel) - 1))
		return;
	for (size_t i = 0; i < b->mb.reserved.n; i++)
		if (b->mb.reserved.r[i].start_pa < r.end_pa &&
		    r.start_pa < b->mb.reserved.r[i].end_pa)
			return;
	memblock_reserve(&b->mb, &r);
	boot_note(b, BOOT_CMA, KHO_NO_NODE, 1, &r);
}

/*
 * mm/cma.c, cma_alloc_mem(): whole page blocks, from 4 GiB on upwards, else below @limit_pa from the
 * top.
 */
static bool take_cma(struct boot *b, enum boot_user user, uint64_t bytes, int node, uint64_t limit_pa)
{
	uint64_t align = boot_block_bytes(b->kernel);
	struct memblock_request req = {
		.bytes = boot_round_up(bytes, align), .align = align, .node = node,
		.exact_node = node != KHO_NO_NODE, .strict_min = true, .min_pa = BOOT_4G,
	};
	bool got = false;

	if (limit_pa >= BOOT_4G + req.bytes) {
		b->mb.bottom_up = true;
		got = boot_take(b, user, &req, 1, NULL);
		b->mb.bottom_up = false;
	}
	req.min_pa = 0;
	req.max_pa = limit_pa == ram_end(b) ? 0 : limit_pa;
	return got || boot_take(b, user, &req, 1, NULL);
}

/*
 * kernel/dma/contiguous.c, dma_contiguous_reserve(); arm64 wants it in its DMA zone.
 * dma_numa_cma_reserve(): where there are several nodes, one as large on each.
 */
void boot_cma(struct boot *b)
{
	uint64_t bytes = b->cmd.cma_bytes != UINT64_MAX ? b->cmd.cma_bytes :
							  b->kernel->cma_bytes;
	uint64_t limit_pa = ram_end(b);

	if (b->kernel->arch->boot->low_ends_with_ram && limit_pa > BOOT_4G)
		limit_pa = BOOT_4G;
	if (b->cmd.cma_base_pa) {
		fixed_cma(b);
		return;
	}
	if (!b->kernel->dma_cma || !bytes || bytes >= b->ram_bytes ||
	    !take_cma(b, BOOT_CMA, bytes, KHO_NO_NODE, limit_pa) || !b->kernel->cma_per_node)
		return;
	for (size_t i = 0; i < b->nr_nodes && b->nr_nodes > 1; i++)
		take_cma(b, BOOT_CMA, bytes, b->node[i], ram_end(b));
}

/* Is there no room for @bytes below 4 GiB, whatever else is taken? */
static bool never_low(const struct boot *b, uint64_t bytes)
{
	const struct memblock_request req = {
		.bytes = bytes, .align = b->kernel->arch->boot->crash_align_bytes,
		.node = KHO_NO_NODE, .strict_min = true, .max_pa = BOOT_4G,
	};

	return bytes && !memblock_could_meet(&b->mb, &req);
}

/* kernel/crash_reserve.c, reserve_crashkernel_generic() */
static void crashkernel(struct boot *b)
{
	const struct cmdline *c = &b->cmd;
	struct memblock_request req = {
		.bytes = c->crashkernel_bytes, .align = b->kernel->arch->boot->crash_align_bytes,
		.node = KHO_NO_NODE, .strict_min = true, .max_pa = BOOT_4G,
	};
	uint64_t default_bytes = b->kernel->arch->boot->crash_low_bytes(c->swiotlb_bytes);
	uint64_t low_bytes = c->crashkernel_low_given ? c->crashkernel_low_bytes : default_bytes;
	struct memblock_range got, low;
	bool have;

	b->out->crashkernel_wanted_bytes = c->crashkernel_bytes;
	if (c->crashkernel_base_pa) {
		req.min_pa = c->crashkernel_base_pa;
		req.max_pa = c->crashkernel_base_pa + c->crashkernel_bytes;
	} else if (c->crashkernel_high) {
		req.min_pa = BOOT_4G;
		req.max_pa = 0;
		/* Then it is given back, or is not there at all. */
		req.either = never_low(b, low_bytes) && never_low(b, req.bytes);
	}
	have = memblock_alloc(&b->mb, &req, &got);
	if (!have && !c->crashkernel_base_pa) {
		/* The other side of 4 GiB; the low part is then as large as the default. */
		req.min_pa = c->crashkernel_high ? 0 : BOOT_4G;
		req.max_pa = c->crashkernel_high ? BOOT_4G : 0;
		if (!c->crashkernel_high)
			low_bytes = default_bytes;
		req.either = !c->crashkernel_high && never_low(b, low_bytes);
		have = memblock_alloc(&b->mb, &req, &got);
	}
	if (!have)
		return;
	if (!c->crashkernel_base_pa && low_bytes &&
	    shift_le(b->mb.shift, BOOT_4G, 0, got.start_pa, got.start_moves)) {
		req.bytes = low_bytes;
		req.either = false;
		req.min_pa = 0;
		req.max_pa = BOOT_4G;
		if (!memblock_alloc(&b->mb, &req, &low)) {
			memblock_free(&b->mb, &got);
			return;
		}
		boot_note(b, BOOT_CRASHKERNEL, KHO_NO_NODE, 1, &low);
	}
	boot_note(b, BOOT_CRASHKERNEL, KHO_NO_NODE, 1, &got);
	b->out->crashkernel_bytes = c->crashkernel_bytes;
}

/*
 * reserve_crashkernel_cma(), in up to four pieces: a piece that can't be had is asked for
 * again at half its size, down to a page, and each takes whole page blocks.
 */
static void crashkernel_cma(struct boot *b)
{
	uint64_t page = b->kernel->page_bytes, wanted = b->cmd.crashkernel_cma_bytes;
	uint64_t bytes = boot_round_up(wanted, page), have = 0;

	for (int pieces = 0; have < wanted && pieces < CRASH_CMA_PIECES; ) {
		if (take_cma(b, BOOT_CRASHKERNEL, bytes, KHO_NO_NODE, ram_end(b))) {
			have += bytes;
			pieces++;
		} else if (bytes <= page) {
			break;
		} else {
			bytes = boot_round_up(bytes / 2, page);
		}
	}
	b->out->crashkernel_cma_wanted_bytes = wanted;
	b->out->crashkernel_cma_bytes = have;
}

void boot_crashkernel(struct boot *b)
{
	const struct cmdline *c = &b->cmd;

	/* parse_crashkernel() */
	if (!c->crashkernel_bytes || c->crashkernel_bytes >= b->ram_bytes)
		return;
	crashkernel(b);
	/* More than all RAM only makes the halving longer. */
	if (b->kernel->crashkernel_cma && c->crashkernel_cma_bytes <= UINT64_C(1) << 52)
		crashkernel_cma(b);
}

static bool overlaps_area(const struct boot *b, const struct memblock_range *got)
{
	for (size_t i = 0; i < b->machine->scratch.n; i++)
		if (got->start_pa < b->machine->scratch.r[i].end_pa &&
		    b->machine->scratch.r[i].start_pa < got->end_pa)
			return true;
	return false;
}

/*
 * memblock_alloc_hugetlb() of 7.3: a page may be preserved later, so it has to lie outside of the
 * areas; below one that does not is looked for again, and then on all nodes.
 */
static uint64_t take_outside(struct boot *b, const struct memblock_request *wanted, uint64_t count)
{
	struct memblock_request req = *wanted;
	struct memblock_range got;
	uint64_t done = 0;

	/* What lies in an area is another question in each slot. */
	b->tally.open = true;
	shift_fix(b->mb.shift);
	req.exact_node = req.node != KHO_NO_NODE;
	while (done < count) {
		if (!memblock_find(&b->mb, &req, &got, NULL) || !got.start_pa) {
			if (wanted->exact_node || req.node == KHO_NO_NODE)
				break;
			req.node = KHO_NO_NODE;
			req.exact_node = false;
			req.max_pa = 0;
		} else if (overlaps_area(b, &got)) {
			req.max_pa = got.start_pa;
		} else if (boot_take(b, BOOT_HUGEPAGES, &req, 1, NULL)) {
			done++;
		} else {
			break;
		}
	}
	return done;
}

static uint64_t take_gigantic(struct boot *b, const struct memblock_request *req, uint64_t count)
{
	return b->kernel->hugepages_outside ? take_outside(b, req, count) :
					      boot_take(b, BOOT_HUGEPAGES, req, count, NULL);
}

/* How many pages each node can give, at most @want. */
static uint64_t pages_on_each_node(const struct boot *b, uint64_t bytes, uint64_t want)
{
	for (size_t i = 0; i < b->nr_nodes && want; i++) {
		struct memblock_request req = {
			.bytes = bytes, .align = bytes, .node = b->node[i],
		};
		uint64_t pages = memblock_capacity(&b->mb, &req);

		want = pages < want ? pages : want;
	}
	return want;
}

/*
 * __alloc_bootmem_huge_page(): a node after the other.  As long as each can give
 * one it does not matter in which order; after that, another node helps out.
 */
static uint64_t spread_pages(struct boot *b, struct memblock_request *req, uint64_t count)
{
	uint64_t rounds = b->kernel->hugepages_outside ? 0 :
			  pages_on_each_node(b, req->bytes, count / b->nr_nodes);
	uint64_t done = 0;

	for (size_t i = 0; rounds && i < b->nr_nodes; i++) {
		req->node = b->node[i];
		done += boot_take(b, BOOT_HUGEPAGES, req, rounds, NULL);
	}
	for (size_t i = 0; done < count; i = (i + 1) % b->nr_nodes) {
		req->node = b->node[i];
		if (!take_gigantic(b, req, 1))
			break;
		done++;
	}
	return done;
}

/* mm/hugetlb.c, hugetlb_bootmem_alloc(): only pages too large for the buddy allocator. */
void boot_hugepages(struct boot *b)
{
	for (size_t i = 0; i < b->cmd.nr_hugepages; i++) {
		const struct cmdline_hugepages *h = &b->cmd.hugepages[i];
		struct memblock_request req = { .node = h->node, .exact_node = true };

		req.bytes = req.align = h->page_bytes ? h->page_bytes :
						       b->cmd.default_hugepage_bytes;
		/* MAX_PAGE_ORDER: a block of twice a PMD at most. */
		if (req.bytes <= b->kernel->pmd_bytes * 2 || req.bytes & (req.bytes - 1))
			continue;
		b->out->hugepages_wanted += h->count;
		if (h->node != KHO_NO_NODE) {
			b->out->hugepages += take_gigantic(b, &req, h->count);
			continue;
		}
		req.exact_node = false;
		b->out->hugepages += spread_pages(b, &req, h->count);
	}
}
