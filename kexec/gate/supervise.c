// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "gate/supervise.h"

#ifdef HAVE_SECCOMP

#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gate/remote.h"
#include "gate/request.h"
#include "gate/spawn.h"
#include "gate/undelivered.h"

/*
 * A thread checks a load, so that signals and the loader's end are handled meanwhile.
 * There is one such thread at a time.  While it runs, it alone uses @request (but for its id
 * and tid), @answer, @gone, @undelivered and the gate.
 */
struct supervisor {
	struct kho_gate *gate;
	struct kho_child loader;
	int signal_fd;
	int decided_fd;		/* an eventfd: readable when the thread has decided */
	struct seccomp_notif *notif;
	struct seccomp_notif_resp *response;
	size_t notif_bytes;
	pthread_t thread;
	bool has_thread;
	bool deciding;
	bool gone;		/* the task no longer waited when all was fetched */
	struct kho_request request;
	enum kho_answer answer;
	struct kho_undelivered undelivered;
	int interrupted;	/* the signal that came while a load was checked */
	bool no_requests;	/* nobody can make one any more */
	siginfo_t end;		/* of the loader; si_pid 0: it runs */
};

static bool is_dry_run(const struct supervisor *v)
{
	return v->gate->policy->mode == KHO_MODE_REPORT;
}

/* ---- answers ---- */

/* -ENOENT: the task was killed while it waited, or a signal has aborted its call. */
static int respond(struct supervisor *v, uint64_t id, enum kho_answer answer)
{
	*v->response = (struct seccomp_notif_resp){ .id = id };
	if (answer == KHO_ALLOW)
		v->response->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	else if (answer == KHO_REFUSE)
		v->response->error = -EPERM;
	return ioctl(v->loader.notify_fd, SECCOMP_IOCTL_NOTIF_SEND, v->response) ? -errno : 0;
}

/* What follows a successful load must not happen. */
static int end_dry_run(struct supervisor *v, uint64_t id, pid_t tid)
{
	if (!kho_request_waits(v->loader.notify_fd, id))
		return -ENOENT;
	remote_kill_line(v->loader.pid, tid);
	return 0;
}

static int deliver(struct supervisor *v)
{
	struct kho_request *r = &v->request;
	int ret;

	if (v->answer == KHO_PRETEND && !r->load.unload)
		ret = end_dry_run(v, r->id, r->tid);
	else
		ret = respond(v, r->id, v->answer);
	if (ret == -ENOENT) {
		kho_undelivered_keep(&v->undelivered, r, v->answer);
		ret = 0;
	}
	return ret;
}

/* ---- one load ---- */

static void *decide(void *supervisor)
{
	struct supervisor *v = supervisor;
	struct kho_request *r = &v->request;

	kho_request_fetch(r);
	v->gone = !kho_request_waits(v->loader.notify_fd, r->id);
	if (!v->gone && !kho_undelivered_take(&v->undelivered, r, &v->answer))
		v->answer = kho_gate_decide(v->gate, &r->load);
	eventfd_write(v->decided_fd, 1);
	return NULL;
}

static void begin_to_decide(struct supervisor *v)
{
	v->deciding = true;
	v->has_thread = !pthread_create(&v->thread, NULL, decide, v);
	/* No room for a thread: then a signal has to wait. */
	if (!v->has_thread)
		decide(v);
}

/* After an interruption the task has had its answer. */
static int end_to_decide(struct supervisor *v)
{
	eventfd_t count;
	int ret = 0;

	if (v->has_thread)
		pthread_join(v->thread, NULL);
	eventfd_read(v->decided_fd, &count);
	v->deciding = false;
	if (!v->gone && !v->interrupted)
		ret = deliver(v);
	kho_request_deinit(&v->request);
	return ret;
}

/* After an interruption no load is allowed. */
static int answer_interrupted(struct supervisor *v, const struct kho_request *r)
{
	bool passes = r->load.unload || r->load.crash;
	int ret = respond(v, r->id, passes && !is_dry_run(v) ? KHO_ALLOW : KHO_REFUSE);

	return ret == -ENOENT ? 0 : ret;
}

static int receive_request(struct supervisor *v)
{
	struct kho_request request;
	int ret;

	memset(v->notif, 0, v->notif_bytes);
	if (ioctl(v->loader.notify_fd, SECCOMP_IOCTL_NOTIF_RECV, v->notif))
		return errno == ENOENT || errno == EINTR ? 0 : -errno;
	if (!kho_request_init(v->notif, &request)) {
		ret = respond(v, v->notif->id, KHO_REFUSE);
		return ret == -ENOENT ? 0 : ret;
	}
	if (v->interrupted)
		return answer_interrupted(v, &request);
	v->request = request;
	begin_to_decide(v);
	return 0;
}

/* ---- signals ---- */

static bool is_ignored(int signal)
{
	struct sigaction action;

	return !sigaction(signal, NULL, &action) && action.sa_handler == SIG_IGN;
}

/* The reader of stderr may not read, and the check may be blocked in a write to it. */
static void report_interrupt(const struct supervisor *v)
{
	struct pollfd stderr_poll = { .fd = fileno(v->gate->err), .events = POLLOUT };

	if (poll(&stderr_poll, 1, 0) == 1 && stderr_poll.revents == POLLOUT)
		dprintf(stderr_poll.fd, "kexec: kho: %s during the check: load refused\n",
			strsignal(v->interrupted));
}

/* The load that is checked must not be made any more. */
static void interrupt(struct supervisor *v, int signal)
{
	v->interrupted = signal;
	if (is_dry_run(v))
		end_dry_run(v, v->request.id, v->request.tid);
	else
		respond(v, v->request.id, KHO_REFUSE);
	report_interrupt(v);
}

/*
 * All go to the loader; what the terminal sends it has got already.  SIGHUP may be a daemon's
 * word to read its configuration anew; where it is not, the loader ends of it.
 */
static void forward_signal(struct supervisor *v)
{
	struct signalfd_siginfo info;
	int signal;

	if (read(v->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	signal = (int)info.ssi_signo;
	if (info.ssi_code != SI_KERNEL)
		syscall(SYS_pidfd_send_signal, v->loader.exit_fd, signal, NULL, 0);
	if (v->deciding && !v->interrupted && !is_ignored(signal) &&
	    (signal == SIGTERM || signal == SIGINT || signal == SIGQUIT))
		interrupt(v, signal);
}

static void forwarded_signals(sigset_t *set)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2 };

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(set, signals[i]);
}

/* ---- the loop ---- */

static bool was_killed(const struct supervisor *v)
{
	return v->end.si_pid && v->end.si_code != CLD_EXITED;
}

/* A child of a loader that has ended well still has its answer. */
static bool is_over(const struct supervisor *v)
{
	return v->end.si_pid && (!v->deciding || v->interrupted || was_killed(v));
}

/* It stays a zombie, so that its pid is nobody else's. */
static int see_end(struct supervisor *v)
{
	return waitid(P_PID, (id_t)v->loader.pid, &v->end, WEXITED | WNOWAIT) ? -errno : 0;
}

/* Nobody is left under the filter: there will be no more requests. */
static int see_no_requests(struct supervisor *v, short events)
{
	v->no_requests = events & POLLHUP;
	return v->no_requests ? 0 : -EIO;
}

static int serve(struct supervisor *v)
{
	int ret = 0;

	while (!ret && !is_over(v)) {
		bool busy = v->no_requests || (v->deciding && !v->interrupted);
		struct pollfd fds[] = {
			{ .fd = v->signal_fd, .events = POLLIN },
			{ .fd = v->decided_fd, .events = POLLIN },
			{ .fd = busy ? -1 : v->loader.notify_fd, .events = POLLIN },
			{ .fd = v->end.si_pid ? -1 : v->loader.exit_fd, .events = POLLIN },
		};

		if (poll(fds, 4, -1) < 0)
			ret = errno == EINTR ? 0 : -errno;
		else if (fds[0].revents)
			forward_signal(v);
		else if (fds[1].revents)
			ret = end_to_decide(v);
		else if (fds[2].revents & POLLIN)
			ret = receive_request(v);
		else if (fds[3].revents)
			ret = see_end(v);
		else if (fds[2].revents)
			ret = see_no_requests(v, fds[2].revents);
	}
	return ret;
}

/* ---- from start to end ---- */

/* The kernel's may be larger than those of our headers. */
static int alloc_notif(struct supervisor *v, struct kho_err *err)
{
	struct seccomp_notif_sizes sizes;
	size_t response_bytes = sizeof(*v->response);

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes))
		return kho_fail(err, ENOTSUP, "the loader can't be supervised: seccomp user "
				"notification: %s; use Linux 5.6 or later", strerror(errno));
	v->notif_bytes = sizeof(*v->notif);
	if (v->notif_bytes < sizes.seccomp_notif)
		v->notif_bytes = sizes.seccomp_notif;
	if (response_bytes < sizes.seccomp_notif_resp)
		response_bytes = sizes.seccomp_notif_resp;
	v->notif = calloc(1, v->notif_bytes);
	v->response = calloc(1, response_bytes);
	return v->notif && v->response ? 0 : kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
}

static int start(struct supervisor *v, struct kho_program *program, struct kho_err *err)
{
	const struct sigaction by_default = { .sa_handler = SIG_DFL };
	sigset_t forwarded;
	int ret = alloc_notif(v, err);

	if (ret)
		return ret;
	forwarded_signals(&forwarded);
	v->signal_fd = signalfd(-1, &forwarded, SFD_CLOEXEC);
	v->decided_fd = eventfd(0, EFD_CLOEXEC);
	if (v->signal_fd < 0 || v->decided_fd < 0)
		return kho_fail(err, errno, "signalfd, eventfd: %s", strerror(errno));
	sigprocmask(SIG_BLOCK, &forwarded, &program->mask);
	/* Where whoever started us ignores it, no child could be waited for. */
	sigaction(SIGCHLD, &by_default, &program->on_child_end);
	ret = kho_spawn(program, &v->loader, err);
	if (ret) {
		sigaction(SIGCHLD, &program->on_child_end, NULL);
		sigprocmask(SIG_SETMASK, &program->mask, NULL);
	}
	return ret;
}

/* No loader is left to itself. */
static int end_loader(struct supervisor *v, const char *path, int error, struct kho_err *err)
{
	syscall(SYS_pidfd_send_signal, v->loader.exit_fd, SIGKILL, NULL, 0);
	waitpid(v->loader.pid, NULL, 0);
	if (v->deciding && v->has_thread)
		pthread_join(v->thread, NULL);
	return kho_fail(err, EIO, "%s: can't be supervised any more, and was killed: %s", path,
			strerror(error));
}

static int reap(struct supervisor *v, int *status)
{
	waitpid(v->loader.pid, status, 0);
	if (v->interrupted)
		*status = v->interrupted;
	/* Of a child of the loader. */
	if (v->deciding)
		respond(v, v->request.id, KHO_REFUSE);
	return v->interrupted || v->deciding ? -EINTR : 0;
}

static void supervisor_destroy(struct supervisor *v)
{
	const int fds[] = { v->loader.exit_fd, v->loader.notify_fd, v->signal_fd, v->decided_fd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	kho_undelivered_deinit(&v->undelivered);
	free(v->notif);
	free(v->response);
	free(v);
}

int kho_supervise(const char *path, char **argv, struct kho_gate *gate, int *status,
		  struct kho_err *err)
{
	/* Not on the stack: a thread that is left behind still has it. */
	struct supervisor *v = malloc(sizeof(*v));
	struct kho_program program = { .path = path, .argv = argv };
	int ret;

	if (!v)
		return kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
	*v = (struct supervisor){
		.gate = gate, .loader = { -1, -1, -1 }, .signal_fd = -1, .decided_fd = -1,
	};
	program.dry_run = is_dry_run(v);
	ret = start(v, &program, err);
	if (!ret) {
		ret = serve(v);
		ret = ret ? end_loader(v, path, -ret, err) : reap(v, status);
	}
	if (ret != -EINTR)
		supervisor_destroy(v);
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
