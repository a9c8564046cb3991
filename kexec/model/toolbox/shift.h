/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For which places of the kernel does a run go the same way?
 *
 * A run is followed with the kernel at one place.  With the kernel d bytes higher an
 * address in it is @pa + @moves * d: 0 for what lies fixed, 1 for what lies against the
 * kernel, and so on.  Each comparison of two addresses that decides something narrows
 * [low, high] to those d for which it has the same answer.  For all of them together
 * the run takes the same decisions, and what it yields is the same.
 */
#ifndef MODEL_TOOLBOX_SHIFT_H
#define MODEL_TOOLBOX_SHIFT_H

#include <stdbool.h>
#include <stdint.h>

struct shift {
	uint64_t step_bytes;	/* d is a multiple of it */
	int64_t low, high;	/* low <= 0 <= high */
};

/* Only this very place.  @s may be NULL in all of these: nothing is recorded. */
static inline void shift_fix(struct shift *s)
{
	if (s)
		s->low = s->high = 0;
}

/* Is @a <= @b?  Sums stay far below 2^63: addresses have 52 bits. */
static inline bool shift_le(struct shift *s, uint64_t a, int a_moves, uint64_t b, int b_moves)
{
	bool le = a <= b;
	int64_t room, slope;

	if (!s || a_moves == b_moves)
		return le;
	/* Holds while @room stays at or above 0; it changes by @slope for each byte. */
	room = le ? (int64_t)(b - a) : (int64_t)(a - b) - 1;
	slope = le ? b_moves - a_moves : a_moves - b_moves;
	if (slope > 0 && s->low < -(room / slope))
		s->low = -(room / slope);
	if (slope < 0 && s->high > room / -slope)
		s->high = room / -slope;
	return le;
}

static inline bool shift_lt(struct shift *s, uint64_t a, int a_moves, uint64_t b, int b_moves)
{
	return !shift_le(s, b, b_moves, a, a_moves);
}

/* Rounding to @unit keeps the slope only where the kernel moves by multiples of it. */
static inline void shift_round(struct shift *s, int moves, uint64_t unit)
{
	if (s && moves && s->step_bytes % unit)
		shift_fix(s);
}

#endif
