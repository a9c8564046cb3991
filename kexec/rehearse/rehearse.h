/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rehearsal: the early boot of the very successor, on a copy of the machine's
 * memory layout, in a guest.  What the model derives from rules, this looks at.
 */
#ifndef REHEARSE_H
#define REHEARSE_H

#include <stdio.h>

#include "machine/machine.h"
#include "model/boot.h"
#include "rehearse/console.h"
#include "rehearse/place.h"

/* Under TCG on a busy machine: enough for a distribution's kernel. */
#define REHEARSAL_SECONDS	120
#define REHEARSAL_SECONDS_MAX	3600

/* What is loaded, and where. */
struct rehearse_want {
	int kernel_fd;			/* its offset is not moved */
	int initrd_fd;			/* -1: its content is not known; zeros then */
	uint64_t initrd_bytes;		/* 0: none */
	const char *cmdline;
	const struct machine *machine;
	const char *root;		/* where it was read from: a folder, or a snapshot */
	const struct boot_kernel *kernel;
	const struct boot_result *model;
	/* In which format the running kernel hands over; NULL: nothing is. */
	const char *format;
	/* Known to initialise most of its struct pages after early boot. */
	bool deferred_pages;
	/* The regions of reserve_mem= are handed over, and found again. */
	bool reserve_mem_revived;
	unsigned int seconds;
	FILE *log;			/* gets the guest's console; NULL: not wanted */
};

enum rehearsal_outcome {
	REHEARSAL_UNKNOWN,	/* why: trouble */
	REHEARSAL_UP,
	REHEARSAL_DIED,
	/* It came up with nothing preserved, not with everything; what is, is not known. */
	REHEARSAL_DEPENDS,
};

/* One allocation of the rehearsal that the model has elsewhere, or not at all. */
struct rehearsal_difference {
	struct console_alloc seen;
	uint64_t model_pa;	/* where the model has its nearest; UINT64_MAX: nowhere */
};

#define REHEARSAL_DIFFERENCES	16

struct rehearsal {
	enum rehearsal_outcome outcome;
	char trouble[512];		/* "" unless UNKNOWN */
	bool reset;			/* it died of a triple fault, without a word */
	struct console console;

	bool kvm;
	char kvm_trouble[256];		/* "", or why TCG was used where there is a /dev/kvm */
	double took_seconds;
	uint64_t touched_bytes;		/* of memory, by the guest */
	char *cmdline[2];		/* with what was added; the second one says less */
	bool silent;			/* the second one was used, without allocations */
	struct rehearse_place place;	/* where it ran */
	bool initrd_zeros;
	bool preserved_all;		/* everything counted as preserved: what is, is not known */

	/* Against the model. */
	uint64_t map_seen;		/* pieces of the memory map and of its tables */
	uint64_t map_model;
	uint64_t map_equal;
	uint64_t others_seen;		/* other allocations over a page */
	uint64_t others_equal;
	struct rehearsal_difference difference[REHEARSAL_DIFFERENCES];
	size_t nr_differences;
};

/*
 * Rehearse.  What is not possible here is REHEARSAL_UNKNOWN with its trouble, not an
 * error.  On success @r is to be given to rehearsal_deinit().  0 or -ENOMEM.
 */
int rehearse(const struct rehearse_want *want, struct rehearsal *r)
	__attribute__((warn_unused_result));

/* Fill in what is reported "against the model".  0 or -ENOMEM. */
int rehearsal_compare(struct rehearsal *r, const struct boot_result *model,
		      const struct boot_kernel *kernel) __attribute__((warn_unused_result));

void rehearsal_deinit(struct rehearsal *r);

#endif
