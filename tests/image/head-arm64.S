/* SPDX-License-Identifier: GPL-2.0-only */
/* The header of an arm64 Image with 4K pages (Documentation/arch/arm64/booting.rst). */
	.section .head, "a"
	nop
	b	.
	.quad	0		/* text_offset */
	.quad	0x820000	/* image_size */
	.quad	0xa		/* 4K pages, may stand anywhere */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0
	.balign	4096
