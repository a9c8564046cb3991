/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of the JSON report that have a file of their own. */
#ifndef REPORT_JSON_READINESS_H
#define REPORT_JSON_READINESS_H

#include "base/json.h"
#include "report/report.h"

/* The "readiness" object; NULL where none was judged. */
struct json_object *kho_report_readiness(struct builder *b, const struct kho_report *report);

#endif
