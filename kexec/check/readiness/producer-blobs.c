// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the successor does with the blob of each producer, once it takes the
 * handover at all.
 */
#include "config.h"

#include "base/list.h"
#include "check/readiness/readiness.h"
#include "machine/remedy.h"
#include "producers/judge.h"
#include "producers/producer.h"

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

/* The blob is not to be understood: what then? */
static int unknown_blob(const struct producer_case *c, const struct producer *known)
{
	static const char *const state[] = {
		[HANDOVER_BLOB_UNREAD] = "can't be read",
		[HANDOVER_BLOB_PART] = "is read in part only",
		[HANDOVER_BLOB_WHOLE] = "names no format",
	};

	const struct handover_producer *p = c->p;

	*c->fate = KHO_FATE_UNKNOWN;
	return kho_findings_add(c->findings, KHO_F_PRODUCER_UNKNOWN, TRY_IT,
				"%s%s: its blob %s%s%s%s: whether the successor takes it over is "
				"not known", p->name, known && known->about ? known->about : "",
				state[p->read], p->trouble ? " (" : "",
				p->trouble ? p->trouble : "", p->trouble ? ")" : "");
}

/* A reader of a blob that is not known may be a module, which the image does not hold. */
static const struct producer_unread unread_by_image = {
	KHO_FATE_UNKNOWN, TRY_IT, "its blob is",
	"unless a module of the successor reads it, it is lost",
};

/* By what was read of its blob, which names a format. */
static int judge_formats(const struct producer_case *c, const struct producer *known)
{
	const struct handover_compatible *unread;

	if (known && known->wants_cmdline && known->wants_cmdline(c->p) && !c->of->cmdline) {
		*c->fate = KHO_FATE_UNKNOWN;
		return kho_findings_add(c->findings, KHO_F_CMDLINE_NOT_GIVEN,
					"give it with --kho-append=STRING",
					"%s: whether its state arrives depends on the "
					"successor's command line, and none was given", c->p->name);
	}
	if (known && known->judge)
		return known->judge(c);
	unread = producer_unread_format(c);
	return unread ? producer_lacks(c, unread, known && known->unread ? known->unread :
				       &unread_by_image) : 0;
}

/* What was read may be enough to say that it is lost, but never that it arrives. */
static int judge_producer(const struct producer_case *c)
{
	const struct producer *known = producer_by_name(c->p->name);
	int ret = 0;

	*c->fate = KHO_FATE_ARRIVES;
	if (known && known->is_housekeeping)
		return 0;
	if (c->p->read && c->p->nr_compatibles)
		ret = judge_formats(c, known);
	if (!ret && *c->fate == KHO_FATE_ARRIVES &&
	    (c->p->read != HANDOVER_BLOB_WHOLE || !c->p->nr_compatibles))
		ret = unknown_blob(c, known);
	return ret;
}

int kho_readiness_producers(const struct kho_readiness_of *of, struct kho_readiness *r,
			    struct kho_findings *findings)
{
	const struct handover_tree *out = &of->machine->handover.out;
	enum kho_fate whole = of->successor ? r->handover : KHO_FATE_UNKNOWN;
	int ret = 0;

	for (size_t i = 0; i < out->nr_producers && !ret; i++) {
		const struct producer_case c = { of, &out->producer[i], &r->producer[i], findings };

		r->producer[i] = whole;
		if (r->producer[i] == KHO_FATE_ARRIVES)
			ret = judge_producer(&c);
		if (r->producer[i] == KHO_FATE_PANIC)
			r->handover = KHO_FATE_PANIC;
	}
	if (!ret && whole == KHO_FATE_ARRIVES && out->producers_trouble)
		ret = kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN,
				       machine_remedy(of->machine, REMEDY_ROOT),
				       "who else hands something over is not known: %s",
				       out->producers_trouble);
	return ret;
}
