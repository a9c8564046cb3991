// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdio.h>

#include "check/advice-text.h"

#define MIB	(UINT64_C(1) << 20)

typedef unsigned long long ull;

/* Where it is whole, in MiB. */
static void put_size(uint64_t bytes, char text[24])
{
	if (bytes % MIB)
		snprintf(text, 24, "%lluK", (ull)bytes >> 10);
	else
		snprintf(text, 24, "%lluM", (ull)bytes >> 20);
}

void kho_setting_text(const struct boot_setting *set, char text[KHO_SETTING_BYTES])
{
	char low[24], global[24], node[24];

	if (set->percent) {
		snprintf(text, KHO_SETTING_BYTES, "%u%%", set->percent);
		return;
	}
	put_size(set->low_bytes, low);
	put_size(set->global_bytes, global);
	put_size(set->node_bytes, node);
	snprintf(text, KHO_SETTING_BYTES, "%.20s,%.20s,%.20s", low, global, node);
}

void kho_advised_initrd(const struct boot_advised *a, char text[KHO_INITRD_BYTES])
{
	text[0] = '\0';
	if (a->initrd_bytes)
		snprintf(text, KHO_INITRD_BYTES, " for an initrd of up to %llu MiB",
			 (ull)a->initrd_bytes >> 20);
}

bool kho_advice_text(const struct boot_advice *advice, const char *parameter,
		     char text[KHO_ADVICE_BYTES])
{
	char setting[KHO_SETTING_BYTES];

	text[0] = '\0';
	if (!advice->best.found)
		return false;
	kho_setting_text(&advice->best.setting, setting);
	snprintf(text, KHO_ADVICE_BYTES, "%s%.32s=%s%s", advice->present_bytes ? "" : "kho=on ",
		 parameter, setting, advice->best.nokaslr ? " nokaslr" : "");
	return true;
}
