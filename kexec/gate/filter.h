/* SPDX-License-Identifier: GPL-2.0-only */
/* The seccomp filter under which a supervised loader runs. */
#ifndef GATE_FILTER_H
#define GATE_FILTER_H

#include <stdbool.h>

/*
 * Put this process and its children under the filter: every kexec_file_load and
 * kexec_load, of each ABI of the machine, waits for whoever holds the listener.
 * @dry_run: reboot(2) and downing a network interface fail with EPERM as well.
 *
 * From Linux 5.19 on a signal that does not end the task no longer aborts a call
 * that the listener has received (SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV).
 *
 * The listener's descriptor, or a negative errno.  -EBUSY: the process is under
 * another listener already, and a kernel lets it have one only; -EINVAL, -ENOSYS,
 * -EOPNOTSUPP: the kernel has no user notification (Linux 5.6); -ENOMEM; errors of
 * seccomp(2).
 */
int kho_filter_install(bool dry_run) __attribute__((warn_unused_result));

#endif
