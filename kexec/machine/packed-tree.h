/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A captured machine that is still in its tarball: looked up in its entries (packed-entries.h).
 * Nothing of it is ever written to a file system, so no name and no link in it leads anywhere.
 */
#ifndef MACHINE_PACKED_TREE_H
#define MACHINE_PACKED_TREE_H

#include <stdbool.h>

struct packed_tree;

/* Does the file start as a tarball does, packed or not?  The offset of @fd stays. */
bool packed_tree_is(int fd);

/*
 * The content of regular file @path as a file in memory, for the caller to close.  Links are
 * followed within the tree, as in a root of its own.
 * -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG: as open(); -EINVAL: not a regular file; -ENOMEM.
 */
int packed_tree_open(const struct packed_tree *tree, const char *path)
	__attribute__((warn_unused_result));

/* Is @path a folder?  0 or an error as above. */
int packed_tree_is_folder(const struct packed_tree *tree, const char *path)
	__attribute__((warn_unused_result));

/* As tree_list(). */
int packed_tree_list(const struct packed_tree *tree, const char *path,
		     int (*visit)(const char *name, void *arg), void *arg)
	__attribute__((warn_unused_result));

#endif
