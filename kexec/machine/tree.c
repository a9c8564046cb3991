// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/number.h"
#include "machine/packed-entries.h"
#include "machine/packed-tree.h"
#include "machine/tree.h"

bool tree_is_packed(const char *root)
{
	int fd = open(root, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	bool packed;

	if (fd < 0)
		return false;
	packed = !fstat(fd, &st) && S_ISREG(st.st_mode) && packed_tree_is(fd);
	close(fd);
	return packed;
}

static int init_packed_tree(struct machine_tree *tree, const char *root, struct kho_err *err)
{
	int fd = open(root, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int ret;

	if (fd < 0)
		return kho_fail(err, errno, "%s: %s", root, strerror(errno));
	ret = packed_tree_read(fd, &tree->packed, err);
	kho_err_prefix(err, "%s: ", root);
	close(fd);
	return ret;
}

int tree_init_why(struct machine_tree *tree, const char *root, struct kho_err *err)
{
	*tree = (struct machine_tree){ .root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC) };
	if (tree->root_fd >= 0)
		return 0;
	if (errno == ENOTDIR && tree_is_packed(root))
		return init_packed_tree(tree, root, err);
	return kho_fail(err, errno, "%s: %s; give a folder that holds proc/ and sys/", root,
			strerror(errno));
}

int tree_init(struct machine_tree *tree, const char *root)
{
	return tree_init_why(tree, root, NULL);
}

/*
 * Below the root whatever links say.  O_NONBLOCK: a copied tree may hold a FIFO.
 * The fallback is for kernels before 5.6 and for seccomp profiles of containers;
 * there, the last component at least is not followed.
 */
static int open_below(const struct machine_tree *tree, const char *path, int flags)
{
	struct open_how how = {
		.flags = flags | O_RDONLY | O_NONBLOCK | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd;

	if (tree->packed)
		return packed_tree_open(tree->packed, path);
	fd = syscall(SYS_openat2, tree->root_fd, path, &how, sizeof(how));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(tree->root_fd, path, how.flags | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

static int read_tree_file(int fd, char **text, size_t *bytes)
{
	size_t cap = 4096, n = 0;
	char *buf = malloc(cap);

	while (buf) {
		ssize_t got = read(fd, buf + n, cap - n - 1);
		char *more;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || n + (size_t)got > TREE_FILE_LIMIT_BYTES) {
			int ret = got < 0 ? -errno : -EFBIG;

			free(buf);
			return ret;
		}
		n += got;
		if (!got) {
			buf[n] = '\0';
			*text = buf;
			if (bytes)
				*bytes = n;
			return 0;
		}
		if (cap - n > 1)
			continue;
		more = realloc(buf, cap *= 2);
		if (!more)
			free(buf);
		buf = more;
	}
	return -ENOMEM;
}

static int open_file(const struct machine_tree *tree, const char *path, dev_t device)
{
	int fd = open_below(tree, path, 0);
	struct stat st;
	int ret = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st))
		ret = -errno;
	else if (!S_ISREG(st.st_mode) &&
		 !(device && S_ISCHR(st.st_mode) && st.st_rdev == device))
		ret = -EINVAL;
	if (ret)
		close(fd);
	return ret ? ret : fd;
}

int tree_open(const struct machine_tree *tree, const char *path)
{
	return open_file(tree, path, 0);
}

int tree_open_log(const struct machine_tree *tree, const char *path)
{
	/* drivers/char/mem.c, devlist[] */
	return open_file(tree, path, makedev(1, 11));
}

int tree_open_memory(const struct machine_tree *tree, const char *path)
{
	return open_file(tree, path, makedev(1, 1));
}

int tree_read(const struct machine_tree *tree, const char *path, char **text, size_t *bytes)
{
	int fd = tree_open(tree, path);
	int ret;

	if (fd < 0)
		return fd;
	ret = read_tree_file(fd, text, bytes);
	close(fd);
	return ret;
}

int tree_read_u64(const struct machine_tree *tree, const char *path, int base, uint64_t *value)
{
	char *text;
	const char *at;
	int ret = tree_read(tree, path, &text, NULL);

	if (ret)
		return ret;
	at = text;
	ret = number_parse(&at, base, value);
	if (!ret && at[strspn(at, " \n")])
		ret = -EBADMSG;
	free(text);
	return ret;
}

int tree_list(const struct machine_tree *tree, const char *path,
	      int (*visit)(const char *name, void *arg), void *arg)
{
	const struct dirent *entry;
	int fd, ret = 0;
	DIR *dir;

	if (tree->packed)
		return packed_tree_list(tree->packed, path, visit, arg);
	fd = open_below(tree, path, O_DIRECTORY);
	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		ret = -errno;
		close(fd);
		return ret;
	}
	for (errno = 0; !ret && (entry = readdir(dir)); errno = 0)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			ret = visit(entry->d_name, arg);
	if (!ret && errno)
		ret = -errno;
	closedir(dir);
	return ret;
}

bool tree_has_folder(const struct machine_tree *tree, const char *path)
{
	int fd;

	if (tree->packed)
		return !packed_tree_is_folder(tree->packed, path);
	fd = open_below(tree, path, O_DIRECTORY);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

void tree_deinit(struct machine_tree *tree)
{
	packed_tree_destroy(tree->packed);
	if (tree->root_fd >= 0)
		close(tree->root_fd);
}
