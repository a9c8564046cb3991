/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the check has to say: findings, each with an id that never changes its
 * meaning, a severity from one table, numbers, and a remedy.
 */
#ifndef FINDING_FINDING_H
#define FINDING_FINDING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * In the order of weight: the worst finding is the verdict.  A sure death weighs
 * more than doubt, doubt more than a known nuisance.
 */
enum kho_severity {
	KHO_NOTE,
	KHO_WARN,
	KHO_UNKNOWN,
	KHO_FAIL,
};

/* The verdict is the weight of the worst finding; KHO_NOTE reads as "ok". */
typedef enum kho_severity kho_verdict;

enum kho_finding_id {
	KHO_F_MEMORY_MAP_SHORT,
	KHO_F_EARLY_MEMORY_SHORT,
	KHO_F_LOAD_NO_HOLE,
	KHO_F_PRESERVED_UNKNOWN,
	KHO_F_MEMORY_CUT,
	KHO_F_HANDOVER_CUT,
	KHO_F_PRESERVED_ROOM_THIN,
	KHO_F_PRESERVED_ROOM,
	KHO_F_MARGIN_THIN,
	KHO_F_MARGIN_SHORT,
	KHO_F_MEMORY_MAP_OFF_NODE,
	KHO_F_SWIOTLB_SHORT,
	KHO_F_CRASHKERNEL_SHORT,
	KHO_F_HUGEPAGES_SHORT,
	KHO_F_LOG_BUF_SHORT,
	KHO_F_CMDLINE_NOT_FOLLOWED,
	KHO_F_CMDLINE_DESTROYS,
	KHO_F_LOAD_REFUSED,
	KHO_F_INITRD_NOT_GIVEN,
	KHO_F_INITRD_ROOM,
	KHO_F_MEMORY_MAP_FALLBACK,
	KHO_F_KASLR_SAMPLED,
	KHO_F_CLASSIC_LOAD,
	KHO_F_SUCCESSOR_NO_KHO,
	KHO_F_SUCCESSOR_UNREADABLE,
	KHO_F_SUCCESSOR_ARCH,
	KHO_F_SUCCESSOR_PARTLY_READ,
	KHO_F_UKI_PROFILES,
	KHO_F_TOO_MUCH_WORK,
	KHO_F_FACT_UNKNOWN,
	KHO_F_FACT_CONTRADICTED,
	KHO_F_FACT_OVERRULED,
	KHO_F_KHO_OFF,
	KHO_F_DEBUGFS_NOT_MOUNTED,
	KHO_F_NOT_PERMITTED,
	KHO_F_MACHINE_UNREADABLE,
	KHO_F_SCRATCH_MALFORMED,
	KHO_F_MEMORY_UNREADABLE,
	KHO_F_MEMORY_HIDDEN,
	KHO_F_MEMORY_MALFORMED,
	KHO_F_NODES_UNREADABLE,
	KHO_F_NODES_MALFORMED,
	KHO_F_CRASH_LOAD,
	KHO_F_KHO_UNSEEN,
	KHO_F_NOT_FINALIZED,
	KHO_F_ABI_MISMATCH,
	KHO_F_PRODUCER_MISMATCH,
	KHO_F_PRODUCER_UNKNOWN,
	KHO_F_HANDOVER_UNREADABLE,
	KHO_F_LUO_OFF,
	KHO_F_RESERVE_MEM_LOST,
	KHO_F_RESERVE_MEM_UNSURE,
	KHO_F_CMDLINE_NOT_GIVEN,
	KHO_F_SUCCESSOR_KHO_OFF,
	KHO_F_CRASHKERNEL_MISSING,
	KHO_F_ARCH_DIFFERS,
	KHO_F_PAGE_SIZE_DIFFERS,
	KHO_F_PRESERVED_IN_SCRATCH,
	KHO_F_PRESERVED_OUTSIDE,
	KHO_F_PRESERVED_UNREAD,
	KHO_F_SCRATCH_CUT,
	KHO_F_MEMORY_HOTPLUGGED,
	KHO_F_NODE_NO_AREA,
	KHO_F_CHAIN,
	KHO_F_CPUS_UNKNOWN,
	KHO_F_ARCH_UNKNOWN,
	KHO_F_PAGE_SIZE_UNKNOWN,
	KHO_F_RUNNING_CMDLINE_UNKNOWN,
	KHO_F_RAM_NOT_PASSED,
	KHO_F_SCRATCH_OUTSIDE,
	KHO_F_SRAT_DROPPED,
	KHO_F_NR
};

struct kho_finding {
	enum kho_finding_id id;
	char *message;		/* one line */
	char *remedy;		/* one line, or NULL where nothing helps */
	bool accepted;		/* by name: it is told, but no longer counts */
};

/* A growing list.  All zeros is an empty one. */
struct kho_findings {
	struct kho_finding *f;
	size_t n;
	size_t cap;
};

/* Append a finding; @remedy may be NULL and is copied.  0 or -ENOMEM. */
int kho_findings_add(struct kho_findings *findings, enum kho_finding_id id, const char *remedy,
		     const char *fmt, ...)
	__attribute__((warn_unused_result, format(printf, 4, 5)));

/* Append copies of all of @from.  0 or -ENOMEM. */
int kho_findings_append(struct kho_findings *findings, const struct kho_findings *from)
	__attribute__((warn_unused_result));

/* Accept all findings with an id whose entry in @ids is true. */
void kho_findings_accept(struct kho_findings *findings, const bool ids[KHO_F_NR]);

/* Of the findings that were not accepted. */
kho_verdict kho_findings_verdict(const struct kho_findings *findings);

/* "memory-map-short": the id as reports print it. */
const char *kho_finding_name(enum kho_finding_id id);
/* The id of a name of @bytes bytes; KHO_F_NR: there is none. */
enum kho_finding_id kho_finding_by_name(const char *name, size_t bytes);
enum kho_severity kho_finding_severity(enum kho_finding_id id);

/* "note", "warn", "unknown", "fail". */
const char *kho_severity_name(enum kho_severity severity);
/* "ok", "warn", "unknown", "fail". */
const char *kho_verdict_name(kho_verdict verdict);

void kho_findings_deinit(struct kho_findings *findings);

#endif
