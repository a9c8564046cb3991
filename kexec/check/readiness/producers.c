// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the successor does with the blob of each producer, once it takes the
 * handover at all.
 */
#include "config.h"

#include <string.h>

#include "base/list.h"
#include "check/readiness/producers/producer.h"
#include "check/readiness/readiness.h"

void kho_producer_formats(const struct handover_producer *p, struct kho_list *formats)
{
	*formats = (struct kho_list){ .used = 0 };
	for (size_t i = 0; i < p->nr_compatibles; i++)
		kho_list_add(formats, "%s", p->compatible[i].text[0]);
	if (p->read == HANDOVER_BLOB_PART)
		kho_list_add(formats, "the rest unread");
	else if (!p->nr_compatibles)
		kho_list_add(formats, "%s", p->read ? "raw" : "unread");
}

void kho_producer_regions(const struct handover_producer *p, struct kho_list *regions)
{
	*regions = (struct kho_list){ .used = 0 };
	for (size_t i = 0; i < p->nr_reserve_mem; i++)
		kho_list_add(regions, "%s", p->reserve_mem[i]);
}

/* One row a producer whose rules are known; "kexec-metadata" has nothing of a user's. */
static const struct producer_rules *const all_rules[] = {
	&producer_memblock, &producer_luo, &producer_hwpoison,
};

static const struct producer_rules *rules_of(const struct handover_producer *p)
{
	for (size_t i = 0; i < sizeof(all_rules) / sizeof(all_rules[0]); i++)
		if (!strcmp(all_rules[i]->name, p->name))
			return all_rules[i];
	return NULL;
}

/* " (what it hands over)", where that is known. */
static const char *about(const struct handover_producer *p)
{
	const struct producer_rules *rules = rules_of(p);

	return rules && rules->about ? rules->about : "";
}

/* The blob is not to be understood: what then? */
static int unknown_blob(const struct handover_producer *p, enum kho_fate *fate,
			struct kho_findings *findings)
{
	static const char *const state[] = {
		[HANDOVER_BLOB_UNREAD] = "can't be read",
		[HANDOVER_BLOB_PART] = "is read in part only",
		[HANDOVER_BLOB_WHOLE] = "names no format",
	};

	*fate = KHO_FATE_UNKNOWN;
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN,
				"try this handover on a test machine",
				"%s%s: its blob %s%s%s%s: whether the successor takes it over is "
				"not known", p->name, about(p), state[p->read], p->trouble ? " (" : "",
				p->trouble ? p->trouble : "", p->trouble ? ")" : "");
}

/* A reader of an unknown blob may be a module, which the image does not hold. */
static int judge_other(const struct kho_readiness_of *of, const struct handover_producer *p,
		       enum kho_fate *fate, struct kho_findings *findings)
{
	const struct handover_compatible *unread = producer_unread_format(of, p);
	struct kho_list formats;

	if (!unread)
		return 0;
	*fate = KHO_FATE_UNKNOWN;
	producer_tell_formats(of, unread, &formats);
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN,
				"try this handover on a test machine",
				"%s%s: its blob is %s: unless a module of the successor reads it, "
				"it is lost", p->name, about(p), formats.text);
}

/* By what was read of its blob, which names a format. */
static int judge_formats(const struct kho_readiness_of *of, const struct handover_producer *p,
			 enum kho_fate *fate, struct kho_findings *findings)
{
	const struct producer_rules *rules = rules_of(p);

	if (rules && rules->wants_cmdline && rules->wants_cmdline(p) && !of->cmdline) {
		*fate = KHO_FATE_UNKNOWN;
		return kho_findings_add(findings, KHO_F_CMDLINE_NOT_GIVEN,
					"give it with --kho-append=STRING",
					"%s: whether its state arrives depends on the "
					"successor's command line, and none was given", p->name);
	}
	return rules && rules->judge ? rules->judge(of, p, fate, findings) :
				       judge_other(of, p, fate, findings);
}

/* What was read may be enough to say that it is lost, but never that it arrives. */
static int judge_producer(const struct kho_readiness_of *of, const struct handover_producer *p,
			  enum kho_fate *fate, struct kho_findings *findings)
{
	int ret = 0;

	*fate = KHO_FATE_ARRIVES;
	if (!strcmp(p->name, HANDOVER_METADATA))
		return 0;
	if (p->read && p->nr_compatibles)
		ret = judge_formats(of, p, fate, findings);
	if (!ret && *fate == KHO_FATE_ARRIVES &&
	    (p->read != HANDOVER_BLOB_WHOLE || !p->nr_compatibles))
		ret = unknown_blob(p, fate, findings);
	return ret;
}

int kho_readiness_producers(const struct kho_readiness_of *of, struct kho_readiness *r,
			    struct kho_findings *findings)
{
	const struct handover_tree *out = &of->machine->handover.out;
	enum kho_fate whole = of->successor ? r->handover : KHO_FATE_UNKNOWN;
	int ret = 0;

	for (size_t i = 0; i < out->nr_producers && !ret; i++) {
		r->producer[i] = whole;
		if (r->producer[i] == KHO_FATE_ARRIVES)
			ret = judge_producer(of, &out->producer[i], &r->producer[i], findings);
		if (r->producer[i] == KHO_FATE_PANIC)
			r->handover = KHO_FATE_PANIC;
	}
	if (!ret && whole == KHO_FATE_ARRIVES && out->producers_trouble)
		ret = kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN,
				       "run as root, or capture the machine again",
				       "who else hands something over is not known: %s",
				       out->producers_trouble);
	return ret;
}
