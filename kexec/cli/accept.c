// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "cli/accept.h"

static int accept_one(const char *name, size_t bytes, bool fatal, bool ids[KHO_F_NR],
		      struct kho_err *err)
{
	const char *option = fatal ? "--kho-ignore-fatal" : "--kho-ignore";
	enum kho_finding_id id = kho_finding_by_name(name, bytes);

	if (id == KHO_F_NR)
		return kho_fail(err, EINVAL, "%s=%.*s: no such finding; kexec --kho-explain lists "
				"them", option, (int)bytes, name);
	if (!fatal && kho_finding_is_death(id))
		return kho_fail(err, EINVAL, "%s=%.*s: with it the successor surely dies, and what "
				"was handed over is lost; whoever wants that says "
				"--kho-ignore-fatal=%.*s", option, (int)bytes, name, (int)bytes,
				name);
	if (fatal && !kho_finding_is_death(id))
		return kho_fail(err, EINVAL, "%s=%.*s: no certain death; say --kho-ignore=%.*s",
				option, (int)bytes, name, (int)bytes, name);
	ids[id] = true;
	return 0;
}

int kho_accept(const char *list, bool fatal, bool ids[KHO_F_NR], struct kho_err *err)
{
	do {
		size_t bytes = strcspn(list, ",");
		int ret = accept_one(list, bytes, fatal, ids, err);

		if (ret)
			return ret;
		list += bytes;
	} while (*list++ == ',');
	return 0;
}
