// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "kernel/formats.h"
#include "machine/kho-absent.h"
#include "machine/remedy.h"
#include "machine/scratch.h"

/* One area a node, and two: the kernel's MAX_NUMNODES is 1024. */
#define MAX_AREAS 4096

struct column {
	uint64_t value[MAX_AREAS];
	size_t n;
};

/* 0, -EBADMSG with what is wrong in @err, or an errno of tree_read(). */
static int read_column(const struct machine_tree *tree, const char *path, struct column *column,
		       struct kho_err *err)
{
	char *text;
	const char *at;
	int ret = tree_read(tree, path, &text, NULL);

	if (ret)
		return ret;
	column->n = 0;
	for (at = text; *at && !ret; at += *at == '\n') {
		if (column->n == MAX_AREAS)
			ret = kho_fail(err, EBADMSG, "%s: more than %d lines", path, MAX_AREAS);
		else if (number_parse(&at, 16, &column->value[column->n]) || (*at && *at != '\n'))
			ret = kho_fail(err, EBADMSG, "%s: line %zu is not a hexadecimal number",
				       path, column->n + 1);
		else
			column->n++;
	}
	free(text);
	return ret;
}

/* The areas, or why not.  The kernel never makes two that overlap. */
static int combine(const struct column *phys, const struct column *len, const char *path,
		   struct machine *m, struct kho_err *err)
{
	if (phys->n != len->n)
		return kho_fail(err, EBADMSG, "%s: %zu starts, but %zu lengths", path, phys->n,
				len->n);
	if (!phys->n)
		return kho_fail(err, EBADMSG, "%s: no areas", path);
	for (size_t i = 0; i < phys->n; i++) {
		uint64_t start_pa = phys->value[i];

		if (start_pa >= MACHINE_PA_LIMIT || len->value[i] > MACHINE_PA_LIMIT - start_pa)
			return kho_fail(err, EBADMSG, "%s: area %zu ends above 2^52", path, i + 1);
		for (size_t j = 0; j < m->scratch.n; j++)
			if (start_pa < m->scratch.r[j].end_pa &&
			    m->scratch.r[j].start_pa < start_pa + len->value[i])
				return kho_fail(err, EBADMSG, "%s: areas %zu and %zu overlap", path,
						j + 1, i + 1);
		if (kho_ranges_add(&m->scratch, start_pa, start_pa + len->value[i], KHO_NO_NODE))
			return -ENOMEM;
	}
	return 0;
}

/* @err says where and what; it is empty where a file could not be read at all. */
static int explain_error(struct machine *m, const char *path, int ret, struct kho_err *err)
{
	kho_ranges_deinit(&m->scratch);
	if (ret == -ENOMEM)
		return ret;
	if (ret == -EACCES || ret == -EPERM)
		return kho_findings_add(&m->gaps, KHO_F_NOT_PERMITTED,
					machine_remedy(m, REMEDY_ROOT), "/%s: hidden from this user", path);
	if (!err->text[0])
		kho_fail(err, -ret, "%s: %s", path, strerror(-ret));
	return kho_findings_add(&m->gaps, KHO_F_SCRATCH_MALFORMED,
				machine_remedy(m, REMEDY_MALFORMED), "/%s", err->text);
}

int scratch_read(const struct machine_tree *tree, struct machine *m)
{
	struct column phys, len;
	struct kho_err err = { "" };

	for (const struct kho_area_names *names = kho_area_names; names->phys; names++) {
		int ret = read_column(tree, names->phys, &phys, &err);

		if (ret == -ENOENT || ret == -ENOTDIR)
			continue;
		if (!ret)
			ret = read_column(tree, names->len, &len, &err);
		if (ret == -ENOENT)
			ret = kho_fail(&err, EBADMSG, "%s: absent, but the other file is there",
				       names->len);
		if (!ret)
			ret = combine(&phys, &len, names->phys, m, &err);
		if (ret)
			return explain_error(m, names->phys, ret, &err);
		m->scratch_known = true;
		m->scratch_source = names->phys;
		return 0;
	}
	return kho_absent(tree, m);
}
