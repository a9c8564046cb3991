// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/formats.h"
#include "machine/machine.h"
#include "machine/handover/preserved.h"
#include "base/cursor.h"

/* Nothing is preserved in pieces larger than this, 16 TiB. */
#define MAX_PIECE_SHIFT 44

static int (*const walks[])(struct preserved_walk *walk, uint64_t map_pa) = {
	[KHO_MAP_LIST] = preserved_list,
	[KHO_MAP_RADIX] = preserved_radix,
};

/* What comes in ascending order stays one range as long as it touches. */
static int append_preserved(struct kho_ranges *ranges, uint64_t start_pa, uint64_t end_pa)
{
	struct kho_range *last = ranges->n ? &ranges->r[ranges->n - 1] : NULL;

	if (last && last->end_pa == start_pa) {
		last->end_pa = end_pa;
		return 0;
	}
	return kho_ranges_add(ranges, start_pa, end_pa, KHO_NO_NODE);
}

int preserved_page(struct preserved_walk *walk, uint64_t pa, uint8_t *page)
{
	uint64_t page_bytes = UINT64_C(1) << walk->page_shift;
	int ret;

	if (!walk->pages_left)
		return kho_fail(walk->err, EBADMSG, "it has more than %u pages",
				PRESERVED_MAP_PAGES);
	walk->pages_left--;
	if (pa & (page_bytes - 1))
		return kho_fail(walk->err, EBADMSG, "0x%llx is not the address of a page",
				(unsigned long long)pa);
	ret = kcore_read(walk->core, pa, page, page_bytes);
	if (ret)
		return kho_fail(walk->err, -ret, "0x%llx: %s", (unsigned long long)pa,
				ret == -EFAULT ? "no memory is there" : strerror(-ret));
	return append_preserved(walk->map, pa, pa + page_bytes);
}

/* Pieces of one order come in order; those of another may fill the gaps. */
static int merge_pieces(struct preserved_walk *walk)
{
	kho_ranges_normalise(walk->preserved);
	if (walk->preserved->n > PRESERVED_RANGES)
		return kho_fail(walk->err, EBADMSG, "it is in more than %u pieces",
				PRESERVED_RANGES);
	return 0;
}

static int add_piece(struct preserved_walk *walk, uint64_t start_pa, uint64_t end_pa)
{
	if (end_pa > MACHINE_PA_LIMIT)
		return kho_fail(walk->err, EBADMSG, "it names memory above 2^52");
	if (walk->preserved->n == 2 * PRESERVED_RANGES && merge_pieces(walk))
		return -EBADMSG;
	return append_preserved(walk->preserved, start_pa, end_pa);
}

int preserved_bits(struct preserved_walk *walk, uint64_t base_pa, unsigned int shift,
		   const uint8_t *page)
{
	struct cursor c = cursor_init((struct kho_bytes){ page, (size_t)1 << walk->page_shift });
	uint64_t word, at_pa = base_pa;
	int ret = 0;

	if (shift > MAX_PIECE_SHIFT || base_pa >= MACHINE_PA_LIMIT)
		return kho_fail(walk->err, EBADMSG, "it names pieces of 2^%u bytes at 0x%llx",
				shift, (unsigned long long)base_pa);
	for (; !cursor_u64(&c, &word) && !ret; at_pa += UINT64_C(64) << shift) {
		while (word && !ret) {
			unsigned int first = __builtin_ctzll(word);
			uint64_t rest = ~(word >> first);
			unsigned int n = rest ? __builtin_ctzll(rest) : 64;

			ret = add_piece(walk, at_pa + ((uint64_t)first << shift),
					at_pa + ((uint64_t)(first + n) << shift));
			word = first + n < 64 ? word >> (first + n) << (first + n) : 0;
		}
	}
	return ret;
}

/* Is all that is preserved memory?  Else this is no map. */
static int check_memory(struct preserved_walk *walk)
{
	struct kho_ranges memory = { 0 };
	int ret = kcore_memory(walk->core, &memory);
	size_t at = 0;

	for (size_t i = 0; i < walk->preserved->n && !ret; i++) {
		const struct kho_range *r = &walk->preserved->r[i];

		while (at < memory.n && memory.r[at].end_pa <= r->start_pa)
			at++;
		if (at == memory.n || memory.r[at].start_pa > r->start_pa ||
		    memory.r[at].end_pa < r->end_pa)
			ret = kho_fail(walk->err, EBADMSG,
				       "it names 0x%llx to 0x%llx, which is not all memory",
				       (unsigned long long)r->start_pa,
				       (unsigned long long)r->end_pa);
	}
	kho_ranges_deinit(&memory);
	return ret;
}

static int walk_map(const struct kcore *core, enum kho_map_layout layout, struct machine_handover *h,
		    struct kho_err *err)
{
	struct preserved_walk walk = {
		.core = core, .page_shift = __builtin_ctzll(core->page_bytes),
		.pages_left = PRESERVED_MAP_PAGES,
		.preserved = &h->preserved, .map = &h->preserved_map, .err = err,
	};
	int ret = walks[layout](&walk, h->out.preserved_map_pa);

	if (ret)
		return ret;
	kho_ranges_normalise(&h->preserved_map);
	ret = merge_pieces(&walk);
	return ret ? ret : check_memory(&walk);
}

static const struct kho_format *find_format(const struct handover_compatible *root)
{
	const struct kho_format *format = NULL;

	for (size_t i = 0; i < root->nr_texts && !format; i++)
		format = kho_format_by_abi(root->text[i]);
	return format;
}

/* Why there is no map to read; 0 when there is one. */
static int check_root(const struct machine_handover *h, const struct kho_format **format,
		      struct kho_err *err)
{
	const struct handover_tree *out = &h->out;

	switch (out->state) {
	case HANDOVER_HIDDEN:
		return kho_fail(err, EACCES, "kho/out/fdt: hidden from this user");
	case HANDOVER_MALFORMED:
		return kho_fail(err, EBADMSG, "kho/out/fdt: not a valid device tree");
	case HANDOVER_ABSENT:
		if (h->finalized == FINALIZED_NO)
			return kho_fail(err, ENOENT, "the map is written when the handover is "
					"finalized");
		return kho_fail(err, ENOENT, "kho/out/fdt: absent");
	case HANDOVER_READ:
		break;
	}
	*format = find_format(&out->root);
	if (!*format)
		return kho_fail(err, ENOTSUP, "the layout of its map is not known: %s",
				out->root.text[0]);
	if (!out->preserved_map_pa)
		return kho_fail(err, ENOENT, "kho/out/fdt names no map");
	return 0;
}

int preserved_read(const struct kcore *core, const struct kho_err *core_err,
		   struct machine_handover *h)
{
	struct kho_err err = { "" };
	const struct kho_format *format = NULL;
	int ret;

	if (h->preserved_trouble)
		return 0;
	ret = check_root(h, &format, &err);
	if (!ret && !core) {
		err = *core_err;
		ret = -ENOENT;
	} else if (!ret) {
		ret = walk_map(core, format->map, h, &err);
		if (ret)
			kho_err_prefix(&err, "the map at 0x%llx: ",
				       (unsigned long long)h->out.preserved_map_pa);
	}
	if (!ret) {
		h->preserved_known = true;
		h->preserved_source = KCORE;
		return 0;
	}
	kho_ranges_deinit(&h->preserved);
	kho_ranges_deinit(&h->preserved_map);
	if (ret == -ENOMEM)
		return ret;
	h->preserved_trouble = strdup(err.text);
	return h->preserved_trouble ? 0 : -ENOMEM;
}
