/* SPDX-License-Identifier: GPL-2.0-only */
/* A check as a report: for people, and for programs. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdio.h>

#include "kho-scratch.h"

struct kho_report {
	const struct successor *successor;	/* NULL: nothing is known about it */
	bool alone;		/* no load: @successor is the running kernel itself */
	const struct machine *machine;
	const struct kho_check *check;
	const struct rehearsal *rehearsal;	/* NULL: none was made */
};

/* The findings, a line or two each, for stderr beside a load. */
void kho_report_findings(FILE *f, const struct kho_check *check);

/* All that is known, for people.  0 or -ENOMEM. */
int kho_report_text(FILE *f, const struct kho_report *report)
	__attribute__((warn_unused_result));

/* The same for programs: one object, doc/report-schema.md.  0 or -ENOMEM. */
int kho_report_json(FILE *f, const struct kho_report *report)
	__attribute__((warn_unused_result));

/* The same as metrics for node_exporter's textfile collector.  0 or -ENOMEM. */
int kho_report_prometheus(FILE *f, const struct kho_report *report)
	__attribute__((warn_unused_result));

/* Will the handover happen: what is handed over, and what happens to it. */
void kho_report_handover(FILE *f, const struct kho_report *report);

/* kho_fate_name(), except that nothing arrives unless the successor comes up. */
const char *kho_report_fate(const struct kho_check *check, enum kho_fate fate);

/*
 * A map of each node's memory and of each area, for a terminal: as wide, in such
 * letters and with colour only where @f and the environment have them.  0 or -ENOMEM.
 */
int kho_report_map(FILE *f, const struct kho_report *report)
	__attribute__((warn_unused_result));

/* The whole report as one HTML file that needs nothing else.  0 or -ENOMEM. */
int kho_report_html(FILE *f, const struct kho_report *report)
	__attribute__((warn_unused_result));

/* The findings and the verdict, as every report for people ends. */
void kho_report_conclusion(FILE *f, const struct kho_check *check);

/*
 * The nodes that an area lies on, by the nodes of the memory: calls @visit once a
 * node, ascending by address.
 */
void kho_report_area_nodes(const struct kho_range *area, const struct kho_ranges *memory,
			   void (*visit)(int node, void *arg), void *arg);

/*
 * How many bytes of an area early boot leaves.  What is needed only for the load
 * (purgatory) does not count.  0 or -ENOMEM.
 */
int kho_report_area_left(const struct kho_range *area, const struct boot_result *boot,
			 uint64_t *left_bytes) __attribute__((warn_unused_result));

#endif
