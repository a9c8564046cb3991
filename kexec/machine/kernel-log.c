// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "machine/kernel-log.h"

#define KMSG "dev/kmsg"

/* kernel/printk/internal.h, PRINTK_MESSAGE_MAX; a record a read(). */
#define RECORD_BYTES 8192

/* A log of 64 MiB (CONFIG_LOG_BUF_SHIFT is 25 at most) is read to its end. */
#define MAX_READS (1u << 20)

static char *find_line(char *text, const char *const words[2])
{
	char *save, *line = strtok_r(text, "\n", &save);

	for (; line; line = strtok_r(NULL, "\n", &save)) {
		char *found = strstr(line, words[0]);

		if (!found || !strstr(found, words[1]))
			continue;
		found = strdup(found);
		if (found)
			kho_make_printable(found);
		return found;
	}
	return NULL;
}

/* A regular file gives its lines in larger pieces: the last one may go on in the next. */
char *kernel_log_find(const struct machine_tree *tree, const char *const words[2])
{
	char text[2 * RECORD_BYTES + 1], work[sizeof(text)], *found = NULL;
	size_t kept = 0;
	int fd = tree_open_log(tree, KMSG);

	for (unsigned int i = 0; fd >= 0 && !found && i < MAX_READS; i++) {
		ssize_t n = read(fd, text + kept, sizeof(text) - 1 - kept);
		char *last;

		/* EPIPE: records were overwritten before they were read; the next one is there. */
		if (n < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (n <= 0)
			break;
		text[kept + (size_t)n] = '\0';
		for (size_t at = 0; at < kept + (size_t)n; at++)
			text[at] = text[at] ? text[at] : ' ';
		memcpy(work, text, kept + (size_t)n + 1);
		found = find_line(work, words);
		last = strrchr(text, '\n');
		kept = last ? strlen(last + 1) : kept + (size_t)n;
		if (kept > RECORD_BYTES)
			kept = 0;
		else
			memmove(text, last ? last + 1 : text, kept);
	}
	if (fd >= 0)
		close(fd);
	return found;
}

/* Room for one more record; false: the limit, or no memory. */
static bool make_room(struct kho_buffer *log, size_t limit_bytes, int *ret)
{
	size_t cap = log->cap ? log->cap * 2 : 64 * RECORD_BYTES;
	uint8_t *data;

	if (log->cap - log->size >= RECORD_BYTES)
		return true;
	if (log->size + RECORD_BYTES > limit_bytes)
		return false;
	data = realloc(log->data, cap);
	if (!data) {
		*ret = -ENOMEM;
		return false;
	}
	log->data = data;
	log->cap = cap;
	return true;
}

int kernel_log_read(const struct machine_tree *tree, size_t limit_bytes, struct kho_buffer *log)
{
	int fd = tree_open_log(tree, KMSG), ret = 0;

	if (fd < 0)
		return fd;
	for (unsigned int i = 0; i < MAX_READS && make_room(log, limit_bytes, &ret); i++) {
		ssize_t n = read(fd, log->data + log->size, RECORD_BYTES);

		if (n < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (n <= 0)
			break;
		log->size += (size_t)n;
	}
	close(fd);
	return ret;
}
