// SPDX-License-Identifier: GPL-2.0-only
/* The successor and what is loaded with it, from files. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gate/bootconfig.h"
#include "gate/decide.h"
#include "gate/read-kernel.h"

int kho_gate_read_successor(const struct kho_policy *policy, int fd, struct successor *s,
			    struct kho_with *with, struct kho_err *why)
{
	int ret = gate_read_kernel(policy, fd, s, why);

	if (ret)
		return ret;
	if (policy->vmcoreinfo) {
		ret = successor_read_vmcoreinfo(policy->vmcoreinfo, s, why);
		if (ret) {
			successor_deinit(s);
			return ret;
		}
	}
	with->given = with->cmdline ? with->cmdline : s->uki.cmdline;
	if (successor_command_line(s, with->given, &with->cmdline)) {
		successor_deinit(s);
		return -ENOMEM;
	}
	if (!with->initrd_bytes && !policy->image.initrd) {
		with->initrd_bytes = s->uki.initrd_bytes;
		if (with->initrd_bytes)
			with->bootconfig = KHO_TRI_UNKNOWN;
	}
	if (with->initrd_bytes)
		with->initrd_unknown = false;
	return 0;
}

static int read_initrd(const char *path, struct kho_with *with, struct kho_err *why)
{
	int fd, ret = 0;
	struct stat st;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return kho_fail(why, errno, "--kho-initrd=%s: %s", path, strerror(errno));
	if (fstat(fd, &st))
		ret = kho_fail(why, errno, "--kho-initrd=%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		ret = kho_fail(why, EINVAL, "--kho-initrd=%s: not a regular file", path);
	if (!ret) {
		with->initrd_bytes = (uint64_t)st.st_size;
		with->bootconfig = kho_bootconfig_ends(fd, with->initrd_bytes);
	}
	close(fd);
	return ret;
}

int kho_gate_read_image(const struct kho_policy *policy, struct successor *ret_s,
			struct kho_with *ret_with, struct kho_err *why)
{
	const struct kho_image_spec *image = &policy->image;
	struct kho_with with = {
		.cmdline = image->append, .headroom_percent = policy->headroom_percent,
		.initrd_unknown = !image->initrd,
		.bootconfig = image->initrd ? KHO_TRI_NO : KHO_TRI_UNKNOWN,
	};
	int fd = -1, ret;

	if (image->initrd && strcmp(image->initrd, "none")) {
		ret = read_initrd(image->initrd, &with, why);
		if (ret)
			return ret;
	}
	if (image->path) {
		fd = open(image->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			return kho_fail(why, errno, "%s: %s", image->path, strerror(errno));
	}
	ret = kho_gate_read_successor(policy, fd, ret_s, &with, why);
	if (ret && why->text[0] && image->path)
		kho_err_prefix(why, "%s: ", image->path);
	else if (ret && !why->text[0])
		kho_fail(why, -ret, "%s: %s", image->path ?: policy->kernel, strerror(-ret));
	else if (!ret)
		*ret_with = with;
	if (fd >= 0)
		close(fd);
	return ret;
}
