// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "machine/remedy.h"
#include "machine/running-arch.h"
#include "machine/srat.h"

/* Is there a resource of this name: "fee00000-fee00fff : Local APIC"?  It may be nested. */
static bool has_resource(const char *file, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = file; (at = strstr(at, " : ")); ) {
		at += 3;
		if (!strncmp(at, name, len) && (at[len] == '\n' || at[len] == ' ' || !at[len]))
			return true;
	}
	return false;
}

/* Does a line of /proc/cpuinfo begin with @key? */
static bool has_key(const char *file, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = file; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (!strncmp(at, key, len) && strchr("\t :", at[len]))
			return true;
		if (!*at)
			return false;
	}
	return false;
}

static bool holds(const struct kho_arch_evidence *e, const char *file, size_t bytes)
{
	switch (e->kind) {
	case KHO_EVIDENCE_PATH:
		break;
	case KHO_EVIDENCE_RESOURCE:
		return has_resource(file, e->text);
	case KHO_EVIDENCE_KEY:
		return has_key(file, e->text);
	case KHO_EVIDENCE_PROCESSOR:
		return srat_has_processor((const uint8_t *)file, bytes, e->srat_type);
	}
	return true;
}

static int stop(const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return 1;
}

/* 1: it is evidence for its architecture; 0: it is none; -ENOMEM. */
static int speaks(const struct machine_tree *tree, const struct kho_arch_evidence *e)
{
	size_t bytes;
	char *file;
	int ret;

	if (e->kind == KHO_EVIDENCE_PATH)
		return tree_list(tree, e->path, stop, NULL) == 1;
	ret = tree_read(tree, e->path, &file, &bytes);
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	ret = holds(e, file, bytes);
	free(file);
	return ret;
}

/* The first evidence of @arch; NULL: there is none.  0 or -ENOMEM. */
static int find_evidence(const struct machine_tree *tree, const struct kho_arch *arch,
			 const struct kho_arch_evidence **found)
{
	*found = NULL;
	for (const struct kho_arch_evidence *e = arch->evidence; e && e->path; e++) {
		int ret = speaks(tree, e);

		if (ret < 0)
			return ret;
		if (ret) {
			*found = e;
			return 0;
		}
	}
	return 0;
}

static int contradict(struct machine *m, const struct kho_arch *arch,
		      const struct kho_arch_evidence *e)
{
	int ret = kho_findings_add(&m->gaps, KHO_F_ARCH_UNKNOWN, machine_remedy(m, REMEDY_MALFORMED),
				   "/%s is of %s, /%s is of %s: the architecture of this machine is "
				   "not known", m->arch_source, m->arch, e->path, arch->machine);

	m->arch[0] = '\0';
	m->arch_source = NULL;
	return ret;
}

int running_arch_read(const struct machine_tree *tree, struct machine *m)
{
	const struct kho_arch *arch;

	if (m->arch[0]) {
		m->arch_source = RUNNING_ARCH;
		return 0;
	}
	for (size_t i = 0; (arch = kho_arch_at(i)); i++) {
		const struct kho_arch_evidence *e;
		int ret = find_evidence(tree, arch, &e);

		if (ret)
			return ret;
		if (!e)
			continue;
		if (m->arch[0])
			return contradict(m, arch, e);
		snprintf(m->arch, sizeof(m->arch), "%s", arch->machine);
		m->arch_source = e->path;
	}
	return 0;
}
