// SPDX-License-Identifier: GPL-2.0-only
/* A VMCOREINFO text. */
#include "config.h"

#include "fuzz.h"
#include "successor/facts/facts.h"
#include "successor/successor.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kho_bytes text = { data, size };
	struct successor s;
	struct kho_err err;

	if (vmcoreinfo_check(text, &err))
		return 0;
	successor_init(&s);
	if (!vmcoreinfo_claim(&s, text, KHO_SRC_GIVEN, size & 1, &err))
		facts_from_arch(&s);
	successor_deinit(&s);
	return 0;
}
