/* SPDX-License-Identifier: GPL-2.0-only */
/* The JSON report as an object, for what holds a report. */
#ifndef REPORT_JSON_REPORT_H
#define REPORT_JSON_REPORT_H

#include "base/json.h"
#include "report/report.h"

/* What kho_report_json() prints; @b->failed: out of memory. */
struct json_object *kho_report_object(struct builder *b, const struct kho_report *report);

/* The findings as a report has them; the same. */
struct json_object *kho_findings_array(struct builder *b, const struct kho_findings *findings);

#endif
