/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the text report that --kho-verbose asks for. */
#ifndef REPORT_TEXT_FACTS_H
#define REPORT_TEXT_FACTS_H

#include "report/report.h"

/* Facts and their sources, machine, estimate, and who takes what of the areas.  0 or -ENOMEM. */
int kho_report_facts(FILE *f, const struct kho_report *report) __attribute__((warn_unused_result));

#endif
