// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gate/about.h"

/* The name of an open file; false where it has none that can be opened. */
static bool name_of(int fd, char name[PATH_MAX])
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, name, PATH_MAX - 1);
	name[n > 0 ? n : 0] = '\0';
	return name[0] == '/';
}

/* @s may be NULL. */
static void put_image(struct gate_about *to, const struct kho_policy *policy,
		      const struct successor *s, int fd)
{
	struct kho_about *about = &to->about;
	bool has_file = s && s->file.sha256[0];

	if (fd < 0 && !has_file)
		return;
	about->image = policy->image.path;
	if (!about->image && fd < 0)
		about->image = policy->kernel;
	if (!about->image && name_of(fd, to->image))
		about->image = to->image;
	if (!about->image)
		about->image = "(no name)";
	if (has_file) {
		about->image_bytes = s->file.bytes;
		strcpy(about->image_sha256, s->file.sha256);
	} else if (kho_sha256_fd(fd, about->image_sha256, &about->image_bytes)) {
		about->image_sha256[0] = '\0';
	}
}

static void put_initrd(struct gate_about *to, const struct kho_policy *policy, int fd,
		       const struct kho_with *with)
{
	struct kho_about *about = &to->about;

	about->initrd_known = !with->initrd_unknown;
	about->initrd_bytes = with->initrd_bytes;
	about->initrd = policy->image.initrd;
	if (about->initrd && !strcmp(about->initrd, "none"))
		about->initrd = NULL;
	if (!about->initrd && fd >= 0 && name_of(fd, to->initrd))
		about->initrd = to->initrd;
	about->cmdline = with->cmdline;
}

void gate_about(struct gate_about *to, const struct kho_policy *policy, const struct successor *s,
		int kernel_fd, int initrd_fd, const struct kho_with *with)
{
	*to = (struct gate_about){ .about = {
		.time = (int64_t)time(NULL), .host = to->host,
		.option = policy->words, .nr_options = policy->nr_words,
	} };
	if (gethostname(to->host, sizeof(to->host) - 1))
		to->host[0] = '\0';
	put_image(to, policy, s, kernel_fd);
	if (with)
		put_initrd(to, policy, initrd_fd, with);
}
