// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>

#include "check/readiness/producers/producer.h"

const struct handover_compatible *producer_unread_format(const struct kho_readiness_of *of,
							 const struct handover_producer *p)
{
	for (size_t i = 0; i < p->nr_compatibles; i++)
		if (kho_readiness_reads(of, &p->compatible[i]) != KHO_TRI_YES)
			return &p->compatible[i];
	return NULL;
}

void producer_tell_formats(const struct kho_readiness_of *of, const struct handover_compatible *c,
			   struct kho_list *told)
{
	struct kho_list written = { .used = 0 }, read = { .used = 0 };
	struct successor_versions versions;
	int len = (int)strlen(c->text[0]);

	for (size_t i = 0; i < c->nr_texts; i++)
		kho_list_add(&written, "%s", c->text[i]);
	while (len && c->text[0][len - 1] >= '0' && c->text[0][len - 1] <= '9')
		len--;
	successor_formats_versions(of->formats, c->text[0], &versions);
	for (size_t i = 0; i < versions.n; i++)
		kho_list_add(&read, "%.*s%u", len, c->text[0], versions.version[i]);
	*told = (struct kho_list){ .used = 0 };
	kho_list_add(told, "%s (the successor has %s)", written.text,
		     read.used ? read.text : "none of that name");
}
