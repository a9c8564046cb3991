/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one way in which files of a machine are read: below a root that may be a
 * copied tree, or one that is still in its tarball (packed-tree.h); never out of it, and
 * never more than a limit.
 */
#ifndef MACHINE_TREE_H
#define MACHINE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* /proc/iomem of a machine with thousands of ranges stays far below this. */
#define TREE_FILE_LIMIT_BYTES (16u << 20)

struct packed_tree;

struct machine_tree {
	int root_fd;			/* negative: it is packed */
	struct packed_tree *packed;
};

/* Is @root a regular file that starts as a tarball does? */
bool tree_is_packed(const char *root);

/* 0, or a negative errno of open() or of packed_tree_read(). */
int tree_init(struct machine_tree *tree, const char *root) __attribute__((warn_unused_result));

/* The same, and why not. */
int tree_init_why(struct machine_tree *tree, const char *root, struct kho_err *err)
	__attribute__((warn_unused_result));

bool tree_has_folder(const struct machine_tree *tree, const char *path);

/*
 * A regular file to read parts of: /proc/kcore is larger than any limit.  A
 * descriptor for the caller to close; errors as tree_read().
 */
int tree_open(const struct machine_tree *tree, const char *path)
	__attribute__((warn_unused_result));

/* The same for the kernel's log, which is a device, or a copy of it; reads don't block. */
int tree_open_log(const struct machine_tree *tree, const char *path)
	__attribute__((warn_unused_result));

/* The same for physical memory: /dev/mem, or a file of its shape in a copy. */
int tree_open_memory(const struct machine_tree *tree, const char *path)
	__attribute__((warn_unused_result));

/*
 * The whole of a regular file, NUL-terminated beyond its @bytes (NULL: not
 * wanted).  The caller frees *@text.
 * -ENOENT: absent; -EACCES, -EPERM: hidden; -EINVAL: not a regular file;
 * -EFBIG: over the limit; other errors of open() and read(); -ENOMEM.
 */
int tree_read(const struct machine_tree *tree, const char *path, char **text, size_t *bytes)
	__attribute__((warn_unused_result));

/* One unsigned number, alone in its file.  As tree_read(), and -EBADMSG: not a number. */
int tree_read_u64(const struct machine_tree *tree, const char *path, int base, uint64_t *value)
	__attribute__((warn_unused_result));

/*
 * Call @visit with the name of each entry of a folder, until it returns other
 * than 0; that is returned.  As tree_read() otherwise.
 */
int tree_list(const struct machine_tree *tree, const char *path,
	      int (*visit)(const char *name, void *arg), void *arg)
	__attribute__((warn_unused_result));

void tree_deinit(struct machine_tree *tree);

#endif
