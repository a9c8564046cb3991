// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gate/remote.h"

/* From Linux 6.9. */
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

/* Processes between a loader and its child that loads; a shell script has one. */
#define MAX_LINE 64

/* A number behind "Key:" in /proc/TID/status; -1 when there is none. */
static pid_t status_field(pid_t tid, const char *key)
{
	char path[64], line[256];
	pid_t value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	f = fopen(path, "re");
	if (!f)
		return -1;
	while (value < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			sscanf(line + strlen(key), " %d", &value);
	fclose(f);
	return value;
}

/* A pidfd whose descriptors are those of @tid and of no other thread. */
static int open_task(pid_t tid)
{
	int fd = (int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);

	/* Before Linux 6.9, only the leader of a thread group. */
	if (fd < 0 && errno == EINVAL && status_field(tid, "Tgid:") == tid)
		fd = (int)syscall(SYS_pidfd_open, tid, 0);
	return fd < 0 ? -errno : fd;
}

/*
 * For another thread: its descriptors need not be its leader's (unshare(CLONE_FILES)).
 * To open a regular file once more gives the same file, deleted or not; with a pipe, a
 * socket or a device it would not be the same, or not go without effect.
 */
static int reopen(pid_t tid, int fd)
{
	char path[64];
	struct stat st;
	int copy;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", tid, fd);
	if (stat(path, &st))
		return errno == ENOENT ? -EBADF : -errno;
	if (!S_ISREG(st.st_mode))
		return -EOPNOTSUPP;
	copy = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return copy < 0 ? -errno : copy;
}

int remote_fd(pid_t tid, int fd)
{
	int task = open_task(tid);
	int copy;

	if (task == -EINVAL)
		return reopen(tid, fd);
	if (task < 0)
		return task;
	copy = (int)syscall(SYS_pidfd_getfd, task, fd, 0);
	if (copy < 0)
		copy = -errno;
	close(task);
	return copy;
}

/*
 * Through /proc: process_vm_readv() is not in a kernel without
 * CONFIG_CROSS_MEMORY_ATTACH.
 */
static ssize_t read_traced_memory(pid_t tid, uint64_t address, char *buf, size_t bytes)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	got = pread(fd, buf, bytes, (off_t)address);
	/* An address that is not mapped. */
	if (got < 0)
		got = errno == EIO ? -EFAULT : -errno;
	close(fd);
	return got;
}

int remote_text(pid_t tid, uint64_t address, uint64_t bytes, uint64_t limit_bytes,
		char **ret_text)
{
	ssize_t got = 0;
	char *copy;

	if (bytes > limit_bytes)
		return -E2BIG;
	copy = malloc(bytes + 1);
	if (!copy)
		return -ENOMEM;
	if (bytes)
		got = read_traced_memory(tid, address, copy, bytes);
	if (got != (ssize_t)bytes) {
		free(copy);
		return got < 0 ? (int)got : -EFAULT;
	}
	copy[bytes] = '\0';
	*ret_text = copy;
	return 0;
}

void remote_kill_line(pid_t top, pid_t tid)
{
	pid_t line[MAX_LINE], pid = status_field(tid, "Tgid:");
	int n = 0;

	while (n < MAX_LINE && pid > 1 && pid != top) {
		line[n++] = pid;
		pid = status_field(pid, "PPid:");
	}
	/* It has been given another parent, whose line is none of ours. */
	if (pid != top && n)
		n = 1;
	kill(top, SIGKILL);
	while (n)
		kill(line[--n], SIGKILL);
}
