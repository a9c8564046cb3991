// SPDX-License-Identifier: GPL-2.0-only
/*
 * A loader that makes the load syscalls and says what came back: for what the
 * stock kexec can't be made to do.  Each word of the command line is a step.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/kexec.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define I386_KEXEC_LOAD 283

static int image = -1;
static int other = -1;

static void tell(const char *what, long ret)
{
	printf("%s: %s\n", what, ret < 0 ? strerrorname_np(errno) : "done");
	fflush(stdout);
}

static void load_fd(int fd, unsigned long flags, const char *what)
{
	static const char cmdline[] = "console=ttyS0 kho=on nokaslr";

	tell(what, syscall(SYS_kexec_file_load, fd, -1, sizeof(cmdline), cmdline,
			   flags | KEXEC_FILE_NO_INITRAMFS));
}

static void file_load(unsigned long flags, const char *what)
{
	load_fd(image, flags, what);
}

static void *file_load_thread(void *arg)
{
	file_load(0, "thread");
	return NULL;
}

static void in_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, file_load_thread, NULL);
	pthread_join(thread, NULL);
}

static void *other_load_thread(void *arg)
{
	load_fd(other, 0, "other");
	return NULL;
}

/* Both images at once: which load comes first is not known. */
static void in_threads(void)
{
	pthread_t thread[2];

	pthread_create(&thread[0], NULL, file_load_thread, NULL);
	pthread_create(&thread[1], NULL, other_load_thread, NULL);
	pthread_join(thread[0], NULL);
	pthread_join(thread[1], NULL);
}

static void in_child(void)
{
	pid_t child = fork();

	if (!child) {
		file_load(0, "child");
		exit(0);
	}
	waitpid(child, NULL, 0);
}

/* The 32-bit ABI of x86: another number for the same call. */
static void compat_load(void)
{
#if defined(__x86_64__)
	long ret;
	struct kexec_segment *none = NULL;

	__asm__ volatile("int $0x80" : "=a"(ret)
			 : "a"(I386_KEXEC_LOAD), "b"(0), "c"(1), "d"(none), "S"(0) : "memory");
	errno = ret < 0 ? -(int)ret : 0;
	tell("compat", ret);
#else
	puts("compat: EPERM");
#endif
}

/* With bad magic numbers, so that the kernel itself would only say EINVAL. */
static void bad_reboot(void)
{
	tell("reboot", syscall(SYS_reboot, 0, 0, 0, 0));
}

/* From here on the kernel has no kexec_file_load, as if it was built without. */
static void without_file_load(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kexec_file_load, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(code) / sizeof(code[0]), code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		exit(99);
}

/* With no request behind it: the kernel itself would only say EFAULT. */
static void bad_ifdown(void)
{
	tell("ifdown", ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCSIFFLAGS, NULL));
}

static void step(const char *word)
{
	if (!strncmp(word, "image=", 6))
		image = open(word + 6, O_RDONLY);
	else if (!strncmp(word, "other=", 6))
		other = open(word + 6, O_RDONLY);
	else if (!strncmp(word, "run=", 4) && system(word + 4))
		exit(99);
	else if (!strncmp(word, "seek=", 5))
		lseek(image, atol(word + 5), SEEK_SET);
	else if (!strcmp(word, "where"))
		printf("offset: %ld\n", (long)lseek(image, 0, SEEK_CUR));
	else if (!strcmp(word, "file"))
		file_load(0, "file");
	else if (!strcmp(word, "crash"))
		file_load(KEXEC_FILE_ON_CRASH, "crash");
	else if (!strcmp(word, "unload"))
		file_load(KEXEC_FILE_UNLOAD, "unload");
	else if (!strcmp(word, "classic"))
		tell("classic", syscall(SYS_kexec_load, 0, 1, NULL, 0));
	else if (!strcmp(word, "without-file-load"))
		without_file_load();
	else if (!strcmp(word, "thread"))
		in_thread();
	else if (!strcmp(word, "threads"))
		in_threads();
	else if (!strcmp(word, "child"))
		in_child();
	else if (!strcmp(word, "compat"))
		compat_load();
	else if (!strcmp(word, "reboot"))
		bad_reboot();
	else if (!strcmp(word, "ifdown"))
		bad_ifdown();
	else if (!strcmp(word, "orphan-me"))
		kill(getppid(), SIGKILL);
	else if (!strncmp(word, "sleep=", 6))
		sleep(atoi(word + 6));
	else if (!strncmp(word, "raise=", 6))
		raise(atoi(word + 6));
	else if (!strncmp(word, "exit=", 5))
		exit(atoi(word + 5));
	else if (!strcmp(word, "env"))
		printf("KEXEC_KHO: %s\n", getenv("KEXEC_KHO") ? getenv("KEXEC_KHO") : "unset");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		/* The rest is another program's. */
		if (!strcmp(argv[i], "exec"))
			return execv(argv[i + 1], argv + i + 1);
		step(argv[i]);
	}
	return 0;
}
