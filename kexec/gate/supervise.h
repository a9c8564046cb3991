/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run an unmodified loader with its load syscalls sent to the gate.
 */
#ifndef GATE_SUPERVISE_H
#define GATE_SUPERVISE_H

#include "base/err.h"
#include "gate/decide.h"

/*
 * Run @path with @argv under a seccomp filter that hands every kexec_file_load
 * and kexec_load of it and of its children to kho_gate_decide(), and wait for it.
 * Signals sent to this process go on to the loader.  SIGTERM, SIGINT and SIGQUIT also
 * refuse the load that is checked, and all later ones.  If this process dies, the loads
 * fail with ENOSYS: none slips through.  SIGCHLD is reset; the loader gets it as it was.
 *
 * A dry run (KHO_MODE_REPORT) ends the loader at its first load, because what
 * follows it (shutting down the network, a reboot) must not happen; reboot(2)
 * and downing an interface are refused to it throughout, and its stdout becomes
 * stderr.
 *
 * @status is as of waitpid().  Errors, before the loader has run:
 * -ENOTSUP: this kernel, this build or what confines this process doesn't let it
 * supervise; -ENOMEM; errors of fork() and exec().  Errors when it has run:
 * -EIO: it could not be served any more, and was killed;
 * -EINTR: a signal has ended it, or was to end it, while a load was checked; @status
 * says which.  A thread may still use @gate: all that is left is to end the process.
 */
int kho_supervise(const char *path, char **argv, struct kho_gate *gate, int *status,
		  struct kho_err *err) __attribute__((warn_unused_result));

#endif
