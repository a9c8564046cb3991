// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "finding/finding.h"

/* The one table of severities; doc/kexec-kho.8 repeats it for operators. */
static const struct {
	const char *name;
	enum kho_severity severity;
} table[KHO_F_NR] = {
	[KHO_F_MEMORY_MAP_SHORT]	= { "memory-map-short", KHO_FAIL },
	[KHO_F_EARLY_MEMORY_SHORT]	= { "early-memory-short", KHO_FAIL },
	[KHO_F_LOAD_NO_HOLE]		= { "load-no-hole", KHO_FAIL },
	[KHO_F_PRESERVED_UNKNOWN]	= { "preserved-unknown", KHO_UNKNOWN },
	[KHO_F_MEMORY_CUT]		= { "memory-cut", KHO_UNKNOWN },
	[KHO_F_HANDOVER_CUT]		= { "handover-cut", KHO_FAIL },
	[KHO_F_PRESERVED_ROOM_THIN]	= { "preserved-room-thin", KHO_WARN },
	[KHO_F_PRESERVED_ROOM]		= { "preserved-room", KHO_NOTE },
	[KHO_F_MARGIN_THIN]		= { "margin-thin", KHO_UNKNOWN },
	[KHO_F_MARGIN_SHORT]		= { "margin-short", KHO_UNKNOWN },
	[KHO_F_MEMORY_MAP_OFF_NODE]	= { "memory-map-off-node", KHO_WARN },
	[KHO_F_SWIOTLB_SHORT]		= { "swiotlb-short", KHO_WARN },
	[KHO_F_CRASHKERNEL_SHORT]	= { "crashkernel-short", KHO_WARN },
	[KHO_F_HUGEPAGES_SHORT]		= { "hugepages-short", KHO_WARN },
	[KHO_F_LOG_BUF_SHORT]		= { "log-buf-short", KHO_WARN },
	[KHO_F_CMDLINE_NOT_FOLLOWED]	= { "cmdline-not-followed", KHO_UNKNOWN },
	[KHO_F_CMDLINE_DESTROYS]	= { "cmdline-destroys", KHO_FAIL },
	[KHO_F_LOAD_REFUSED]		= { "load-refused", KHO_FAIL },
	[KHO_F_INITRD_NOT_GIVEN]	= { "initrd-not-given", KHO_UNKNOWN },
	[KHO_F_INITRD_ROOM]		= { "initrd-room", KHO_NOTE },
	[KHO_F_MEMORY_MAP_FALLBACK]	= { "memory-map-fallback", KHO_NOTE },
	[KHO_F_KASLR_SAMPLED]		= { "kaslr-sampled", KHO_WARN },
	[KHO_F_CLASSIC_LOAD]		= { "classic-load", KHO_FAIL },
	[KHO_F_SUCCESSOR_NO_KHO]	= { "successor-no-kho", KHO_FAIL },
	[KHO_F_SUCCESSOR_UNREADABLE]	= { "successor-unreadable", KHO_UNKNOWN },
	[KHO_F_SUCCESSOR_ARCH]		= { "successor-arch", KHO_UNKNOWN },
	[KHO_F_SUCCESSOR_PARTLY_READ]	= { "successor-partly-read", KHO_NOTE },
	[KHO_F_TOO_MUCH_WORK]		= { "too-much-work", KHO_UNKNOWN },
	[KHO_F_UKI_PROFILES]		= { "uki-profiles", KHO_NOTE },
	[KHO_F_FACT_UNKNOWN]		= { "fact-unknown", KHO_UNKNOWN },
	[KHO_F_FACT_CONTRADICTED]	= { "fact-contradicted", KHO_UNKNOWN },
	[KHO_F_FACT_OVERRULED]		= { "fact-overruled", KHO_WARN },
	[KHO_F_KHO_OFF]			= { "kho-off", KHO_FAIL },
	[KHO_F_DEBUGFS_NOT_MOUNTED]	= { "debugfs-not-mounted", KHO_UNKNOWN },
	[KHO_F_NOT_PERMITTED]		= { "not-permitted", KHO_UNKNOWN },
	[KHO_F_MACHINE_UNREADABLE]	= { "machine-unreadable", KHO_UNKNOWN },
	[KHO_F_SCRATCH_MALFORMED]	= { "scratch-malformed", KHO_UNKNOWN },
	[KHO_F_MEMORY_UNREADABLE]	= { "memory-unreadable", KHO_UNKNOWN },
	[KHO_F_MEMORY_HIDDEN]		= { "memory-hidden", KHO_UNKNOWN },
	[KHO_F_MEMORY_MALFORMED]	= { "memory-malformed", KHO_UNKNOWN },
	[KHO_F_NODES_UNREADABLE]	= { "nodes-unreadable", KHO_UNKNOWN },
	[KHO_F_NODES_MALFORMED]		= { "nodes-malformed", KHO_UNKNOWN },
	[KHO_F_CRASH_LOAD]		= { "crash-load", KHO_NOTE },
	[KHO_F_KHO_UNSEEN]		= { "kho-unseen", KHO_UNKNOWN },
	[KHO_F_NOT_FINALIZED]		= { "not-finalized", KHO_FAIL },
	[KHO_F_ABI_MISMATCH]		= { "abi-mismatch", KHO_FAIL },
	[KHO_F_PRODUCER_MISMATCH]	= { "producer-mismatch", KHO_FAIL },
	[KHO_F_PRODUCER_UNKNOWN]	= { "producer-unknown", KHO_UNKNOWN },
	[KHO_F_HANDOVER_UNREADABLE]	= { "handover-unreadable", KHO_UNKNOWN },
	[KHO_F_LUO_OFF]			= { "luo-off", KHO_FAIL },
	[KHO_F_RESERVE_MEM_LOST]	= { "reserve-mem-lost", KHO_FAIL },
	[KHO_F_RESERVE_MEM_UNSURE]	= { "reserve-mem-unsure", KHO_UNKNOWN },
	[KHO_F_CMDLINE_NOT_GIVEN]	= { "cmdline-not-given", KHO_UNKNOWN },
	[KHO_F_SUCCESSOR_KHO_OFF]	= { "successor-kho-off", KHO_WARN },
	[KHO_F_CRASHKERNEL_MISSING]	= { "crashkernel-missing", KHO_WARN },
	[KHO_F_ARCH_DIFFERS]		= { "arch-differs", KHO_FAIL },
	[KHO_F_PAGE_SIZE_DIFFERS]	= { "page-size-differs", KHO_FAIL },
	[KHO_F_PRESERVED_IN_SCRATCH]	= { "preserved-in-scratch", KHO_FAIL },
	[KHO_F_PRESERVED_OUTSIDE]	= { "preserved-outside", KHO_FAIL },
	[KHO_F_PRESERVED_UNREAD]	= { "preserved-unread", KHO_NOTE },
	[KHO_F_SCRATCH_CUT]		= { "scratch-cut", KHO_WARN },
	[KHO_F_MEMORY_HOTPLUGGED]	= { "memory-hotplugged", KHO_WARN },
	[KHO_F_NODE_NO_AREA]		= { "node-no-area", KHO_WARN },
	[KHO_F_CHAIN]			= { "chain", KHO_NOTE },
	[KHO_F_CPUS_UNKNOWN]		= { "cpus-unknown", KHO_UNKNOWN },
	[KHO_F_ARCH_UNKNOWN]		= { "arch-unknown", KHO_UNKNOWN },
	[KHO_F_PAGE_SIZE_UNKNOWN]	= { "page-size-unknown", KHO_UNKNOWN },
	[KHO_F_RUNNING_CMDLINE_UNKNOWN]	= { "running-cmdline-unknown", KHO_UNKNOWN },
	[KHO_F_RAM_NOT_PASSED]		= { "ram-not-passed", KHO_WARN },
	[KHO_F_SCRATCH_OUTSIDE]		= { "scratch-outside", KHO_UNKNOWN },
	[KHO_F_SRAT_DROPPED]		= { "srat-dropped", KHO_NOTE },
};

static int append(struct kho_findings *findings, enum kho_finding_id id, char *message,
		  const char *remedy)
{
	char *kept = remedy ? strdup(remedy) : NULL;

	if (!message || (remedy && !kept))
		goto no_memory;
	if (findings->n == findings->cap) {
		size_t cap = findings->cap ? findings->cap * 2 : 8;
		struct kho_finding *f = reallocarray(findings->f, cap, sizeof(*f));

		if (!f)
			goto no_memory;
		findings->f = f;
		findings->cap = cap;
	}
	findings->f[findings->n++] = (struct kho_finding){ id, message, kept, false };
	return 0;
no_memory:
	free(message);
	free(kept);
	return -ENOMEM;
}

int kho_findings_add(struct kho_findings *findings, enum kho_finding_id id, const char *remedy,
		     const char *fmt, ...)
{
	char *message = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&message, fmt, ap);
	va_end(ap);
	if (len < 0)
		return -ENOMEM;
	kho_make_printable(message);
	return append(findings, id, message, remedy);
}

int kho_findings_append(struct kho_findings *findings, const struct kho_findings *from)
{
	int ret = 0;

	for (size_t i = 0; i < from->n && !ret; i++)
		ret = append(findings, from->f[i].id, strdup(from->f[i].message),
			     from->f[i].remedy);
	return ret;
}

void kho_findings_accept(struct kho_findings *findings, const bool ids[KHO_F_NR])
{
	for (size_t i = 0; i < findings->n; i++)
		findings->f[i].accepted = ids[findings->f[i].id];
}

kho_verdict kho_findings_verdict(const struct kho_findings *findings)
{
	kho_verdict worst = KHO_NOTE;

	for (size_t i = 0; i < findings->n; i++)
		if (!findings->f[i].accepted && kho_finding_severity(findings->f[i].id) > worst)
			worst = kho_finding_severity(findings->f[i].id);
	return worst;
}

const char *kho_finding_name(enum kho_finding_id id)
{
	return table[id].name;
}

enum kho_finding_id kho_finding_by_name(const char *name, size_t bytes)
{
	enum kho_finding_id id = 0;

	while (id < KHO_F_NR && (strlen(table[id].name) != bytes ||
				 memcmp(table[id].name, name, bytes)))
		id++;
	return id;
}

enum kho_severity kho_finding_severity(enum kho_finding_id id)
{
	return table[id].severity;
}

const char *kho_severity_name(enum kho_severity severity)
{
	static const char *const names[] = { "note", "warn", "unknown", "fail" };

	return names[severity];
}

const char *kho_verdict_name(kho_verdict verdict)
{
	return verdict == KHO_NOTE ? "ok" : kho_severity_name(verdict);
}

void kho_findings_deinit(struct kho_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		free(findings->f[i].message);
		free(findings->f[i].remedy);
	}
	free(findings->f);
	*findings = (struct kho_findings){ 0 };
}
