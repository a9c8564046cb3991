// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kho-remote.h"

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

/* pidfd_open() takes the leader of a thread group only (before Linux 6.9). */
static int open_process(pid_t tid)
{
	int fd = syscall(SYS_pidfd_open, tid, 0);

	if (fd < 0 && (errno == EINVAL || errno == ENOENT)) {
		pid_t leader = status_field(tid, "Tgid:");

		fd = leader > 0 ? syscall(SYS_pidfd_open, leader, 0) : -1;
	}
	return fd < 0 ? -errno : fd;
}

int remote_fd(pid_t tid, int fd)
{
	int process = open_process(tid);
	int copy;

	if (process < 0)
		return process;
	copy = syscall(SYS_pidfd_getfd, process, fd, 0);
	if (copy < 0)
		copy = -errno;
	close(process);
	return copy;
}

/*
 * Through /proc: process_vm_readv() is not in a kernel without
 * CONFIG_CROSS_MEMORY_ATTACH.
 */
static ssize_t read_memory(pid_t tid, uint64_t address, char *buf, size_t bytes)
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

int remote_text(pid_t tid, uint64_t address, uint64_t bytes, uint64_t limit_bytes, char **text)
{
	ssize_t got = 0;
	char *copy;

	if (bytes > limit_bytes)
		return -E2BIG;
	copy = malloc(bytes + 1);
	if (!copy)
		return -ENOMEM;
	if (bytes)
		got = read_memory(tid, address, copy, bytes);
	if (got != (ssize_t)bytes) {
		free(copy);
		return got < 0 ? (int)got : -EFAULT;
	}
	copy[bytes] = '\0';
	*text = copy;
	return 0;
}

void remote_kill_line(pid_t top, pid_t tid)
{
	pid_t line[MAX_LINE];
	int n = 0;

	while (n < MAX_LINE && tid > 1 && tid != top) {
		line[n++] = tid;
		tid = status_field(tid, "PPid:");
	}
	kill(top, SIGKILL);
	while (n)
		kill(line[--n], SIGKILL);
}
