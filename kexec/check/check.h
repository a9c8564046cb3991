/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a check is asked and what it answers: the data that its parts share.  kho-scratch.h
 * has the functions for those who want a check.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/budget.h"
#include "check/estimate.h"
#include "check/readiness/readiness.h"
#include "finding/finding.h"
#include "model/boot-kernel.h"
#include "model/find-setting.h"

/* What the model wants to know of a successor: the same for every machine. */
struct kho_prepared {
	struct boot_kernel kernel;
	struct boot_bases bases;
	const char *missing;		/* what is not known; NULL: the boot can be followed */
};

/* For many checks of one successor: see kho_with's prepared. */
void kho_prepare(const struct successor *s, struct kho_prepared *prepared);

/* An advice takes many times what a verdict takes. */
enum kho_advise {
	KHO_ADVISE,
	KHO_ADVISE_SHORT,		/* only where it dies, or lacks something */
	KHO_ADVISE_BEST,		/* the same, and not the bare minimum */
	KHO_ADVISE_NOT,
};

/* What is loaded with the successor, and what is wanted of the check. */
struct kho_with {
	/* That it ends up with: "" for none; NULL: not known, followed as none. */
	const char *cmdline;
	const char *given;		/* that is loaded; NULL: the same */
	uint64_t initrd_bytes;		/* 0: none */
	bool initrd_unknown;		/* none was given, but there may be one */
	enum kho_tri bootconfig;	/* does the initrd end in one? */
	unsigned int headroom_percent;	/* of the memory map, for the advice */
	enum kho_advise advise;
	bool no_list;			/* the list of allocations is not wanted */
	struct kho_budget *budget;	/* NULL: KHO_BUDGET_STEPS */
	uint64_t advice_steps;		/* 0: KHO_BUDGET_STEPS */
	/* To check many machines; NULL: made for this one check. */
	const struct kho_prepared *prepared;
	struct kho_advice_memo *memo;	/* all else but work being the same: advice-memo.h */
	struct boot_work *work;		/* not for two threads at a time */
};

/* What an advised kho_scratch= is good for. */
enum kho_gain {
	KHO_GAIN_NONE,		/* nothing: nothing is short, and little would be given back */
	KHO_GAIN_KHO,		/* KHO can be turned on */
	KHO_GAIN_ROOM,		/* what is short now has room */
	KHO_GAIN_MEMORY,	/* nothing is short, and memory is given back */
};

/* What the followed boot comes to: of the verdict's findings this is the first. */
enum kho_boot_state {
	KHO_BOOT_UP,
	KHO_BOOT_LOAD_FAILS,
	KHO_BOOT_DIES,
	KHO_BOOT_TOO_CLOSE,	/* up or dead by less than BOOT_MARGIN_BYTES, in some slot */
	KHO_BOOT_DEPENDS,	/* up or dead: what decides is not known */
};

enum kho_boot_state kho_boot_state(const struct boot_result *boot);

struct kho_check {
	/* The estimate: for the report only, the model decides. */
	bool has_sparsemem;
	struct kho_sparsemem sparsemem;

	/* How the successor will boot here; set where all that it depends on is known. */
	bool has_boot;
	struct boot_result boot;
	struct boot_bases bases;
	struct boot_advice advice;
	enum kho_gain gain;		/* of advice */

	/* Will the handover happen; not for a load that carries none. */
	bool has_readiness;
	struct kho_readiness readiness;

	struct kho_findings findings;
	kho_verdict verdict;
};

#endif
