/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run an unmodified loader with its load syscalls sent to the gate.
 */
#ifndef KHO_SUPERVISE_H
#define KHO_SUPERVISE_H

#include "kho-err.h"
#include "kho-gate.h"

/*
 * Run @path with @argv under a seccomp filter that hands every kexec_file_load
 * and kexec_load of it and of its children to kho_gate_decide(), and wait for it.
 * Signals sent to this process go on to the loader.  If this process dies, the
 * loads fail with ENOSYS: none slips through.
 *
 * A dry run (KHO_MODE_REPORT) ends the loader at its first load, since what would
 * come behind it (shutting down the network, a reboot) must not happen; reboot(2)
 * and downing an interface are refused to it throughout, and its stdout becomes
 * stderr.
 *
 * @status is as of waitpid().  Errors, before the loader has run:
 * -ENOTSUP: this kernel or this build can't supervise; errors of fork() and exec().
 */
int kho_supervise(const char *path, char **argv, struct kho_gate *gate, int *status,
		  struct kho_err *err) __attribute__((warn_unused_result));

#endif
