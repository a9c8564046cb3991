/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kexec_file_load puts what it loads: inside the scratch areas, tried in
 * the order of their list (kernel/kexec_file.c: locate_mem_hole_callback();
 * kexec_handover.c: kho_locate_mem_hole()).
 */
#ifndef MODEL_TOOLBOX_SEGMENTS_H
#define MODEL_TOOLBOX_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/range.h"

#define SEGMENTS_MAX	8

struct segment {
	int user;		/* enum boot_user, below SEGMENTS_MAX */
	uint64_t bytes;
	uint64_t align;
	uint64_t min_pa;
	uint64_t max_pa;	/* last address that may be used, or UINT64_MAX */
	bool bottom_up;
	struct kho_range got;	/* empty until it is placed */
};

/* What found no hole. */
struct segment_refused {
	uint64_t bytes;		/* 0: it was not refused */
	uint64_t align;
	uint64_t largest_bytes;	/* the largest hole from a multiple of align on */
	uint64_t left_bytes;	/* all that the areas had left */
};

struct segments {
	struct segment seg[SEGMENTS_MAX];
	size_t n;
	struct segment_refused refused[SEGMENTS_MAX];	/* by user, the last time */
};

/*
 * Add @want (its got is not looked at) beside those that are placed already.
 * False: no area has a hole for it, kexec_file_load would say EADDRNOTAVAIL.
 */
bool segments_add(struct segments *segments, const struct kho_ranges *areas,
		  uint64_t page_bytes, const struct segment *want);

/* The first segment of @user, or NULL. */
const struct segment *segments_find(const struct segments *segments, int user);

#endif
