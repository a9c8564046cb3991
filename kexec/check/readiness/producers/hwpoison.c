// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages with hardware errors, which a kernel under review hands over ("hwpoison-v1"), so
 * that the successor does not use them again.
 */
#include "config.h"

#include "check/readiness/producers/producer.h"

static int judge_hwpoison(const struct kho_readiness_of *of, const struct handover_producer *p,
			  enum kho_fate *fate, struct kho_findings *findings)
{
	const struct handover_compatible *unread = producer_unread_format(of, p);
	struct kho_list formats;

	if (!unread)
		return 0;
	*fate = KHO_FATE_UNKNOWN;
	producer_tell_formats(of, unread, &formats);
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN, SAME_FORMAT,
				"hwpoison: pages with hardware errors are handed over as %s: the "
				"successor may use them again", formats.text);
}

const struct producer_rules producer_hwpoison = {
	.name = "hwpoison",
	.about = " (pages with hardware errors)",
	.judge = judge_hwpoison,
};
