// SPDX-License-Identifier: GPL-2.0-only
/*
 * A service with a memfd in systemd's file descriptor store: made at its first start, found there at
 * every later one.  The first line of the file is the boot in which it was made, the rest a pattern.
 *
 * The protocols are those of sd_listen_fds_with_names(3) and sd_pid_notify_with_fds(3).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define STORE_NAME "guest-memory"
#define FIRST_FD 3
#define HEAD_BYTES 64
#define FILE_BYTES (4u << 20)

struct memory {
	char boot[HEAD_BYTES];
	uint64_t words[(FILE_BYTES - HEAD_BYTES) / 8];
};

static uint64_t word(size_t i)
{
	return (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct memory *map(int fd)
{
	struct memory *memory = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static int read_boot_id(char id[static HEAD_BYTES])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, id, HEAD_BYTES - 1);

	close(fd);
	if (length < 0)
		return -1;
	id[strcspn(id, "\n")] = '\0';
	return 0;
}

static int notify(const char *state, int fd)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char control[CMSG_SPACE(sizeof(fd))] = "";
	struct iovec text = { .iov_base = (void *)state, .iov_len = strlen(state) };
	struct msghdr message = { .msg_name = &address, .msg_iov = &text, .msg_iovlen = 1 };
	int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (!path || strlen(path) >= sizeof(address.sun_path) || sock < 0)
		return -1;
	strcpy(address.sun_path, path);
	message.msg_namelen = offsetof(struct sockaddr_un, sun_path) + strlen(path);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	if (fd >= 0) {
		struct cmsghdr *head;

		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	}
	return sendmsg(sock, &message, MSG_NOSIGNAL) < 0 ? -1 : close(sock);
}

/* The place of our name in LISTEN_FDNAMES is that of the descriptor. */
static int find_stored(void)
{
	char *names = getenv("LISTEN_FDNAMES");
	int fd = FIRST_FD;

	for (char *name = names ? strtok(names, ":") : NULL; name; name = strtok(NULL, ":"), fd++)
		if (!strcmp(name, STORE_NAME))
			return fd;
	return -1;
}

static int make(const char *boot)
{
	int fd = memfd_create(STORE_NAME, MFD_CLOEXEC);
	struct memory *memory = fd < 0 || ftruncate(fd, FILE_BYTES) ? NULL : map(fd);

	if (!memory)
		return -1;
	memcpy(memory->boot, boot, HEAD_BYTES);
	for (size_t i = 0; i < sizeof(memory->words) / 8; i++)
		memory->words[i] = word(i);
	munmap(memory, FILE_BYTES);
	return notify("FDSTORE=1\nFDNAME=" STORE_NAME, fd);
}

static int tell(int fd, const char *boot)
{
	struct stat status;
	const struct memory *memory;

	if (fstat(fd, &status) || status.st_size != FILE_BYTES)
		return -1;
	memory = map(fd);
	if (!memory || !memchr(memory->boot, '\0', HEAD_BYTES))
		return -1;
	for (size_t i = 0; i < sizeof(memory->words) / 8; i++)
		if (memory->words[i] != word(i))
			return -1;
	printf("found the memory of %s boot %s, %u bytes\n",
	       strcmp(memory->boot, boot) ? "the earlier" : "this", memory->boot, FILE_BYTES);
	return 0;
}

int main(void)
{
	char boot[HEAD_BYTES] = "";
	int stored = find_stored();

	setlinebuf(stdout);
	if (read_boot_id(boot))
		return EXIT_FAILURE;
	if (stored >= 0 && tell(stored, boot))
		puts("the memory in the store is not what was kept");
	if (stored < 0 && make(boot))
		puts("cannot keep memory in the store");
	else if (stored < 0)
		printf("new memory, of boot %s\n", boot);
	notify("READY=1", -1);
	for (;;)
		pause();
}
