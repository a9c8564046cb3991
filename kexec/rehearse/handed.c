// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <libfdt.h>
#include <string.h>

#include "kernel/formats.h"
#include "rehearse/handed.h"

/*
 * Folios are not larger (MAX_PAGE_ORDER).  With which orders memory was preserved is
 * not recorded; how it is reserved does not depend on them.
 */
#define ORDER_MAX	10

uint64_t handed_next_page(struct handed *handed)
{
	uint64_t bytes = UINT64_C(1) << handed->page_shift, nth = 0, pa = 0;

	for (size_t i = 0; i < handed->written.n; i++)
		nth += (handed->written.r[i].end_pa - handed->written.r[i].start_pa) / bytes;
	for (size_t i = 0; handed->map && i < handed->map->n && !pa; i++) {
		uint64_t pages = (handed->map->r[i].end_pa - handed->map->r[i].start_pa) / bytes;

		if (nth < pages)
			pa = handed->map->r[i].start_pa + nth * bytes;
		else
			nth -= pages;
	}
	if (!pa && nth < (handed->spare.end_pa - handed->spare.start_pa) / bytes)
		pa = handed->spare.start_pa + nth * bytes;
	if (!pa)
		return 0;
	/* The last range grows; a new one only where the list of pages has a gap. */
	if (handed->written.n && handed->written.r[handed->written.n - 1].end_pa == pa) {
		handed->written.r[handed->written.n - 1].end_pa += bytes;
		return pa;
	}
	return kho_ranges_add(&handed->written, pa, pa + bytes, KHO_NO_NODE) ? 0 : pa;
}

unsigned int handed_next_order(const struct handed *handed, uint64_t *pa, uint64_t end_pa)
{
	uint64_t page = *pa >> handed->page_shift;
	uint64_t pages = (end_pa - *pa) >> handed->page_shift;
	unsigned int order = 0;

	while (order < ORDER_MAX && !(page & (UINT64_C(1) << order)) &&
	       UINT64_C(2) << order <= pages)
		order++;
	*pa += UINT64_C(1) << (order + handed->page_shift);
	return order;
}

static int write_tree(struct handed *handed, struct guest *guest, uint64_t map_pa,
		      struct kho_err *err)
{
	uint8_t tree[HANDED_TREE_BYTES] = { 0 }, le[8];
	int ret = fdt_create(tree, sizeof(tree));

	/* kho_out_fdt_setup(): a number as the kernel has it in memory, not big-endian. */
	for (size_t i = 0; i < sizeof(le); i++)
		le[i] = (uint8_t)(map_pa >> 8 * i);
	ret = ret ? ret : fdt_finish_reservemap(tree);
	ret = ret ? ret : fdt_begin_node(tree, "");
	ret = ret ? ret : fdt_property_string(tree, "compatible", handed->format);
	ret = ret ? ret : fdt_property(tree, "preserved-memory-map", le, sizeof(le));
	ret = ret ? ret : fdt_end_node(tree);
	ret = ret ? ret : fdt_finish(tree);
	if (ret)
		return kho_fail(err, EINVAL, "the root tree: %s", fdt_strerror(ret));
	return guest_write(guest, handed->tree_pa, tree, sizeof(tree), err);
}

int handed_write(struct handed *handed, struct guest *guest, struct kho_err *err)
{
	static int (*const write_map[])(struct handed *handed, struct guest *guest,
					uint64_t *map_pa, struct kho_err *err) = {
		[KHO_MAP_LIST] = handed_write_list, [KHO_MAP_RADIX] = handed_write_radix,
	};
	const struct kho_format *format = kho_format_by_abi(handed->format);
	uint64_t map_pa = 0;
	int ret;

	if (!format)
		return kho_fail(err, ENOTSUP, "the format %s of the map of preserved memory is "
				"not known", handed->format);
	ret = write_map[format->map](handed, guest, &map_pa, err);
	if (!ret)
		ret = write_tree(handed, guest, map_pa, err);
	return ret;
}
