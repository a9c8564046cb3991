// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/packed-entries.h"

void packed_tree_destroy(struct packed_tree *tree)
{
	if (!tree)
		return;
	for (size_t i = 0; i < tree->n; i++) {
		free(tree->entry[i].name);
		free(tree->entry[i].data);
	}
	free(tree->entry);
	free(tree);
}

#ifdef HAVE_ARCHIVE

#include <archive.h>
#include <archive_entry.h>

#define BLOCK_BYTES	512		/* of a tarball */

struct packed_reading {
	struct archive *archive;
	struct packed_tree *tree;
	size_t nr;			/* of the entry, from 1 */
	uint64_t used_bytes;
	struct kho_err *err;
};

static int no_room_for_entry(struct packed_reading *r)
{
	return kho_fail(r->err, ENOMEM, "out of memory");
}

/* Count what is about to be kept. */
static int count_entry_bytes(struct packed_reading *r, uint64_t bytes)
{
	if (bytes > PACKED_LIMIT_BYTES - r->used_bytes)
		return kho_fail(r->err, EFBIG, "more than %llu MiB when it is unpacked",
				(unsigned long long)PACKED_LIMIT_BYTES >> 20);
	r->used_bytes += bytes;
	return 0;
}

/* A name as find_packed_entry() wants it, in place; -EBADMSG where it leads out. */
static int clean_entry_name(struct packed_reading *r, char *name)
{
	char *to = name;

	for (const char *at = name; *(at += strspn(at, "/")); ) {
		size_t bytes = strcspn(at, "/");

		if (bytes == 2 && !memcmp(at, "..", 2))
			return kho_fail(r->err, EBADMSG, "entry %zu leads out of it: \"..\" in its name",
					r->nr);
		if (bytes != 1 || *at != '.') {
			if (to != name)
				*to++ = '/';
			memmove(to, at, bytes);
			to += bytes;
		}
		at += bytes;
	}
	*to = '\0';
	return 0;
}

/* A copy of @name, of @bytes bytes, as the next entry. */
static int add_packed_entry(struct packed_reading *r, const char *name, size_t bytes,
	       struct packed_entry **ret_entry)
{
	struct packed_tree *tree = r->tree;
	int ret;

	if (tree->n == PACKED_ENTRIES_LIMIT)
		return kho_fail(r->err, EFBIG, "more than %u entries", PACKED_ENTRIES_LIMIT);
	ret = count_entry_bytes(r, sizeof(struct packed_entry) + bytes + 1);
	if (ret)
		return ret;
	if (tree->n == tree->cap) {
		size_t cap = tree->cap ? tree->cap * 2 : 256;
		struct packed_entry *entry = reallocarray(tree->entry, cap, sizeof(*entry));

		if (!entry)
			return no_room_for_entry(r);
		tree->entry = entry;
		tree->cap = cap;
	}
	*ret_entry = &tree->entry[tree->n];
	**ret_entry = (struct packed_entry){ .name = strndup(name, bytes), .kind = PACKED_FOLDER };
	if (!(*ret_entry)->name)
		return no_room_for_entry(r);
	tree->n++;
	return 0;
}

/* The folders that hold @name, which need no entry of their own.  Those of @before are there. */
static int add_entry_folders(struct packed_reading *r, const char *name, const char *before)
{
	int ret = 0;

	for (const char *at = strchr(name, '/'); at && !ret; at = strchr(at + 1, '/')) {
		size_t bytes = (size_t)(at - name);
		struct packed_entry *folder;

		if (!strncmp(name, before, bytes) && before[bytes] == '/')
			continue;
		ret = add_packed_entry(r, name, bytes, &folder);
	}
	return ret;
}

static int read_entry_data(struct packed_reading *r, struct archive_entry *header,
		     struct packed_entry *entry)
{
	int64_t size = archive_entry_size(header);

	entry->data = malloc((size_t)size + 1);
	if (!entry->data)
		return no_room_for_entry(r);
	while (entry->bytes < (size_t)size) {
		la_ssize_t n = archive_read_data(r->archive, entry->data + entry->bytes,
						 (size_t)size - entry->bytes);

		if (n <= 0)
			return kho_fail(r->err, EBADMSG, "damaged: %s", n < 0 &&
					archive_error_string(r->archive) ?
					archive_error_string(r->archive) : "an entry is cut short");
		entry->bytes += (size_t)n;
	}
	return 0;
}

static int read_entry_link(struct packed_reading *r, const char *target, struct packed_entry *entry)
{
	int ret = count_entry_bytes(r, strlen(target) + 1);

	if (ret)
		return ret;
	entry->kind = PACKED_LINK;
	entry->data = strdup(target);
	return entry->data ? 0 : no_room_for_entry(r);
}

/* It names its file from the root of the tarball on. */
static int read_entry_hard_link(struct packed_reading *r, const char *target,
				struct packed_entry *entry)
{
	char path[PATH_MAX] = "/";
	int ret;

	if (strlen(target) + 2 > sizeof(path))
		return kho_fail(r->err, EBADMSG, "entry %zu is a link to too long a name", r->nr);
	strcpy(path + 1, target);
	ret = clean_entry_name(r, path + 1);
	if (!ret)
		ret = read_entry_link(r, path, entry);
	entry->hard = true;
	return ret;
}

static int read_entry_content(struct packed_reading *r, struct archive_entry *header,
			struct packed_entry *entry)
{
	const char *symlink = archive_entry_symlink(header), *hard = archive_entry_hardlink(header);

	if (hard)
		return read_entry_hard_link(r, hard, entry);
	switch (archive_entry_filetype(header)) {
	case AE_IFDIR:
		return 0;
	case AE_IFLNK:
		return read_entry_link(r, symlink ? symlink : "", entry);
	case AE_IFREG:
		entry->kind = PACKED_FILE;
		return read_entry_data(r, header, entry);
	default:
		entry->kind = PACKED_OTHER;
		return 0;
	}
}

static int read_packed_entry(struct packed_reading *r, struct archive_entry *header,
			     char before[PATH_MAX])
{
	const char *given = archive_entry_pathname(header);
	struct packed_entry *entry;
	char name[PATH_MAX];
	/* Also where the content is skipped: that takes its time. */
	int ret = archive_entry_size(header) < 0 ?
		  kho_fail(r->err, EBADMSG, "entry %zu has no size", r->nr) :
		  count_entry_bytes(r, (uint64_t)archive_entry_size(header));

	/* A name in no character set of this process is none that is read. */
	if (ret || !given)
		return ret;
	if ((size_t)snprintf(name, sizeof(name), "%s", given) >= sizeof(name))
		return kho_fail(r->err, EBADMSG, "entry %zu has a name of %zu bytes", r->nr, strlen(given));
	ret = clean_entry_name(r, name);
	if (ret || !*name)
		return ret;
	ret = add_entry_folders(r, name, before);
	if (!ret)
		ret = add_packed_entry(r, name, strlen(name), &entry);
	if (ret)
		return ret;
	memcpy(before, name, sizeof(name));
	entry->nr = r->nr;
	return read_entry_content(r, header, entry);
}

static int read_packed_entries(struct packed_reading *r)
{
	char before[PATH_MAX] = "";
	struct archive_entry *header;
	int64_t at;

	for (r->nr = 1;; r->nr++) {
		int got, ret;

		at = archive_filter_bytes(r->archive, 0);
		got = archive_read_next_header(r->archive, &header);
		if (got == ARCHIVE_EOF)
			break;
		if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
			return kho_fail(r->err, EBADMSG, "damaged: %s", archive_error_string(r->archive) ?
					archive_error_string(r->archive) : "no header where one should be");
		if (r->nr > PACKED_ENTRIES_LIMIT)
			return kho_fail(r->err, EFBIG, "more than %u entries", PACKED_ENTRIES_LIMIT);
		ret = read_packed_entry(r, header, before);
		if (ret)
			return ret;
		/* The rest of its last block too, so that only what comes behind it counts below. */
		archive_read_data_skip(r->archive);
	}
	/* A tarball ends with an empty block.  What is absent in one cut short may have been there. */
	return archive_filter_bytes(r->archive, 0) - at < BLOCK_BYTES ?
	       kho_fail(r->err, EBADMSG, "cut short: a tarball has an end") : 0;
}

static int compare_packed_entries(const void *a, const void *b)
{
	const struct packed_entry *x = a, *y = b;
	int way = strcmp(x->path, y->path);

	return way ? way : (x->nr > y->nr) - (x->nr < y->nr);
}

/* By path; of several with one path the last counts, as if they were unpacked. */
static void sort_packed_entries(struct packed_tree *tree)
{
	size_t kept = 0;

	for (size_t i = 0; i < tree->n; i++)
		tree->entry[i].path = tree->entry[i].name;
	if (tree->n)
		qsort(tree->entry, tree->n, sizeof(*tree->entry), compare_packed_entries);
	for (size_t i = 0; i < tree->n; i++) {
		if (kept && !strcmp(tree->entry[kept - 1].path, tree->entry[i].path)) {
			kept--;
			free(tree->entry[kept].name);
			free(tree->entry[kept].data);
		}
		tree->entry[kept++] = tree->entry[i];
	}
	tree->n = kept;
}

/* A folder around all the rest, which is no part of the machine. */
static void leave_out_top_folder(struct packed_tree *tree)
{
	while (tree->n > 1 && tree->entry[0].kind == PACKED_FOLDER) {
		const char *top = tree->entry[0].path;
		size_t bytes = strlen(top);

		if (!strcmp(top, "proc") || !strcmp(top, "sys"))
			return;
		for (size_t i = 1; i < tree->n; i++)
			if (strncmp(tree->entry[i].path, top, bytes) || tree->entry[i].path[bytes] != '/')
				return;
		for (size_t i = 1; i < tree->n; i++) {
			tree->entry[i].path += bytes + 1;
			if (tree->entry[i].hard)
				memmove(tree->entry[i].data, tree->entry[i].data + bytes + 1,
					strlen(tree->entry[i].data + bytes + 1) + 1);
		}
		free(tree->entry[0].name);
		memmove(tree->entry, tree->entry + 1, --tree->n * sizeof(*tree->entry));
	}
}

/* What libarchive would leave to another program is not read. */
static bool filter_is_built_in(int (*support)(struct archive *))
{
	struct archive *probe = archive_read_new();
	bool built_in = probe && support(probe) == ARCHIVE_OK;

	archive_read_free(probe);
	return built_in;
}

static int open_tarball(struct packed_reading *r, int fd)
{
	static int (*const filters[])(struct archive *) = {
		archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
		archive_read_support_filter_xz, archive_read_support_filter_zstd,
		archive_read_support_filter_lz4,
	};

	if (lseek(fd, 0, SEEK_SET))
		return kho_fail(r->err, errno, "%s", strerror(errno));
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (filter_is_built_in(filters[i]))
			filters[i](r->archive);
	if (archive_read_support_format_tar(r->archive) != ARCHIVE_OK ||
	    archive_read_open_fd(r->archive, fd, 1 << 16) != ARCHIVE_OK)
		return kho_fail(r->err, EBADMSG, "%s", archive_error_string(r->archive) ?
				archive_error_string(r->archive) : "not a tarball");
	return 0;
}

int packed_tree_read(int fd, struct packed_tree **ret_tree, struct kho_err *err)
{
	struct packed_reading r = {
		.archive = archive_read_new(), .tree = calloc(1, sizeof(*r.tree)), .err = err,
	};
	int ret = r.archive && r.tree ? open_tarball(&r, fd) : no_room_for_entry(&r);

	if (!ret)
		ret = read_packed_entries(&r);
	archive_read_free(r.archive);
	if (ret) {
		packed_tree_destroy(r.tree);
		return ret;
	}
	sort_packed_entries(r.tree);
	leave_out_top_folder(r.tree);
	*ret_tree = r.tree;
	return 0;
}

#else

int packed_tree_read(int fd, struct packed_tree **ret_tree, struct kho_err *err)
{
	return kho_fail(err, ENOTSUP, "this kexec is built without libarchive, which reads tarballs; "
			"unpack it, and give the folder");
}

#endif
