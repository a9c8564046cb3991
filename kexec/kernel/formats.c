// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>

#include "kernel/formats.h"
#include "kernel/words.h"

/*
 * 6.16 to 6.18: kernel/kexec_handover.c; 7.1: v3, 7.2 and 7.3: v4, which differ in what
 * else is handed over (include/linux/kho/abi/kexec_handover.h).
 */
static const struct kho_format formats[] = {
	{ KHO_ABI_PREFIX "1", KHO_MAP_LIST },
	{ KHO_ABI_PREFIX "3", KHO_MAP_RADIX },
	{ KHO_ABI_PREFIX "4", KHO_MAP_RADIX },
};

#define KHO_OUT "sys/kernel/debug/kho/out"

const struct kho_area_names kho_area_names[] = {
#define AREA_NAME(word) { KHO_OUT "/" #word "_phys", KHO_OUT "/" #word "_len", "kho_" #word },
#include "kernel/area-names.def"
#undef AREA_NAME
	{ NULL, NULL, NULL },
};

const struct kho_format *kho_format_by_abi(const char *abi)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].abi, abi))
			return &formats[i];
	return NULL;
}

unsigned int kho_radix_key_bits(unsigned int page_shift)
{
	return 64 - page_shift + 1;
}

/* A leaf decides page_shift + 3 bits of a key, a table page_shift - 3. */
static unsigned int levels_for(unsigned int key_bits, unsigned int page_shift)
{
	unsigned int table_bits = page_shift - 3, leaf_bits = page_shift + 3;

	return (key_bits - leaf_bits + table_bits - 1) / table_bits + 1;
}

unsigned int kho_radix_levels(unsigned int page_shift)
{
	return levels_for(kho_radix_key_bits(page_shift), page_shift);
}

bool kho_radix_levels_vary(unsigned int page_shift)
{
	return levels_for(kho_radix_key_bits(page_shift) - 1, page_shift) !=
	       kho_radix_levels(page_shift);
}

/* Which name a kernel knows of which nothing else is known: the second came with 7.4. */
static const char *parameter_of_release(const char *release)
{
	bool newer = release && release[0] && !release_is_before_7(release, 4);

	return kho_area_names[newer ? 1 : 0].parameter;
}

const char *kho_area_parameter(const char *source, const char *cmdline, const char *release)
{
	const char *given = parameter_of_release(release);
	struct param p;

	for (const struct kho_area_names *names = kho_area_names; source && names->phys; names++)
		if (!strcmp(source, names->phys))
			return names->parameter;
	for (const char *at = cmdline; at && (at = param_next(at, &p)); )
		for (const struct kho_area_names *names = kho_area_names; names->phys; names++)
			if (param_is(&p, names->parameter))
				given = names->parameter;
	return given;
}
