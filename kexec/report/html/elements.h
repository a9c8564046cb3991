/* SPDX-License-Identifier: GPL-2.0-only */
/* What every part of the HTML report is made of. */
#ifndef REPORT_HTML_ELEMENTS_H
#define REPORT_HTML_ELEMENTS_H

#include <stdint.h>
#include <stdio.h>

#include "base/range.h"

/*
 * Text of whatever origin, for an element or a quoted attribute: nothing in it can
 * end either.  What is not printable ASCII is shown as "\x1b".
 */
void html_text(FILE *f, const char *text);

/* "14,575,616" */
void html_number(FILE *f, uint64_t number);

/* A part of the page with its heading; "</section>" ends it. */
void html_begin_section(FILE *f, const char *id, const char *title);

/*
 * A table up to its body.  @id may be NULL.  @head ends in NULL; a head that begins
 * with '#' is of a column of numbers.  "</tbody></table>" ends it.
 */
void html_begin_table(FILE *f, const char *id, const char *caption, const char *const *head);

/* A row of a table: a head, a value, and, unless @source is NULL, where it comes from. */
void html_row(FILE *f, const char *what, const char *value, const char *source);

/* ", node 0, node 1": the nodes of the memory that @range lies on. */
void html_nodes(FILE *f, const struct kho_range *range, const struct kho_ranges *memory);

#endif
