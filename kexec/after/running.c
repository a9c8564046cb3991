// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <unistd.h>

#include "after/running.h"
#include "machine/tree.h"

bool kho_read_running(const char *root, struct successor *running)
{
	struct machine_tree tree;
	struct kho_err why;
	bool known;
	int fd;

	if (tree_init(&tree, root))
		return false;
	fd = tree_open(&tree, "proc/kcore");
	tree_deinit(&tree);
	if (fd < 0)
		return false;
	successor_init(running);
	known = !successor_read_vmcoreinfo_fd(fd, running, &why);
	if (!known)
		successor_deinit(running);
	close(fd);
	return known;
}
