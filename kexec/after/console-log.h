/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel's log or a serial console's, as lines of printable ASCII, and the boots in it.  Not
 * trusted, and rarely whole: terminals, emulators and losing lines have had their way with it.
 */
#ifndef AFTER_CONSOLE_LOG_H
#define AFTER_CONSOLE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/unpack/unpack.h"

/* Nothing larger is read, packed or not; a console of memblock=debug has 20 MiB. */
#define LOG_LIMIT_BYTES		(256u << 20)

/* What is behind is cut off: a line of data, not of a kernel. */
#define LOG_LINE_BYTES		1024

#define LOG_BOOTS		256

/* Between two lines that begin a kernel. */
struct log_boot {
	size_t first;		/* a line */
	size_t end;		/* behind the last one */
	char release[128];	/* as its first line has it; "" where that is missing */
	bool begins;		/* its first lines are there */
	bool by_kexec;		/* the kernel before it said that it jumps */
};

struct log {
	char *text;
	const char **line;
	size_t nr_lines;
	struct log_boot *boot;
	size_t nr_boots;
};

/*
 * Lines and boots of @raw, whose bytes pass to the log.  A text without any line that begins a
 * kernel is one boot.  On success log_deinit() ends it.  -E2BIG: more than LOG_BOOTS; -ENOMEM.
 */
int log_init(struct kho_buffer *raw, struct log *log, struct kho_err *err)
	__attribute__((warn_unused_result));

/* The same of a file, packed or not.  Errors of open(), read_file() and unpacking. */
int log_read(const char *path, struct log *log, struct kho_err *err)
	__attribute__((warn_unused_result));

void log_deinit(struct log *log);

/* The seconds that a line is stamped with ("[    1.304653] ..."); negative: it has none. */
double log_seconds(const char *line);

/* The message of a line: without the kernel's stamp, level and caller. */
const char *log_message(const char *line);

#endif
