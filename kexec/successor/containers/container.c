// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "arch/arch.h"
#include "successor/containers/container.h"

/*
 * bzImage, arm64 Image and zboot are PE files too, for the EFI firmware's sake: so
 * they come before the UKI, which is known only by its section names.
 */
static const struct container *const first[] = { &container_elf };
/* Here come those of the architectures (struct kho_arch, image). */
static const struct container *const last[] = { &container_zboot, &container_uki };

static const struct container *find_matching(const struct container *const *containers, size_t n,
					     struct kho_bytes image)
{
	for (size_t i = 0; i < n; i++)
		if (containers[i]->match(image))
			return containers[i];
	return NULL;
}

const struct container *container_find(struct kho_bytes image)
{
	const struct container *found =
		find_matching(first, sizeof(first) / sizeof(first[0]), image);
	const struct kho_arch *arch;

	for (size_t i = 0; !found && (arch = kho_arch_at(i)); i++)
		if (arch->image)
			found = find_matching(&arch->image, 1, image);
	return found ? found : find_matching(last, sizeof(last) / sizeof(last[0]), image);
}
