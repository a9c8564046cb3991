// SPDX-License-Identifier: GPL-2.0-only
/*
 * A live update daemon in small.  It reads orders from a FIFO, one a line:
 *
 *   session NAME MIB              keep so much memory in a new session
 *   load KERNEL INITRD CMDLINE    kexec_file_load
 *
 * and says on stdout what became of each.  The sessions live as long as it does.
 *
 * The calls are those of include/uapi/linux/liveupdate.h, as of Linux 7.1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CREATE_SESSION _IO(0xba, 0x00)
#define PRESERVE_FD _IO(0xba, 0x40)

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

static int add_session(const char *name, unsigned int mib)
{
	struct session session = { .size = sizeof(session) };
	struct file file = { .size = sizeof(file), .token = 1 };
	int device = open("/dev/liveupdate", O_RDWR | O_CLOEXEC);
	void *memory;

	snprintf((char *)session.name, sizeof(session.name), "%s", name);
	if (device < 0 || ioctl(device, CREATE_SESSION, &session))
		return -errno;
	close(device);
	file.fd = memfd_create(name, MFD_CLOEXEC);
	if (file.fd < 0 || ftruncate(file.fd, (off_t)mib << 20))
		return -errno;
	memory = mmap(NULL, (size_t)mib << 20, PROT_WRITE, MAP_SHARED, file.fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	memset(memory, 0x5a, (size_t)mib << 20);
	munmap(memory, (size_t)mib << 20);
	return ioctl(session.fd, PRESERVE_FD, &file) ? -errno : 0;
}

static int load(const char *kernel, const char *initrd, const char *cmdline)
{
	int kernel_fd = open(kernel, O_RDONLY | O_CLOEXEC);
	int initrd_fd = open(initrd, O_RDONLY | O_CLOEXEC);
	int result = 0;

	if (kernel_fd < 0 || initrd_fd < 0 ||
	    syscall(SYS_kexec_file_load, kernel_fd, initrd_fd, strlen(cmdline) + 1, cmdline, 0))
		result = -errno;
	close(kernel_fd);
	close(initrd_fd);
	return result;
}

static void obey(char *order)
{
	char name[64], kernel[256], initrd[256];
	unsigned int mib;
	int cmdline = 0, result = -EINVAL;

	order[strcspn(order, "\n")] = '\0';
	if (sscanf(order, "session %63s %u", name, &mib) == 2)
		result = add_session(name, mib);
	else if (sscanf(order, "load %255s %255s %n", kernel, initrd, &cmdline) == 2 && cmdline)
		result = load(kernel, initrd, order + cmdline);
	printf("%s: %s\n", order, result ? strerrorname_np(-result) : "done");
}

int main(int argc, char **argv)
{
	char order[4096];
	FILE *orders;

	if (argc != 2 || (mkfifo(argv[1], 0600) && errno != EEXIST))
		return EXIT_FAILURE;
	setlinebuf(stdout);
	/* For reading and writing: it does not end when a writer goes. */
	orders = fopen(argv[1], "r+");
	while (orders && fgets(order, sizeof(order), orders))
		obey(order);
	return EXIT_FAILURE;
}
