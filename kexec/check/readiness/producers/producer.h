/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the successor does with the state of one producer.  To add one: a file here with
 * its rules, and a row in check/readiness/producers.c.
 */
#ifndef CHECK_READINESS_PRODUCERS_PRODUCER_H
#define CHECK_READINESS_PRODUCERS_PRODUCER_H

#include <stdbool.h>

#include "check/readiness/readiness.h"

#define SAME_FORMAT "use a successor that reads the same format"

struct producer_rules {
	const char *name;	/* under which it registers: kho_add_subtree() */

	/* " (what it hands over)", for messages about a blob that is not understood; or NULL. */
	const char *about;

	/* Does it depend on the successor's command line?  NULL: no. */
	bool (*wants_cmdline)(const struct handover_producer *p);

	/*
	 * Judge a blob that names a format.  *@fate is KHO_FATE_ARRIVES before; what else
	 * becomes of it is a finding.  NULL: it arrives where the image has the format.
	 * 0 or -ENOMEM.
	 */
	int (*judge)(const struct kho_readiness_of *of, const struct handover_producer *p,
		     enum kho_fate *fate, struct kho_findings *findings);
};

extern const struct producer_rules producer_memblock;
extern const struct producer_rules producer_luo;
extern const struct producer_rules producer_hwpoison;

/* The first format of the blob that the successor does not have; NULL: it has all. */
const struct handover_compatible *producer_unread_format(const struct kho_readiness_of *of,
							 const struct handover_producer *p);

/* "memblock-v1 (the successor has memblock-v2)" */
void producer_tell_formats(const struct kho_readiness_of *of, const struct handover_compatible *c,
			   struct kho_list *told);

#endif
