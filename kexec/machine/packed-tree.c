// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/output.h"
#include "base/unpack/unpack.h"
#include "machine/packed-entries.h"
#include "machine/packed-tree.h"

#define LINKS_LIMIT	40	/* as the kernel's MAXSYMLINKS */

#define USTAR_AT	257	/* in a header of tar */

#define LZ4_FRAME	"\x04\x22\x4d\x18"	/* not among the formats of a kernel's payload */

bool packed_tree_is(int fd)
{
	char head[512] = { 0 };
	ssize_t n = pread(fd, head, sizeof(head), 0);

	return n > 0 && (unpack_by_magic((struct kho_bytes){ (uint8_t *)head, (size_t)n }) ||
			 !memcmp(head, LZ4_FRAME, 4) ||
			 !memcmp(head + USTAR_AT, "ustar", 5));
}

static int compare_packed_path(const void *key, const void *entry)
{
	return strcmp(key, ((const struct packed_entry *)entry)->path);
}

/* The entry of a path without "." and ".."; the root has none. */
static const struct packed_entry *find_packed_entry(const struct packed_tree *tree,
						    const char *path)
{
	return bsearch(path, tree->entry, tree->n, sizeof(*tree->entry), compare_packed_path);
}

static void drop_last_part(char *path)
{
	char *slash = strrchr(path, '/');

	*(slash ? slash : path) = '\0';
}

static int add_path_part(char at[PATH_MAX], const char *part, size_t bytes)
{
	size_t used = strlen(at);

	if (used + bytes + 2 > PATH_MAX)
		return -ENAMETOOLONG;
	if (used)
		at[used++] = '/';
	memcpy(at + used, part, bytes);
	at[used + bytes] = '\0';
	return 0;
}

/* Its target takes the place of the link in @at, before @rest of the path, which is replaced. */
static int follow_packed_link(const struct packed_entry *link, char at[PATH_MAX],
			      char rest[PATH_MAX])
{
	char whole[PATH_MAX];

	if ((size_t)snprintf(whole, sizeof(whole), "%s/%s", link->data, rest) >= sizeof(whole))
		return -ENAMETOOLONG;
	memcpy(rest, whole, sizeof(whole));
	if (whole[0] == '/')
		at[0] = '\0';
	else
		drop_last_part(at);
	return 0;
}

/*
 * The entry at @path, *@ret_entry NULL for the root.  @at gets its path.  As RESOLVE_IN_ROOT of
 * openat2(): ".." and absolute links end at the root.
 */
static int resolve_packed_path(const struct packed_tree *tree, const char *path, char at[PATH_MAX],
		   const struct packed_entry **ret_entry)
{
	const struct packed_entry *entry = NULL;
	char rest[PATH_MAX];
	int links = 0, ret;

	if ((size_t)snprintf(rest, sizeof(rest), "%s", path) >= sizeof(rest))
		return -ENAMETOOLONG;
	at[0] = '\0';
	for (char *part = rest; *(part += strspn(part, "/")); ) {
		size_t bytes = strcspn(part, "/");

		if (entry && entry->kind != PACKED_FOLDER)
			return -ENOTDIR;
		if (bytes == 2 && !memcmp(part, "..", 2))
			drop_last_part(at);
		else if (bytes != 1 || *part != '.')
			if ((ret = add_path_part(at, part, bytes)))
				return ret;
		entry = *at ? find_packed_entry(tree, at) : NULL;
		if (*at && !entry)
			return -ENOENT;
		part += bytes;
		if (!entry || entry->kind != PACKED_LINK)
			continue;
		if (++links > LINKS_LIMIT)
			return -ELOOP;
		memmove(rest, part, strlen(part) + 1);
		ret = follow_packed_link(entry, at, rest);
		if (ret)
			return ret;
		entry = NULL;
		part = rest;
	}
	*ret_entry = entry;
	return 0;
}

static int entry_in_memory(const struct packed_entry *entry)
{
	int fd = memfd_create("kexec-kho", MFD_CLOEXEC);

	if (fd < 0)
		return -ENOMEM;
	if (!kho_output_write_fd(fd, entry->data, entry->bytes) && !lseek(fd, 0, SEEK_SET))
		return fd;
	close(fd);
	return -ENOMEM;
}

int packed_tree_open(const struct packed_tree *tree, const char *path)
{
	const struct packed_entry *entry;
	char at[PATH_MAX];
	int ret = resolve_packed_path(tree, path, at, &entry);

	if (ret)
		return ret;
	return entry && entry->kind == PACKED_FILE ? entry_in_memory(entry) : -EINVAL;
}

int packed_tree_is_folder(const struct packed_tree *tree, const char *path)
{
	const struct packed_entry *entry;
	char at[PATH_MAX];
	int ret = resolve_packed_path(tree, path, at, &entry);

	return ret ? ret : !entry || entry->kind == PACKED_FOLDER ? 0 : -ENOTDIR;
}

int packed_tree_list(const struct packed_tree *tree, const char *path,
		     int (*visit)(const char *name, void *arg), void *arg)
{
	const struct packed_entry *entry;
	char at[PATH_MAX];
	int ret = resolve_packed_path(tree, path, at, &entry);
	size_t bytes;

	if (ret)
		return ret;
	if (entry && entry->kind != PACKED_FOLDER)
		return -ENOTDIR;
	bytes = strlen(at);
	/* What is below a folder stands together behind it, but not next to it: "a", "a.b", "a/c". */
	for (size_t i = entry ? (size_t)(entry - tree->entry) + 1 : 0; i < tree->n && !ret; i++) {
		const char *name = tree->entry[i].path;

		if (bytes && strncmp(name, at, bytes))
			break;
		if (bytes && name[bytes] != '/')
			continue;
		name += bytes ? bytes + 1 : 0;
		if (!strchr(name, '/'))
			ret = visit(name, arg);
	}
	return ret;
}
