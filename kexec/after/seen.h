/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel's own log tells of its boot.  The messages are those of kernel/dma/swiotlb.c,
 * kernel/crash_reserve.c, mm/hugetlb.c, kernel/printk/printk.c, mm/mm_init.c, mm/memblock.c and
 * kernel/liveupdate/, the same from 6.18 to 7.3 where nothing else is said.
 */
#ifndef AFTER_SEEN_H
#define AFTER_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Things of which a successor may get less than it asks for, and what it has. */
enum seen_thing {
	SEEN_SWIOTLB_WANTED,		/* the bounce buffer */
	SEEN_SWIOTLB,			/* 0: wanted, and none there */
	SEEN_CRASHKERNEL_WANTED,
	SEEN_CRASHKERNEL,		/* without its low part */
	SEEN_CRASHKERNEL_LOW,
	SEEN_CRASHKERNEL_CMA_LOST,	/* what crashkernel=SIZE,cma did not get */
	SEEN_GIGANTIC_WANTED,		/* pages */
	SEEN_GIGANTIC,
	SEEN_LOG_BUF,			/* that took the first one's place; 0: not had */
	SEEN_MAP_OFF_NODE,		/* of the memory map; only with memblock=debug */
	SEEN_MEMORY,			/* RAM that the kernel counts */
	SEEN_THINGS
};

/* "swiotlb_bytes": its name in the JSON; "bounce buffer": for people. */
const char *seen_key(enum seen_thing thing);
const char *seen_text(enum seen_thing thing);

/* Things of which less is better. */
bool seen_is_loss(enum seen_thing thing);
/* Pages, not bytes. */
bool seen_is_count(enum seen_thing thing);

struct seen_things {
	uint64_t value[SEEN_THINGS];
	unsigned int known;		/* a bit for each */
};

static inline void seen_put(struct seen_things *t, enum seen_thing thing, uint64_t value)
{
	t->value[thing] = value;
	t->known |= 1u << thing;
}

static inline bool seen_has(const struct seen_things *t, enum seen_thing thing)
{
	return t->known & (1u << thing);
}

#define SEEN_REGIONS	16
#define SEEN_WORDS	4

struct seen {
	bool begins;			/* the log has its first lines */
	char release[128];		/* "" where it has not */
	struct seen_things things;
	bool handover_found;		/* "KHO: found kexec handover data." */
	char refused[160];		/* why it took nothing, in its words; "": it does not say */
	char previous[128];		/* the kernel before it; "" not told */
	int64_t hops;			/* handovers since the cold boot; -1: not told */
	bool luo_retrieved;		/* live update found its state */
	char luo_words[SEEN_WORDS][160];	/* what live update complains of */
	size_t nr_luo_words;
	char region[SEEN_REGIONS][64];	/* of reserve_mem=, that were had back */
	size_t nr_regions;
	bool up;			/* the page allocator has taken over */
};

/* Of the lines of one boot. */
void seen_read(const char *const *line, size_t nr_lines, struct seen *seen);

/* What of the memory map lies off its node; false: the log does not tell. */
bool seen_map_off_node(const char *const *line, size_t nr_lines, uint64_t *bytes);

#endif
