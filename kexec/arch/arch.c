// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "arch.h"

static const struct kho_arch *const arches[] = {
	&kho_arch_x86_64,
	&kho_arch_arm64,
};

#define NR_ARCHES (sizeof(arches) / sizeof(arches[0]))

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
