// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arch/arch.h"
#include "gate/filter.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

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
	const uint32_t *compat = NULL;
	const struct kho_arch *arch;
	int ret = 0;

	/* SCMP_ARCH_... are the kernel's AUDIT_ARCH_.... */
	for (size_t i = 0; !compat && (arch = kho_arch_at(i)); i++)
		if (arch->audit_arch == seccomp_arch_native())
			compat = arch->compat_audit_arch;
	for (size_t i = 0; compat && i < KHO_ARCH_ABIS && compat[i] && !ret; i++)
		ret = seccomp_arch_add(filter, compat[i]);
	return ret == -EEXIST ? 0 : ret;
}

static int read_program(int fd, struct sock_fprog *program)
{
	struct stat st;
	size_t bytes;

	if (fstat(fd, &st))
		return -errno;
	bytes = (size_t)st.st_size;
	program->len = (unsigned short)(bytes / sizeof(struct sock_filter));
	program->filter = malloc(bytes);
	if (!program->filter)
		return -ENOMEM;
	return pread(fd, program->filter, bytes, 0) == (ssize_t)bytes ? 0 : -EIO;
}

/*
 * seccomp_load() would be enough but for WAIT_KILLABLE_RECV, which libseccomp knows
 * from 2.6 on only, and for the kernel's own errno, which it loses.
 */
static int export_program(scmp_filter_ctx filter, struct sock_fprog *program)
{
	int fd = memfd_create("kho-filter", MFD_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = seccomp_export_bpf(filter, fd);
	if (!ret)
		ret = read_program(fd, program);
	close(fd);
	return ret;
}

static int make_program(bool dry_run, struct sock_fprog *program)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int ret;

	if (!filter)
		return -ENOMEM;
	ret = add_compat(filter);
	if (!ret)
		ret = add_rules(filter, dry_run);
	if (!ret)
		ret = export_program(filter, program);
	seccomp_release(filter);
	return ret;
}

/* With what the kernel has; it says EINVAL to a flag that it does not know. */
static int set_filter(const struct sock_fprog *program)
{
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			  flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, program);

	if (fd < 0 && errno == EINVAL)
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
	return fd < 0 ? -errno : (int)fd;
}

int kho_filter_install(bool dry_run)
{
	struct sock_fprog program = { 0 };
	int ret = make_program(dry_run, &program);

	if (!ret)
		ret = set_filter(&program);
	/* Not root.  Only then: it would keep a loader out of its own SELinux domain. */
	if (ret == -EACCES && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		ret = set_filter(&program);
	free(program.filter);
	return ret;
}

#endif
