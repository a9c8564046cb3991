/* SPDX-License-Identifier: GPL-2.0-only */
/* The sections "map" and "budget" of the HTML report. */
#ifndef REPORT_HTML_MAP_H
#define REPORT_HTML_MAP_H

#include <stdio.h>

#include "report/layout.h"

void html_map(FILE *f, const struct kho_report *report, const struct layout *layout);
void html_budget(FILE *f, const struct kho_report *report, const struct layout *layout);

#endif
