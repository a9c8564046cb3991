// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "base/number.h"

int number_parse(const char **at, int base, uint64_t *value)
{
	unsigned long long parsed;
	char *end;

	if (!(base == 16 ? isxdigit((unsigned char)**at) : isdigit((unsigned char)**at)))
		return -EBADMSG;
	errno = 0;
	parsed = strtoull(*at, &end, base);
	if (errno)
		return -ERANGE;
	*at = end;
	*value = parsed;
	return 0;
}
