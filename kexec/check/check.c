// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "check/check.h"

void kho_prepare(const struct successor *s, struct kho_prepared *prepared)
{
	if (!boot_kernel_from_successor(s, &prepared->kernel, &prepared->bases,
					&prepared->missing))
		prepared->missing = NULL;
}

enum kho_boot_state kho_boot_state(const struct boot_result *b)
{
	if (b->outcome == BOOT_LOAD_FAILS)
		return KHO_BOOT_LOAD_FAILS;
	if (b->outcome == BOOT_UP)
		return b->fold.close ? KHO_BOOT_TOO_CLOSE : KHO_BOOT_UP;
	if (b->depends_on_preserved || b->depends_on_extension || b->depends_on_lpa2)
		return KHO_BOOT_DEPENDS;
	return b->lacking_bytes ? KHO_BOOT_TOO_CLOSE : KHO_BOOT_DIES;
}
