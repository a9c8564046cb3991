// SPDX-License-Identifier: GPL-2.0-only
/*
 * A Linux 7.x that a handover started shows no kho/out/fdt: kho_init() returns
 * before it makes the file.  But the tree is there, in a page of its own, and
 * the kernel has a pointer to it in its data, kho_out.fdt.  So: every word of the
 * kernel's image that is the address of a page in the direct map is followed,
 * and what begins with a whole device tree whose root says "kho-v..." is it.
 */
#include "config.h"

#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/formats.h"
#include "machine/handover/fdt.h"
#include "machine/handover/find-root.h"
#include "machine/kcore.h"
#include "base/cursor.h"

/* A distribution's kernel has 60 MiB, with some ten thousand such words. */
#define IMAGE_LIMIT_BYTES	(UINT64_C(512) << 20)
#define MAX_CANDIDATES		(1u << 20)
#define CHUNK_BYTES		(64u << 10)

struct root_search {
	const struct kcore *core;
	uint8_t *page;
	uint64_t found_pa;	/* 0: not yet */
	uint64_t last_pa;	/* the same page again is common */
	unsigned int candidates;
	struct handover_tree *to;
	struct kho_err *err;
};

/* The page at @pa, when it begins with a device tree. */
static bool read_tree_page(struct root_search *search, uint64_t pa, struct kho_bytes *bytes)
{
	uint32_t magic;
	struct cursor c = { .bytes = { search->page, sizeof(magic) }, .big_endian = true };

	if (kcore_read(search->core, pa, search->page, sizeof(magic)) || cursor_u32(&c, &magic) ||
	    magic != FDT_MAGIC ||
	    kcore_read(search->core, pa, search->page, search->core->page_bytes))
		return false;
	*bytes = (struct kho_bytes){ search->page, search->core->page_bytes };
	return handover_is_fdt(*bytes);
}

/* Other device trees, such as memblock's, are pointed to as well. */
static bool is_root(const struct handover_tree *tree)
{
	return tree->preserved_map_pa && !strncmp(tree->root.text[0], KHO_ABI_PREFIX, strlen(KHO_ABI_PREFIX));
}

static int try_page(struct root_search *search, uint64_t pa)
{
	struct handover_tree tree = { 0 };
	struct kho_bytes bytes;
	int ret;

	if (pa == search->found_pa || pa == search->last_pa)
		return 0;
	search->last_pa = pa;
	if (search->candidates++ == MAX_CANDIDATES)
		return kho_fail(search->err, EBADMSG, "its data points to too many pages");
	if (!read_tree_page(search, pa, &bytes))
		return 0;
	ret = handover_fdt_root(bytes, &tree, search->err);
	if (ret || !is_root(&tree)) {
		handover_tree_deinit(&tree);
		return ret == -ENOMEM ? ret : 0;
	}
	if (search->found_pa) {
		handover_tree_deinit(&tree);
		return kho_fail(search->err, EBADMSG, "there are two, at 0x%llx and 0x%llx",
				(unsigned long long)search->found_pa, (unsigned long long)pa);
	}
	search->found_pa = pa;
	*search->to = tree;
	return 0;
}

static int search_chunk(struct root_search *search, struct kho_bytes chunk)
{
	struct cursor c = cursor_init(chunk);
	int ret = 0;
	uint64_t va, pa;

	while (!ret && !cursor_u64(&c, &va))
		if (va && !(va & (search->core->page_bytes - 1)) &&
		    !kcore_direct_map(search->core, va, &pa))
			ret = try_page(search, pa);
	return ret;
}

static int search_image(struct root_search *search, const struct kcore_segment *image)
{
	uint8_t *chunk = malloc(CHUNK_BYTES);
	int ret = chunk ? 0 : -ENOMEM;

	for (uint64_t pa = image->start_pa; pa < image->end_pa && !ret; pa += CHUNK_BYTES) {
		size_t bytes = CHUNK_BYTES;

		if (image->end_pa - pa < bytes)
			bytes = image->end_pa - pa;
		ret = kcore_read(search->core, pa, chunk, bytes);
		if (ret)
			ret = kho_fail(search->err, -ret, "the kernel's image at 0x%llx: %s",
				       (unsigned long long)pa, strerror(-ret));
		else
			ret = search_chunk(search, (struct kho_bytes){ chunk, bytes });
	}
	free(chunk);
	return ret;
}

int handover_find_root(const struct kcore *core, struct handover_tree *to, struct kho_err *err)
{
	const struct kcore_segment *image = kcore_image(core);
	struct root_search search = { .core = core, .to = to, .err = err };
	int ret;

	search.page = malloc(core->page_bytes);
	if (!search.page)
		return -ENOMEM;
	if (!image || image->end_pa - image->start_pa > IMAGE_LIMIT_BYTES)
		ret = kho_fail(err, ENOENT, "the kernel's image is not in it");
	else
		ret = search_image(&search, image);
	if (!ret && !search.found_pa)
		ret = kho_fail(err, ENOENT, "nothing in the kernel's data points to the tree");
	if (ret && search.found_pa)
		handover_tree_deinit(to);
	kho_err_prefix(err, KCORE ": ");
	free(search.page);
	return ret;
}
