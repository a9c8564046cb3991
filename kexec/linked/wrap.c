// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook inside a kexec that is built from kexec-tools' source, bound when that
 * is linked (ld --wrap): where kexec calls NAME it gets __wrap_NAME of here, and
 * __real_NAME is what it would have got.  doc/upstream.md goes through its calls.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/syscall.h>

#include "linked/hook.h"

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

/* ---- loads ---- */

long __wrap_syscall(long number, ...)
{
	long args[6];
	int result = 0;
	bool may = true;
	va_list ap;

	/* As libc itself does: it can't know how many there are. */
	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		args[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_kexec_load)
		may = kho_may_load_segments((unsigned long)args[1], (unsigned long)args[3], &result);
#ifdef SYS_kexec_file_load
	else if (number == SYS_kexec_file_load)
		may = kho_may_load_file((int)args[0], (int)args[1], (unsigned long)args[2],
					(const char *)args[3], (unsigned long)args[4], &result);
#endif
	return may ? __real_syscall(number, args[0], args[1], args[2], args[3], args[4], args[5]) :
		     result;
}

/* ---- in a dry run nothing else happens ---- */

static int refuse_syscall(void)
{
	errno = EPERM;
	return -1;
}

int __wrap_ifdown(void)
{
	return kho_is_dry_run() ? refuse_syscall() : __real_ifdown();
}

int __wrap_reboot(int command)
{
	return kho_is_dry_run() ? refuse_syscall() : __real_reboot(command);
}

int __wrap_execv(const char *path, char *const argv[])
{
	return kho_is_dry_run() ? refuse_syscall() : __real_execv(path, argv);
}

/* ---- the command line ---- */

void __wrap_arch_usage(void)
{
	__real_arch_usage();
	kho_usage();
}

void __wrap_exit(int status)
{
	__real_exit(kho_exit_status(status));
}

int __wrap_main(int argc, char **argv)
{
	return kho_main(argc, argv, __real_main);
}
