/* SPDX-License-Identifier: GPL-2.0-only */
/* What a report says of itself: the clock, this host, and the files of the load. */
#ifndef GATE_ABOUT_H
#define GATE_ABOUT_H

#include <limits.h>

#include "gate/policy.h"
#include "kho-scratch.h"
#include "report/report.h"

struct gate_about {
	struct kho_about about;
	char host[256];
	char image[PATH_MAX];
	char initrd[PATH_MAX];
};

/*
 * Fill @about, for a report of @policy on @s, which may be NULL.  @kernel_fd: -1: there is no image, or it is not known;
 * its offset is not moved.  @initrd_fd: likewise, its name only.  @with may be NULL.  All pointers
 * of the result are into @about, @policy and @with.
 */
void gate_about(struct gate_about *about, const struct kho_policy *policy,
		const struct successor *s, int kernel_fd, int initrd_fd,
		const struct kho_with *with);

#endif
