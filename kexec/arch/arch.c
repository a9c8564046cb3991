// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arch/arch.h"

static const struct kho_arch *const arches[] = {
#define ARCH(name) &kho_arch_##name,
#include "arch/arches.def"
#undef ARCH
};

#define NR_ARCHES (sizeof(arches) / sizeof(arches[0]))

const struct kho_arch *kho_arch_at(size_t nr)
{
	return nr < NR_ARCHES ? arches[nr] : NULL;
}

const struct kho_arch *kho_arch_by_elf_machine(uint16_t elf_machine)
{
	for (size_t i = 0; i < NR_ARCHES; i++)
		if (arches[i]->elf_machine == elf_machine)
			return arches[i];
	return NULL;
}

const struct kho_arch *kho_arch_by_name(const char *machine)
{
	for (size_t i = 0; i < NR_ARCHES; i++)
		if (!strcmp(arches[i]->machine, machine))
			return arches[i];
	return NULL;
}

bool kho_arch_refuse(struct kho_refusal *ret_refusal, int error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ret_refusal->why, sizeof(ret_refusal->why), fmt, ap);
	va_end(ap);
	ret_refusal->error = error;
	return true;
}
