// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "check/idle.h"
#include "producers/producer.h"

enum kho_tri kho_hands_over(const struct machine *m)
{
	const struct handover_tree *out = &m->handover.out;

	for (size_t i = 0; i < out->nr_producers; i++) {
		const struct producer *known = producer_by_name(out->producer[i].name);

		if (!known || !known->is_housekeeping)
			return KHO_TRI_YES;
	}
	/* Up to 7.1 producers register when the kernel is finalized. */
	if (out->state != HANDOVER_READ || out->cut || out->producers_trouble ||
	    m->handover.finalized == FINALIZED_NO || m->handover.finalized == FINALIZED_UNKNOWN)
		return KHO_TRI_UNKNOWN;
	return KHO_TRI_NO;
}

const char *kho_plain_reboot(const struct machine *m)
{
	if (kho_hands_over(m) != KHO_TRI_NO)
		return "";
	return "nothing is preserved now: for a plain reboot load with kexec -c, or boot this machine "
	       "with kho=off from now on; for a handover: ";
}

int kho_report_idle(const struct machine *m, struct kho_findings *findings)
{
	if (!m->scratch_known || kho_hands_over(m) != KHO_TRI_NO)
		return 0;
	return kho_findings_add(findings, KHO_F_KHO_IDLE,
				"without live update boot this machine with kho=off: the memory can be "
				"pinned then, and kexec_file_load places images anywhere",
				"KHO is on, and nobody hands anything over now: %llu MiB are set aside, and "
				"every kexec_file_load must fit into them",
				(unsigned long long)kho_ranges_bytes(&m->scratch) >> 20);
}
