// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/append.h"

#define PATIENCE_MS	10000
#define RETRY_MS	50

int kho_append_fd(const char *where)
{
	char *end;
	unsigned long fd;

	if (!strcmp(where, "-"))
		return STDOUT_FILENO;
	if (strncmp(where, "fd:", 3) || !isdigit((unsigned char)where[3]))
		return -1;
	fd = strtoul(where + 3, &end, 10);
	return *end || fd > INT_MAX ? -1 : (int)fd;
}

static int lock(int fd)
{
	const struct timespec wait = { .tv_nsec = RETRY_MS * 1000000L };

	for (int tries = PATIENCE_MS / RETRY_MS; flock(fd, LOCK_EX | LOCK_NB); tries--) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || !tries)
			return -errno;
		nanosleep(&wait, NULL);
	}
	return 0;
}

/* One write(), so that a reader never sees the beginning of a record alone. */
static int write_record(int fd, const char *record, size_t bytes)
{
	while (bytes) {
		ssize_t n = write(fd, record, bytes);
		struct pollfd wait = { .fd = fd, .events = POLLOUT };

		if (n < 0 && errno == EAGAIN && poll(&wait, 1, PATIENCE_MS) > 0)
			continue;
		if (n < 0 && errno != EINTR)
			return -errno;
		record += n < 0 ? 0 : n;
		bytes -= n < 0 ? 0 : (size_t)n;
	}
	return 0;
}

static int append_to_file(int fd, const char *record, size_t bytes)
{
	off_t before;
	int ret = lock(fd);

	if (ret)
		return ret;
	before = lseek(fd, 0, SEEK_END);
	ret = write_record(fd, record, bytes);
	if (!ret && fsync(fd))
		ret = -errno;
	/* What stays behind where even this fails is one line that is no JSON. */
	if (ret && before >= 0 && ftruncate(fd, before))
		(void)write_record(fd, "\n", 1);
	flock(fd, LOCK_UN);
	return ret;
}

/* A reader that went away is an error of the write, not the end of this program. */
static int write_without_sigpipe(int fd, const char *record, size_t bytes)
{
	const struct timespec now = { 0 };
	sigset_t pipe, before, pending;
	bool was_pending;
	int ret;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	sigpending(&pending);
	was_pending = sigismember(&pending, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, &before);
	ret = write_record(fd, record, bytes);
	if (ret == -EPIPE && !was_pending)
		sigtimedwait(&pipe, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ret;
}

int kho_append(const char *where, const char *record, size_t bytes)
{
	int given = kho_append_fd(where), fd = given, ret;
	struct stat st;

	if (given < 0)
		fd = open(where, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
			  0600);
	if (fd < 0 || fstat(fd, &st))
		ret = -errno;
	else if (S_ISREG(st.st_mode))
		ret = append_to_file(fd, record, bytes);
	else
		ret = write_without_sigpipe(fd, record, bytes);
	if (given < 0 && fd >= 0 && close(fd) && !ret)
		ret = -errno;
	return ret;
}
