/* SPDX-License-Identifier: GPL-2.0-only */
/* A load syscall that waits in the kernel until we answer it. */
#ifndef GATE_REQUEST_H
#define GATE_REQUEST_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/err.h"
#include "gate/load-syscall.h"

struct kho_request {
	uint64_t id;
	pid_t tid;		/* the thread that waits */
	struct seccomp_data call;
	struct kho_load load;	/* points into what follows */
	struct stat image;	/* all 0 where there is none, or it can't be read */
	struct stat initrd;
	char *cmdline;
	struct kho_err why;	/* what load.trouble says */
};

/* False: it is no load call. */
bool kho_request_init(const struct seccomp_notif *notif, struct kho_request *request)
	__attribute__((warn_unused_result));

/* Does the task still wait?  Else its tid may be a stranger's by now. */
bool kho_request_waits(int notify_fd, uint64_t id);

/*
 * Fetch file, initrd and command line of the load from the task that waits.  What can't
 * be read is request->load.trouble.
 */
void kho_request_fetch(struct kho_request *request);

void kho_request_deinit(struct kho_request *request);

#endif
