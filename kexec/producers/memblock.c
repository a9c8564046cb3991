// SPDX-License-Identifier: GPL-2.0-only
/* The regions of reserve_mem=. */
#include "config.h"

#include "base/json.h"
#include "machine/handover/fdt.h"
#include "machine/snapshot/value.h"
#include "producers/judge.h"
#include "producers/producer.h"

/* A child of the root is a region (mm/memblock.c, prepare_kho_fdt()). */
static int read_node(struct handover_producer *p, int depth, const char *name)
{
	return depth == 1 && name ? handover_add_reserve_mem(p, name) : 0;
}

static void save(struct builder *b, struct json_object *to, const struct handover_producer *p)
{
	struct json_object *list;

	if (!p->nr_reserve_mem)
		return;
	list = made(b, json_object_new_array());
	for (size_t i = 0; i < p->nr_reserve_mem; i++)
		push(b, list, made(b, json_object_new_string(p->reserve_mem[i])));
	put(b, to, "reserve_mem", list);
}

static int load(const struct snapshot_reading *r, struct json_object *from, const char *at,
		struct handover_producer *p)
{
	struct json_object *array;
	int ret = value_start_list(r, from, at, "reserve_mem", sizeof(*p->reserve_mem), &array,
				   (void **)&p->reserve_mem);

	for (size_t i = 0; !ret && i < value_listed(array); i++) {
		ret = value_copy(r, json_object_array_get_idx(array, i), at, "reserve_mem",
				 &p->reserve_mem[p->nr_reserve_mem]);
		p->nr_reserve_mem += !ret;
	}
	return ret;
}

static bool wants_cmdline(const struct handover_producer *p)
{
	return p->nr_reserve_mem;
}

/* mm/memblock.c, reserve_mem_kho_retrieve_fdt(), reserve_mem_kho_revive() */
static const struct producer_unread unread = {
	KHO_FATE_LOST, SAME_FORMAT, "its blob is",
	"the successor ignores it, and the content of every reserve_mem= region is lost",
};

const struct producer producer_memblock = {
	.name = "memblock",
	.read_node = read_node,
	.save = save,
	.load = load,
	.wants_cmdline = wants_cmdline,
	.unread = &unread,
};
