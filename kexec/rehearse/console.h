/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guest's early console says: how the boot ends, and, with memblock=debug,
 * each early allocation.  Not trusted: an image may print what it likes.
 */
#ifndef REHEARSE_CONSOLE_H
#define REHEARSE_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/boot.h"
#include "rehearse/guest.h"

#define CONSOLE_LINE_BYTES	1024
#define CONSOLE_WORDS		8	/* lines that are kept to be shown */
#define CONSOLE_ALLOCS		(1u << 20)
#define CONSOLE_FREES	65536		/* so many of the latest may be given back */
#define CONSOLE_OOPSES		16	/* so many in a row: it does not end by itself */

enum console_state {
	CONSOLE_RUNNING,
	CONSOLE_UP,		/* "Memory: ..." or "SLUB: ...": the page allocator has taken over */
	CONSOLE_DIED,
};

/* One allocation of memblock. */
struct console_alloc {
	enum boot_user user;
	char function[32];	/* who asked, as the log names it; "" where it does not */
	int node;		/* wanted, KHO_NO_NODE: any */
	uint64_t start_pa;
	uint64_t bytes;
};

struct console {
	enum console_state state;
	char words[CONSOLE_WORDS][CONSOLE_LINE_BYTES];	/* without their time */
	size_t nr_words;
	bool begun;		/* the kernel itself, not what unpacks it */
	bool handover_found;	/* the successor took what was handed over */
	bool handover_refused;	/* or said that it does not */

	struct console_alloc *alloc;
	size_t nr_allocs;
	size_t cap_allocs;
	bool no_memory;		/* of ours: the list is cut */

	/* In between. */
	char line[CONSOLE_LINE_BYTES];
	size_t line_bytes;
	bool asked;		/* a request was logged, the next line may tell its address */
	struct console_alloc request;
	unsigned int oopses;
	uint64_t bytes_seen;
};

/* More text of the guest. */
void console_feed(struct console *console, const char *text, size_t bytes);

/*
 * Look for an end in the memory of a guest that prints nothing; not in @skip, whose content
 * is the user's.
 */
void console_peek(struct console *console, const struct guest *guest,
		  const struct kho_range *skip);

void console_deinit(struct console *console);

#endif
