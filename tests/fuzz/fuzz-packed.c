// SPDX-License-Identifier: GPL-2.0-only
/*
 * A captured machine in its tarball: its entries, each looked up again by its path, then the
 * machine that is read from them.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz-file.h"
#include "fuzz-successor.h"
#include "fuzz.h"
#include "machine/packed-entries.h"
#include "machine/packed-tree.h"
#include "machine/read-machine.h"

#define MAX_FILES 64

/* What packed-entries.h promises: "a/b/c", and nothing that leads out. */
static void check_path(const char *path)
{
	for (const char *at = path;;) {
		size_t bytes = strcspn(at, "/");

		if (!bytes || (bytes == 1 && at[0] == '.') || (bytes == 2 && !memcmp(at, "..", 2)))
			abort();
		if (!at[bytes])
			return;
		at += bytes + 1;
	}
}

static int count_name(const char *name, void *arg)
{
	if (strchr(name, '/'))
		abort();
	++*(size_t *)arg;
	return 0;
}

static const struct packed_entry *entry_at(const struct packed_tree *tree, const char *path,
					   size_t bytes)
{
	for (size_t i = 0; i < tree->n; i++)
		if (!strncmp(tree->entry[i].path, path, bytes) && !tree->entry[i].path[bytes])
			return &tree->entry[i];
	return NULL;
}

/* A file can be read where all that it stands in are folders; a link there may lead elsewhere. */
static bool is_reachable(const struct packed_tree *tree, const char *path)
{
	for (const char *at = strchr(path, '/'); at; at = strchr(at + 1, '/')) {
		const struct packed_entry *folder = entry_at(tree, path, (size_t)(at - path));

		if (!folder)
			abort();
		if (folder->kind != PACKED_FOLDER)
			return false;
	}
	return true;
}

static void check_file(const struct packed_tree *tree, const struct packed_entry *entry)
{
	int fd = packed_tree_open(tree, entry->path);
	struct stat st;

	if (is_reachable(tree, entry->path) &&
	    (fd < 0 || fstat(fd, &st) || (size_t)st.st_size != entry->bytes))
		abort();
	if (fd >= 0)
		close(fd);
}

static void check_tree(const struct packed_tree *tree)
{
	size_t top = 0, shown = 0, files = 0;

	for (size_t i = 0; i < tree->n; i++) {
		const struct packed_entry *entry = &tree->entry[i];

		check_path(entry->path);
		if (i && strcmp(tree->entry[i - 1].path, entry->path) >= 0)
			abort();
		top += !strchr(entry->path, '/');
		if (entry->kind == PACKED_FILE && files++ < MAX_FILES)
			check_file(tree, entry);
	}
	if (packed_tree_list(tree, "", count_name, &shown) || shown != top)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packed_tree *tree = NULL;
	struct kho_err err = { "" };
	char path[FUZZ_PATH_BYTES];
	int fd = fuzz_file(data, size, path), ret = packed_tree_read(fd, &tree, &err);
	struct machine m;

	if (ret == -ENOMEM || (ret && !err.text[0]))
		abort();
	fuzz_check_line(err.text);
	if (!ret) {
		check_tree(tree);
		packed_tree_destroy(tree);
	}
	if (packed_tree_is(fd) && !machine_read(path, &m, &err)) {
		fuzz_check_ram(&m);
		fuzz_check_findings(&m.gaps);
		machine_deinit(&m);
	}
	close(fd);
	return 0;
}
