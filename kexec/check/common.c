// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdio.h>

#include "base/size.h"
#include "check/common.h"

struct boot_load kho_boot_load(const struct kho_with *with)
{
	return (struct boot_load){
		.cmdline = with->cmdline ? with->cmdline : "", .given = with->given,
		.initrd_bytes = with->initrd_bytes, .no_list = with->no_list,
		.budget = with->budget,
	};
}

int kho_report_no_hole(struct kho_check *check)
{
	const struct boot_unmet *unmet = &check->boot.unmet;
	char bytes[KHO_SIZE_BYTES], largest[KHO_SIZE_BYTES];
	char align[KHO_SIZE_BYTES], aligned[KHO_SIZE_BYTES + 24] = "";

	/* A multiple of less hardly matters for a hole. */
	if (unmet->align >= UINT64_C(1) << 20)
		snprintf(aligned, sizeof(aligned), ", on a multiple of %s",
			 kho_size(unmet->align, align));
	return kho_findings_add(&check->findings, KHO_F_LOAD_NO_HOLE,
				REMEDY_LARGER_SCRATCH,
				"kexec_file_load will fail: no scratch area has room for the %s: %s "
				"are wanted%s, the largest hole has %s",
				boot_user_text(check->boot.failed), kho_size_up(unmet->bytes, bytes),
				aligned, kho_size(unmet->largest_bytes, largest));
}

int kho_report_too_much(const struct machine *m, struct kho_findings *findings)
{
	return kho_findings_add(findings, KHO_F_TOO_MUCH_WORK,
				"look at the machine's ranges of memory: no machine has so many",
				"early boot can't be followed within %llu steps: %zu ranges of RAM, "
				"%zu areas, %zu ranges of preserved memory",
				(unsigned long long)KHO_BUDGET_STEPS, m->memory.n, m->scratch.n,
				m->handover.preserved.n);
}
