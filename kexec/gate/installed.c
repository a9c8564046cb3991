// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gate/installed.h"
#include "machine/describe.h"
#include "machine/snapshot/snapshot.h"
#include "machine/tree.h"

/* The words were read once before: they hold no error. */
int kho_gate_read_machine(const struct kho_policy *policy, struct machine *m, struct kho_err *why)
{
	char *errors;
	int ret;

	if (!policy->describe)
		return snapshot_or_tree(policy->machine, m, why);
	ret = describe_machine(policy->describe, m, &errors);
	free(errors);
	return ret ? kho_fail(why, -ret, "--kho-describe: %s", strerror(-ret)) : 0;
}

/* "%s" is the release. */
static const char *const images[] = {
	"boot/vmlinuz-%s", "lib/modules/%s/vmlinuz", "usr/lib/modules/%s/vmlinuz", "boot/Image-%s",
};

static const char *const initrds[] = {
	"boot/initrd.img-%s", "boot/initramfs-%s.img", "boot/initrd-%s",
};

/* The first of @n places that is there; negative: none. */
static int open_first(const struct machine_tree *tree, const char *const *places, size_t n,
		      const char *release)
{
	char path[256];
	int fd = -1;

	for (size_t i = 0; i < n && fd < 0; i++) {
		const char *at = strstr(places[i], "%s");

		snprintf(path, sizeof(path), "%.*s%s%s", (int)(at - places[i]), places[i], release,
			 at + 2);
		fd = tree_open(tree, path);
	}
	return fd;
}

bool kho_read_installed(const char *root, const struct machine *m, struct successor *s,
			struct kho_with *with)
{
	struct machine_tree tree;
	struct kho_err why;
	struct stat st;
	bool read = false;
	int fd;

	if (!m->release[0] || strchr(m->release, '/') || tree_init(&tree, root))
		return false;
	*with = (struct kho_with){ .given = m->cmdline, .cmdline = m->cmdline, .no_list = true };
	fd = open_first(&tree, images, sizeof(images) / sizeof(images[0]), m->release);
	if (fd >= 0) {
		read = !successor_read_fd(fd, s, &why);
		close(fd);
	}
	fd = read ? open_first(&tree, initrds, sizeof(initrds) / sizeof(initrds[0]), m->release) : -1;
	if (fd >= 0) {
		if (!fstat(fd, &st))
			with->initrd_bytes = (uint64_t)st.st_size;
		close(fd);
	}
	tree_deinit(&tree);
	return read;
}
