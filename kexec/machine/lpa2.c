// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <elf.h>
#include <string.h>

#include "kernel/words.h"
#include "machine/lpa2.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"

/* Of 48 bits, the lowest one. */
#define KERNEL_VA UINT64_C(0xffff000000000000)

/* arch/arm64/kernel/pi/idreg-override.c: "arm64.nolva" is short for a value of this register. */
static bool takes_bits(const char *cmdline)
{
	return cmdline && (strstr(cmdline, "arm64.nolva") || strstr(cmdline, "id_aa64mmfr"));
}

/* NUMBER(VA_BITS) of the running kernel; 0: it is not arm64, or does not say. */
static uint64_t va_bits(const struct kcore *core)
{
	struct kho_buffer text = { 0 };
	struct kho_err err = { "" };
	uint16_t elf_machine = 0;
	uint64_t bits = 0;

	if (vmcoreinfo_from_core(core->fd, &text, &elf_machine, &err) ||
	    elf_machine != EM_AARCH64 ||
	    vmcoreinfo_number((struct kho_bytes){ text.data, text.size }, "NUMBER(VA_BITS)", &bits))
		bits = 0;
	kho_buffer_deinit(&text);
	return bits;
}

void lpa2_read(const struct kcore *core, struct machine *m)
{
	if (core->page_bytes >= 65536 || va_bits(core) != 52)
		return;
	for (size_t i = 0; i < core->nr_segments; i++)
		m->lpa2 |= core->segment[i].va < KERNEL_VA;
	m->lpa2_known = m->lpa2 || !takes_bits(m->cmdline);
}
