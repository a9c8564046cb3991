/* SPDX-License-Identifier: GPL-2.0-only */
/* What the reader of a stream can show. */
#ifndef REPORT_TERMINAL_H
#define REPORT_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

struct terminal {
	unsigned int columns;
	bool utf8;		/* else ASCII only */
	bool colour;		/* 256 colours */
};

/*
 * COLUMNS in the environment, else the terminal's width, else 80; the locale's
 * charset; colour on a terminal, unless NO_COLOR is set or TERM is dumb.
 */
void terminal_of(FILE *f, struct terminal *terminal);

/* By the locale alone: also of what is no terminal. */
bool terminal_is_utf8(void);

#endif
