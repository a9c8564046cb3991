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
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define I386_KEXEC_LOAD 283

static int image = -1;
static int other = -1;
static int initrd = -1;
static const char *cmdline = "console=ttyS0 kho=on nokaslr";

static void step(const char *word);

static void tell(const char *what, long ret)
{
	printf("%s: %s\n", what, ret < 0 ? strerrorname_np(errno) : "done");
	fflush(stdout);
}

static void load_fd(int fd, unsigned long flags, const char *what)
{
	tell(what, syscall(SYS_kexec_file_load, fd, initrd, strlen(cmdline) + 1, cmdline,
			   initrd < 0 ? flags | KEXEC_FILE_NO_INITRAMFS : flags));
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

static void *other_load_thread(void *arg)
{
	load_fd(other, 0, "other");
	return NULL;
}

static void in_thread(void *(*run)(void *), const char *arg)
{
	pthread_t thread;

	pthread_create(&thread, NULL, run, (void *)arg);
	pthread_join(thread, NULL);
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

/*
 * The same, one after the other: the second thread is there before the first load, so that
 * both are threads of one loader, and its load comes once the first has its answer.
 */
static pthread_barrier_t first_is_done;

static void *waiting_thread(void *load)
{
	void *(*run)(void *) = *(void *(**)(void *))load;

	pthread_barrier_wait(&first_is_done);
	return run(NULL);
}

static void one_by_one(void *(*first)(void *), void *(*second)(void *))
{
	pthread_t waiting;

	pthread_barrier_init(&first_is_done, NULL, 2);
	pthread_create(&waiting, NULL, waiting_thread, &second);
	in_thread(first, NULL);
	pthread_barrier_wait(&first_is_done);
	pthread_join(waiting, NULL);
}

/* Behind the descriptor that the other threads have for the image this one has @path. */
static void *own_file_thread(void *path)
{
	if (unshare(CLONE_FILES) || dup2(open(path, O_RDONLY), image) < 0)
		exit(99);
	file_load(0, "own");
	return NULL;
}

/* ---- signals ---- */

static void do_nothing(int signal)
{
}

static void catch(int signal)
{
	struct sigaction action = { .sa_handler = do_nothing, .sa_flags = SA_RESTART };

	sigaction(signal, &action, NULL);
}

static void start_timer(int ms)
{
	const struct itimerval each = { { 0, ms * 1000 }, { 0, ms * 1000 } };

	catch(SIGALRM);
	setitimer(ITIMER_REAL, &each, NULL);
}

static void tell_on_child_end(void)
{
	struct sigaction action;

	sigaction(SIGCHLD, NULL, &action);
	printf("SIGCHLD: %s\n", action.sa_handler == SIG_IGN ? "ignored" : "default");
}

/* ---- other processes ---- */

static void in_child(void)
{
	pid_t child = fork();

	if (!child) {
		file_load(0, "child");
		exit(0);
	}
	waitpid(child, NULL, 0);
}

/* Steps, with commas between, in a process that was given another parent. */
static void in_orphan(const char *words)
{
	pid_t child = fork(), parent;
	char *list, *word;

	if (child) {
		waitpid(child, NULL, 0);
		return;
	}
	parent = getpid();
	if (fork())
		_exit(0);
	while (getppid() == parent)
		usleep(1000);
	list = strdup(words);
	while ((word = strsep(&list, ",")))
		step(word);
	_exit(0);
}

/* The rest of the steps in a child, and orphans below it become this process' own. */
static void be_ancestor(void)
{
	int status = 0, orphan;
	pid_t child;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	child = fork();
	if (!child)
		return;
	waitpid(child, &status, 0);
	while (wait(&orphan) > 0)
		;
	puts("ancestor: lives");
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
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

/*
 * What another kernel does not have, or who confines this process does not let it have: a
 * syscall, or one of which an argument is @value (BPF_JEQ) or has a bit of it (BPF_JSET).
 */
static const struct lacking {
	const char *what;
	unsigned int number, argument, jump, value, error;
} lacking[] = {
	{ "file-load", SYS_kexec_file_load, 0, BPF_JGE, 0, ENOSYS },
	{ "killable", SYS_seccomp, 1, BPF_JSET, 1 << 5, EINVAL },
	{ "pidfd-thread", SYS_pidfd_open, 1, BPF_JSET, 0xffffffff, EINVAL },
	{ "ioctl", SYS_ioctl, 0, BPF_JGE, 0, EPERM },
	{ "receive", SYS_ioctl, 1, BPF_JEQ, SECCOMP_IOCTL_NOTIF_RECV, EPERM },
};

static void filter(const struct lacking *l)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, l->number, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args) + 8 * l->argument),
		BPF_JUMP((unsigned short)(BPF_JMP | l->jump | BPF_K), l->value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | l->error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		exit(99);
}

/* From here on. */
static void without(const char *what)
{
	for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++)
		if (!strcmp(lacking[i].what, what))
			filter(&lacking[i]);
}

/* With no request behind it: the kernel itself would only say EFAULT. */
static void bad_ifdown(void)
{
	tell("ifdown", ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCSIFFLAGS, NULL));
}

static bool load_step(const char *word)
{
	if (!strncmp(word, "image=", 6))
		image = open(word + 6, O_RDONLY);
	else if (!strncmp(word, "other=", 6))
		other = open(word + 6, O_RDONLY);
	else if (!strncmp(word, "initrd=", 7))
		initrd = open(word + 7, O_RDONLY);
	else if (!strncmp(word, "cmdline=", 8))
		cmdline = word + 8;
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
	else if (!strcmp(word, "compat"))
		compat_load();
	else if (!strcmp(word, "thread"))
		in_thread(file_load_thread, NULL);
	else if (!strcmp(word, "threads"))
		in_threads();
	else if (!strcmp(word, "thread-then-other"))
		one_by_one(file_load_thread, other_load_thread);
	else if (!strcmp(word, "other-then-thread"))
		one_by_one(other_load_thread, file_load_thread);
	else if (!strncmp(word, "own-file=", 9))
		in_thread(own_file_thread, word + 9);
	else if (!strcmp(word, "child"))
		in_child();
	else
		return false;
	return true;
}

static bool process_step(const char *word)
{
	if (!strncmp(word, "catch=", 6))
		catch(atoi(word + 6));
	else if (!strncmp(word, "default=", 8))
		signal(atoi(word + 8), SIG_DFL);
	else if (!strncmp(word, "timer=", 6))
		start_timer(atoi(word + 6));
	else if (!strcmp(word, "ignore-children"))
		signal(SIGCHLD, SIG_IGN);
	else if (!strcmp(word, "on-child-end"))
		tell_on_child_end();
	else if (!strncmp(word, "orphan=", 7))
		in_orphan(word + 7);
	else if (!strcmp(word, "ancestor"))
		be_ancestor();
	else if (!strncmp(word, "without-", 8))
		without(word + 8);
	else if (!strcmp(word, "orphan-me"))
		kill(getppid(), SIGKILL);
	else if (!strncmp(word, "raise=", 6))
		raise(atoi(word + 6));
	else if (!strncmp(word, "exit=", 5))
		exit(atoi(word + 5));
	else
		return false;
	return true;
}

static void step(const char *word)
{
	if (load_step(word) || process_step(word))
		;
	else if (!strcmp(word, "reboot"))
		bad_reboot();
	else if (!strcmp(word, "ifdown"))
		bad_ifdown();
	else if (!strncmp(word, "sleep=", 6))
		sleep((unsigned int)atoi(word + 6));
	else if (!strncmp(word, "say=", 4))
		puts(word + 4);
	else if (!strncmp(word, "run=", 4) && system(word + 4))
		exit(99);
	else if (!strcmp(word, "env"))
		printf("KEXEC_KHO: %s\n", getenv("KEXEC_KHO") ? getenv("KEXEC_KHO") : "unset");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		/* The rest is another program's. */
		if (!strcmp(argv[i], "exec"))
			return execvp(argv[i + 1], argv + i + 1);
		step(argv[i]);
	}
	return 0;
}
