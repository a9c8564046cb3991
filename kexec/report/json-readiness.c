// SPDX-License-Identifier: GPL-2.0-only
/* Will the handover happen: the "readiness" object. */
#include "config.h"

#include "kernel/formats.h"
#include "report/json-readiness.h"

static struct json_object *texts(struct builder *b, char *const *text, size_t n)
{
	struct json_object *array = made(b, json_object_new_array());

	for (size_t i = 0; i < n; i++)
		push(b, array, made(b, json_object_new_string(text[i])));
	return array;
}

static struct json_object *abi_array(struct builder *b, const struct successor_versions *abi)
{
	struct json_object *array = made(b, json_object_new_array());

	for (size_t i = 0; i < abi->n; i++) {
		char text[32];

		snprintf(text, sizeof(text), KHO_ABI_PREFIX "%u", abi->version[i]);
		push(b, array, made(b, json_object_new_string(text)));
	}
	return array;
}

static struct json_object *producer_object(struct builder *b, const struct handover_producer *p,
					   enum kho_fate fate)
{
	static const char *const blob[] = {
		[HANDOVER_BLOB_UNREAD] = "unread", [HANDOVER_BLOB_PART] = "part",
		[HANDOVER_BLOB_WHOLE] = "whole",
	};
	struct json_object *o = made(b, json_object_new_object());
	struct json_object *formats = made(b, json_object_new_object());

	for (size_t i = 0; i < p->nr_compatibles; i++)
		put(b, formats, p->compatible[i].node,
		    texts(b, p->compatible[i].text, p->compatible[i].nr_texts));
	put_string(b, o, "name", p->name);
	put_string(b, o, "blob", blob[p->read]);
	put_string(b, o, "trouble", p->trouble);
	put(b, o, "formats", formats);
	if (p->blob_bytes)
		put_u64(b, o, "blob_bytes", p->blob_bytes);
	else
		put(b, o, "blob_bytes", NULL);
	put(b, o, "reserve_mem", texts(b, p->reserve_mem, p->nr_reserve_mem));
	put_string(b, o, "fate", kho_fate_name(fate));
	return o;
}

static struct json_object *producers_array(struct builder *b, const struct handover_tree *out,
					   const struct kho_readiness *r)
{
	struct json_object *array = made(b, json_object_new_array());

	for (size_t i = 0; i < out->nr_producers; i++)
		push(b, array, producer_object(b, &out->producer[i], r->producer[i]));
	return array;
}

/* NULL where it is not known. */
static struct json_object *preserved_object(struct builder *b, const struct machine_handover *h,
					    const struct kho_readiness *r)
{
	struct json_object *o;

	if (!h->preserved_known)
		return NULL;
	o = made(b, json_object_new_object());
	put_u64(b, o, "bytes", kho_ranges_bytes(&h->preserved));
	put_u64(b, o, "ranges", h->preserved.n);
	put_u64(b, o, "gib_blocks", r->gib_blocks);
	put_u64(b, o, "free_gib_blocks", r->free_gib_blocks);
	put_u64(b, o, "in_scratch_bytes", r->in_scratch_bytes);
	put_u64(b, o, "outside_bytes", r->outside_bytes);
	put_string(b, o, "source", h->preserved_source);
	return o;
}

/* NULL where it is not known. */
static struct json_object *finalized_value(struct builder *b, enum handover_finalized finalized)
{
	static const char *const names[] = {
		[FINALIZED_NOT_WANTED] = "not_wanted", [FINALIZED_YES] = "yes",
		[FINALIZED_NO] = "no", [FINALIZED_UNKNOWN] = NULL,
	};

	return names[finalized] ? made(b, json_object_new_string(names[finalized])) : NULL;
}

static void put_chain(struct builder *b, struct json_object *o, const struct machine_handover *h)
{
	put_bool(b, o, "handed_over", h->in.state == HANDOVER_READ);
	put_string(b, o, "previous_release", h->previous_release);
	if (h->hops >= 0)
		put_int(b, o, "handovers", (int)h->hops);
	else
		put(b, o, "handovers", NULL);
}

struct json_object *kho_report_readiness(struct builder *b, const struct kho_report *report)
{
	const struct machine_handover *h = &report->machine->handover;
	const struct kho_readiness *r = &report->check->readiness;
	struct json_object *o;

	if (!report->check->has_readiness)
		return NULL;
	o = made(b, json_object_new_object());
	put_string(b, o, "handover", report->alone ? NULL : kho_fate_name(r->handover));
	put(b, o, "finalized", report->machine->scratch_known ?
	    finalized_value(b, h->finalized) : NULL);
	put(b, o, "formats", r->format ? texts(b, r->format->text, r->format->nr_texts) : NULL);
	put(b, o, "successor_formats", report->alone ? NULL : abi_array(b, &r->abi));
	put(b, o, "producers", producers_array(b, &h->out, r));
	put_string(b, o, "producers_trouble", h->out.producers_trouble);
	put(b, o, "preserved", preserved_object(b, h, r));
	put_chain(b, o, h);
	return o;
}
