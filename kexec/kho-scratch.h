/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check: does this successor boot inside the scratch areas of this machine?
 *
 * Pure: facts in, findings and a verdict out.  No I/O, no clock, no globals.
 */
#ifndef KHO_SCRATCH_H
#define KHO_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "finding/finding.h"
#include "base/range.h"
#include "check/readiness/readiness.h"
#include "machine/machine.h"
#include "model/advice.h"
#include "model/boot-kernel.h"
#include "successor/successor.h"

/* The shape of a kernel's sparsemem: all that the estimate needs of the successor. */
struct kho_sparsemem_shape {
	uint64_t page_bytes;		/* a power of two */
	uint64_t struct_page_bytes;	/* sizeof(struct page) */
	unsigned int section_size_bits;	/* SECTION_SIZE_BITS */
	uint64_t pmd_bytes;		/* PMD_SIZE; 0: the architecture has none */
	bool vmemmap;			/* CONFIG_SPARSEMEM_VMEMMAP */
};

struct kho_sparsemem_node {
	int node;
	uint64_t sections;		/* present ones */
	uint64_t runs;			/* a run ends only where the node changes */
	uint64_t longest_run;		/* sections */
	uint64_t need_bytes;		/* longest run * section map size */
	uint64_t usable_bytes;		/* the largest aligned piece of scratch on the node */
};

struct kho_sparsemem {
	uint64_t pages_per_section;
	uint64_t section_map_bytes;
	struct kho_sparsemem_node *node;	/* nodes with present sections, ascending */
	size_t nr_nodes;
	size_t worst;			/* index of the node that lacks most; nr_nodes: none */
};

/*
 * pages_per_section * struct_page_bytes, rounded up to PMD_SIZE with vmemmap (to
 * the page where there are no PMDs), else to the page.
 * (mm/sparse.c, section_map_size(); mm/sparse-vmemmap.c.)
 */
uint64_t kho_section_map_bytes(const struct kho_sparsemem_shape *shape);

/*
 * The estimate of the in-kernel proposal of 2025-12-29, from the successor's own
 * shape: each node wants the map of its longest run of sections in one piece on
 * that node.
 * @memory: RAM with nodes, ascending, without overlap.  @scratch: in any order,
 * an area may span nodes, areas may touch.
 * On success @out is to be given to kho_sparsemem_deinit().
 * -EINVAL: a shape that no kernel has; -ENOMEM.
 */
int kho_sparsemem_estimate(const struct kho_sparsemem_shape *shape,
			   const struct kho_ranges *memory, const struct kho_ranges *scratch,
			   struct kho_sparsemem *out) __attribute__((warn_unused_result));

void kho_sparsemem_deinit(struct kho_sparsemem *sparsemem);

/* What the model wants to know of a successor: the same for every machine. */
struct kho_prepared {
	struct boot_kernel kernel;
	struct boot_bases bases;
	const char *missing;		/* what is not known; NULL: the boot can be followed */
};

void kho_prepare(const struct successor *s, struct kho_prepared *prepared);

/* An advice takes many times what a verdict takes. */
enum kho_advise {
	KHO_ADVISE,
	KHO_ADVISE_SHORT,		/* only where there is too little room */
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
	/* To check many machines; NULL: made for this one check. */
	const struct kho_prepared *prepared;
	struct boot_work *work;		/* not for two threads at a time */
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

	/* How the successor will boot here; set where all that it hangs on is known. */
	bool has_boot;
	struct boot_result boot;
	struct boot_bases bases;
	struct boot_advice advice;

	/* Will the handover happen; not for a load that carries none. */
	bool has_readiness;
	struct kho_readiness readiness;

	struct kho_findings findings;
	kho_verdict verdict;
};

/*
 * Judge @s, loaded with @with, on @m.  Gaps of the machine and disputed or missing facts become
 * findings.  On success @check is to be given to kho_check_deinit().  0 or -ENOMEM.
 */
int kho_check(const struct successor *s, const struct machine *m, const struct kho_with *with,
	      struct kho_check *check)
	__attribute__((warn_unused_result));

/*
 * The same without a successor: nothing of it can be known, for the reason @why
 * with its @message and @remedy (which may be NULL).
 */
int kho_check_without_successor(enum kho_finding_id why, const char *message, const char *remedy,
				const struct machine *m, struct kho_check *check)
	__attribute__((warn_unused_result));

/*
 * The machine alone, without a load: what is ready on this side, and, where its own
 * kernel's shape is known (@running; NULL: it is not), what a successor of that shape
 * would need by the estimate.  As kho_check().
 */
int kho_check_machine(const struct successor *running, const struct machine *m,
		      struct kho_check *check) __attribute__((warn_unused_result));

/* Accept findings by their id, and give the verdict without them. */
void kho_check_accept(struct kho_check *check, const bool ids[KHO_F_NR]);

/*
 * Follow the boot (model/) and turn what it shows into findings.  For kho_check(),
 * where @check has its estimate: the areas, the memory and the shape are known.
 * 0 or -ENOMEM.
 */
int kho_check_boot(const struct successor *s, const struct machine *m, const struct kho_with *with,
		   struct kho_check *check) __attribute__((warn_unused_result));

/* What of the command line the model does not follow: for kho_check_boot().  0 or -ENOMEM. */
int kho_check_parameters(const struct successor *s, const struct machine *m,
			 const struct kho_with *with, const struct kho_prepared *prepared,
			 struct kho_check *check)
	__attribute__((warn_unused_result));

/* For -EDQUOT of the model: the finding that says so.  0 or -ENOMEM. */
int kho_check_too_much(const struct machine *m, struct kho_findings *findings)
	__attribute__((warn_unused_result));

void kho_check_deinit(struct kho_check *check);

#endif
