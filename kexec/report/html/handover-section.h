/* SPDX-License-Identifier: GPL-2.0-only */
/* The section "handover" of the HTML report. */
#ifndef REPORT_HTML_HANDOVER_SECTION_H
#define REPORT_HTML_HANDOVER_SECTION_H

#include <stdio.h>

#include "report/report.h"

/* Nothing where it was not judged. */
void html_handover(FILE *f, const struct kho_report *report);

#endif
