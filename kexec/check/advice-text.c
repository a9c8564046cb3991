// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdio.h>

#include "check/advice-text.h"

bool kho_advice_text(const struct boot_advice *advice, const char *parameter,
		     char text[KHO_ADVICE_BYTES])
{
	typedef unsigned long long ull;

	text[0] = '\0';
	if (advice->found)
		snprintf(text, KHO_ADVICE_BYTES, "%s=%lluM,%lluM,%lluM", parameter,
			 (ull)advice->low_bytes >> 20, (ull)advice->global_bytes >> 20,
			 (ull)advice->node_bytes >> 20);
	return advice->found;
}
