// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include <capstone/capstone.h>

#include "arch/x86_64/x86_64.h"

#define NONE CODE_MAX_REGS

enum { AX, CX, DX, BX, SP, BP, SI, DI, R8 };

/* The 64-bit register that capstone's @reg is a part of; NONE for others. */
static unsigned int whole_reg(x86_reg reg)
{
#define PARTS(n, r64, r32, r16, r8) \
	[X86_REG_##r64] = (n) + 1, [X86_REG_##r32] = (n) + 1, \
	[X86_REG_##r16] = (n) + 1, [X86_REG_##r8] = (n) + 1
	static const uint8_t whole[X86_REG_ENDING] = {
		PARTS(AX, RAX, EAX, AX, AL), [X86_REG_AH] = AX + 1,
		PARTS(CX, RCX, ECX, CX, CL), [X86_REG_CH] = CX + 1,
		PARTS(DX, RDX, EDX, DX, DL), [X86_REG_DH] = DX + 1,
		PARTS(BX, RBX, EBX, BX, BL), [X86_REG_BH] = BX + 1,
		PARTS(SP, RSP, ESP, SP, SPL),
		PARTS(BP, RBP, EBP, BP, BPL),
		PARTS(SI, RSI, ESI, SI, SIL),
		PARTS(DI, RDI, EDI, DI, DIL),
		PARTS(R8, R8, R8D, R8W, R8B),
		PARTS(R8 + 1, R9, R9D, R9W, R9B),
		PARTS(R8 + 2, R10, R10D, R10W, R10B),
		PARTS(R8 + 3, R11, R11D, R11W, R11B),
		PARTS(R8 + 4, R12, R12D, R12W, R12B),
		PARTS(R8 + 5, R13, R13D, R13W, R13B),
		PARTS(R8 + 6, R14, R14D, R14W, R14B),
		PARTS(R8 + 7, R15, R15D, R15W, R15B),
	};
#undef PARTS

	return reg < X86_REG_ENDING && whole[reg] ? whole[reg] - 1u : NONE;
}

/* A value in an operand of @size bytes; a register written as 32 bits loses the rest. */
static uint64_t truncate_to(uint64_t value, unsigned int size)
{
	return size == 8 ? value : value & UINT32_MAX;
}

/* What @op holds before the instruction; memory is not known. */
static bool operand_value(const struct code_regs *regs, const cs_x86_op *op, uint64_t *value)
{
	unsigned int reg;

	switch (op->type) {
	case X86_OP_IMM:
		*value = op->imm;
		return true;
	case X86_OP_REG:
		reg = whole_reg(op->reg);
		return reg != NONE && op->size >= 4 && code_get(regs, reg, value);
	default:
		return false;
	}
}

/* The address that an lea makes. */
static bool address_value(const struct code_regs *regs, const cs_insn *insn, uint64_t *value)
{
	const x86_op_mem *mem = &insn->detail->x86.operands[1].mem;
	unsigned int base = whole_reg(mem->base);
	uint64_t from = insn->address + insn->size;

	if (mem->index != X86_REG_INVALID || mem->segment != X86_REG_INVALID)
		return false;
	if (mem->base != X86_REG_RIP && (base == NONE || !code_get(regs, base, &from)))
		return false;
	*value = from + mem->disp;
	return true;
}

/* What an instruction of two operands leaves in the first. */
static bool result_value(const struct code_regs *regs, const cs_insn *insn, uint64_t *value)
{
	const cs_x86_op *op = insn->detail->x86.operands;
	bool same = op[0].type == X86_OP_REG && op[1].type == X86_OP_REG && op[0].reg == op[1].reg;
	uint64_t a = 0, b = 0;
	bool known_a = operand_value(regs, &op[0], &a), known_b = operand_value(regs, &op[1], &b);

	switch (insn->id) {
	case X86_INS_MOV:
	case X86_INS_MOVABS:
		*value = b;
		return known_b;
	case X86_INS_LEA:
		return address_value(regs, insn, value);
	case X86_INS_XOR:
		*value = a ^ b;
		return same || (known_a && known_b);
	case X86_INS_SUB:
		*value = a - b;
		return same || (known_a && known_b);
	case X86_INS_OR:
		/* gcc -Os makes -1 so, whatever was there before. */
		*value = known_b && b == UINT64_MAX ? b : a | b;
		return known_b && (known_a || b == UINT64_MAX);
	case X86_INS_ADD:
		*value = a + b;
		return known_a && known_b;
	case X86_INS_AND:
		*value = a & b;
		return known_a && known_b;
	case X86_INS_SHL:
		*value = b < 64 ? a << b : 0;
		return known_a && known_b && b < 32;
	default:
		return false;
	}
}

static void step(size_t handle, const cs_insn *insn, struct code_regs *regs)
{
	const cs_x86 *x86 = &insn->detail->x86;
	unsigned int to = NONE;
	uint8_t nr_read, nr_written;
	cs_regs read, written;
	bool known = false;
	uint64_t value = 0;

	if (x86->op_count == 2 && x86->operands[0].type == X86_OP_REG &&
	    x86->operands[0].size >= 4) {
		to = whole_reg(x86->operands[0].reg);
		known = result_value(regs, insn, &value);
	}
	if (cs_regs_access(handle, insn, read, &nr_read, written, &nr_written)) {
		regs->known = 0;
		return;
	}
	for (unsigned int i = 0; i < nr_written; i++)
		if (whole_reg(written[i]) != NONE)
			code_forget(regs, whole_reg(written[i]));
	if (to != NONE && known)
		code_set(regs, to, truncate_to(value, x86->operands[0].size));
}

static uint64_t direct_target(const cs_insn *insn)
{
	const cs_x86 *x86 = &insn->detail->x86;

	return x86->op_count == 1 && x86->operands[0].type == X86_OP_IMM ?
	       (uint64_t)x86->operands[0].imm : 0;
}

static enum code_flow flow(size_t handle, const cs_insn *insn, uint64_t *target)
{
	*target = direct_target(insn);
	switch (insn->id) {
	case X86_INS_CALL:
		return CODE_CALL;
	case X86_INS_JMP:
		return *target ? CODE_JUMP : CODE_END;
	case X86_INS_INT3:
	case X86_INS_UD2:
	case X86_INS_HLT:
		return CODE_END;
	}
	if (cs_insn_group(handle, insn, CS_GRP_RET) || cs_insn_group(handle, insn, CS_GRP_IRET))
		return CODE_END;
	return cs_insn_group(handle, insn, CS_GRP_JUMP) && *target ? CODE_BRANCH : CODE_NEXT;
}

static uint32_t word_at(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return le32toh(word);
}

/* Three bytes before the number: REX.W, the opcode, the register. */
#define OPCODE_BYTES 3

/*
 * The compiler writes an address of the kernel, which stands in the top 2 GiB, as
 * a sign-extended 32-bit immediate (mov), or relative to the next instruction (lea).
 */
static int find_reference(struct kho_bytes bytes, uint64_t va, uint64_t wanted,
			  uint64_t *reference_va)
{
	for (size_t i = OPCODE_BYTES; i + 4 <= bytes.size; i++) {
		const uint8_t *p = bytes.data + i;
		uint32_t word = word_at(p);
		bool mov = word == (uint32_t)wanted && p[-2] == 0xc7 && (p[-1] & 0xf8) == 0xc0;
		bool lea = word + (uint32_t)(va + i + 4) == (uint32_t)wanted && p[-2] == 0x8d &&
			   (p[-1] & 0xc7) == 0x05;

		if ((mov || lea) && (p[-3] & 0xf8) == 0x48) {
			*reference_va = va + i - OPCODE_BYTES;
			return 0;
		}
	}
	return -ENOENT;
}

#define ENTRY_WITHIN_BYTES 1024

/* An indirectly called function begins so when the kernel is built for IBT. */
static int find_endbr64(const struct successor_image *image, uint64_t reference_va, uint64_t *entry)
{
	for (uint64_t back = 0; back < ENTRY_WITHIN_BYTES && back <= reference_va; back++) {
		struct kho_bytes bytes;

		if (image_bytes_at(image, reference_va - back, &bytes))
			break;
		if (bytes_have(bytes, 0, "\xf3\x0f\x1e\xfa", 4)) {
			*entry = reference_va - back;
			return 0;
		}
	}
	return -ENOENT;
}

/*
 * Initcalls are called through a table of 32-bit numbers, each relative to its own
 * place (include/linux/init.h), which the linker puts into .init.data.
 */
static int find_initcall(const struct successor_image *image, uint64_t reference_va,
			 uint64_t *entry)
{
	const struct image_section *section = image_section(image, ".init.data");
	uint64_t nearest = ENTRY_WITHIN_BYTES;

	for (size_t i = 0; section && i + 4 <= section->bytes.size; i += 4) {
		uint64_t va = section->va + i + (int32_t)word_at(section->bytes.data + i);

		if (reference_va - va < nearest)
			nearest = reference_va - va;
	}
	*entry = reference_va - nearest;
	return nearest < ENTRY_WITHIN_BYTES ? 0 : -ENOENT;
}

static uint64_t find_entry(const struct successor_image *image, uint64_t reference_va)
{
	uint64_t entry;

	if (!find_endbr64(image, reference_va, &entry) ||
	    !find_initcall(image, reference_va, &entry))
		return entry;
	return reference_va;
}

const struct code_isa code_x86_64 = {
	.cs_arch = CS_ARCH_X86,
	.cs_mode = CS_MODE_64,
	.arg = { DI, SI, DX, CX },
	.call_clobbers = 1 << AX | 1 << CX | 1 << DX | 1 << SI | 1 << DI | 0xf << R8,
	.step = step,
	.flow = flow,
	.find_reference = find_reference,
	.find_entry = find_entry,
};
