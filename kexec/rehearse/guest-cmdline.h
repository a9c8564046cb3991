/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REHEARSE_GUEST_CMDLINE_H
#define REHEARSE_GUEST_CMDLINE_H

#include <stdbool.h>

struct rehearse_words {
	const char *early_console;
	bool each;		/* tell each allocation */
	/*
	 * The regions of reserve_mem= are found again, and take no memory: what tells of
	 * them is not rehearsed, so they are not asked for.
	 */
	bool reserve_mem_revived;
	bool stays;		/* KASLR moves it in virtual memory only: it is left on */
};

/*
 * The successor's command line @own for the guest: it stays where it is, talks to the
 * early console, and tells each allocation where that is wanted.
 *
 * The kernel keeps copies of its command line in memblock, so a longer one moves what
 * comes behind them.  Words that matter only after early boot (root=, console=, ...)
 * are left out for what is added, as many as that takes, and blanks fill what is left.
 * NULL: no memory.
 */
char *rehearse_cmdline(const char *own, const struct rehearse_words *words);

#endif
