// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "successor/containers/container.h"

/*
 * bzImage, arm64 Image and zboot are PE files too, for the EFI firmware's sake: so
 * they come before the UKI, which is known only by its section names.
 */
static const struct container *const containers[] = {
	&container_elf,
	&container_bzimage,
	&container_arm64,
	&container_zboot,
	&container_uki,
};

const struct container *container_find(struct kho_bytes image)
{
	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
		if (containers[i]->match(image))
			return containers[i];
	return NULL;
}
