// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "gate/read-kernel.h"

static int identify(int fd, struct successor_file *file, struct kho_err *why)
{
	int ret = kho_sha256_fd(fd, file->sha256, &file->bytes);

	return ret ? kho_fail(why, -ret, "%s", strerror(-ret)) : 0;
}

int gate_read_kernel(const struct kho_policy *policy, int fd, struct successor *s,
		     struct kho_err *why)
{
	struct successor_file file;
	int ret;

	if (!policy->kernel)
		return successor_read_fd(fd, s, why);
	ret = saved_read(policy->kernel, s, why);
	if (ret || fd < 0)
		return ret;
	ret = identify(fd, &file, why);
	if (!ret && !strcmp(s->file.sha256, file.sha256))
		return 0;
	successor_deinit(s);
	if (!ret)
		ret = successor_read_fd(fd, s, why);
	if (ret)
		return ret;
	s->file = file;
	s->other_facts = true;
	return 0;
}

static int read_whole_fd(int fd, struct successor *s, struct kho_err *why)
{
	struct successor_file before, after;
	int ret = identify(fd, &before, why);

	if (ret)
		return ret;
	ret = successor_read_fd(fd, s, why);
	if (ret)
		return ret;
	ret = identify(fd, &after, why);
	if (!ret && strcmp(before.sha256, after.sha256))
		ret = kho_fail(why, EBUSY, "it changed while it was read: try again");
	if (ret)
		successor_deinit(s);
	else
		s->file = after;
	return ret;
}

int gate_read_whole(const char *path, struct successor *s, struct kho_err *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret;

	successor_init(s);
	if (fd < 0)
		return kho_fail(why, errno, "%s: %s", path, strerror(errno));
	ret = read_whole_fd(fd, s, why);
	close(fd);
	if (ret && why->text[0])
		kho_err_prefix(why, "%s: ", path);
	else if (ret)
		kho_fail(why, -ret, "%s: %s", path, strerror(-ret));
	return ret;
}
