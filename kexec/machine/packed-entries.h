/* SPDX-License-Identifier: GPL-2.0-only */
/* The entries of a tarball, in memory: libarchive reads them. */
#ifndef MACHINE_PACKED_ENTRIES_H
#define MACHINE_PACKED_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A machine of 1,000 memory blocks has 4,000 entries with less than 1 MiB. */
#define PACKED_ENTRIES_LIMIT	(1u << 20)
#ifndef PACKED_LIMIT_BYTES		/* the fuzz targets are built with less */
#define PACKED_LIMIT_BYTES	(UINT64_C(256) << 20)	/* names and bookkeeping included */
#endif

enum packed_kind {
	PACKED_FOLDER,
	PACKED_FILE,
	PACKED_LINK,		/* symbolic or hard: one of a file is followed like the other */
	PACKED_OTHER,		/* a device, a FIFO */
};

struct packed_entry {
	const char *path;	/* in name: without "./", '/' at an end, and the folder around all */
	enum packed_kind kind;
	bool hard;		/* the link is a hard one */
	char *name;
	size_t nr;		/* in the order of the tarball, from 1; 0: a folder without an entry */
	char *data;		/* of a file; of a link its target, NUL-terminated */
	size_t bytes;		/* of a file */
};

/* By path, each once. */
struct packed_tree {
	struct packed_entry *entry;
	size_t n;
	size_t cap;
};

/*
 * Read the tarball behind @fd, from its start.  A folder that holds all the rest is left out of the
 * names: "tar -cf machine.tar DIR" is as good as "tar -cf machine.tar -C DIR .".
 * -EBADMSG: damaged, cut short, or a name that leads out of it; -EFBIG: over a limit above;
 * -ENOTSUP: this build lacks libarchive; -ENOMEM.  @err says which.
 */
int packed_tree_read(int fd, struct packed_tree **ret_tree, struct kho_err *err)
	__attribute__((warn_unused_result));

void packed_tree_destroy(struct packed_tree *tree);

#endif
