/* SPDX-License-Identifier: GPL-2.0-only */
/* QEMU, found at run time and run without anything that the rehearsal does not need. */
#ifndef REHEARSE_QEMU_H
#define REHEARSE_QEMU_H

#include <stdio.h>

#include "rehearse/console.h"
#include "rehearse/guest-load.h"

/* What is printed is more than any early boot prints. */
#define QEMU_OUTPUT_LIMIT_BYTES	(64u << 20)

enum qemu_end {
	QEMU_CONSOLE,		/* the console shows the end */
	QEMU_RESET,		/* the guest reset itself: a triple fault */
	QEMU_TIME,		/* it did neither in the time that it had */
	QEMU_FAILED,		/* QEMU itself; the error says why */
};

struct qemu_run {
	const struct rehearse_arch *arch;
	const struct machine *machine;
	const struct guest *guest;
	unsigned int seconds;	/* wall time that it may take */
	FILE *log;		/* gets all that the console says; NULL: not wanted */
	const struct kho_range *initrd;	/* where one is; NULL: none */
	bool kvm;		/* else TCG */
	/* Filled in. */
	double took_seconds;
	uint64_t touched_bytes;	/* of the guest's memory */
};

/* The program for @arch, as a path the caller frees; NULL: there is none. */
char *qemu_find(const struct rehearse_arch *arch);

/* Is @arch the host's, and its /dev/kvm open to those as whom QEMU runs?  KVM may still fail. */
bool qemu_has_kvm(const struct rehearse_arch *arch);

/*
 * Run @program until the console says how it ended.  It ends with this process too.
 * As root it runs as nobody.
 */
enum qemu_end qemu_run(struct qemu_run *run, const char *program, struct console *console,
		       struct kho_err *err);

#endif
