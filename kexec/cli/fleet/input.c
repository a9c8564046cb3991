// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/fleet/input.h"
#include "machine/snapshot/snapshot.h"

#define READ_BYTES	(32u << 10)

/* What has been read and is not a whole line yet. */
struct partial_line {
	int fd;
	char *text;
	size_t bytes;
	size_t cap;
	uint64_t next_line;
	uint64_t end_byte;
	bool skipping;		/* the rest of a line that is too long */
};

static int submit(struct fleet_ring *ring, struct partial_line *in, size_t bytes, bool too_long)
{
	struct fleet_chunk *c = fleet_ring_wait_for_room(ring);

	if (!too_long) {
		if (c->cap < bytes) {
			char *text = realloc(c->text, bytes);

			if (!text)
				return -ENOMEM;
			c->text = text;
			c->cap = bytes;
		}
		memcpy(c->text, in->text, bytes);
	}
	c->bytes = bytes;
	c->too_long = too_long;
	c->first_line = in->next_line;
	c->end_byte = in->end_byte;
	fleet_ring_filled(ring, c);
	return 0;
}

static uint64_t count_newlines(const char *text, size_t bytes)
{
	uint64_t n = 0;

	for (const char *end = text + bytes; (text = memchr(text, '\n', (size_t)(end - text)));
	     text++)
		n++;
	return n;
}

/* Hand over the whole lines that are there, and keep the rest. */
static int submit_lines(struct fleet_ring *ring, struct partial_line *in)
{
	const char *last = in->bytes ? memrchr(in->text, '\n', in->bytes) : NULL;
	size_t whole = last ? (size_t)(last - in->text) + 1 : 0;
	int ret;

	if (whole) {
		ret = submit(ring, in, whole, false);
		if (ret)
			return ret;
		in->next_line += count_newlines(in->text, whole);
		in->bytes -= whole;
		memmove(in->text, in->text + whole, in->bytes);
	}
	if (in->bytes <= SNAPSHOT_LIMIT_BYTES)
		return 0;
	in->bytes = 0;
	in->skipping = true;
	return submit(ring, in, 0, true);
}

/* The rest of a line that is too long, up to its newline. */
static void skip_rest(struct partial_line *in)
{
	const char *end = memchr(in->text, '\n', in->bytes);
	size_t rest = end ? (size_t)(end - in->text) + 1 : in->bytes;

	in->bytes -= rest;
	memmove(in->text, in->text + rest, in->bytes);
	if (end) {
		in->skipping = false;
		in->next_line++;
	}
}

/* Returns at the end of the input, on an error, or when nobody reads the records any more. */
static int read_lines(struct fleet_ring *ring, struct partial_line *in)
{
	while (!fleet_ring_is_stopped(ring)) {
		ssize_t n = read(in->fd, in->text + in->bytes, in->cap - in->bytes);
		int ret;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return in->bytes ? submit(ring, in, in->bytes, false) : 0;
		in->bytes += (size_t)n;
		in->end_byte += (uint64_t)n;
		if (in->skipping)
			skip_rest(in);
		ret = in->skipping ? 0 : submit_lines(ring, in);
		if (ret)
			return ret;
	}
	return 0;
}

int fleet_input_read(struct fleet_ring *ring, int fd)
{
	struct partial_line in = { .fd = fd, .next_line = 1,
			    .cap = SNAPSHOT_LIMIT_BYTES + READ_BYTES };
	int ret;

	in.text = malloc(in.cap);
	ret = in.text ? read_lines(ring, &in) : -ENOMEM;
	free(in.text);
	return ret;
}
