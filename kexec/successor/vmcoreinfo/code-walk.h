/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Following a function of the image, to learn what it passes to another one.
 *
 * The function's branches are all taken.  For each register it is known, at each
 * point, that it holds one certain number whichever way the point was reached, or
 * it is not known.  Of memory only a part of the function's own stack is followed.
 */
#ifndef SUCCESSOR_VMCOREINFO_CODE_WALK_H
#define SUCCESSOR_VMCOREINFO_CODE_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "successor/image/image.h"

#define CODE_MAX_REGS 32
#define CODE_MAX_ARGS 4

/*
 * The first words above the stack pointer are treated like registers: a compiler
 * that runs out of those keeps constants there.
 */
#define CODE_STACK CODE_MAX_REGS
#define CODE_STACK_WORDS 32
#define CODE_PLACES (CODE_STACK + CODE_STACK_WORDS)
#define CODE_STACK_MASK (~UINT64_C(0) << CODE_STACK)

/* Instructions looked at in one function, the repeats counted; places it branches to. */
#define CODE_MAX_STEPS 20000
#define CODE_MAX_HEADS 256

struct code_regs {
	uint64_t value[CODE_PLACES];
	uint64_t known;			/* bit n: value[n] is certain */
};

static inline void code_set(struct code_regs *regs, unsigned int reg, uint64_t value)
{
	regs->value[reg] = value;
	regs->known |= UINT64_C(1) << reg;
}

static inline void code_forget(struct code_regs *regs, unsigned int reg)
{
	regs->known &= ~(UINT64_C(1) << reg);
}

/* Forget in @to what @from does not agree with. */
static inline void code_join(struct code_regs *to, const struct code_regs *from)
{
	to->known &= from->known;
	for (unsigned int i = 0; i < CODE_PLACES; i++)
		if (to->value[i] != from->value[i])
			code_forget(to, i);
}

static inline bool code_get(const struct code_regs *regs, unsigned int reg, uint64_t *value)
{
	*value = regs->value[reg];
	return regs->known >> reg & 1;
}

/* Where control goes after an instruction. */
enum code_flow {
	CODE_NEXT,
	CODE_CALL,	/* target, or 0 for a computed one; then the next */
	CODE_BRANCH,	/* target, or the next */
	CODE_JUMP,	/* target */
	CODE_END,	/* back to the caller, nowhere, or a computed place */
};

struct cs_insn;

/* What the walk needs to know of an instruction set. */
struct code_isa {
	int cs_arch, cs_mode;			/* for capstone */
	unsigned int arg[CODE_MAX_ARGS];	/* registers that pass arguments, in order */
	uint64_t call_clobbers;			/* bit n: register n is lost in a call */
	struct code_regs at_entry;		/* what is known where a function begins */

	/* Note in @regs what @insn does to them. */
	void (*step)(size_t handle, const struct cs_insn *insn, struct code_regs *regs);
	enum code_flow (*flow)(size_t handle, const struct cs_insn *insn, uint64_t *target);

	/*
	 * The first place in @bytes, of which the first stands at @va, where code
	 * begins to make the address @wanted; -ENOENT.
	 */
	int (*find_reference)(struct kho_bytes bytes, uint64_t va, uint64_t wanted,
			      uint64_t *reference_va);

	/* Where the function that @reference_va stands in begins; itself when not found. */
	uint64_t (*find_entry)(const struct successor_image *image, uint64_t reference_va);
};

/*
 * Called for each call (CODE_CALL), and for each jump (CODE_JUMP), which may be a tail
 * call: from @site to @target, with these registers.  It can be called several times
 * for one site, with other registers: only what is the same each time is certain.
 * Returns true when a jump is such a call, and not to be followed.
 */
typedef bool (*code_call_fn)(void *data, enum code_flow how, uint64_t site, uint64_t target,
			     const struct code_regs *regs);

/* Called for each instruction, with the registers before and after it; also several times. */
typedef void (*code_step_fn)(void *data, const struct code_regs *before,
			     const struct code_regs *after);

/* Who wants to know; NULL where it is not wanted. */
struct code_visit {
	code_call_fn on_call;
	code_step_fn on_step;
	void *data;
};

/*
 * Follow the function at @entry.
 * -E2BIG: it is larger than the limits above, and was left half-way; -ENOMEM;
 * -ENOENT: there is no code there.
 */
int code_walk(const struct code_isa *isa, const struct successor_image *image, uint64_t entry,
	      const struct code_visit *visit) __attribute__((warn_unused_result));

/* Places that seem to make an address and are tried. */
#define CODE_MAX_REFERENCES 16

/*
 * Call @try_it with each place where code begins to make the address @wanted, those in .init.text
 * first, until it returns something else than -ENOENT; its result, or -ENOENT.
 */
int code_each_reference(const struct code_isa *isa, const struct successor_image *image,
			uint64_t wanted, int (*try_it)(void *data, uint64_t reference_va),
			void *data) __attribute__((warn_unused_result));

#endif
