// SPDX-License-Identifier: GPL-2.0-only
/*
 * Written as bytes: the tool may run on another architecture than the guest's, and
 * wants no assembler for it.  The comments are the instructions (AT&T).
 */
#include "config.h"

#include "rehearse/bytes.h"
#include "rehearse/x86-start.h"

#define ROM_END		UINT64_C(0x100000000)
#define RESET_BYTES	16
#define SEL_CODE32	0x08
#define SEL_CODE64	0x10	/* __BOOT_CS */
#define SEL_DATA	0x18	/* __BOOT_DS */
#define GDT_BYTES	32

/* Segments that are already marked accessed: the table is in read-only memory. */
static void put_gdt(struct bytes_out *o)
{
	out_u64(o, 0);
	out_u64(o, UINT64_C(0x00cf9b000000ffff));
	out_u64(o, UINT64_C(0x00af9b000000ffff));
	out_u64(o, UINT64_C(0x00cf93000000ffff));
}

/* In real mode the segment begins 64 KiB below the end: addresses have 16 bits. */
static void put_real_mode(struct bytes_out *o, uint32_t gdtr_pa, uint32_t base_pa)
{
	uint32_t code32_pa = base_pa + (uint32_t)o->at + 25;

	out_u8(o, 0xfa);					/* cli */
	out_u8(o, 0xfc);					/* cld */
	out_bytes(o, "\x2e\x66\x0f\x01\x16", 5);		/* lgdtl %cs:gdtr */
	out_u16(o, (uint16_t)gdtr_pa);
	out_bytes(o, "\x0f\x20\xc0", 3);			/* mov %cr0, %eax */
	out_bytes(o, "\x0c\x01", 2);				/* or $PE, %al */
	out_bytes(o, "\x0f\x22\xc0", 3);			/* mov %eax, %cr0 */
	out_bytes(o, "\x66\xea", 2);				/* ljmpl $CODE32, $code32 */
	out_u32(o, code32_pa);
	out_u16(o, SEL_CODE32);
}

static void put_protected_mode(struct bytes_out *o, uint32_t page_table_pa, uint32_t base_pa)
{
	out_bytes(o, "\x66\xb8", 2);				/* mov $DATA, %ax */
	out_u16(o, SEL_DATA);
	out_bytes(o, "\x8e\xd8\x8e\xc0\x8e\xd0", 6);		/* mov %ax, %ds, %es, %ss */
	out_bytes(o, "\x0f\x20\xe0\x83\xc8\x20\x0f\x22\xe0", 9);	/* %cr4 |= PAE */
	out_u8(o, 0xb8);					/* mov $page_table, %eax */
	out_u32(o, page_table_pa);
	out_bytes(o, "\x0f\x22\xd8", 3);			/* mov %eax, %cr3 */
	out_u8(o, 0xb9);					/* mov $EFER, %ecx */
	out_u32(o, 0xc0000080);
	out_bytes(o, "\x0f\x32", 2);				/* rdmsr */
	out_u8(o, 0x0d);					/* or $LME, %eax */
	out_u32(o, 0x100);
	out_bytes(o, "\x0f\x30", 2);				/* wrmsr */
	out_bytes(o, "\x0f\x20\xc0", 3);			/* mov %cr0, %eax */
	out_u8(o, 0x0d);					/* or $PG, %eax */
	out_u32(o, 0x80000000);
	out_bytes(o, "\x0f\x22\xc0", 3);			/* mov %eax, %cr0 */
	out_u8(o, 0xea);					/* ljmp $CODE64, $code64 */
	out_u32(o, base_pa + (uint32_t)o->at + 6);
	out_u16(o, SEL_CODE64);
}

static void put_long_mode(struct bytes_out *o, const struct x86_start *start)
{
	out_bytes(o, "\x48\xbe", 2);				/* movabs $params, %rsi */
	out_u64(o, start->params_pa);
	out_bytes(o, "\x48\xb8", 2);				/* movabs $entry, %rax */
	out_u64(o, start->entry_pa);
	out_bytes(o, "\x31\xdb\x31\xed\x31\xff", 6);		/* xor %ebx, %ebp, %edi */
	out_bytes(o, "\xff\xe0", 2);				/* jmp *%rax */
}

void x86_start(uint8_t *rom, size_t rom_bytes, const struct x86_start *start)
{
	uint32_t base_pa = (uint32_t)(ROM_END - X86_START_BYTES);
	struct bytes_out o = { .data = rom + rom_bytes - X86_START_BYTES, X86_START_BYTES };
	uint8_t *reset = rom + rom_bytes - RESET_BYTES;
	uint32_t gdtr_pa;

	put_gdt(&o);
	gdtr_pa = base_pa + (uint32_t)o.at;
	out_u16(&o, GDT_BYTES - 1);
	out_u32(&o, base_pa);
	/* jmp: from behind this instruction to the code, within 16 bits. */
	reset[0] = 0xe9;
	put_le(reset + 1, (uint16_t)(o.at - (X86_START_BYTES - RESET_BYTES + 3)), 2);
	put_real_mode(&o, gdtr_pa, base_pa);
	put_protected_mode(&o, start->page_table_pa, base_pa);
	put_long_mode(&o, start);
}
