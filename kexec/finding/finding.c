// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "finding/finding.h"

static const struct {
	const char *name;
	enum kho_severity severity;
} table[KHO_F_NR] = {
#define FINDING(id, name, severity, meaning) [KHO_F_##id] = { name, KHO_##severity },
#include "finding/findings.def"
#undef FINDING
};

static int append_finding(struct kho_findings *findings, enum kho_finding_id id, char *message,
			  const char *remedy)
{
	char *kept = remedy ? strdup(remedy) : NULL;

	if (!message || (remedy && !kept))
		goto no_memory;
	if (findings->n == findings->cap) {
		size_t cap = findings->cap ? findings->cap * 2 : 8;
		struct kho_finding *f = reallocarray(findings->f, cap, sizeof(*f));

		if (!f)
			goto no_memory;
		findings->f = f;
		findings->cap = cap;
	}
	findings->f[findings->n++] = (struct kho_finding){ .id = id, .message = message, .remedy = kept };
	return 0;
no_memory:
	free(message);
	free(kept);
	return -ENOMEM;
}

int kho_findings_add(struct kho_findings *findings, enum kho_finding_id id, const char *remedy,
		     const char *fmt, ...)
{
	char *message = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&message, fmt, ap);
	va_end(ap);
	if (len < 0)
		return -ENOMEM;
	kho_make_printable(message);
	return append_finding(findings, id, message, remedy);
}

int kho_findings_append(struct kho_findings *findings, const struct kho_findings *from)
{
	int ret = 0;

	for (size_t i = 0; i < from->n && !ret; i++)
		ret = append_finding(findings, from->f[i].id, strdup(from->f[i].message),
				     from->f[i].remedy);
	return ret;
}

void kho_findings_accept(struct kho_findings *findings, const bool ids[KHO_F_NR])
{
	for (size_t i = 0; i < findings->n; i++)
		findings->f[i].accepted = ids[findings->f[i].id];
}

kho_verdict kho_findings_verdict(const struct kho_findings *findings)
{
	kho_verdict worst = KHO_NOTE;

	for (size_t i = 0; i < findings->n; i++)
		if (!findings->f[i].accepted && !findings->f[i].overruled &&
		    kho_finding_severity(findings->f[i].id) > worst)
			worst = kho_finding_severity(findings->f[i].id);
	return worst;
}

const char *kho_finding_name(enum kho_finding_id id)
{
	return table[id].name;
}

enum kho_finding_id kho_finding_by_name(const char *name, size_t bytes)
{
	enum kho_finding_id id = 0;

	while (id < KHO_F_NR && (strlen(table[id].name) != bytes ||
				 memcmp(table[id].name, name, bytes)))
		id++;
	return id;
}

enum kho_severity kho_finding_severity(enum kho_finding_id id)
{
	return table[id].severity;
}

bool kho_finding_is_death(enum kho_finding_id id)
{
	switch (id) {
	case KHO_F_MEMORY_MAP_SHORT:
	case KHO_F_EARLY_MEMORY_SHORT:
	case KHO_F_HANDOVER_CUT:
	case KHO_F_CMDLINE_DESTROYS:
	case KHO_F_REHEARSAL_DIED:
		return true;
	default:
		return false;
	}
}

const char *kho_severity_name(enum kho_severity severity)
{
	static const char *const names[] = { "note", "warn", "unknown", "fail" };

	return names[severity];
}

const char *kho_verdict_name(kho_verdict verdict)
{
	return verdict == KHO_NOTE ? "ok" : kho_severity_name(verdict);
}

void kho_findings_deinit(struct kho_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		free(findings->f[i].message);
		free(findings->f[i].remedy);
	}
	free(findings->f);
	*findings = (struct kho_findings){ 0 };
}
