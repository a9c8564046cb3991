// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/handover/fdt.h"
#include "machine/handover/find-root.h"
#include "machine/handover/read-handover.h"
#include "machine/handover/preserved.h"
#include "machine/lpa2.h"
#include "producers/producer.h"

#define KHO_OUT "sys/kernel/debug/kho/out"
#define KHO_IN "sys/kernel/debug/kho/in"

/* The folder of one direction, and what is read of it. */
struct side {
	const struct machine_tree *tree;
	const char *path;
	struct handover_tree *to;
	struct machine_handover *handover;
};

static bool is_absent(int ret)
{
	return ret == -ENOENT || ret == -ENOTDIR;
}

/* A name that is not one component names no file of the folder. */
static int read_below(const struct side *side, const char *name, char **bytes, size_t *size)
{
	char path[300];
	int n = snprintf(path, sizeof(path), "%s/%s", side->path, name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return -ENAMETOOLONG;
	return tree_read(side->tree, path, bytes, size);
}

static int read_root(const struct side *side, const char *source)
{
	struct handover_tree *to = side->to;
	struct kho_err err;
	char *bytes;
	size_t size;
	int ret = read_below(side, "fdt", &bytes, &size);

	if (ret == -ENOMEM)
		return ret;
	if (ret) {
		to->state = is_absent(ret) ? HANDOVER_ABSENT :
			    ret == -EACCES || ret == -EPERM ? HANDOVER_HIDDEN : HANDOVER_MALFORMED;
		return 0;
	}
	ret = handover_fdt_root((struct kho_bytes){ (uint8_t *)bytes, size }, to, &err);
	free(bytes);
	if (ret == -EBADMSG) {
		handover_tree_deinit(to);
		to->state = HANDOVER_MALFORMED;
		return 0;
	}
	to->state = HANDOVER_READ;
	to->source = source;
	return ret;
}

/* No file shows it; why it can't be found in memory either becomes the trouble. */
static int find_root(const struct side *side, const struct kcore *core, struct kho_err err)
{
	int ret = core ? handover_find_root(core, side->to, &err) : -ENOENT;

	if (!ret) {
		side->to->state = HANDOVER_READ;
		side->to->source = KCORE;
		return 0;
	}
	if (ret == -ENOMEM)
		return ret;
	kho_err_prefix(&err, "no kho/out/fdt on a Linux 7.x that a handover started; ");
	side->handover->preserved_trouble = strdup(err.text);
	return side->handover->preserved_trouble ? 0 : -ENOMEM;
}

/* The producer of this name, which the root may have named before. */
static struct handover_producer *producer_of(struct handover_tree *to, const char *name)
{
	for (size_t i = 0; i < to->nr_producers; i++)
		if (!strcmp(to->producer[i].name, name) && !to->producer[i].read)
			return &to->producer[i];
	return handover_add_producer(to, name);
}

static const char *why_not(int ret)
{
	switch (ret) {
	case -EINVAL:
		return "not a regular file";
	case -EFBIG:
		return "more than 16 MiB";
	default:
		return strerror(-ret);
	}
}

/*
 * Who has taken over what came in may have freed it, and the file still shows that memory:
 * luo_early_startup() of 7.2 and 7.3 does.  A kernel with CONFIG_HARDENED_USERCOPY then has a BUG
 * (mm/usercopy.c) where the reader is killed, or the machine panics.  Only what stays is read.
 */
static bool may_be_freed(const struct side *side, const struct producer *known)
{
	return side->to == &side->handover->in && !(known && known->read_incoming);
}

static int read_producer_file(const struct side *side, const char *name,
			      struct handover_producer *p)
{
	const struct producer *known = producer_by_name(name);
	char path[sizeof("sub_fdts/") + 256];
	struct kho_bytes blob;
	char *bytes;
	int ret;

	if (may_be_freed(side, known))
		return 0;
	snprintf(path, sizeof(path), "sub_fdts/%s", name);
	ret = read_below(side, path, &bytes, &blob.size);
	if (ret)
		return ret == -ENOMEM ? ret : handover_trouble(&p->trouble, why_not(ret));
	blob.data = (uint8_t *)bytes;
	ret = handover_fdt_blob(blob, p);
	if (!ret && side->to == &side->handover->in)
		ret = known->read_incoming(blob, side->handover);
	free(bytes);
	return ret;
}

static int visit_blob(const char *name, void *arg)
{
	const struct side *side = arg;
	struct handover_tree *to = side->to;
	struct handover_producer *p;
	struct kho_err err;

	if (to->nr_producers >= HANDOVER_PRODUCERS) {
		kho_fail(&err, E2BIG, "%s/sub_fdts: more than %d producers, %s and others are not "
			 "looked at", side->path, HANDOVER_PRODUCERS, name);
		return handover_trouble(&to->producers_trouble, err.text) ?: -E2BIG;
	}
	p = producer_of(to, name);
	return p ? read_producer_file(side, name, p) : -ENOMEM;
}

/*
 * A whole root names all producers.  One that is cut, or not shown, names none, and then
 * the folder must be there; before a 6.18 kernel is finalized there is nothing to show.
 */
static bool needs_folder(const struct side *side)
{
	return side->to->state == HANDOVER_READ ? side->to->cut :
	       side->handover->finalized != FINALIZED_NO;
}

static int read_blobs(struct side *side)
{
	struct kho_err err;
	char path[64];
	int ret;

	snprintf(path, sizeof(path), "%s/sub_fdts", side->path);
	ret = tree_list(side->tree, path, visit_blob, side);
	if (!ret || ret == -ENOMEM || ret == -E2BIG)
		return ret == -E2BIG ? 0 : ret;
	if (is_absent(ret) && !needs_folder(side))
		return 0;
	kho_fail(&err, -ret, "%s: %s", path, strerror(-ret));
	return handover_trouble(&side->to->producers_trouble, err.text);
}

/* kernel/kexec_handover.c of 6.18: a file "finalize" that holds 0 or 1; 7.1 has none. */
static enum handover_finalized read_finalized(const struct machine_tree *tree, bool kho_on)
{
	uint64_t value;
	int ret = tree_read_u64(tree, KHO_OUT "/finalize", 10, &value);

	if (!ret)
		return value ? FINALIZED_YES : FINALIZED_NO;
	return is_absent(ret) && kho_on ? FINALIZED_NOT_WANTED : FINALIZED_UNKNOWN;
}

static int read_sides(const struct machine_tree *tree, struct machine *m,
		      const struct kcore *core, const struct kho_err *core_err)
{
	struct machine_handover *h = &m->handover;
	struct side out = { tree, KHO_OUT, &h->out, h };
	struct side in = { tree, KHO_IN, &h->in, h };
	int ret;

	h->hops = -1;
	h->finalized = read_finalized(tree, m->scratch_known);
	ret = read_root(&out, KHO_OUT "/fdt");
	if (!ret && h->out.state == HANDOVER_ABSENT && h->finalized == FINALIZED_NOT_WANTED)
		ret = find_root(&out, core, *core_err);
	if (!ret)
		ret = read_blobs(&out);
	if (!ret)
		ret = read_root(&in, KHO_IN "/fdt");
	if (!ret)
		ret = read_blobs(&in);
	if (ret)
		return ret;
	/* Nothing was handed to a kernel that shows its areas and no folder "in". */
	if (m->scratch_known && h->in.state == HANDOVER_ABSENT && !h->in.nr_producers)
		h->hops = 0;
	if (core)
		ret = handover_read_kernel(core, &h->out);
	return ret || !m->scratch_known ? ret : preserved_read(core, core_err, h);
}

int handover_read(const struct machine_tree *tree, struct machine *m)
{
	struct kho_err err = { "" };
	struct kcore core;
	int ret = -ENOENT;

	if (m->scratch_known)
		ret = kcore_open(tree, &core, &err);
	if (ret)
		return read_sides(tree, m, NULL, &err);
	m->page_bytes = core.page_bytes;
	lpa2_read(&core, m);
	ret = read_sides(tree, m, &core, &err);
	kcore_close(&core);
	return ret;
}
