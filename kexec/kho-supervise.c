// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "kho-supervise.h"

#ifdef HAVE_SECCOMP

#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kho-load.h"
#include "kho-remote.h"

struct supervisor {
	struct kho_gate *gate;
	pid_t loader;
	int exit_fd;		/* pidfd: readable when the loader has ended */
	int notify_fd;
	int signal_fd;
	struct seccomp_notif *request;
	struct seccomp_notif_resp *response;
};

/* What the child tells before it becomes the loader, beside the descriptor. */
struct handshake {
	int error;		/* 0, or the errno of what failed */
	int in_exec;		/* it was exec() */
};

/* ---- the child ---- */

static int add_rules(scmp_filter_ctx filter, bool dry_run)
{
	int ret = seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(kexec_file_load), 0);

	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(kexec_load), 0);
	if (!ret && dry_run)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(reboot), 0);
	/* An unload goes well in a dry run too: kexec -e -u would go on to the interfaces. */
	if (!ret && dry_run)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
				       SCMP_A1_32(SCMP_CMP_EQ, SIOCSIFFLAGS, 0));
	return ret;
}

/* The other ABIs through which a process of this machine can make the same calls. */
static int add_compat(scmp_filter_ctx filter)
{
	static const uint32_t compat[][2] = {
		{ SCMP_ARCH_X86_64, SCMP_ARCH_X86 },
		{ SCMP_ARCH_X86_64, SCMP_ARCH_X32 },
		{ SCMP_ARCH_AARCH64, SCMP_ARCH_ARM },
	};
	int ret = 0;

	for (size_t i = 0; i < sizeof(compat) / sizeof(compat[0]) && !ret; i++)
		if (compat[i][0] == seccomp_arch_native())
			ret = seccomp_arch_add(filter, compat[i][1]);
	return ret == -EEXIST ? 0 : ret;
}

/*
 * no_new_privs only where it must be (not root): it would keep a loader out of
 * its own SELinux domain.
 */
static int load_filter(scmp_filter_ctx filter)
{
	/* The kernel's own errno, not libseccomp's ECANCELED for all. */
	int ret = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);

	if (!ret)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	if (!ret)
		ret = seccomp_load(filter);
	if (ret == -EACCES || ret == -EPERM) {
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1);
		if (!ret)
			ret = seccomp_load(filter);
	}
	return ret;
}

/* The listener's descriptor, or a negative errno. */
static int install_filter(bool dry_run)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int ret;

	if (!filter)
		return -ENOMEM;
	ret = add_compat(filter);
	if (!ret)
		ret = add_rules(filter, dry_run);
	if (!ret)
		ret = load_filter(filter);
	if (!ret)
		ret = seccomp_notify_fd(filter);
	seccomp_release(filter);
	return ret;
}

static int send_handshake(int socket, const struct handshake *shake, int fd)
{
	struct iovec iov = { (void *)shake, sizeof(*shake) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = {
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) == sizeof(*shake) ? 0 : -errno;
}

/* All descriptors of ours close at exec(), the listener's among them. */
static void become_loader(const char *path, char **argv, int socket, const sigset_t *signals,
			  bool dry_run)
{
	struct handshake shake = { 0 };
	int notify_fd = install_filter(dry_run);

	shake.error = notify_fd < 0 ? -notify_fd : 0;
	if (!send_handshake(socket, &shake, notify_fd) && !shake.error) {
		unsetenv("KEXEC_KHO");
		sigprocmask(SIG_SETMASK, signals, NULL);
		/* In a dry run stdout is the report's alone. */
		if (!dry_run || dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
			execv(path, argv);
		shake = (struct handshake){ errno, 1 };
		send_handshake(socket, &shake, -1);
	}
	_exit(127);
}

/* ---- the parent ---- */

static ssize_t receive_handshake(int socket, struct handshake *shake, int *fd)
{
	struct iovec iov = { shake, sizeof(*shake) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	const struct cmsghdr *header;
	ssize_t got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);

	*fd = -1;
	header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(header), sizeof(*fd));
	return got;
}

/* Wait until the child is the loader, or say why it is not. */
static int await_exec(struct supervisor *v, int socket, const char *path, struct kho_err *err)
{
	struct handshake shake = { 0 };
	int none;

	if (receive_handshake(socket, &shake, &v->notify_fd) != sizeof(shake))
		return kho_fail(err, ECHILD, "%s: ended before it began", path);
	if (shake.error)
		return kho_fail(err, ENOTSUP, "the loader can't be supervised (seccomp user "
				"notification: %s): Linux is older than 5.6, or supervises this "
				"process already", strerror(shake.error));
	if (v->notify_fd < 0)
		return kho_fail(err, ENOTSUP, "the listener did not arrive");
	if (receive_handshake(socket, &shake, &none) == sizeof(shake))
		return kho_fail(err, shake.error, "%s: %s", path, strerror(shake.error));
	return 0;
}

static const char *syscall_name(const struct seccomp_data *data, char **to_free)
{
	uint32_t arch = data->arch;

	/* x32 shares AUDIT_ARCH_X86_64 and marks its numbers. */
	if (arch == SCMP_ARCH_X86_64 && data->nr & 0x40000000)
		arch = SCMP_ARCH_X32;
	*to_free = seccomp_syscall_resolve_num_arch(arch, data->nr);
	return *to_free ? *to_free : "";
}

/* Which load is it?  False: no load call at all. */
static bool describe_load(const struct seccomp_data *data, struct kho_load *load)
{
	char *to_free;
	const char *name = syscall_name(data, &to_free);
	bool known = true;

	if (!strcmp(name, "kexec_file_load"))
		kho_load_by_file(data->args[4], load);
	else if (!strcmp(name, "kexec_load"))
		kho_load_by_segments(data->args[1], data->args[3], load);
	else
		known = false;
	free(to_free);
	return known;
}

/* The size of the file behind descriptor @fd of @tid, or a negative errno. */
static int64_t remote_file_bytes(pid_t tid, int fd)
{
	int copy = remote_fd(tid, fd);
	struct stat st;
	int64_t bytes;

	if (copy < 0)
		return copy;
	bytes = fstat(copy, &st) ? -errno : st.st_size;
	close(copy);
	return bytes;
}

/* What kexec_file_load(2) was given, fetched from the loader that waits in it. */
struct fetched {
	int kernel_fd;
	int64_t initrd_bytes;
	char *cmdline;
	struct kho_err why;
};

static int fetch(const struct seccomp_notif *request, struct fetched *f)
{
	const __u64 *args = request->data.args;
	int ret;

	*f = (struct fetched){ .kernel_fd = remote_fd(request->pid, (int)args[0]) };
	if (f->kernel_fd < 0)
		return kho_fail(&f->why, -f->kernel_fd, "the loader's image can't be looked at: %s",
				strerror(-f->kernel_fd));
	if (!(args[4] & KEXEC_FILE_NO_INITRAMFS))
		f->initrd_bytes = remote_file_bytes(request->pid, (int)args[1]);
	if (f->initrd_bytes < 0)
		return kho_fail(&f->why, (int)-f->initrd_bytes, "the loader's initrd can't be "
				"looked at: %s", strerror((int)-f->initrd_bytes));
	ret = remote_text(request->pid, args[3], args[2], KHO_CMDLINE_LIMIT_BYTES, &f->cmdline);
	if (ret)
		return kho_fail(&f->why, -ret, "the loader's command line can't be read: %s",
				strerror(-ret));
	return 0;
}

static void fetched_deinit(struct fetched *f)
{
	if (f->kernel_fd >= 0)
		close(f->kernel_fd);
	free(f->cmdline);
}

static void respond(struct supervisor *v, enum kho_answer answer)
{
	*v->response = (struct seccomp_notif_resp){ .id = v->request->id };
	if (answer == KHO_ALLOW)
		v->response->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	else if (answer == KHO_REFUSE)
		v->response->error = -EPERM;
	/* ENOENT: the loader was killed while it waited. */
	seccomp_notify_respond(v->notify_fd, v->response);
}

static void answer_load(struct supervisor *v, struct kho_load *load)
{
	struct fetched fetched = { .kernel_fd = -1 };
	enum kho_answer answer;

	if (kho_load_is_looked_at(load) && fetch(v->request, &fetched))
		load->trouble = fetched.why.text;
	load->kernel_fd = fetched.kernel_fd;
	load->initrd_bytes = fetched.initrd_bytes > 0 ? (uint64_t)fetched.initrd_bytes : 0;
	load->cmdline = fetched.cmdline;
	/* Still the same task?  Else what was fetched may be a stranger's. */
	if (!seccomp_notify_id_valid(v->notify_fd, v->request->id)) {
		answer = kho_gate_decide(v->gate, load);
		if (answer == KHO_PRETEND && !load->unload)
			remote_kill_line(v->loader, v->request->pid);
		else
			respond(v, answer);
	}
	fetched_deinit(&fetched);
}

static void handle_request(struct supervisor *v)
{
	struct kho_load load;

	memset(v->request, 0, sizeof(*v->request));
	if (seccomp_notify_receive(v->notify_fd, v->request))
		return;
	if (describe_load(&v->request->data, &load))
		answer_load(v, &load);
	else
		respond(v, KHO_REFUSE);
}

/* What the terminal sends, the loader has got already. */
static void forward_signal(struct supervisor *v)
{
	struct signalfd_siginfo info;

	if (read(v->signal_fd, &info, sizeof(info)) == sizeof(info) && info.ssi_code != SI_KERNEL)
		kill(v->loader, (int)info.ssi_signo);
}

static int serve(struct supervisor *v, int *status)
{
	struct pollfd fds[] = {
		{ .fd = v->notify_fd, .events = POLLIN },
		{ .fd = v->signal_fd, .events = POLLIN },
		{ .fd = v->exit_fd, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents & POLLIN)
			handle_request(v);
		else if (fds[1].revents & POLLIN)
			forward_signal(v);
		else if (fds[2].revents & POLLIN)
			break;
	}
	return waitpid(v->loader, status, 0) < 0 ? -errno : 0;
}

static void forwarded_signals(sigset_t *set)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2 };

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(set, signals[i]);
}

static int start(struct supervisor *v, const char *path, char **argv, struct kho_err *err)
{
	bool dry_run = v->gate->options->mode == KHO_MODE_REPORT;
	int sockets[2], ret;
	sigset_t forwarded, before;

	if (seccomp_notify_alloc(&v->request, &v->response))
		return kho_fail(err, ENOTSUP, "this kernel has no seccomp user notification; use "
				"Linux 5.6 or later");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return kho_fail(err, errno, "socketpair: %s", strerror(errno));
	forwarded_signals(&forwarded);
	sigprocmask(SIG_BLOCK, &forwarded, &before);
	v->signal_fd = signalfd(-1, &forwarded, SFD_CLOEXEC);
	v->loader = fork();
	if (!v->loader)
		become_loader(path, argv, sockets[1], &before, dry_run);
	close(sockets[1]);
	if (v->loader < 0)
		ret = kho_fail(err, errno, "fork: %s", strerror(errno));
	else
		ret = await_exec(v, sockets[0], path, err);
	close(sockets[0]);
	if (!ret) {
		v->exit_fd = syscall(SYS_pidfd_open, v->loader, 0);
		if (v->exit_fd < 0 || v->signal_fd < 0)
			ret = kho_fail(err, ENOTSUP, "pidfd_open: %s; use Linux 5.6 or later",
				       strerror(errno));
	}
	if (ret && v->loader > 0) {
		kill(v->loader, SIGKILL);
		waitpid(v->loader, NULL, 0);
	}
	if (ret)
		sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}

int kho_supervise(const char *path, char **argv, struct kho_gate *gate, int *status,
		  struct kho_err *err)
{
	struct supervisor v = { .gate = gate, .exit_fd = -1, .notify_fd = -1, .signal_fd = -1 };
	int ret = start(&v, path, argv, err);

	if (!ret) {
		ret = serve(&v, status);
		if (ret)
			kho_fail(err, -ret, "%s: %s", path, strerror(-ret));
	}
	seccomp_notify_free(v.request, v.response);
	for (int i = 0; i < 3; i++) {
		int fd = (int []){ v.exit_fd, v.notify_fd, v.signal_fd }[i];

		if (fd >= 0)
			close(fd);
	}
	return ret;
}

#else

int kho_supervise(const char *path, char **argv, struct kho_gate *gate, int *status,
		  struct kho_err *err)
{
	return kho_fail(err, ENOTSUP, "this kexec was built without libseccomp and can't supervise "
			"a loader; build it --with-seccomp");
}

#endif
