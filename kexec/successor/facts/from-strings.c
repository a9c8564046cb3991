// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "kernel/formats.h"
#include "successor/facts/facts.h"
#include "successor/image/image.h"

/*
 * init/version-timestamp.c: linux_banner starts so; the release follows.  The
 * "%s version %s" of linux_proc_banner does not match.
 */
static const char banner[] = "Linux version ";

static void read_banner(struct successor *s)
{
	const uint8_t *at = image_find(s->image, banner, strlen(banner));
	struct kho_bytes rest;
	size_t len = 0;

	if (!at)
		return;
	rest = image_rest(s->image, at + strlen(banner));
	while (len < rest.size && len < sizeof(s->release) && isgraph(rest.data[len]))
		len++;
	if (!len || len == rest.size || len == sizeof(s->release) || !isdigit(rest.data[0]))
		return;
	memcpy(s->release, rest.data, len);
	s->release[len] = '\0';
	s->release_source = KHO_SRC_STRINGS;
}

/*
 * kernel/liveupdate/kexec_handover.c: the name of an early parameter, which no
 * kernel with KHO is without.
 */
static bool has_kho(const struct successor *s)
{
	for (const struct kho_area_names *names = kho_area_names; names->phys; names++)
		if (image_has_string(s->image, names->parameter))
			return true;
	return false;
}

void facts_from_strings(struct successor *s)
{
	if (!s->release[0])
		read_banner(s);
	successor_claim(s, KHO_FACT_KHO, KHO_SRC_STRINGS, has_kho(s));
}
