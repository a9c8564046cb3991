// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gate/find-loader.h"

static bool is_this_program(const struct stat *st)
{
	struct stat self;

	return !stat("/proc/self/exe", &self) && self.st_dev == st->st_dev &&
	       self.st_ino == st->st_ino;
}

static int try_loader(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (is_this_program(&st))
		return -ELOOP;
	if (!S_ISREG(st.st_mode) || access(path, X_OK))
		return -EACCES;
	return 0;
}

/* The first usable "kexec" in a list of folders like PATH. */
static bool search_folders(const char *folders, char path[PATH_MAX])
{
	while (*folders) {
		int len = (int)strcspn(folders, ":");
		int n = snprintf(path, PATH_MAX, "%.*s/kexec", len, folders);

		/* An empty or relative folder would let the working directory choose. */
		if (*folders == '/' && n < PATH_MAX && !try_loader(path))
			return true;
		folders += len;
		folders += *folders == ':';
	}
	return false;
}

int kho_loader_find(const char *wanted, char path[PATH_MAX], struct kho_err *err)
{
	const char *env_path = getenv("PATH");
	int ret;

	if (wanted) {
		ret = try_loader(wanted);
		if (ret == -ELOOP)
			return kho_fail(err, ELOOP, "--kho-loader=%s: that is this program; name "
					"the real kexec", wanted);
		if (!ret && !realpath(wanted, path))
			ret = -errno;
		if (ret)
			return kho_fail(err, -ret, "--kho-loader=%s: %s", wanted, strerror(-ret));
		return 0;
	}
	if (!try_loader(KEXEC_LOADER)) {
		snprintf(path, PATH_MAX, "%s", KEXEC_LOADER);
		return 0;
	}
	if (search_folders("/usr/sbin:/sbin:/usr/local/sbin", path) ||
	    (env_path && search_folders(env_path, path)))
		return 0;
	return kho_fail(err, ENOENT, "no kexec found; install kexec-tools, or name it with "
			"--kho-loader=PATH");
}
