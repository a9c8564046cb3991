// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include <capstone/capstone.h>

#include "arch/arm64/arm64.h"

#define NONE CODE_MAX_REGS

/*
 * Register 31 has no number of its own in the table below: it stands for "no
 * pointer into the stack was made, so that nobody else writes there".
 */
#define PRIVATE_STACK 31

/* A static branch further away than this is not in the same function. */
#define NEAR_BYTES 4096

/* The number of the 64-bit register that @reg is or is half of; NONE for others. */
static unsigned int whole_reg(arm64_reg reg)
{
	if (reg >= ARM64_REG_X0 && reg <= ARM64_REG_X28)
		return reg - ARM64_REG_X0;
	if (reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30)
		return reg - ARM64_REG_W0;
	if (reg == ARM64_REG_X29 || reg == ARM64_REG_X30)
		return reg == ARM64_REG_X29 ? 29 : 30;
	return NONE;
}

static const cs_arm64_op *last_operand(const cs_arm64 *arm64)
{
	return arm64->op_count ? &arm64->operands[arm64->op_count - 1] : NULL;
}

static bool is_32_bit(arm64_reg reg)
{
	return (reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30) || reg == ARM64_REG_WZR;
}

/* What @op holds before the instruction, shifted as it asks for. */
static bool operand_value(const struct code_regs *regs, const cs_arm64_op *op, uint64_t *value)
{
	switch (op->type) {
	case ARM64_OP_IMM:
		*value = op->imm;
		break;
	case ARM64_OP_REG:
		if (op->reg == ARM64_REG_XZR || op->reg == ARM64_REG_WZR)
			*value = 0;
		else if (whole_reg(op->reg) == NONE || !code_get(regs, whole_reg(op->reg), value))
			return false;
		break;
	default:
		return false;
	}
	if (op->ext != ARM64_EXT_INVALID)
		return false;
	if (op->shift.type == ARM64_SFT_INVALID)
		return true;
	if (op->shift.type != ARM64_SFT_LSL || op->shift.value > 63)
		return false;
	*value <<= op->shift.value;
	return true;
}

/* MOVK: sixteen bits of a register that keeps the others. */
static bool insert_value(const struct code_regs *regs, const cs_arm64 *arm64, uint64_t *value)
{
	const cs_arm64_op *op = &arm64->operands[1];
	unsigned int shift = op->shift.type == ARM64_SFT_LSL ? op->shift.value : 0;
	uint64_t old;

	if (!code_get(regs, whole_reg(arm64->operands[0].reg), &old) || shift > 48)
		return false;
	*value = (old & ~(UINT64_C(0xffff) << shift)) | (uint64_t)op->imm << shift;
	return true;
}

/* What the instruction leaves in its first operand. */
static bool result_value(const struct code_regs *regs, const cs_insn *insn, uint64_t *value)
{
	const cs_arm64 *arm64 = &insn->detail->arm64;
	uint64_t a = 0, b = 0;
	bool known_a = arm64->op_count > 1 && operand_value(regs, &arm64->operands[1], &a);
	bool known_b = arm64->op_count > 2 && operand_value(regs, &arm64->operands[2], &b);

	switch (insn->id) {
	case ARM64_INS_MOV:
	case ARM64_INS_MOVZ:
	case ARM64_INS_ADRP:
	case ARM64_INS_ADR:
		*value = a;
		return known_a;
	case ARM64_INS_MOVN:
	case ARM64_INS_MVN:
		*value = ~a;
		return known_a;
	case ARM64_INS_MOVK:
		return insert_value(regs, arm64, value);
	case ARM64_INS_ADD:
		*value = a + b;
		return known_a && known_b;
	case ARM64_INS_SUB:
		*value = a - b;
		return known_a && known_b;
	case ARM64_INS_ORR:
		*value = a | b;
		return known_a && known_b;
	default:
		return false;
	}
}

/* The place of the word at [sp, #disp]; NONE for others. */
static unsigned int stack_place(const cs_arm64 *arm64, const cs_arm64_op *op)
{
	if (op->type != ARM64_OP_MEM || op->mem.base != ARM64_REG_SP || arm64->writeback ||
	    op->mem.index != ARM64_REG_INVALID || op->mem.disp < 0 || op->mem.disp % 8 ||
	    op->mem.disp >= 8 * CODE_STACK_WORDS)
		return NONE;
	return CODE_STACK + op->mem.disp / 8;
}

/* Is the stack's address made a number like others, by which it could be written? */
static bool takes_stack_address(const cs_arm64 *arm64)
{
	const cs_arm64_op *op = arm64->operands;

	if (arm64->op_count < 2 || op[0].type != ARM64_OP_REG || op[0].reg == ARM64_REG_SP ||
	    op[0].reg == ARM64_REG_X29)
		return false;
	return op[1].type == ARM64_OP_REG &&
	       (op[1].reg == ARM64_REG_SP || op[1].reg == ARM64_REG_X29);
}

/* What becomes of the words on the stack, and what a load from there gives. */
static void step_stack(const cs_insn *insn, const struct code_regs *before, struct code_regs *regs)
{
	const cs_arm64 *arm64 = &insn->detail->arm64;
	const cs_arm64_op *op = arm64->operands;
	const cs_arm64_op *last = last_operand(arm64);
	unsigned int place = arm64->op_count == 2 ? stack_place(arm64, &op[1]) : NONE;
	bool word = place != NONE && op[0].type == ARM64_OP_REG && !is_32_bit(op[0].reg) &&
		    (whole_reg(op[0].reg) != NONE || op[0].reg == ARM64_REG_XZR);
	uint64_t value;

	if (takes_stack_address(arm64)) {
		regs->known &= ~(CODE_STACK_MASK | UINT64_C(1) << PRIVATE_STACK);
	} else if (insn->id == ARM64_INS_LDR && word) {
		if (code_get(before, place, &value) && whole_reg(op[0].reg) != NONE)
			code_set(regs, whole_reg(op[0].reg), value);
	} else if (insn->id == ARM64_INS_STR && word) {
		code_forget(regs, place);
		if (operand_value(before, &op[0], &value) && before->known >> PRIVATE_STACK & 1)
			code_set(regs, place, value);
	} else if (last && last->type == ARM64_OP_MEM && insn->id != ARM64_INS_LDR &&
		   insn->id != ARM64_INS_LDP &&
		   (last->mem.base == ARM64_REG_SP || last->mem.base == ARM64_REG_X29)) {
		regs->known &= ~CODE_STACK_MASK;
	}
}

static void step(size_t handle, const cs_insn *insn, struct code_regs *regs)
{
	const struct code_regs before = *regs;
	const cs_arm64 *arm64 = &insn->detail->arm64;
	unsigned int to = NONE;
	uint8_t nr_read, nr_written;
	cs_regs read, written;
	bool known = false;
	uint64_t value = 0;

	if (arm64->op_count && arm64->operands[0].type == ARM64_OP_REG)
		to = whole_reg(arm64->operands[0].reg);
	if (to != NONE)
		known = result_value(regs, insn, &value);
	if (cs_regs_access(handle, insn, read, &nr_read, written, &nr_written)) {
		regs->known = 0;
		return;
	}
	for (unsigned int i = 0; i < nr_written; i++) {
		if (whole_reg(written[i]) != NONE)
			code_forget(regs, whole_reg(written[i]));
		if (written[i] == ARM64_REG_SP)
			regs->known &= ~CODE_STACK_MASK;
	}
	step_stack(insn, &before, regs);
	if (known)
		code_set(regs, to, is_32_bit(arm64->operands[0].reg) ? value & UINT32_MAX : value);
}

/* The last operand of every direct branch. */
static uint64_t direct_target(const cs_insn *insn)
{
	const cs_arm64_op *last = last_operand(&insn->detail->arm64);

	return last && last->type == ARM64_OP_IMM ? (uint64_t)last->imm : 0;
}

/*
 * A short forward "b" may be a static branch or an alternative, which the booting
 * kernel turns into a nop: so both ways are taken.
 */
static enum code_flow flow_of_b(const cs_insn *insn, uint64_t target)
{
	arm64_cc cc = insn->detail->arm64.cc;

	if (cc != ARM64_CC_INVALID && cc != ARM64_CC_AL)
		return CODE_BRANCH;
	return target > insn->address && target - insn->address < NEAR_BYTES ? CODE_BRANCH :
	       CODE_JUMP;
}

static enum code_flow flow(size_t handle, const cs_insn *insn, uint64_t *target)
{
	*target = direct_target(insn);
	switch (insn->id) {
	case ARM64_INS_BL:
	case ARM64_INS_BLR:
		return CODE_CALL;
	case ARM64_INS_B:
		return flow_of_b(insn, *target);
	case ARM64_INS_CBZ:
	case ARM64_INS_CBNZ:
	case ARM64_INS_TBZ:
	case ARM64_INS_TBNZ:
		return CODE_BRANCH;
	case ARM64_INS_RET:
	case ARM64_INS_BR:
	case ARM64_INS_BRK:
	case ARM64_INS_ERET:
		return CODE_END;
	}
	return CODE_NEXT;
}

static uint32_t word_at(struct kho_bytes bytes, size_t offset)
{
	uint32_t word;

	memcpy(&word, bytes.data + offset, sizeof(word));
	return le32toh(word);
}

/* ADRP: the page that it makes, relative to its own. */
static bool is_adrp_of(uint32_t word, uint64_t va, uint64_t wanted)
{
	uint64_t pages = (uint64_t)(word >> 5 & 0x7ffff) << 2 | (word >> 29 & 3);

	if ((word & 0x9f000000) != 0x90000000)
		return false;
	if (pages >> 20)
		pages -= UINT64_C(1) << 21;
	return (va >> 12) + pages == wanted >> 12;
}

/* ADD (immediate, 64-bit) of these twelve bits to @reg. */
static bool is_add_of(uint32_t word, uint32_t reg, uint64_t wanted)
{
	return (word & 0xffc00000) == 0x91000000 && (word >> 5 & 31) == reg &&
	       (word >> 10 & 0xfff) == (wanted & 0xfff);
}

/* The ADD comes close after the ADRP. */
#define ADD_WITHIN_BYTES 64

static int find_reference(struct kho_bytes bytes, uint64_t va, uint64_t wanted,
			  uint64_t *reference_va)
{
	for (size_t i = 0; i + 4 <= bytes.size; i += 4) {
		uint32_t word = word_at(bytes, i);

		if (!is_adrp_of(word, va + i, wanted))
			continue;
		for (size_t j = i + 4; j + 4 <= bytes.size && j <= i + ADD_WITHIN_BYTES; j += 4)
			if (is_add_of(word_at(bytes, j), word & 31, wanted)) {
				*reference_va = va + i;
				return 0;
			}
	}
	return -ENOENT;
}

/* STP x29, x30, [sp, ...]: the frame record, which a function that calls begins with. */
static bool is_frame_record(uint32_t word)
{
	return (word & 0xff407fff) == 0xa9007bfd;
}

#define ENTRY_WITHIN_BYTES 1024

static uint64_t find_entry(const struct successor_image *image, uint64_t reference_va)
{
	for (uint64_t va = reference_va; va >= 4 && reference_va - va < ENTRY_WITHIN_BYTES; va -= 4) {
		struct kho_bytes bytes;

		if (image_bytes_at(image, va, &bytes) || bytes.size < 4)
			break;
		if (is_frame_record(word_at(bytes, 0)))
			return va;
	}
	return reference_va;
}

const struct code_isa code_arm64 = {
	.cs_arch = CS_ARCH_ARM64,
	.cs_mode = CS_MODE_LITTLE_ENDIAN,
	.arg = { 0, 1, 2, 3 },
	.call_clobbers = 0x4007ffff,	/* x0 to x18 and the link register */
	.at_entry.known = UINT64_C(1) << PRIVATE_STACK,
	.step = step,
	.flow = flow,
	.find_reference = find_reference,
	.find_entry = find_entry,
};
