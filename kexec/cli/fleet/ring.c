// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/fleet/ring.h"

static struct fleet_chunk *chunk_at(const struct fleet_ring *ring, uint64_t index)
{
	return &ring->chunk[index % ring->nr_chunks];
}

int fleet_ring_init(struct fleet_ring *ring, size_t nr_chunks)
{
	*ring = (struct fleet_ring){ .nr_chunks = nr_chunks };
	ring->chunk = calloc(nr_chunks, sizeof(*ring->chunk));
	if (!ring->chunk)
		return -ENOMEM;
	pthread_mutex_init(&ring->lock, NULL);
	pthread_cond_init(&ring->filled, NULL);
	pthread_cond_init(&ring->freed, NULL);
	pthread_cond_init(&ring->judged, NULL);
	return 0;
}

void fleet_ring_deinit(struct fleet_ring *ring)
{
	for (size_t i = 0; i < ring->nr_chunks; i++)
		free(ring->chunk[i].text);
	free(ring->chunk);
	pthread_cond_destroy(&ring->judged);
	pthread_cond_destroy(&ring->freed);
	pthread_cond_destroy(&ring->filled);
	pthread_mutex_destroy(&ring->lock);
}

struct fleet_chunk *fleet_ring_wait_for_room(struct fleet_ring *ring)
{
	struct fleet_chunk *c = chunk_at(ring, ring->fill);

	pthread_mutex_lock(&ring->lock);
	while (c->state != FLEET_CHUNK_FREE)
		pthread_cond_wait(&ring->freed, &ring->lock);
	pthread_mutex_unlock(&ring->lock);
	return c;
}

void fleet_ring_filled(struct fleet_ring *ring, struct fleet_chunk *c)
{
	pthread_mutex_lock(&ring->lock);
	c->state = FLEET_CHUNK_FILLED;
	ring->fill++;
	pthread_cond_signal(&ring->filled);
	pthread_mutex_unlock(&ring->lock);
}

void fleet_ring_end(struct fleet_ring *ring)
{
	pthread_mutex_lock(&ring->lock);
	ring->ended = true;
	pthread_cond_broadcast(&ring->filled);
	pthread_cond_signal(&ring->judged);
	pthread_mutex_unlock(&ring->lock);
}

struct fleet_chunk *fleet_ring_take(struct fleet_ring *ring)
{
	struct fleet_chunk *c = NULL;

	pthread_mutex_lock(&ring->lock);
	while (ring->take == ring->fill && !ring->ended)
		pthread_cond_wait(&ring->filled, &ring->lock);
	if (ring->take < ring->fill) {
		c = chunk_at(ring, ring->take++);
		c->state = FLEET_CHUNK_TAKEN;
	}
	pthread_mutex_unlock(&ring->lock);
	return c;
}

void fleet_ring_judged(struct fleet_ring *ring, struct fleet_chunk *c)
{
	pthread_mutex_lock(&ring->lock);
	c->state = FLEET_CHUNK_JUDGED;
	if (c == chunk_at(ring, ring->drain))
		pthread_cond_signal(&ring->judged);
	pthread_mutex_unlock(&ring->lock);
}

struct fleet_chunk *fleet_ring_drain(struct fleet_ring *ring)
{
	struct fleet_chunk *c;

	pthread_mutex_lock(&ring->lock);
	c = chunk_at(ring, ring->drain);
	while (c->state != FLEET_CHUNK_JUDGED && !(ring->ended && ring->drain == ring->fill))
		pthread_cond_wait(&ring->judged, &ring->lock);
	if (c->state != FLEET_CHUNK_JUDGED)
		c = NULL;
	pthread_mutex_unlock(&ring->lock);
	return c;
}

void fleet_ring_freed(struct fleet_ring *ring, struct fleet_chunk *c)
{
	pthread_mutex_lock(&ring->lock);
	c->state = FLEET_CHUNK_FREE;
	ring->drain++;
	pthread_cond_signal(&ring->freed);
	pthread_mutex_unlock(&ring->lock);
}

void fleet_ring_stop(struct fleet_ring *ring)
{
	pthread_mutex_lock(&ring->lock);
	ring->stopped = true;
	pthread_mutex_unlock(&ring->lock);
}

bool fleet_ring_is_stopped(struct fleet_ring *ring)
{
	bool stopped;

	pthread_mutex_lock(&ring->lock);
	stopped = ring->stopped;
	pthread_mutex_unlock(&ring->lock);
	return stopped;
}
