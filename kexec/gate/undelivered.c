// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>

#include "gate/undelivered.h"

#define UNDELIVERED_SECONDS 60

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       same_time(a->st_mtim, b->st_mtim) && same_time(a->st_ctim, b->st_ctim);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_call(const struct kho_request *a, const struct kho_request *b)
{
	return a->tid == b->tid && !memcmp(&a->call, &b->call, sizeof(a->call)) &&
	       same_file(&a->image, &b->image) && same_file(&a->initrd, &b->initrd) &&
	       same_text(a->cmdline, b->cmdline) && !strcmp(a->why.text, b->why.text);
}

static struct timespec now(void)
{
	struct timespec at = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at;
}

static void drop_undelivered(struct kho_undelivered *u, size_t i)
{
	kho_request_deinit(&u->kept[i].request);
	memmove(&u->kept[i], &u->kept[i + 1], (--u->n - i) * sizeof(u->kept[0]));
}

void kho_undelivered_keep(struct kho_undelivered *u, struct kho_request *request,
			  enum kho_answer answer)
{
	if (u->n == KHO_UNDELIVERED_LIMIT)
		drop_undelivered(u, 0);
	u->kept[u->n++] = (struct kho_undelivered_answer){ *request, answer, now() };
	*request = (struct kho_request){ .load = { .kernel_fd = -1, .initrd_fd = -1 } };
}

bool kho_undelivered_take(struct kho_undelivered *u, const struct kho_request *request,
			  enum kho_answer *answer)
{
	time_t oldest = now().tv_sec - UNDELIVERED_SECONDS;

	while (u->n && u->kept[0].at.tv_sec < oldest)
		drop_undelivered(u, 0);
	for (size_t i = 0; i < u->n; i++) {
		if (!same_call(&u->kept[i].request, request))
			continue;
		*answer = u->kept[i].answer;
		drop_undelivered(u, i);
		return true;
	}
	return false;
}

void kho_undelivered_deinit(struct kho_undelivered *u)
{
	while (u->n)
		drop_undelivered(u, u->n - 1);
}
