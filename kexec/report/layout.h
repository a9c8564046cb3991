/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout that is drawn: each node's RAM, each scratch area, and the user of each part
 * of it when early boot is over or has died, or when the load has failed.
 *
 * Pure: a check goes in, addresses come out.  Nothing is rounded.
 */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "report/report.h"

/* The user of a piece: an enum boot_user, or none, or it is not known. */
#define LAYOUT_FREE	BOOT_USER_NR
#define LAYOUT_UNKNOWN	(BOOT_USER_NR + 1)
#define LAYOUT_USERS	(BOOT_USER_NR + 2)

struct layout_piece {
	uint64_t start_pa;
	uint64_t end_pa;
	unsigned int user;
};

/* All pieces of one user in one area; no bytes: it has none there. */
struct layout_share {
	uint64_t bytes;
	uint64_t first_pa;	/* of its lowest piece */
	uint64_t end_pa;	/* of its highest */
	size_t pieces;
};

/* kho_scratch=lowmem,global,node: which of its numbers an area comes from. */
enum layout_role {
	LAYOUT_NO_ROLE,		/* the areas are not one lowmem, one global, one a node */
	LAYOUT_LOWMEM,
	LAYOUT_GLOBAL,
	LAYOUT_OF_NODE,
};

struct layout_area {
	struct kho_range range;		/* its node is not set: an area may lie on several */
	enum layout_role role;
	int role_node;			/* only with LAYOUT_OF_NODE */
	/*
	 * Ascending, from the area's start to its end without a gap; neighbours are
	 * of different users.  Where the boot was not followed: one piece, unknown.
	 */
	struct layout_piece *piece;
	size_t nr_pieces;
	size_t cap_pieces;
	struct layout_share share[LAYOUT_USERS];
};

/* An area on a node: bytes of the node's RAM below it, holes left out, and up to its end. */
struct layout_mark {
	size_t area;			/* index */
	uint64_t from_bytes;
	uint64_t to_bytes;
};

/* Preserved memory on a node; bytes as in a mark. */
struct layout_preserved {
	uint64_t start_pa;
	uint64_t end_pa;
	uint64_t from_bytes;
	uint64_t to_bytes;
};

struct layout_node {
	int node;			/* KHO_NO_NODE: memory that belongs to none */
	struct kho_ranges ram;		/* ascending */
	uint64_t ram_bytes;
	struct layout_mark *mark;	/* ascending */
	size_t nr_marks;
	struct layout_preserved *preserved;	/* ascending; none where it is not known */
	size_t nr_preserved;
	uint64_t preserved_bytes;
};

struct layout {
	bool followed;			/* the pieces are known */
	struct layout_node *node;	/* ascending */
	size_t nr_nodes;
	struct layout_area *area;	/* in the kernel's order */
	size_t nr_areas;
	/*
	 * What lies in none of the areas: a successor that extends scratch takes other
	 * memory too.  Only pieces that somebody has; its range means nothing.
	 */
	struct layout_area beyond;
};

/*
 * Lay out @report.  Where two allocations overlap the later one has the room, and
 * any has it rather than the purgatory, which is needed for the load only.
 * On success @layout is to be given to layout_deinit().  0 or -ENOMEM.
 */
int layout_make(const struct kho_report *report, struct layout *layout)
	__attribute__((warn_unused_result));

/* The users that @area has, the one with most first, what is free last.  Returns how many. */
unsigned int layout_by_size(const struct layout_area *area, unsigned int user[LAYOUT_USERS]);

void layout_deinit(struct layout *layout);

#endif
