/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the HTML report. Only kexec/report/ uses this. */
#ifndef KHO_HTML_H
#define KHO_HTML_H

#include "report/layout.h"
#include "report/legend.h"

/*
 * Text of whatever origin, for an element or a quoted attribute: nothing in it can
 * end either.  What is not printable ASCII is shown as "\x1b".
 */
void html_text(FILE *f, const char *text);

/* "14,575,616" */
void html_number(FILE *f, uint64_t number);

/* "f-map": the class that gives a user its colours. */
const char *html_class(unsigned int user);

/* "node 0", "nodes 0 1". */
void html_nodes(FILE *f, const struct kho_range *range, const struct kho_ranges *memory);

/* The sections "map" and "budget". */
void html_map(FILE *f, const struct kho_report *report, const struct layout *layout);
void html_budget(FILE *f, const struct kho_report *report, const struct layout *layout);

#endif
