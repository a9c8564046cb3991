/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hook: what a loader is about to load goes in, the decision comes out.
 */
#ifndef GATE_DECIDE_H
#define GATE_DECIDE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "gate/policy.h"
#include "kho-scratch.h"

/* One load, as the kernel would get it. */
struct kho_load {
	enum { KHO_LOAD_FILE, KHO_LOAD_CLASSIC } kind;	/* kexec_file_load, kexec_load */
	bool unload;		/* takes away what was loaded */
	bool crash;		/* a crash kernel: carries no handover, ever */
	int kernel_fd;		/* KHO_LOAD_FILE only; the gate does not move its offset */
	const char *cmdline;	/* the successor's; never NULL without trouble */
	uint64_t initrd_bytes;	/* 0: none */
	int initrd_fd;		/* its end is read, by pread(); -1: none, or not to be had */
	const char *trouble;	/* why the load can't be examined; NULL: it can */
	const char *remedy;	/* of the trouble; NULL: its text says all */
};

enum kho_answer {
	KHO_ALLOW,
	KHO_REFUSE,		/* with EPERM */
	KHO_PRETEND,		/* say that it went well, do nothing */
};

/*
 * It has the place of a machine (policy->machine), not a machine: what counts is the
 * state when a load is decided on, which may be days after the loader started.
 */
struct kho_gate {
	const struct kho_policy *policy;
	FILE *out;		/* where a report goes */
	FILE *err;		/* where a check goes */
	bool judged;		/* some load was judged: no unload, no crash load (but in a dry run) */
	bool refused;		/* some load was refused, whatever came after it */
	kho_verdict verdict;	/* the worst: of the refused loads; in a dry run of all */
	bool repeats;		/* a classic load of a dry run is tried again, by file: not judged */
	bool classic;		/* there was such a load: what is judged is not how it is done */
	int lost;		/* a report did not reach its reader: an errno */
};

/*
 * See that the machine can be opened, and try the VMCOREINFO file that was named,
 * before anything runs.  Errors as snapshot_or_tree_probe() and
 * successor_read_vmcoreinfo().
 */
int kho_gate_init(struct kho_gate *gate, const struct kho_policy *policy, FILE *out, FILE *err,
		  struct kho_err *why) __attribute__((warn_unused_result));

/*
 * Read the machine, judge a load on it, report the findings, and decide.  A machine
 * that can't be read any more is unknown; running out of memory is no "ok".  A warning
 * that gate->err does not take makes the verdict unknown: nobody was warned.
 */
enum kho_answer kho_gate_decide(struct kho_gate *gate, const struct kho_load *load);

/*
 * Report on policy->image, without a loader.  Sets gate->verdict.
 * Errors as kho_gate_read_image() and snapshot_or_tree().
 */
int kho_gate_report_image(struct kho_gate *gate, struct kho_err *why)
	__attribute__((warn_unused_result));

/*
 * The image's own words, then those that were given.  @with->cmdline NULL: none was
 * given; then a unified image's own counts, and its initrd.
 */
int kho_gate_read_successor(const struct kho_policy *policy, int fd, struct successor *s,
			    struct kho_with *with, struct kho_err *why)
	__attribute__((warn_unused_result));

/*
 * Read the image of @policy, and what is loaded with it; the texts of @ret_with belong to
 * @policy and @ret_s.  On success successor_deinit() ends @ret_s.
 * Errors of open() and successor_read_fd(): a bad file is no report; -ENOMEM.
 */
int kho_gate_read_image(const struct kho_policy *policy, struct successor *ret_s,
			struct kho_with *ret_with, struct kho_err *why)
	__attribute__((warn_unused_result));

/*
 * Report on the machine alone.  Sets gate->verdict.
 * Errors as snapshot_or_tree().
 */
int kho_gate_report_machine(struct kho_gate *gate, struct kho_err *why)
	__attribute__((warn_unused_result));

/* Report a loader that could not be supervised, and decide as for a load of it. */
void kho_gate_unsupervised(struct kho_gate *gate, const char *why);

#endif
