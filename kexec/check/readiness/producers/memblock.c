// SPDX-License-Identifier: GPL-2.0-only
/* The regions of reserve_mem=. */
#include "config.h"

#include "check/readiness/producers/producer.h"

static bool wants_cmdline(const struct handover_producer *p)
{
	return p->nr_reserve_mem;
}

/* mm/memblock.c, reserve_mem_kho_retrieve_fdt(), reserve_mem_kho_revive() */
static int judge_memblock(const struct kho_readiness_of *of, const struct handover_producer *p,
			  enum kho_fate *fate, struct kho_findings *findings)
{
	const struct handover_compatible *unread = producer_unread_format(of, p);
	struct kho_list formats;

	if (!unread)
		return 0;
	*fate = KHO_FATE_LOST;
	producer_tell_formats(of, unread, &formats);
	return kho_findings_add(findings, KHO_F_PRODUCER_MISMATCH, SAME_FORMAT,
				"memblock: its blob is %s: the successor ignores it, and the "
				"content of every reserve_mem= region is lost", formats.text);
}

const struct producer_rules producer_memblock = {
	.name = "memblock",
	.wants_cmdline = wants_cmdline,
	.judge = judge_memblock,
};
