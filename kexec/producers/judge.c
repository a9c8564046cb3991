// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>

#include "producers/judge.h"

const struct handover_compatible *producer_unread_format(const struct producer_case *c)
{
	for (size_t i = 0; i < c->p->nr_compatibles; i++)
		if (kho_readiness_reads(c->of, &c->p->compatible[i]) != KHO_TRI_YES)
			return &c->p->compatible[i];
	return NULL;
}

/* "memblock-v1 (the successor has memblock-v2)" */
static void tell_formats(const struct producer_case *c, const struct handover_compatible *format,
			 struct kho_list *told)
{
	struct kho_list written = { .used = 0 }, read = { .used = 0 };
	struct successor_versions versions;
	const char *text = format->text[0];
	int len = (int)strlen(text);

	for (size_t i = 0; i < format->nr_texts; i++)
		kho_list_add(&written, "%s", format->text[i]);
	while (len && text[len - 1] >= '0' && text[len - 1] <= '9')
		len--;
	successor_formats_versions(c->of->formats, text, &versions);
	for (size_t i = 0; i < versions.n; i++)
		kho_list_add(&read, "%.*s%u", len, text, versions.version[i]);
	*told = (struct kho_list){ .used = 0 };
	kho_list_add(told, "%s (the successor has %s)", written.text,
		     read.used ? read.text : "none of that name");
}

int producer_lacks(const struct producer_case *c, const struct handover_compatible *format,
		   const struct producer_unread *unread)
{
	struct kho_list formats;

	*c->fate = unread->fate;
	tell_formats(c, format, &formats);
	return kho_findings_add(c->findings, unread->fate == KHO_FATE_UNKNOWN ?
				KHO_F_PRODUCER_UNKNOWN : KHO_F_PRODUCER_MISMATCH, unread->remedy,
				"%s: %s %s: %s", c->p->name, unread->what, formats.text,
				unread->consequence);
}
