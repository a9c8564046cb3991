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
	code_call_fn on_call;
	void *data;
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
		walk->isa->step(walk->handle, walk->insn, &regs);
		if (flow == CODE_END)
			return 0;
		if ((flow == CODE_CALL || flow == CODE_JUMP) &&
		    walk->on_call(walk->data, flow, va, target, &regs) && flow == CODE_JUMP)
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
	      code_call_fn on_call, void *data)
{
	struct code_walk_state *walk = calloc(1, sizeof(*walk));
	int ret = -ENOMEM;

	if (!walk)
		return -ENOMEM;
	walk->isa = isa;
	walk->image = image;
	walk->on_call = on_call;
	walk->data = data;
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
