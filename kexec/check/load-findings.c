// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "arch/arch.h"
#include "check/common.h"
#include "check/load-findings.h"
#include "machine/remedy.h"

#define USE_ANOTHER "load another image, or with a shorter command line"

/*
 * kexec-tools, main(): with these errors kexec -a, the default, goes on to kexec_load; where
 * no scratch area has room the error is EADDRNOTAVAIL, and it does not.
 */
static bool falls_back(int error)
{
	return error == ENOSYS || error == ENOTSUP || error == ENOEXEC || error == EINVAL;
}

static const char *error_name(int error)
{
	return error == ENOEXEC ? "ENOEXEC" : error == EADDRNOTAVAIL ? "EADDRNOTAVAIL" : "EINVAL";
}

int kho_check_load_rules(const struct successor *s, const struct machine *m,
			 const struct kho_with *with, struct kho_findings *findings)
{
	const char *given = with->given ? with->given : with->cmdline;
	const struct kho_load_facts facts = {
		.load = &s->load, .cmdline_bytes = given ? strlen(given) : 0,
		.five_level = m->cpu_flags_known ? (enum kho_tri)m->five_level : KHO_TRI_UNKNOWN,
		.page_bytes = machine_page_bytes(m),
	};
	struct kho_refusal refusal;

	/* A VMCOREINFO alone was not read from what is loaded. */
	if ((!s->image && !s->answers) || !s->arch || !s->arch->refuses || !s->arch->refuses(&facts, &refusal))
		return 0;
	if (!refusal.error)
		return kho_findings_add(findings, KHO_F_FACT_UNKNOWN,
					machine_remedy(m, REMEDY_PROCFS),
					"whether kexec_file_load refuses the load is not known: "
					"if %s", refusal.why);
	return kho_findings_add(findings, KHO_F_LOAD_REFUSED, USE_ANOTHER,
				"kexec_file_load will refuse the load (%s): %s%s",
				error_name(refusal.error), refusal.why,
				falls_back(refusal.error) ?
				"; a loader that may fall back to kexec_load (kexec -a, its "
				"default) then loads without any handover" : "");
}

int kho_check_placement(const struct successor *s, const struct machine *m,
			const struct kho_with *with, struct kho_check *check)
{
	const struct boot_load load = kho_boot_load(with);
	/* The order of segments does not need what the model needs. */
	struct boot_machine machine = { .scratch = m->scratch };
	struct boot_kernel kernel;
	int ret = 0;

	if (boot_kernel_for_load(s, m->page_bytes, &kernel))
		ret = boot_place(with->work, &kernel, &machine, &load, &check->boot);
	if (ret || check->boot.outcome != BOOT_LOAD_FAILS)
		return ret == -EINVAL ? 0 : ret;
	check->has_boot = true;
	return kho_report_no_hole(check);
}
