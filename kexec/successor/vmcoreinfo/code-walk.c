// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include <capstone/capstone.h>

#include "successor/vmcoreinfo/code-walk.h"

/* A place that is branched to, and what is known of the registers there. */
struct head {
	uint64_t va;
	struct code_regs regs;
	bool walked;	/* since its registers last changed */
};

struct code_walk_state {
	const struct code_isa *isa;
	const struct successor_image *image;
	const struct code_visit *visit;
	csh handle;
	cs_insn *insn;
	unsigned int steps;
	struct head heads[CODE_MAX_HEADS];
	size_t nr_heads;
};

static struct head *find_head(struct code_walk_state *walk, uint64_t va)
{
	for (size_t i = 0; i < walk->nr_heads; i++)
		if (walk->heads[i].va == va)
			return &walk->heads[i];
	return NULL;
}

/* Control comes to @va with these registers. */
static int reach(struct code_walk_state *walk, uint64_t va, const struct code_regs *regs)
{
	struct head *head = find_head(walk, va);

	if (head) {
		uint64_t before = head->regs.known;

		code_join(&head->regs, regs);
		if (head->regs.known != before)
			head->walked = false;
		return 0;
	}
	if (walk->nr_heads == CODE_MAX_HEADS)
		return -E2BIG;
	walk->heads[walk->nr_heads++] = (struct head){ .va = va, .regs = *regs };
	return 0;
}

static int decode(struct code_walk_state *walk, uint64_t va)
{
	struct kho_bytes bytes;
	const uint8_t *data;
	size_t size;

	if (image_bytes_at(walk->image, va, &bytes))
		return -ENOENT;
	data = bytes.data;
	size = bytes.size < 16 ? bytes.size : 16;
	return cs_disasm_iter(walk->handle, &data, &size, &va, walk->insn) ? 0 : -ENOENT;
}

static void forget_clobbered(const struct code_walk_state *walk, struct code_regs *regs)
{
	regs->known &= ~walk->isa->call_clobbers;
}

static bool tell_call(const struct code_walk_state *walk, enum code_flow how, uint64_t site,
		      uint64_t target, const struct code_regs *regs)
{
	return walk->visit->on_call &&
	       walk->visit->on_call(walk->visit->data, how, site, target, regs);
}

static void step(const struct code_walk_state *walk, struct code_regs *regs)
{
	struct code_regs before;

	if (walk->visit->on_step)
		before = *regs;
	walk->isa->step(walk->handle, walk->insn, regs);
	if (walk->visit->on_step)
		walk->visit->on_step(walk->visit->data, &before, regs);
}

/*
 * From @head on until control does not simply go on.  Where it runs into another
 * head it stops there: that one is walked with what both ways agree on.
 */
static int walk_from(struct code_walk_state *walk, struct head *head)
{
	struct code_regs regs = head->regs;
	uint64_t va = head->va, target;
	enum code_flow flow;
	int ret;

	head->walked = true;
	for (;;) {
		if (va != head->va && find_head(walk, va))
			return reach(walk, va, &regs);
		if (++walk->steps > CODE_MAX_STEPS)
			return -E2BIG;
		if (decode(walk, va))
			return 0;
		flow = walk->isa->flow(walk->handle, walk->insn, &target);
		step(walk, &regs);
		if (flow == CODE_END)
			return 0;
		if ((flow == CODE_CALL || flow == CODE_JUMP) &&
		    tell_call(walk, flow, va, target, &regs) && flow == CODE_JUMP)
			return 0;
		if (flow == CODE_CALL)
			forget_clobbered(walk, &regs);
		if (flow == CODE_BRANCH || flow == CODE_JUMP) {
			ret = reach(walk, target, &regs);
			if (ret || flow == CODE_JUMP)
				return ret;
		}
		va += walk->insn->size;
	}
}

/* The lowest address first, which is the order of the source, mostly. */
static struct head *next_head(struct code_walk_state *walk)
{
	struct head *next = NULL;

	for (size_t i = 0; i < walk->nr_heads; i++)
		if (!walk->heads[i].walked && (!next || walk->heads[i].va < next->va))
			next = &walk->heads[i];
	return next;
}

static int walk_all(struct code_walk_state *walk, uint64_t entry)
{
	struct head *head;
	int ret;

	if (decode(walk, entry))
		return -ENOENT;
	ret = reach(walk, entry, &walk->isa->at_entry);
	while (!ret && (head = next_head(walk)))
		ret = walk_from(walk, head);
	return ret;
}

int code_walk(const struct code_isa *isa, const struct successor_image *image, uint64_t entry,
	      const struct code_visit *visit)
{
	struct code_walk_state *walk = calloc(1, sizeof(*walk));
	int ret = -ENOMEM;

	if (!walk)
		return -ENOMEM;
	walk->isa = isa;
	walk->image = image;
	walk->visit = visit;
	if (cs_open(isa->cs_arch, isa->cs_mode, &walk->handle) != CS_ERR_OK)
		goto out_walk;
	cs_option(walk->handle, CS_OPT_DETAIL, CS_OPT_ON);
	walk->insn = cs_malloc(walk->handle);
	if (!walk->insn)
		goto out_handle;
	ret = walk_all(walk, entry);
	cs_free(walk->insn, 1);
out_handle:
	cs_close(&walk->handle);
out_walk:
	free(walk);
	return ret;
}

struct references {
	const struct code_isa *isa;
	uint64_t wanted;
	unsigned int tried;
	int (*try_it)(void *data, uint64_t reference_va);
	void *data;
};

/*
 * An arm64 reference is two halves, and other code may hold both by chance: so one
 * that leads nowhere is not the last.
 */
static int try_section(struct references *r, const struct image_section *section)
{
	uint64_t va = section->va, reference_va;
	struct kho_bytes left = section->bytes;
	int ret = -ENOENT;

	while (ret == -ENOENT && r->tried < CODE_MAX_REFERENCES &&
	       !r->isa->find_reference(left, va, r->wanted, &reference_va)) {
		r->tried++;
		ret = r->try_it(r->data, reference_va);
		/* Four bytes on: an instruction of arm64, less than one that refers of x86-64. */
		if (bytes_slice(section->bytes, reference_va + 4 - section->va,
				section->va + section->bytes.size - reference_va - 4, &left))
			break;
		va = reference_va + 4;
	}
	return ret;
}

/* The code of __init functions has a section of its own; else it may stand anywhere. */
int code_each_reference(const struct code_isa *isa, const struct successor_image *image,
			uint64_t wanted, int (*try_it)(void *data, uint64_t reference_va), void *data)
{
	struct references r = { isa, wanted, 0, try_it, data };
	const struct image_section *init = image_section(image, ".init.text");
	int ret = init ? try_section(&r, init) : -ENOENT;

	for (size_t i = 0; ret == -ENOENT && i < image->nr_sections; i++) {
		const struct image_section *section = &image->sections[i];

		if (section != init && section->flags & IMAGE_EXEC && section->bytes.size)
			ret = try_section(&r, section);
	}
	return ret;
}
