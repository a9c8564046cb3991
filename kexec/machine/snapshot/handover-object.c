// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/handover/compatible.h"
#include "machine/snapshot/enum-words.h"
#include "machine/snapshot/value.h"
#include "producers/producer.h"

/* An array of at least one string behind the first, which is a node's path. */
static int read_compatible(const struct snapshot_reading *r, struct json_object *array,
			   const char *at, struct handover_compatible *c)
{
	char *word[1 + HANDOVER_TEXTS] = { NULL };
	size_t n = json_object_get_type(array) == json_type_array ?
		   json_object_array_length(array) : 0;
	int ret = 0;

	if (n < 2 || n > 1 + HANDOVER_TEXTS)
		return value_bad(r, at, NULL, "not an array of a node and its compatible strings");
	for (size_t i = 0; i < n && !ret; i++)
		ret = value_copy(r, json_object_array_get_idx(array, i), at, NULL, &word[i]);
	if (!ret)
		ret = handover_compatible_init(c, word[0], (const char *const *)&word[1], n - 1);
	if (ret == -EBADMSG && word[n - 1])
		ret = value_bad(r, at, NULL, "a compatible string that is empty or too long");
	for (size_t i = 0; i < n; i++)
		free(word[i]);
	return ret;
}

/* How much of the blob was read. */
static int read_blob_extent(const struct snapshot_reading *r, struct json_object *o, const char *at,
			    struct handover_producer *p)
{
	bool whole = false, part = false;
	int ret = value_flag(r, o, at, "read", &whole);

	if (!ret)
		ret = value_flag(r, o, at, "part", &part);
	if (!ret && whole && part)
		ret = value_bad(r, at, "part", "read whole and in part");
	p->read = whole ? HANDOVER_BLOB_WHOLE : part ? HANDOVER_BLOB_PART : HANDOVER_BLOB_UNREAD;
	if (!ret)
		ret = value_string(r, o, at, "trouble", &p->trouble);
	if (!ret)
		ret = value_flag(r, o, at, "fdt", &p->is_fdt);
	return ret ? ret : value_u64(r, o, at, "bytes", INT64_MAX, &p->blob_bytes);
}

static int read_producer(const struct snapshot_reading *r, struct json_object *o, const char *at,
			 struct handover_producer *p)
{
	const struct producer *known = NULL;
	struct json_object *array = NULL;
	int ret;

	if (json_object_get_type(o) != json_type_object)
		return value_bad(r, at, NULL, "not of type object");
	ret = value_string(r, o, at, "name", &p->name);
	if (!ret && !p->name)
		ret = value_bad(r, at, "name", "absent");
	if (!ret)
		ret = read_blob_extent(r, o, at, p);
	if (!ret)
		ret = value_start_list(r, o, at, "compatible", sizeof(*p->compatible), &array,
				 (void **)&p->compatible);
	for (size_t i = 0; !ret && i < value_listed(array); i++) {
		ret = read_compatible(r, json_object_array_get_idx(array, i), at,
				      &p->compatible[p->nr_compatibles]);
		p->nr_compatibles += !ret;
	}
	if (!ret)
		known = producer_by_name(p->name);
	if (known && known->load && !known->state_beside)
		ret = known->load(r, o, at, p);
	return ret;
}

/* Which of @names stands at @key?  Absent: @otherwise. */
static int get_word(const struct snapshot_reading *r, struct json_object *o, const char *at,
		    const char *key, const char *const names[], int n, int otherwise, int *word)
{
	char text[32];
	int ret = value_name(r, o, at, key, text, sizeof(text));

	*word = otherwise;
	if (ret || !text[0])
		return ret;
	for (*word = 0; *word < n; ++*word)
		if (!strcmp(text, names[*word]))
			return 0;
	return value_bad(r, at, key, "not one of the known values");
}

static int read_tree(const struct snapshot_reading *r, struct json_object *handover,
		     const char *key, enum snapshot_source source, struct handover_tree *tree)
{
	struct json_object *o, *root, *array = NULL;
	char at[48];
	int ret = value_get(r, handover, "$.handover", key, json_type_object, &o), state;

	if (ret || !o)
		return ret;
	snprintf(at, sizeof(at), "$.handover.%s", key);
	ret = get_word(r, o, at, "state", snapshot_states, SNAPSHOT_STATES, HANDOVER_MALFORMED,
		       &state);
	if (ret)
		return ret;
	tree->state = state;
	ret = value_source(r, o, at, "source", source, &tree->source);
	if (!ret)
		ret = value_get(r, o, at, "root", json_type_array, &root);
	if (!ret && root)
		ret = read_compatible(r, root, at, &tree->root);
	if (!ret && !root && tree->state == HANDOVER_READ)
		ret = value_bad(r, at, "root", "absent");
	if (!ret && !tree->source && tree->state == HANDOVER_READ)
		ret = value_bad(r, at, "source", "absent");
	if (!ret)
		ret = value_u64(r, o, at, "preserved_map", MACHINE_PA_LIMIT,
				&tree->preserved_map_pa);
	if (!ret)
		ret = value_string(r, o, at, "producers_trouble", &tree->producers_trouble);
	if (!ret)
		ret = value_start_list(r, o, at, "producers", sizeof(*tree->producer), &array,
				 (void **)&tree->producer);
	for (size_t i = 0; !ret && i < value_listed(array); i++) {
		snprintf(at, sizeof(at), "$.handover.%s.producers[%zu]", key, i);
		ret = read_producer(r, json_object_array_get_idx(array, i), at,
				    &tree->producer[tree->nr_producers++]);
	}
	return ret;
}

static int read_preserved(const struct snapshot_reading *r, struct json_object *handover)
{
	static const struct value_rules rules = { .limit = MACHINE_PA_LIMIT, .ascending = true };
	static const char at[] = "$.handover.preserved";
	struct machine_handover *h = &r->m->handover;
	struct json_object *o;
	int ret = value_get(r, handover, "$.handover", "preserved", json_type_object, &o);

	if (ret || !o)
		return ret;
	h->preserved_known = json_object_object_get_ex(o, "ranges", NULL);
	h->preserved_rounded = json_object_object_get_ex(o, "block_bytes", NULL);
	if (h->preserved_known)
		ret = value_ranges(r, o, at, "ranges", &rules, &h->preserved);
	if (!ret)
		ret = value_u64(r, o, at, "count", UINT64_C(1) << 40, &h->preserved_count);
	if (!ret && json_object_object_get_ex(o, "map", NULL))
		ret = value_ranges(r, o, at, "map", &rules, &h->preserved_map);
	if (!ret)
		ret = value_string(r, o, at, "trouble", &h->preserved_trouble);
	if (!ret)
		ret = value_source(r, o, at, "source", SOURCE_PRESERVED, &h->preserved_source);
	if (!ret && !h->preserved_known && !h->preserved_trouble)
		ret = value_bad(r, at, NULL, "neither ranges nor trouble");
	return ret;
}

static struct handover_producer *find_producer(struct handover_tree *tree, const char *name)
{
	for (size_t i = 0; i < tree->nr_producers; i++)
		if (!strcmp(tree->producer[i].name, name))
			return &tree->producer[i];
	return NULL;
}

/* What stands beside the trees; it is checked also where its producer is not among them. */
static int read_beside(const struct snapshot_reading *r, struct json_object *handover)
{
	const struct producer *known;
	int ret = 0;

	for (size_t i = 0; !ret && (known = producer_at(i)); i++)
		if (known->load && known->state_beside)
			ret = known->load(r, handover, "$.handover",
					  find_producer(&r->m->handover.out, known->name));
	return ret;
}

int snapshot_read_handover(const struct snapshot_reading *r, struct json_object *top)
{
	struct machine_handover *h = &r->m->handover;
	struct json_object *o;
	uint64_t hops;
	int ret = value_get(r, top, "$", "handover", json_type_object, &o), word;

	h->hops = -1;
	h->finalized = FINALIZED_UNKNOWN;
	if (ret || !o)
		return ret;
	ret = read_tree(r, o, "out", SOURCE_OUT, &h->out);
	if (!ret)
		ret = read_tree(r, o, "in", SOURCE_IN, &h->in);
	if (!ret)
		ret = get_word(r, o, "$.handover", "finalized", snapshot_finalized,
			       SNAPSHOT_FINALIZED, FINALIZED_UNKNOWN, &word);
	if (!ret) {
		h->finalized = word;
		ret = value_string(r, o, "$.handover", "previous_release", &h->previous_release);
	}
	if (!ret && json_object_object_get_ex(o, "hops", NULL)) {
		ret = value_u64(r, o, "$.handover", "hops", INT64_MAX, &hops);
		h->hops = (int64_t)hops;
	}
	if (!ret)
		ret = read_beside(r, o);
	return ret ? ret : read_preserved(r, o);
}
