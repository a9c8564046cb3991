/* SPDX-License-Identifier: GPL-2.0-only */
/* The request that finds no room, in the card of its finding. */
#ifndef REPORT_HTML_SHORTAGE_CARD_H
#define REPORT_HTML_SHORTAGE_CARD_H

#include <stdio.h>

#include "report/report.h"

/* Nothing where there is none. */
void html_shortage(FILE *f, const struct kho_report *report);

#endif
