// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plan/each-machine.h"
#include "cli/plan/sources.h"
#include "machine/describe.h"
#include "machine/snapshot/snapshot.h"

struct machine_walk {
	int (*visit)(void *arg, struct machine *machine, const char *name, struct kho_err *err);
	void *arg;
	struct kho_err *err;
};

static int visit_machine(const struct machine_walk *w, struct machine *m, const char *name)
{
	char text[256];

	snprintf(text, sizeof(text), "%s", m->host[0] ? m->host : name);
	return w->visit(w->arg, m, text, w->err);
}

static int visit_source(const struct machine_walk *w, const struct kho_plan_source *source)
{
	struct machine m;
	char *errors;
	int ret;

	if (!source->described) {
		ret = snapshot_or_tree(source->value, &m, w->err);
		return ret ? ret : visit_machine(w, &m, source->text ? "stdin" : source->value);
	}
	/* The words were looked through before. */
	ret = describe_machine(source->value, &m, &errors);
	free(errors);
	return ret ? kho_fail(w->err, -ret, "--kho-describe: %s", strerror(-ret)) :
		     visit_machine(w, &m, source->text ? "described" : source->value);
}

static int visit_lines(const struct machine_walk *w, struct snapshot_reader *reader, FILE *f,
		       const char *path)
{
	char *line = NULL, name[64];
	size_t cap = 0, nr = 0;
	ssize_t bytes;
	int ret = 0;

	while (!ret && (bytes = getline(&line, &cap, f)) > 0) {
		struct machine m;

		nr++;
		ret = snapshot_parse(reader, line, (size_t)bytes - (line[bytes - 1] == '\n'), &m, w->err);
		if (ret) {
			kho_err_prefix(w->err, "%s: line %zu: ", path, nr);
			break;
		}
		snprintf(name, sizeof(name), "line %zu", nr);
		ret = visit_machine(w, &m, name);
	}
	if (!ret && ferror(f))
		ret = kho_fail(w->err, EIO, "%s: %s", path, strerror(EIO));
	free(line);
	return ret;
}

static int visit_fleet(const struct machine_walk *w, const char *path)
{
	struct snapshot_reader *reader = snapshot_reader_create();
	FILE *f;
	int ret;

	if (!reader)
		return kho_fail(w->err, ENOMEM, "out of memory");
	f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	ret = f ? visit_lines(w, reader, f, path) :
		  kho_fail(w->err, errno, "%s: %s", path, strerror(errno));
	if (f && f != stdin)
		fclose(f);
	snapshot_reader_destroy(reader);
	return ret;
}

int kho_each_machine(const struct kho_options *o,
		     int (*visit)(void *arg, struct machine *machine, const char *name,
				  struct kho_err *err),
		     void *arg, struct kho_err *err)
{
	const struct kho_plan_source here = { .value = o->policy.machine };
	const struct machine_walk w = { visit, arg, err };
	int ret = 0;

	if (!o->nr_sources && !o->fleet)
		return visit_source(&w, &here);
	for (size_t i = 0; i < o->nr_sources && !ret; i++)
		ret = visit_source(&w, &o->source[i]);
	return !ret && o->fleet ? visit_fleet(&w, o->fleet) : ret;
}
