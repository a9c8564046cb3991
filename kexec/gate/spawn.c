// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gate/filter.h"
#include "gate/spawn.h"

/*
 * The child sends 0 when it is under the filter, with the listener beside it, and waits
 * for a word from the parent.  Then the socket closes at its exec().  Where the filter
 * or exec() fails it sends the errno.
 */

/* ---- the child ---- */

static int send_state(int socket, int error, int fd)
{
	struct iovec iov = { &error, sizeof(error) };
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
	return sendmsg(socket, &message, MSG_NOSIGNAL) == sizeof(error) ? 0 : -errno;
}

static bool may_go_on(int socket)
{
	char word;

	return recv(socket, &word, sizeof(word), 0) == sizeof(word);
}

/* All descriptors of ours close at exec(), the listener's among them. */
static void become_loader(const struct kho_program *program, int socket)
{
	int notify_fd = kho_filter_install(program->dry_run);

	if (!send_state(socket, notify_fd < 0 ? -notify_fd : 0, notify_fd) &&
	    notify_fd >= 0 && may_go_on(socket)) {
		setenv("KEXEC_KHO", "off", 1);
		sigaction(SIGCHLD, &program->on_child_end, NULL);
		sigprocmask(SIG_SETMASK, &program->mask, NULL);
		/* In a dry run stdout is the report's alone. */
		if (!program->dry_run || dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
			execv(program->path, program->argv);
		send_state(socket, errno, -1);
	}
	_exit(127);
}

/* ---- the parent ---- */

static bool receive_state(int socket, int *error, int *fd)
{
	struct iovec iov = { error, sizeof(*error) };
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
	return got == sizeof(*error);
}

static int no_filter(int error, struct kho_err *err)
{
	if (error == EBUSY)
		return kho_fail(err, ENOTSUP, "the loader can't be supervised: this process is "
				"supervised already (by another kexec --kho-check or --kho-strict, "
				"or a container manager), and Linux allows one supervisor only");
	if (error == EINVAL || error == ENOSYS || error == EOPNOTSUPP)
		return kho_fail(err, ENOTSUP, "the loader can't be supervised: this kernel has no "
				"seccomp user notification; use Linux 5.6 or later");
	return kho_fail(err, ENOTSUP, "the loader can't be supervised: seccomp: %s",
			strerror(error));
}

/* Before the loader runs: do the calls go well by which it will be served? */
static int try_listener(int notify_fd, struct kho_err *err)
{
	uint64_t no_request = 0;

	if (notify_fd < 0)
		return kho_fail(err, ENOTSUP, "the loader can't be supervised: the listener did not "
				"arrive");
	if (!ioctl(notify_fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &no_request) || errno == ENOENT)
		return 0;
	return kho_fail(err, ENOTSUP, "the loader can't be supervised: ioctl on the listener: %s",
			strerror(errno));
}

/* Wait until the child is the loader, or say why it is not. */
static int await_exec(struct kho_child *child, int socket, const char *path, struct kho_err *err)
{
	int error = 0, none, ret;

	if (!receive_state(socket, &error, &child->notify_fd))
		return kho_fail(err, ECHILD, "%s: ended before it could run the loader", path);
	if (error)
		return no_filter(error, err);
	ret = try_listener(child->notify_fd, err);
	if (ret)
		return ret;
	if (send(socket, "", 1, MSG_NOSIGNAL) != 1)
		return kho_fail(err, ECHILD, "%s: ended before it could run the loader", path);
	if (receive_state(socket, &error, &none))
		return kho_fail(err, error, "%s: %s", path, strerror(error));
	return 0;
}

static int start_child(const struct kho_program *program, int sockets[2], struct kho_child *child,
		       struct kho_err *err)
{
	child->pid = fork();
	if (child->pid < 0)
		return kho_fail(err, errno, "fork: %s", strerror(errno));
	if (!child->pid)
		become_loader(program, sockets[1]);
	close(sockets[1]);
	sockets[1] = -1;
	child->exit_fd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->exit_fd < 0)
		return kho_fail(err, ENOTSUP, "the loader can't be supervised: pidfd_open: %s",
				strerror(errno));
	return await_exec(child, sockets[0], program->path, err);
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

int kho_spawn(const struct kho_program *program, struct kho_child *child, struct kho_err *err)
{
	int sockets[2], ret;

	*child = (struct kho_child){ .pid = -1, .exit_fd = -1, .notify_fd = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return kho_fail(err, errno, "socketpair: %s", strerror(errno));
	ret = start_child(program, sockets, child, err);
	close(sockets[0]);
	close_if_open(sockets[1]);
	if (!ret)
		return 0;
	if (child->pid > 0) {
		kill(child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
	}
	close_if_open(child->exit_fd);
	close_if_open(child->notify_fd);
	return ret;
}

#endif
