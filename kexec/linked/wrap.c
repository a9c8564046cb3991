// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate inside a kexec that is built from kexec-tools' source, bound when that
 * is linked (ld --wrap): where kexec calls NAME it gets __wrap_NAME of here, and
 * __real_NAME is what it would have got.  doc/upstream.md goes through its calls.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/err.h"
#include "cli/command.h"
#include "cli/options.h"
#include "gate/load-syscall.h"
#include "linked/wrap.h"

int __real_main(int argc, char **argv);
long __real_syscall(long number, ...);
void __real_exit(int status) __attribute__((noreturn));
void __real_arch_usage(void);
int __real_execv(const char *path, char *const argv[]);
int __real_ifdown(void);
int __real_reboot(int command);

int __wrap_main(int argc, char **argv);
long __wrap_syscall(long number, ...);
void __wrap_exit(int status) __attribute__((noreturn));
void __wrap_arch_usage(void);
int __wrap_execv(const char *path, char *const argv[]);
int __wrap_ifdown(void);
int __wrap_reboot(int command);

/* Set while kexec runs under the gate. */
static struct kho_gate *active_gate;

/* ---- loads ---- */

bool kho_wrap_may_load(const struct kho_load *load, long *result)
{
	enum kho_answer answer = active_gate ? kho_gate_decide(active_gate, load) : KHO_ALLOW;

	if (answer == KHO_ALLOW)
		return true;
	/* What follows a successful load must not happen. */
	if (answer == KHO_PRETEND && !load->unload)
		__wrap_exit(EXIT_SUCCESS);
	errno = EPERM;
	*result = answer == KHO_PRETEND ? 0 : -1;
	return false;
}

bool kho_wrap_may_load_xen(unsigned long nr_segments, unsigned long flags, int *result)
{
	struct kho_load load;
	long ret = 0;
	bool may;

	kho_load_by_segments(nr_segments, flags, &load);
	may = kho_wrap_may_load(&load, &ret);
	*result = (int)ret;
	return may;
}

/* What kexec_file_load(2) is given here, as the kernel would find it. */
struct given {
	char *cmdline;
	struct kho_err why;
};

static int read_given(const long *args, struct kho_load *load, struct given *given)
{
	size_t bytes = (size_t)args[2];
	struct stat st = { 0 };
	int ret = 0;

	load->kernel_fd = (int)args[0];
	if (!(args[4] & KEXEC_FILE_NO_INITRAMFS)) {
		load->initrd_fd = (int)args[1];
		ret = fstat(load->initrd_fd, &st) ? errno : 0;
	}
	if (ret)
		return kho_load_unreadable("initrd", ret, &given->why);
	load->initrd_bytes = (uint64_t)st.st_size;
	if (bytes > KHO_CMDLINE_LIMIT_BYTES)
		return kho_load_unreadable("command line", E2BIG, &given->why);
	given->cmdline = strndup(bytes ? (const char *)args[3] : "", bytes);
	if (!given->cmdline)
		return kho_fail(&given->why, ENOMEM, "out of memory");
	load->cmdline = given->cmdline;
	return 0;
}

static bool may_load_file(const long *args, long *result)
{
	struct given given = { NULL };
	struct kho_load load;
	bool may;

	kho_load_by_file((uint64_t)args[4], &load);
	if (kho_load_is_checked(&load) && read_given(args, &load, &given))
		load.trouble = given.why.text;
	may = kho_wrap_may_load(&load, result);
	free(given.cmdline);
	return may;
}

static bool may_load_segments(const long *args, long *result)
{
	struct kho_load load;

	kho_load_by_segments((uint64_t)args[1], (uint64_t)args[3], &load);
	return kho_wrap_may_load(&load, result);
}

long __wrap_syscall(long number, ...)
{
	long args[6], result;
	bool may = true;
	va_list ap;

	/* As libc itself does: it can't know how many there are. */
	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		args[i] = va_arg(ap, long);
	va_end(ap);
	if (active_gate && number == SYS_kexec_load)
		may = may_load_segments(args, &result);
#ifdef SYS_kexec_file_load
	else if (active_gate && number == SYS_kexec_file_load)
		may = may_load_file(args, &result);
#endif
	return may ? __real_syscall(number, args[0], args[1], args[2], args[3], args[4], args[5]) :
		     result;
}

/* ---- in a dry run nothing else happens ---- */

static bool is_dry_run(void)
{
	return active_gate && active_gate->policy->mode == KHO_MODE_REPORT;
}

static int refuse_syscall(void)
{
	errno = EPERM;
	return -1;
}

int __wrap_ifdown(void)
{
	return is_dry_run() ? refuse_syscall() : __real_ifdown();
}

int __wrap_reboot(int command)
{
	return is_dry_run() ? refuse_syscall() : __real_reboot(command);
}

int __wrap_execv(const char *path, char *const argv[])
{
	return is_dry_run() ? refuse_syscall() : __real_execv(path, argv);
}

/* ---- the command line ---- */

void __wrap_arch_usage(void)
{
	__real_arch_usage();
	printf("\nKexec HandOver options:\n%s", kho_options_list);
}

void __wrap_exit(int status)
{
	struct kho_gate *gate = active_gate;

	active_gate = NULL;
	__real_exit(gate ? kho_command_status(gate, status) : status);
}

static int run_kexec(int argc, char **argv, struct kho_gate *gate)
{
	int status;

	setenv("KEXEC_KHO", "off", 1);
	active_gate = gate;
	status = __real_main(argc, argv);
	active_gate = NULL;
	return status;
}

int __wrap_main(int argc, char **argv)
{
	return kho_command(argc, argv, run_kexec);
}
