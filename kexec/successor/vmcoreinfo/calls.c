// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "successor/vmcoreinfo/calls.h"

/* The first call that crash_save_vmcoreinfo_init() makes. */
static const char first_format[] = "OSRELEASE=%s\n";

/* A call after the first one: of the function that appends, or of one that may call it. */
struct item {
	uint64_t site;
	uint64_t target;
	struct code_regs regs;
};

struct finder {
	const struct code_isa *isa;
	const struct successor_image *image;
	uint64_t format_va;	/* of first_format */
	uint64_t append_va;	/* vmcoreinfo_append_str(), 0 until it is known */
	struct item *item;
	size_t nr;
	bool whole;
};

static struct item *find_item(struct finder *search, uint64_t site)
{
	for (size_t i = 0; i < search->nr; i++)
		if (search->item[i].site == site)
			return &search->item[i];
	return NULL;
}

static void add_item(struct finder *search, const struct item *new)
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
	struct finder *search = data;
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

static int walk_code(struct finder *search, uint64_t entry)
{
	int ret;

	search->nr = 0;
	search->item = calloc(VMCOREINFO_MAX_CALLS, sizeof(*search->item));
	if (!search->item)
		return -ENOMEM;
	ret = code_walk(search->isa, search->image, entry,
			&(struct code_visit){ .on_call = on_call, .data = search });
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
static int add_calls_of(const struct finder *outer, uint64_t entry, struct vmcoreinfo_calls *calls)
{
	struct finder search = *outer;
	int ret;

	ret = walk_code(&search, entry);
	for (size_t i = 0; !ret && i < search.nr; i++)
		if (search.item[i].target == search.append_va)
			add_call(calls, &search.item[i]);
	free(search.item);
	/* A target outside of the image, or no code there: nothing that appends. */
	return ret == -ENOENT ? 0 : ret;
}

static int add_all_calls(const struct finder *search, struct vmcoreinfo_calls *calls)
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

static void start_again(struct finder *search)
{
	free(search->item);
	search->item = NULL;
	search->nr = 0;
	search->whole = true;
}

/*
 * From the function's entry or, if that leads nowhere, from the reference itself.
 * -ENOENT: neither leads to the first call.
 */
static int walk_to_first(void *data, uint64_t reference_va)
{
	struct finder *search = data;
	const uint64_t from[] = { search->isa->find_entry(search->image, reference_va),
				  reference_va };

	for (size_t i = 0; i < 2 && (!i || from[1] != from[0]); i++) {
		int ret = walk_code(search, from[i]);

		if (!ret && search->append_va)
			return 0;
		start_again(search);
		if (ret == -ENOMEM)
			return ret;
	}
	return -ENOENT;
}

int vmcoreinfo_calls_find(const struct code_isa *isa, const struct successor_image *image,
			  struct vmcoreinfo_calls *calls)
{
	struct finder search = { .isa = isa, .image = image, .whole = true };
	int ret;

	*calls = (struct vmcoreinfo_calls){ .whole = true };
	if (image_find_va(image, first_format, sizeof(first_format), &search.format_va))
		return -ENOENT;
	ret = code_each_reference(isa, image, search.format_va, walk_to_first, &search);
	if (ret)
		return ret;
	calls->call = calloc(VMCOREINFO_MAX_CALLS, sizeof(*calls->call));
	ret = calls->call ? add_all_calls(&search, calls) : -ENOMEM;
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
