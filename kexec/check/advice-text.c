// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdio.h>

#include "base/size.h"
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
		snprintf(text, KHO_INITRD_BYTES,
			 "; it can load an initrd of up to %llu MiB: give yours with --kho-initrd=",
			 (ull)a->initrd_bytes >> 20);
}

const char *kho_present_text(const struct boot_advice *advice, const struct machine *m,
			     char text[KHO_PRESENT_BYTES])
{
	char size[KHO_SIZE_BYTES];

	if (advice->present_bytes) {
		snprintf(text, KHO_PRESENT_BYTES, "now %s", kho_size(advice->present_bytes, size));
		return text;
	}
	for (size_t i = 0; i < m->gaps.n; i++)
		if (m->gaps.f[i].id == KHO_F_KHO_OFF)
			return "KHO is off";
	return "now not known";
}

void kho_bare_losses(const struct boot_advice *advice, char text[KHO_LOSSES_BYTES])
{
	static const char *const names[BOOT_SHORT_NR] = {
		[BOOT_SHORT_SWIOTLB] = "bounce buffer", [BOOT_SHORT_CRASHKERNEL] = "crashkernel=",
		[BOOT_SHORT_HUGEPAGES] = "gigantic pages", [BOOT_SHORT_LOG_BUF] = "log_buf_len=",
		[BOOT_SHORT_OFF_NODE] = "the map on its node",
	};
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < BOOT_SHORT_NR; i++)
		if (advice->bare.lacks[i] && names[i])
			used += (size_t)snprintf(text + used, KHO_LOSSES_BYTES - used, "%s%s", used ?
						 ", " : " with less or nothing of: ", names[i]);
	if (advice->bare_extends)
		snprintf(text + used, KHO_LOSSES_BYTES - used, "%s", used ?
			 "; as long as whole blocks of 1 GiB hold nothing preserved" :
			 " as long as whole blocks of 1 GiB hold nothing preserved");
}

bool kho_bare_text(const struct boot_advice *advice, const char *parameter,
		   char text[KHO_BARE_BYTES])
{
	const struct boot_advised *bare = &advice->bare;
	char setting[KHO_SETTING_BYTES], lost[KHO_LOSSES_BYTES];

	if (!advice->best.found || !bare->found || bare->total_bytes >= advice->best.total_bytes)
		return false;
	kho_setting_text(&bare->setting, setting);
	kho_bare_losses(advice, lost);
	snprintf(text, KHO_BARE_BYTES, "%.32s=%s%s (%llu MiB in all) only comes up,%s", parameter, setting,
		 bare->nokaslr ? " nokaslr" : "", (ull)(bare->total_bytes / MIB),
		 lost[0] ? lost : " with less memory free than --kho-headroom");
	return true;
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
