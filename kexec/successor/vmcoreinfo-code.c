// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "successor/vmcoreinfo-code.h"

/* The first call that crash_save_vmcoreinfo_init() makes. */
static const char first_format[] = "OSRELEASE=%s\n";

/* A call after the first one: of the function that appends, or of one that may call it. */
struct item {
	uint64_t site;
	uint64_t target;
	struct code_regs regs;
};

struct search {
	const struct code_isa *isa;
	const struct successor_image *image;
	uint64_t format_va;	/* of first_format */
	uint64_t append_va;	/* vmcoreinfo_append_str(), 0 until it is known */
	struct item *item;
	size_t nr;
	bool whole;
};

static struct item *find_item(struct search *search, uint64_t site)
{
	for (size_t i = 0; i < search->nr; i++)
		if (search->item[i].site == site)
			return &search->item[i];
	return NULL;
}

static void add_item(struct search *search, const struct item *new)
{
	struct item *item = find_item(search, new->site);

	if (item)
		code_join(&item->regs, &new->regs);
	else if (search->nr < VMCOREINFO_MAX_CALLS)
		search->item[search->nr++] = *new;
	else
		search->whole = false;
}

static bool on_call(void *data, enum code_flow how, uint64_t site, uint64_t target,
		    const struct code_regs *regs)
{
	struct search *search = data;
	uint64_t format;

	if (!search->append_va && code_get(regs, search->isa->arg[0], &format) &&
	    format == search->format_va)
		search->append_va = target;
	if (!search->append_va || !target)
		return false;
	if (how == CODE_CALL || target == search->append_va)
		add_item(search, &(struct item){ site, target, *regs });
	return target == search->append_va;
}

static int walk(struct search *search, uint64_t entry)
{
	int ret;

	search->nr = 0;
	search->item = calloc(VMCOREINFO_MAX_CALLS, sizeof(*search->item));
	if (!search->item)
		return -ENOMEM;
	ret = code_walk(search->isa, search->image, entry, on_call, search);
	if (ret != -E2BIG)
		return ret;
	search->whole = false;
	return 0;
}

static void add_call(struct vmcoreinfo_calls *calls, const struct item *item)
{
	if (calls->nr < VMCOREINFO_MAX_CALLS)
		calls->call[calls->nr++] = (struct vmcoreinfo_call){ item->site, item->regs };
	else
		calls->whole = false;
}

/*
 * What a function called in between appends: arch_crash_save_vmcoreinfo() and
 * log_buf_vmcoreinfo_setup().  What that calls in turn does not append.
 */
static int add_calls_of(const struct search *outer, uint64_t entry, struct vmcoreinfo_calls *calls)
{
	struct search search = *outer;
	int ret;

	ret = walk(&search, entry);
	for (size_t i = 0; !ret && i < search.nr; i++)
		if (search.item[i].target == search.append_va)
			add_call(calls, &search.item[i]);
	free(search.item);
	/* A target outside of the image, or no code there: nothing that appends. */
	return ret == -ENOENT ? 0 : ret;
}

static int add_all_calls(const struct search *search, struct vmcoreinfo_calls *calls)
{
	unsigned int callees = 0;
	int ret = 0;

	for (size_t i = 0; !ret && i < search->nr; i++) {
		if (search->item[i].target == search->append_va)
			add_call(calls, &search->item[i]);
		else if (callees++ < VMCOREINFO_MAX_CALLEES)
			ret = add_calls_of(search, search->item[i].target, calls);
		else
			calls->whole = false;
	}
	return ret;
}

/* From the function's entry or, if that leads nowhere, from the reference itself. */
static int walk_to_first(struct search *search, uint64_t reference_va)
{
	uint64_t entry = search->isa->find_entry(search->image, reference_va);
	int ret;

	ret = walk(search, entry);
	if (ret || search->append_va || entry == reference_va)
		return ret;
	free(search->item);
	search->whole = true;
	return walk(search, reference_va);
}

/* The code of __init functions has a section of its own; else it may stand anywhere. */
static int find_reference(const struct search *search, uint64_t *reference_va)
{
	const struct image_section *init = image_section(search->image, ".init.text");

	if (init && !search->isa->find_reference(init->bytes, init->va, search->format_va,
						 reference_va))
		return 0;
	for (size_t i = 0; i < search->image->nr_sections; i++) {
		const struct image_section *section = &search->image->sections[i];

		if (section != init && section->flags & IMAGE_EXEC && section->bytes.size &&
		    !search->isa->find_reference(section->bytes, section->va, search->format_va,
						 reference_va))
			return 0;
	}
	return -ENOENT;
}

int vmcoreinfo_calls_find(const struct code_isa *isa, const struct successor_image *image,
			  struct vmcoreinfo_calls *calls)
{
	struct search search = { .isa = isa, .image = image, .whole = true };
	uint64_t reference_va;
	int ret;

	*calls = (struct vmcoreinfo_calls){ .whole = true };
	if (image_find_va(image, first_format, sizeof(first_format), &search.format_va) ||
	    find_reference(&search, &reference_va))
		return -ENOENT;
	calls->call = calloc(VMCOREINFO_MAX_CALLS, sizeof(*calls->call));
	if (!calls->call)
		return -ENOMEM;
	ret = walk_to_first(&search, reference_va);
	if (!ret)
		ret = search.append_va ? add_all_calls(&search, calls) : -ENOENT;
	calls->whole &= search.whole;
	free(search.item);
	if (ret)
		vmcoreinfo_calls_deinit(calls);
	return ret;
}

void vmcoreinfo_calls_deinit(struct vmcoreinfo_calls *calls)
{
	free(calls->call);
	*calls = (struct vmcoreinfo_calls){ 0 };
}
