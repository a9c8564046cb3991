/* SPDX-License-Identifier: GPL-2.0-only */
/* A check as a report: for people, and for programs. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "base/sha256.h"
#include "kho-scratch.h"

/* Of the JSON; it is raised when a key changes its meaning. */
#define KHO_REPORT_SCHEMA	1

/* By which a report can be told from another: what was asked, of what, where and when. */
struct kho_about {
	int64_t time;			/* seconds since 1970, UTC */
	const char *host;		/* where the check ran; "" when not known */
	const char *image;		/* its path; NULL: there is none, or it is not known */
	uint64_t image_bytes;
	char image_sha256[KHO_SHA256_TEXT];	/* "": could not be read */
	const char *initrd;		/* likewise */
	bool initrd_known;
	uint64_t initrd_bytes;		/* 0: none */
	const char *cmdline;		/* that the successor ends up with; NULL: not known */
	char **option;			/* the words of the command line, without the program */
	int nr_options;
};

struct kho_report {
	const struct successor *successor;	/* NULL: nothing is known about it */
	bool alone;		/* no load: @successor is the running kernel itself */
	const struct machine *machine;
	const struct kho_check *check;
	const struct rehearsal *rehearsal;	/* NULL: none was made */
	bool verbose;		/* the text has all that is known */
	const struct kho_about *about;	/* NULL: not known */
};

/*
 * The answer, without a newline: "FAIL 7.2.13 -> 7.2.13: node 1's memory map is 528 KiB
 * short; boot with kho_scratch=16M,42M,54M".  @arrow stands between the releases.
 */
void kho_report_answer(FILE *f, const struct kho_report *report, const char *arrow);

/* The finding that decides: of the worst severity the first; NULL where all is fine. */
const struct kho_finding *kho_report_deciding(const struct kho_check *check);

/* What stands in it behind the colon. */
void kho_report_cause(FILE *f, const struct kho_report *report);

/* The arrow of the locale: "→" or "->". */
const char *kho_report_arrow(void);

/* " (1 fail accepted)", by severity; "" where none was. */
#define KHO_ACCEPTED_BYTES 96
const char *kho_report_accepted(const struct kho_findings *findings,
				char text[KHO_ACCEPTED_BYTES]);

/* The findings, a line or two each, for stderr beside a load. */
void kho_report_findings(FILE *f, const struct kho_check *check);

/*
 * For people: the answer, the findings, what fails, and what happens to the handover; with
 * @report's verbose all that is known.  0 or -ENOMEM.
 */
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

/* The answer, the findings and what fails, as every report for people in a terminal begins. */
void kho_report_begin(FILE *f, const struct kho_report *report);

/* The request that finds no room, in a paragraph; nothing where there is none. */
void kho_report_shortage(FILE *f, const struct kho_report *report);

/* The verdict, as every report for people in a terminal ends. */
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
