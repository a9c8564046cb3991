// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rehearse/qemu.h"

#define NOBODY		65534
#define RAM_FD		3
#define ROM_FD		4
#define STDERR_BYTES	400
#define QUIET_SECONDS	2	/* after which its memory is looked at */

/*
 * QEMU writes each character by itself.  So long its pipe is left to fill: waking up for
 * each of them takes a third of the time of a rehearsal.
 */
#define GATHER_NANOSECONDS	20000000

extern char **environ;

/* ---- finding it ---- */

static char *in_folder(const char *folder, size_t len, const char *name)
{
	char *path;

	if (asprintf(&path, "%.*s/%s", (int)len, folder, name) < 0)
		return NULL;
	if (!access(path, X_OK))
		return path;
	free(path);
	return NULL;
}

static char *find_name(const char *name)
{
	const char *folders = getenv("PATH");
	char *path = NULL;

	for (; folders && *folders && !path; folders += *folders == ':') {
		size_t len = strcspn(folders, ":");

		/* Never what lies in the current folder. */
		if (*folders == '/')
			path = in_folder(folders, len, name);
		folders += len;
	}
	/* Where distributions put a qemu-kvm that is not for users. */
	return path ? path : in_folder("/usr/libexec", strlen("/usr/libexec"), name);
}

char *qemu_find(const struct rehearse_arch *arch)
{
	char *path = NULL;

	for (const char *const *name = arch->qemu; *name && !path; name++)
		path = find_name(*name);
	return path;
}

/* The group as which an unprivileged user may open KVM's device; NOBODY: it needs none. */
static bool kvm_group(gid_t *gid)
{
	struct stat st;

	*gid = NOBODY;
	if (stat("/dev/kvm", &st))
		return false;
	if ((st.st_mode & 06) == 06 || geteuid())
		return true;
	*gid = st.st_gid;
	return (st.st_mode & 060) == 060;
}

bool qemu_has_kvm(const struct rehearse_arch *arch)
{
	struct utsname host;
	gid_t gid;
	int kvm;

	if (uname(&host) || strcmp(host.machine, arch->machine) || !kvm_group(&gid))
		return false;
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm >= 0)
		close(kvm);
	return kvm >= 0;
}

/* ---- the child ---- */

struct qemu_words {
	char machine[2][128];
	char backend[160];
	char memory[32];
	char start[64];
	const char *argv[48];
	size_t n;
};

static void add_argument(struct qemu_words *w, const char *text)
{
	w->argv[w->n++] = text;
}

static void make_words(struct qemu_words *w, const struct qemu_run *run, const char *program)
{
	const struct guest *guest = run->guest;

	run->arch->describe(run->machine, guest, run->kvm, w->machine);
	snprintf(w->backend, sizeof(w->backend), "memory-backend-file,id=ram,size=%" PRIu64
		 ",mem-path=/proc/self/fd/%d,share=on,reserve=off", guest->shape.ram_bytes, RAM_FD);
	snprintf(w->memory, sizeof(w->memory), "%" PRIu64 "M", guest->shape.ram_bytes >> 20);
	add_argument(w, program);
	add_argument(w, "-nodefaults");
	add_argument(w, "-no-user-config");
	add_argument(w, "-no-reboot");
	add_argument(w, "-display"), add_argument(w, "none");
	add_argument(w, "-monitor"), add_argument(w, "none");
	add_argument(w, "-nic"), add_argument(w, "none");
	add_argument(w, "-chardev"), add_argument(w, "stdio,id=console,signal=off");
	add_argument(w, "-serial"), add_argument(w, "chardev:console");
	add_argument(w, "-machine"), add_argument(w, w->machine[0]);
	add_argument(w, "-cpu"), add_argument(w, w->machine[1]);
	add_argument(w, "-smp"), add_argument(w, "1");
	add_argument(w, "-object"), add_argument(w, w->backend);
	add_argument(w, "-m"), add_argument(w, w->memory);
	/* One of them: QEMU would fall back by itself, and not report it. */
	add_argument(w, "-accel"), add_argument(w, run->kvm ? "kvm" : "tcg");
	if (guest->rom_fd >= 0)
		add_argument(w, "-bios"), add_argument(w, "/proc/self/fd/4");
	if (run->arch->start_words)
		run->arch->start_words(guest, w->start, w->argv, &w->n);
	w->argv[w->n] = NULL;
}

static void limit(int resource, rlim_t most)
{
	const struct rlimit r = { most, most };

	setrlimit(resource, &r);
}

/* As little as it can do with.  False: it would run as root. */
static bool drop_privileges(const struct qemu_run *run)
{
	gid_t gid = NOBODY;

	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	if (geteuid())
		return true;
	if (run->kvm)
		kvm_group(&gid);
	return !setgroups(0, NULL) && !setresgid(gid, gid, gid) &&
	       !setresuid(NOBODY, NOBODY, NOBODY);
}

/* Descriptors 0 to 4, in any order of what they are now. */
static bool place_descriptors(const struct guest *guest, int out, int err)
{
	const int from[] = { open("/dev/null", O_RDONLY), out, err, guest->ram_fd,
			     guest->rom_fd };
	int high[5];

	for (int i = 0; i < 5; i++) {
		high[i] = from[i] < 0 ? -1 : fcntl(from[i], F_DUPFD, 16);
		if (from[i] >= 0 && high[i] < 0)
			return false;
	}
	for (int i = 0; i < 5; i++)
		if (high[i] >= 0 && dup2(high[i], i) < 0)
			return false;
	return !close_range(high[4] < 0 ? 4 : 5, ~0u, 0);
}

__attribute__((noreturn))
static void become_qemu(const struct qemu_run *run, const struct qemu_words *w, const int out[2],
			const int err[2], pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (!place_descriptors(run->guest, out[1], err[1]))
		_exit(127);
	if (!drop_privileges(run)) {
		dprintf(STDERR_FILENO, "it cannot be run with fewer privileges: %m\n");
		_exit(127);
	}
	/* Behind the change of the user, which takes it back. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	execv(w->argv[0], (char *const *)w->argv);
	dprintf(STDERR_FILENO, "%s\n", strerror(errno));
	_exit(127);
}

/* ---- watching it ---- */

struct watch {
	pid_t pid;
	int out_fd;
	int err_fd;
	char said[STDERR_BYTES];	/* what QEMU itself has to say; its last line */
	size_t said_bytes;
};

static double now_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* False at the end of it. */
static bool read_console(struct watch *w, struct console *console, FILE *log)
{
	char part[65536];
	ssize_t n = read(w->out_fd, part, sizeof(part));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n <= 0)
		return false;
	if (log)
		fwrite(part, 1, (size_t)n, log);
	console_feed(console, part, (size_t)n);
	return true;
}

static bool read_said(struct watch *w)
{
	char part[256];
	ssize_t n = read(w->err_fd, part, sizeof(part));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	for (ssize_t i = 0; i < n; i++) {
		/* Of several lines the last one counts. */
		if (w->said_bytes && w->said[w->said_bytes - 1] == '\n')
			w->said_bytes = 0;
		if (w->said_bytes + 1 < sizeof(w->said))
			w->said[w->said_bytes++] = part[i];
	}
	return n > 0;
}

/*
 * Until the console tells an end (true), QEMU closes it, or the time is up.  Under KVM half of it is,
 * where no line of the kernel was seen: there are machines whose KVM takes a guest and does not run it.
 */
static enum qemu_end watch(struct watch *w, const struct qemu_run *run, struct console *console,
			   double start)
{
	struct pollfd fds[2] = { { w->out_fd, POLLIN, 0 }, { w->err_fd, POLLIN, 0 } };
	const struct timespec gather = { .tv_nsec = GATHER_NANOSECONDS };

	while (console->state == CONSOLE_RUNNING && fds[0].fd >= 0) {
		bool mute = run->kvm && !console->begun;
		double left = start + run->seconds / (mute ? 2.0 : 1.0) - now_seconds();
		int n;

		if (left <= 0 || console->bytes_seen > QEMU_OUTPUT_LIMIT_BYTES)
			return QEMU_TIME;
		n = poll(fds, 2, left < QUIET_SECONDS ? (int)(left * 1000) + 1 :
						       QUIET_SECONDS * 1000);
		if (n < 0 && errno != EINTR)
			return QEMU_TIME;
		if (!n)
			console_peek(console, run->guest, run->initrd);
		if (fds[0].revents & POLLIN)
			nanosleep(&gather, NULL);
		if (fds[0].revents && !read_console(w, console, run->log))
			fds[0].fd = -1;
		if (fds[1].fd >= 0 && fds[1].revents && !read_said(w))
			fds[1].fd = -1;
		fds[0].revents = fds[1].revents = 0;
	}
	return console->state == CONSOLE_RUNNING ? QEMU_RESET : QEMU_CONSOLE;
}

/* It ended by itself without a word of the console: a reset, or trouble of its own. */
static enum qemu_end explain_end(struct watch *w, const char *program, struct kho_err *err)
{
	int status;

	while (read_said(w))
		;
	if (waitpid(w->pid, &status, 0) == w->pid)
		w->pid = -1;
	else
		status = -1;
	w->said[strcspn(w->said, "\n")] = '\0';
	/* Somebody ended it: not the guest, though it says that all is well. */
	if (WIFEXITED(status) && !WEXITSTATUS(status) &&
	    !strstr(w->said, "terminating on signal"))
		return QEMU_RESET;
	kho_fail(err, EIO, "%s: %s", program, w->said[0] ? w->said : "it ended unexpectedly");
	return QEMU_FAILED;
}

static enum qemu_end mute_end(const struct qemu_run *run, struct kho_err *err)
{
	kho_fail(err, ETIMEDOUT, "no line of the kernel within %.0f seconds", run->seconds / 2.0);
	return QEMU_FAILED;
}

static void finish(struct watch *w)
{
	if (w->pid > 0) {
		kill(-w->pid, SIGKILL);
		kill(w->pid, SIGKILL);
		while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(w->out_fd);
	close(w->err_fd);
}

enum qemu_end qemu_run(struct qemu_run *run, const char *program, struct console *console,
		       struct kho_err *err)
{
	double start = now_seconds();
	struct qemu_words words = { .n = 0 };
	int out[2], errors[2];
	struct watch w = { .pid = -1 };
	pid_t parent = getpid();
	enum qemu_end end;

	make_words(&words, run, program);
	if (pipe2(out, O_CLOEXEC) || pipe2(errors, O_CLOEXEC)) {
		kho_fail(err, errno, "pipe: %s", strerror(errno));
		return QEMU_FAILED;
	}
	w.out_fd = out[0];
	w.err_fd = errors[0];
	w.pid = fork();
	if (!w.pid)
		become_qemu(run, &words, out, errors, parent);
	close(out[1]);
	close(errors[1]);
	end = w.pid < 0 ? QEMU_FAILED : watch(&w, run, console, start);
	if (w.pid < 0)
		kho_fail(err, errno, "fork: %s", strerror(errno));
	else if (end == QEMU_RESET)
		end = explain_end(&w, program, err);
	else if (end == QEMU_TIME && run->kvm && !console->begun)
		end = mute_end(run, err);
	run->touched_bytes = guest_touched_bytes(run->guest);
	finish(&w);
	run->took_seconds = now_seconds() - start;
	return end;
}
