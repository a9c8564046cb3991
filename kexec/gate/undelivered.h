/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers that did not reach their task.  Before Linux 5.19 any signal that the task
 * handles aborts its call, and the kernel starts that anew: a new request for the
 * same call, while the answer to the first is ready.  Were they not kept, the image of
 * a loader with a periodic timer would be read for ever.
 */
#ifndef GATE_UNDELIVERED_H
#define GATE_UNDELIVERED_H

#include <time.h>

#include "gate/request.h"

#define KHO_UNDELIVERED_LIMIT 16

struct kho_undelivered {
	struct kho_undelivered_answer {
		struct kho_request request;
		enum kho_answer answer;
		struct timespec at;
	} kept[KHO_UNDELIVERED_LIMIT];
	size_t n;
};

/* Keep @answer; @request is moved in.  Where there is no room the oldest is dropped. */
void kho_undelivered_keep(struct kho_undelivered *u, struct kho_request *request,
			  enum kho_answer answer);

/*
 * Take out the answer to the same call: by the same thread, with the same arguments, the
 * same unchanged files and command line, of the last minute.  False: there is none.
 */
bool kho_undelivered_take(struct kho_undelivered *u, const struct kho_request *request,
			  enum kho_answer *answer);

void kho_undelivered_deinit(struct kho_undelivered *u);

#endif
