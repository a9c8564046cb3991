// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/append.h"
#include "cli/accept.h"
#include "cli/options.h"
#include "cli/rules.h"
#include "rehearse/rehearse.h"

#define SEE_HELP "; see kexec --kho-help"

int kho_bool_of(const char *value)
{
	static const char *const name[][4] = {
		{ "no", "0", "false", "off" }, { "yes", "1", "true", "on" },
	};

	for (int is = 0; is <= 1; is++)
		for (size_t i = 0; i < 4; i++)
			if (!strcmp(value, name[is][i]))
				return is;
	return -1;
}

static int take_flag(const char *option, const char *value, bool *flag, struct kho_err *err)
{
	int is = value ? kho_bool_of(value) : 1;

	if (is < 0)
		return kho_fail(err, EINVAL, "%s=%s: neither \"yes\" nor \"no\"" SEE_HELP, option,
				value);
	*flag = is;
	return 0;
}

int take_journal(struct kho_options *o, const char *value, struct kho_err *err)
{
	return take_flag("--kho-journal", value, &o->policy.journal, err);
}

int take_quiet(struct kho_options *o, const char *value, struct kho_err *err)
{
	return take_flag("--kho-quiet", value, &o->policy.quiet, err);
}

int take_verbose(struct kho_options *o, const char *value, struct kho_err *err)
{
	return take_flag("--kho-verbose", value, &o->policy.verbose, err);
}

int take_ignore(struct kho_options *o, const char *value, struct kho_err *err)
{
	return kho_accept(value, false, o->policy.ignore, err);
}

int take_ignore_fatal(struct kho_options *o, const char *value, struct kho_err *err)
{
	return kho_accept(value, true, o->policy.ignore, err);
}

int take_rehearse(struct kho_options *o, const char *value, struct kho_err *err)
{
	int is = value ? kho_bool_of(value) : 1;
	char *end;
	unsigned long seconds;

	/* "1" is a second, not a yes. */
	if (is >= 0 && !(value && isdigit((unsigned char)*value))) {
		o->policy.rehearse_seconds = is ? REHEARSAL_SECONDS : 0;
		return 0;
	}
	seconds = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || !seconds || seconds > REHEARSAL_SECONDS_MAX)
		return kho_fail(err, EINVAL, "--kho-rehearse=%s: not a number of seconds from 1 to "
				"%d" SEE_HELP, value, REHEARSAL_SECONDS_MAX);
	o->policy.rehearse_seconds = (unsigned int)seconds;
	return 0;
}

int take_rehearse_log(struct kho_options *o, const char *value, struct kho_err *err)
{
	o->policy.rehearse_log = value;
	return 0;
}

/*
 * A descriptor is looked at now, while none of ours has its number, and the loader does not get
 * it.
 */
int take_log(struct kho_options *o, const char *value, struct kho_err *err)
{
	int fd = kho_append_fd(value);

	if (fd < 0 && !strncmp(value, "fd:", 3))
		return kho_fail(err, EINVAL, "--kho-log=%s: not the number of a descriptor" SEE_HELP,
				value);
	if (fd > 2 && fcntl(fd, F_SETFD, FD_CLOEXEC))
		return kho_fail(err, EINVAL, "--kho-log=%s: %s", value, strerror(errno));
	o->policy.log = strcmp(value, "none") ? value : NULL;
	return 0;
}
