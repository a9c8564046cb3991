// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/handover/compatible.h"
#include "kernel/formats.h"
#include "machine/handover/fdt.h"
#include "producers/producer.h"

/* LUO hands over sessions, not nodes: all of these are ample. */
#define MAX_DEPTH 16
#define MAX_COMPATIBLES 1024
#define MAX_NAME_BYTES 256

static char *copy_printable(const char *text)
{
	char *copy = strndup(text, MAX_NAME_BYTES);

	if (copy)
		kho_make_printable(copy);
	return copy;
}

int handover_add_reserve_mem(struct handover_producer *p, const char *name)
{
	char **grown = reallocarray(p->reserve_mem, p->nr_reserve_mem + 1, sizeof(*grown));
	char *copy = copy_printable(name);

	if (grown)
		p->reserve_mem = grown;
	if (!grown || !copy) {
		free(copy);
		return -ENOMEM;
	}
	grown[p->nr_reserve_mem++] = copy;
	return 0;
}

int handover_trouble(char **trouble, const char *text)
{
	free(*trouble);
	*trouble = strdup(text);
	if (!*trouble)
		return -ENOMEM;
	kho_make_printable(*trouble);
	return 0;
}

struct handover_producer *handover_add_producer(struct handover_tree *tree, const char *name)
{
	struct handover_producer *grown, *p;

	grown = reallocarray(tree->producer, tree->nr_producers + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	tree->producer = grown;
	p = &grown[tree->nr_producers];
	*p = (struct handover_producer){ .name = copy_printable(name) };
	if (!p->name)
		return NULL;
	tree->nr_producers++;
	return p;
}

/* Older versions do not tell the size of each part; libfdt 1.6.1 then reads past the end. */
static bool has_header(struct kho_bytes bytes)
{
	return bytes.size >= sizeof(struct fdt_header) && !fdt_check_header(bytes.data) &&
	       fdt_version(bytes.data) >= 17;
}

bool handover_is_fdt(struct kho_bytes bytes)
{
	return has_header(bytes) && !fdt_check_full(bytes.data, bytes.size);
}

/*
 * The property "compatible" of the node at @offset.  -ENOENT: it has none;
 * -EBADMSG: it is no list of formats; -ENOMEM.
 */
static int read_compatible(const void *fdt, int offset, const char *node,
			   struct handover_compatible *c)
{
	int bytes;
	const void *value = fdt_getprop(fdt, offset, "compatible", &bytes);

	if (!value)
		return bytes == -FDT_ERR_NOTFOUND ? -ENOENT : -EBADMSG;
	return handover_compatible_parse(c, node, (struct kho_bytes){ value, bytes });
}

/* The kernel writes these numbers as it has them: not big-endian as device trees have. */
static int read_u64(const void *fdt, int offset, const char *name, uint64_t *value)
{
	int bytes;
	const void *data = fdt_getprop(fdt, offset, name, &bytes);
	struct cursor c;

	if (!data || bytes != sizeof(*value))
		return -ENOENT;
	c = cursor_init((struct kho_bytes){ data, bytes });
	return cursor_u64(&c, value);
}

/*
 * Linux 7.x shows as many bytes of the root as it had when the file was made
 * (kho_init()); producers that come later make it longer, and the names of its
 * properties, at its end, are cut off.
 */
static bool is_cut(struct kho_bytes bytes)
{
	return has_header(bytes) && fdt_totalsize(bytes.data) > bytes.size;
}

/* One property of the root, its name unknown. */
static int cut_property(struct cursor *c, struct handover_tree *tree)
{
	struct kho_bytes value;
	uint32_t bytes;

	if (cursor_u32(c, &bytes) || cursor_skip(c, 4) || cursor_bytes(c, bytes, &value) ||
	    cursor_align(c, 4))
		return -EBADMSG;
	if (bytes_have(value, 0, KHO_ABI_PREFIX, strlen(KHO_ABI_PREFIX)) && !tree->root.nr_texts)
		return handover_compatible_parse(&tree->root, "/", value);
	if (bytes == sizeof(uint64_t) && !tree->preserved_map_pa) {
		struct cursor number = cursor_init(value);

		return cursor_u64(&number, &tree->preserved_map_pa);
	}
	return 0;
}

/* The root's own properties come first: its ABI and where the map is, recognized by their shape. */
static int read_cut_root(struct kho_bytes bytes, struct handover_tree *tree, struct kho_err *err)
{
	struct cursor c = cursor_init(bytes);
	uint32_t token;
	int ret = 0;

	c.big_endian = true;
	if (cursor_seek(&c, fdt_off_dt_struct(bytes.data)) || cursor_u32(&c, &token) ||
	    token != FDT_BEGIN_NODE || cursor_u32(&c, &token) || token)
		return kho_fail(err, EBADMSG, "a device tree that is cut before its root");
	while (!ret && !cursor_u32(&c, &token) && token == FDT_PROP)
		ret = cut_property(&c, tree);
	if (ret == -ENOMEM)
		return ret;
	if (ret || !tree->root.nr_texts)
		return kho_fail(err, EBADMSG, "a device tree that is cut in its root");
	tree->cut = true;
	return 0;
}

int handover_fdt_root(struct kho_bytes bytes, struct handover_tree *tree, struct kho_err *err)
{
	const void *fdt = bytes.data;
	int ret, child;

	if (is_cut(bytes))
		return read_cut_root(bytes, tree, err);
	if (!handover_is_fdt(bytes))
		return kho_fail(err, EBADMSG, "not a device tree, or a damaged one");
	ret = read_compatible(fdt, 0, "/", &tree->root);
	if (ret == -ENOMEM)
		return ret;
	if (ret)
		return kho_fail(err, EBADMSG, "its root has no list \"compatible\"");
	/* Until it is finalized the address is 0 on 6.18. */
	if (read_u64(fdt, 0, "preserved-memory-map", &tree->preserved_map_pa))
		tree->preserved_map_pa = 0;
	fdt_for_each_subnode(child, fdt, 0) {
		const char *name = fdt_get_name(fdt, child, NULL);
		struct handover_producer *p;

		if (tree->nr_producers == HANDOVER_PRODUCERS)
			return kho_fail(err, EBADMSG, "more than %d producers", HANDOVER_PRODUCERS);
		p = handover_add_producer(tree, name ? name : "?");
		if (!p)
			return -ENOMEM;
		/* kho-v1 has no such property: a blob was a device tree, whose header has it. */
		if (read_u64(fdt, child, "blob-size", &p->blob_bytes))
			p->blob_bytes = 0;
	}
	return 0;
}

/* @c becomes the producer's, also on failure. */
static int keep_compatible(struct handover_producer *p, struct handover_compatible *c)
{
	struct handover_compatible *grown;

	grown = reallocarray(p->compatible, p->nr_compatibles + 1, sizeof(*grown));
	if (!grown) {
		handover_compatible_deinit(c);
		return -ENOMEM;
	}
	p->compatible = grown;
	grown[p->nr_compatibles++] = *c;
	return 0;
}

int handover_add_compatible(struct handover_producer *p, const char *node,
			    const char *const *text, size_t n)
{
	struct handover_compatible c;
	int ret = handover_compatible_init(&c, node, text, n);

	return ret ? ret : keep_compatible(p, &c);
}

/* What the node at @offset says of its format, if anything. */
static int file_compatible(struct handover_producer *p, const void *fdt, int offset,
			   const char *path)
{
	struct handover_compatible c;
	int ret = read_compatible(fdt, offset, path, &c);

	if (ret)
		return ret == -ENOENT ? 0 : ret;
	return keep_compatible(p, &c);
}

/* Where the walk through a blob stands. */
struct node_path {
	size_t end[MAX_DEPTH + 1];	/* of the path of each node above */
	char text[MAX_NAME_BYTES + 1];
};

static int enter_node(struct node_path *path, int depth, const char *name, struct kho_err *err)
{
	size_t parent = depth ? path->end[depth - 1] : 0, room = sizeof(path->text) - parent;
	int n;

	if (!depth)
		return 0;
	n = snprintf(path->text + parent, room, "/%s", name ? name : "?");
	if (n < 0 || (size_t)n >= room)
		return kho_fail(err, EBADMSG, "the path of a node is longer than %d",
				MAX_NAME_BYTES);
	path->end[depth] = parent + n;
	return 0;
}

static int walk_nodes(const void *fdt, struct handover_producer *p, const struct producer *known,
		      struct kho_err *err)
{
	struct node_path path = { .text = "/" };
	int ret, depth = 0, at = 0;

	for (; at >= 0 && depth >= 0; at = fdt_next_node(fdt, at, &depth)) {
		const char *name = fdt_get_name(fdt, at, NULL);

		if (depth > MAX_DEPTH)
			return kho_fail(err, EBADMSG, "nodes deeper than %d", MAX_DEPTH);
		if (p->nr_compatibles >= MAX_COMPATIBLES || p->nr_reserve_mem >= MAX_COMPATIBLES)
			return kho_fail(err, EBADMSG, "more than %d nodes with an ABI",
					MAX_COMPATIBLES);
		ret = enter_node(&path, depth, name, err);
		if (!ret)
			ret = file_compatible(p, fdt, at, path.text);
		if (ret == -EBADMSG && !err->text[0])
			return kho_fail(err, EBADMSG, "%s: \"compatible\" is no list of formats",
					path.text);
		if (!ret && known && known->read_node)
			ret = known->read_node(p, depth, name);
		if (ret)
			return ret;
	}
	return at >= 0 || at == -FDT_ERR_NOTFOUND ? 0 :
	       kho_fail(err, EBADMSG, "%s", fdt_strerror(at));
}

static int read_fdt_or_blob(struct kho_bytes bytes, struct handover_producer *p,
			    struct kho_err *err)
{
	const struct producer *known = producer_by_name(p->name);

	if (is_cut(bytes))
		return kho_fail(err, EBADMSG, "a device tree of which %zu of %u bytes are there",
				bytes.size, fdt_totalsize(bytes.data));
	p->is_fdt = handover_is_fdt(bytes);
	if (p->is_fdt)
		return walk_nodes(bytes.data, p, known, err);
	return known && known->read_blob ? known->read_blob(bytes, p, err) : 0;
}

int handover_fdt_blob(struct kho_bytes bytes, struct handover_producer *p)
{
	struct kho_err err = { "" };
	int ret = read_fdt_or_blob(bytes, p, &err);

	if (!p->blob_bytes)
		p->blob_bytes = bytes.size;
	if (ret == -EBADMSG) {
		p->read = HANDOVER_BLOB_PART;
		return handover_trouble(&p->trouble, err.text);
	}
	if (!ret)
		p->read = HANDOVER_BLOB_WHOLE;
	return ret;
}
