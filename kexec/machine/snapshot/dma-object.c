// SPDX-License-Identifier: GPL-2.0-only
/* The "dma" object of a snapshot, both ways. */
#include "config.h"

#include "machine/snapshot/value.h"

static void put_reach(struct builder *b, struct json_object *to, const char *key,
		      const struct machine_reach *reach)
{
	struct json_object *o;

	if (!reach->devices)
		return;
	o = made(b, json_object_new_object());
	put_int(b, o, "devices", (int)reach->devices);
	put_int(b, o, "bits", (int)reach->bits);
	put_string(b, o, "narrowest", reach->device);
	put(b, to, key, o);
}

void snapshot_put_dma(struct builder *b, struct json_object *to, const struct machine_dma *dma)
{
	struct json_object *o;

	if (!dma->known && !dma->used_known)
		return;
	o = made(b, json_object_new_object());
	put_bool(b, o, "known", dma->known);
	put_reach(b, o, "direct", &dma->direct);
	put_reach(b, o, "translated", &dma->translated);
	if (dma->used_known)
		put_u64(b, o, "used_bytes", dma->used_bytes);
	put(b, to, "dma", o);
}

static int read_reach(const struct snapshot_reading *r, struct json_object *dma, const char *key,
		      struct machine_reach *reach)
{
	uint64_t devices = 0, bits = 0;
	struct json_object *o;
	int ret = value_get(r, dma, "$.dma", key, json_type_object, &o);

	if (ret || !o)
		return ret;
	ret = value_u64(r, o, "$.dma", "devices", 65536, &devices);
	if (!ret)
		ret = value_u64(r, o, "$.dma", "bits", 63, &bits);
	if (!ret)
		ret = value_name(r, o, "$.dma", "narrowest", reach->device, sizeof(reach->device));
	reach->devices = (unsigned int)devices;
	reach->bits = (unsigned int)bits;
	return ret;
}

int snapshot_read_dma(const struct snapshot_reading *r, struct json_object *top)
{
	struct machine_dma *dma = &r->m->dma;
	struct json_object *o;
	int ret = value_get(r, top, "$", "dma", json_type_object, &o);

	if (ret || !o)
		return ret;
	ret = value_flag(r, o, "$.dma", "known", &dma->known);
	if (!ret)
		ret = read_reach(r, o, "direct", &dma->direct);
	if (!ret)
		ret = read_reach(r, o, "translated", &dma->translated);
	dma->used_known = json_object_object_get_ex(o, "used_bytes", NULL);
	return ret ? ret : value_u64(r, o, "$.dma", "used_bytes", MACHINE_PA_LIMIT,
				     &dma->used_bytes);
}
