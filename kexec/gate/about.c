// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "gate/about.h"

#define CHUNK_BYTES	(64u << 10)

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

static bool sum_up(int fd, char text[KHO_SHA256_TEXT])
{
	char chunk[CHUNK_BYTES];
	struct kho_sha256 sha;
	off_t at = 0;
	ssize_t n;

	kho_sha256_init(&sha);
	while ((n = pread(fd, chunk, sizeof(chunk), at)) > 0) {
		kho_sha256_add(&sha, chunk, (size_t)n);
		at += n;
	}
	kho_sha256_text(&sha, text);
	return !n;
}

static void put_image(struct gate_about *to, const struct kho_policy *policy, int fd)
{
	struct kho_about *about = &to->about;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return;
	about->image = policy->image.path;
	if (!about->image && name_of(fd, to->image))
		about->image = to->image;
	if (!about->image)
		about->image = "(no name)";
	about->image_bytes = (uint64_t)st.st_size;
	if (!sum_up(fd, about->image_sha256))
		about->image_sha256[0] = '\0';
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

void gate_about(struct gate_about *to, const struct kho_policy *policy, int kernel_fd,
		int initrd_fd, const struct kho_with *with)
{
	*to = (struct gate_about){ .about = {
		.time = (int64_t)time(NULL), .host = to->host,
		.option = policy->words, .nr_options = policy->nr_words,
	} };
	if (gethostname(to->host, sizeof(to->host) - 1))
		to->host[0] = '\0';
	put_image(to, policy, kernel_fd);
	if (with)
		put_initrd(to, policy, initrd_fd, with);
}
