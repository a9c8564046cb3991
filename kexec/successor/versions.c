// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "successor/versions.h"

/* Keep the number behind the prefix, in its place; not what goes on behind it. */
void successor_keep_version(const char *digits, struct successor_versions *versions)
{
	char *end;
	unsigned long version = strtoul(digits, &end, 10);
	size_t at = versions->n;

	if (!isdigit((unsigned char)*digits) || *end || version > UINT_MAX)
		return;
	while (at && versions->version[at - 1] > version)
		at--;
	if ((at && versions->version[at - 1] == version) || versions->n == SUCCESSOR_VERSIONS)
		return;
	memmove(&versions->version[at + 1], &versions->version[at],
		(versions->n - at) * sizeof(versions->version[0]));
	versions->version[at] = (unsigned int)version;
	versions->n++;
}
