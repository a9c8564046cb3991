/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ring of chunks, each some whole lines: one reader fills them, workers judge them in
 * any order, one writer drains them in the order of the input.  A reader that is ahead
 * waits for a free chunk: the ring bounds all memory.
 */
#ifndef CLI_FLEET_RING_H
#define CLI_FLEET_RING_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/fleet-records.h"

enum fleet_chunk_state {
	FLEET_CHUNK_FREE,
	FLEET_CHUNK_FILLED,
	FLEET_CHUNK_TAKEN,
	FLEET_CHUNK_JUDGED,
};

/* Whoever has it in its state is the only one that uses the rest. */
struct fleet_chunk {
	enum fleet_chunk_state state;
	char *text;			/* whole lines; the last may lack its newline */
	size_t bytes;
	size_t cap;
	bool too_long;			/* one line over the limit, without its text */
	uint64_t first_line;
	uint64_t end_byte;		/* of the input, behind this chunk */
	char *records;
	size_t record_bytes;
	struct fleet_tally tally;
	int error;			/* an errno: the records could not be made */
};

/* Only ring.c uses its members. */
struct fleet_ring {
	pthread_mutex_t lock;
	pthread_cond_t filled, freed, judged;
	/* Each counts on for ever and is taken modulo the number of chunks. */
	uint64_t fill, take, drain;
	bool ended;			/* nothing more will be filled */
	bool stopped;			/* what is filled from now on is for nobody */
	struct fleet_chunk *chunk;
	size_t nr_chunks;
};

/* 0 or -ENOMEM; fleet_ring_deinit() ends it. */
int fleet_ring_init(struct fleet_ring *ring, size_t nr_chunks) __attribute__((warn_unused_result));
void fleet_ring_deinit(struct fleet_ring *ring);

/* For the reader: the chunk to fill next, once it is free; and that it is filled. */
struct fleet_chunk *fleet_ring_wait_for_room(struct fleet_ring *ring);
void fleet_ring_filled(struct fleet_ring *ring, struct fleet_chunk *c);

/* The input has ended.  May be called again, to wake the writer. */
void fleet_ring_end(struct fleet_ring *ring);

/* For a worker: the next chunk to be judged, NULL: there will be none; and that it is judged. */
struct fleet_chunk *fleet_ring_take(struct fleet_ring *ring);
void fleet_ring_judged(struct fleet_ring *ring, struct fleet_chunk *c);

/* For the writer: the next chunk in order, NULL: that was the last; and that it is free. */
struct fleet_chunk *fleet_ring_drain(struct fleet_ring *ring);
void fleet_ring_freed(struct fleet_ring *ring, struct fleet_chunk *c);

/* After a failure the reader is to stop, and chunks are only emptied, so that nobody waits. */
void fleet_ring_stop(struct fleet_ring *ring);
bool fleet_ring_is_stopped(struct fleet_ring *ring);

#endif
