// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output.h"
#include "cli/spool.h"
#include "machine/packed-entries.h"
#include "machine/snapshot/snapshot.h"

bool kho_reads_once(const char *path)
{
	struct stat st;

	return !strcmp(path, "-") ||
	       (!stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
}

static int copy_until_end(int from, int to)
{
	uint64_t bytes = 0;
	char buf[1 << 16];

	for (;;) {
		ssize_t n = read(from, buf, sizeof(buf));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : 0;
		bytes += (uint64_t)n;
		if (bytes > PACKED_LIMIT_BYTES)
			return -EFBIG;
		if (kho_output_write_fd(to, buf, (size_t)n))
			return -ENOMEM;
	}
}

/* Whoever gave "-" knows of no other name: what is wrong is said of @name. */
static int look_through_spooled(const char *kept, const char *name, struct kho_err *err)
{
	size_t bytes = strlen(kept);
	struct machine m;
	int ret = snapshot_or_tree(kept, &m, err);

	if (!ret)
		machine_deinit(&m);
	else if (!strncmp(err->text, kept, bytes)) {
		struct kho_err why = *err;

		kho_fail(err, -ret, "%s%s", name, why.text + bytes);
	}
	return ret;
}

int kho_spool(const char *path, char **ret_kept, struct kho_err *err)
{
	bool is_stdin = !strcmp(path, "-");
	const char *name = is_stdin ? "stdin" : path;
	int from = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int to = memfd_create("machine", MFD_CLOEXEC), ret;
	char *kept = NULL;

	ret = from < 0 ? -errno : to < 0 ? -ENOMEM : copy_until_end(from, to);
	if (!is_stdin && from >= 0)
		close(from);
	if (!ret && asprintf(&kept, "/proc/self/fd/%d", to) < 0)
		ret = -ENOMEM;
	ret = ret ? kho_fail(err, -ret, "%s: %s", name, strerror(-ret)) :
		    look_through_spooled(kept, name, err);
	if (!ret) {
		*ret_kept = kept;
		return 0;
	}
	free(kept);
	if (to >= 0)
		close(to);
	return ret;
}
