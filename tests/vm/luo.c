// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the guest: "luo keep [MIB NODE]" puts a file of known content (and so much more memory, of that
 * node) into a live update session and stays, "luo find" says whether the successor has it again.
 *
 * The calls are those of include/uapi/linux/liveupdate.h, as of Linux 7.1.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_BYTES (1u << 20)
#define TOKEN 0x6b686f

struct session {
	uint32_t size;
	int32_t fd;
	uint8_t name[64];
};

struct file {
	uint32_t size;
	int32_t fd;
	uint64_t token __attribute__((aligned(8)));
};

#define CREATE_SESSION _IO(0xba, 0x00)
#define RETRIEVE_SESSION _IO(0xba, 0x01)
#define PRESERVE_FD _IO(0xba, 0x40)
#define RETRIEVE_FD _IO(0xba, 0x41)

static uint64_t word(size_t i)
{
	return (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static int say(const char *what)
{
	puts(what);
	return 0;
}

static int open_session(unsigned long request)
{
	struct session session = { .size = sizeof(session), .name = "kho" };
	int device = open("/dev/liveupdate", O_RDWR);

	return device < 0 || ioctl(device, request, &session) ? -1 : session.fd;
}

/* Zeros behind the known content. */
static int add_memory(int fd, unsigned long mib, unsigned long node)
{
	unsigned long nodes = 1ul << node;

	return syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, 8 * sizeof(nodes)) ||
	       fallocate(fd, 0, FILE_BYTES, (off_t)mib << 20);
}

static int keep(unsigned long mib, unsigned long node)
{
	struct file file = { .size = sizeof(file), .token = TOKEN };
	int session = open_session(CREATE_SESSION);

	if (session < 0)
		return say("no");
	file.fd = memfd_create("kho", 0);
	for (size_t i = 0; i < FILE_BYTES / 8; i++) {
		uint64_t value = word(i);

		if (write(file.fd, &value, 8) != 8)
			return say("no");
	}
	if (mib && add_memory(file.fd, mib, node))
		return say("no");
	if (ioctl(session, PRESERVE_FD, &file))
		return say("no");
	say("yes");
	fflush(stdout);
	/* The session lives as long as somebody has it open. */
	if (fork())
		return 0;
	close(STDOUT_FILENO);
	for (;;)
		pause();
}

static int find(void)
{
	struct file file = { .size = sizeof(file), .token = TOKEN };
	int session = open_session(RETRIEVE_SESSION);

	if (session < 0 || ioctl(session, RETRIEVE_FD, &file))
		return say("none");
	for (size_t i = 0; i < FILE_BYTES / 8; i++) {
		uint64_t value;

		if (pread(file.fd, &value, 8, (off_t)i * 8) != 8 || value != word(i))
			return say("other");
	}
	return say("same");
}

int main(int argc, char **argv)
{
	if (argc < 2 || strcmp(argv[1], "keep"))
		return find();
	return argc == 4 ? keep(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10)) : keep(0, 0);
}
