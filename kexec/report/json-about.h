/* SPDX-License-Identifier: GPL-2.0-only */
/* The "about" object: by which a report can be told from another. */
#ifndef REPORT_JSON_ABOUT_H
#define REPORT_JSON_ABOUT_H

#include "base/json.h"
#include "report/report.h"

#define KHO_ABOUT_TIME	32

/* NULL where nothing is known. */
struct json_object *kho_report_about(struct builder *b, const struct kho_report *report);

/* "2026-11-25T21:30:00Z" */
const char *kho_about_time(const struct kho_about *about, char text[KHO_ABOUT_TIME]);

#endif
