// SPDX-License-Identifier: GPL-2.0-only
/* The successor's command line, against the running kernel's. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "check/readiness/readiness.h"
#include "kernel/words.h"

/* mm/memblock.c: RESERVE_MEM_MAX_ENTRIES, RESERVE_MEM_NAME_SIZE, SMP_CACHE_BYTES */
#define RESERVE_MEM_ENTRIES 8
#define RESERVE_MEM_NAME_BYTES 16
#define RESERVE_MEM_LEAST_ALIGN 64

typedef unsigned long long ull;

/* One reserve_mem=SIZE:ALIGN:NAME. */
struct region {
	uint64_t bytes;
	uint64_t align_bytes;
	char name[RESERVE_MEM_NAME_BYTES];
};

struct regions {
	struct region r[RESERVE_MEM_ENTRIES];
	size_t n;
};

/*
 * kho= counts, else CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT: the initial value of kho_enable
 * (kernel/liveupdate/kexec_handover.c).  Not every image tells.
 */
enum kho_tri kho_readiness_kho_on(const struct kho_readiness_of *of)
{
	const char *by_default = successor_config(of->successor, "KEXEC_HANDOVER_ENABLE_DEFAULT");
	enum kho_tri given = (enum kho_tri)param_switch(of->cmdline, "kho");
	uint64_t on;

	if (given != KHO_TRI_UNKNOWN)
		return given;
	if (!by_default)
		return successor_initial(of->successor, "kho_enable", 1, &on) || on > 1 ?
		       KHO_TRI_UNKNOWN : on ? KHO_TRI_YES : KHO_TRI_NO;
	return !strcmp(by_default, "y") ? KHO_TRI_YES : KHO_TRI_NO;
}

/* mm/memblock.c, reserve_mem(): what it can't read, it leaves out. */
static bool read_region(const struct param *p, struct region *region)
{
	struct param_text text = { .at = p->value, .end = p->value + p->value_bytes };
	size_t bytes;

	if (!p->value || !param_size(&text, &region->bytes) || !region->bytes ||
	    !param_eat(&text, ":"))
		return false;
	if (!param_size(&text, &region->align_bytes))
		region->align_bytes = 0;
	if (region->align_bytes < RESERVE_MEM_LEAST_ALIGN)
		region->align_bytes = RESERVE_MEM_LEAST_ALIGN;
	bytes = param_eat(&text, ":") ? (size_t)(text.end - text.at) : 0;
	if (!bytes || bytes >= sizeof(region->name))
		return false;
	memcpy(region->name, text.at, bytes);
	region->name[bytes] = '\0';
	return true;
}

static const struct region *find_region(const struct regions *regions, const char *name)
{
	for (size_t i = 0; i < regions->n; i++)
		if (!strcmp(regions->r[i].name, name))
			return &regions->r[i];
	return NULL;
}

static void read_regions(const char *cmdline, struct regions *regions)
{
	struct param p;

	regions->n = 0;
	for (const char *at = cmdline; at && (at = param_next(at, &p)); ) {
		struct region *next = &regions->r[regions->n];

		if (param_is(&p, "--") && !p.value)
			break;
		if (param_is(&p, "reserve_mem") && regions->n < RESERVE_MEM_ENTRIES &&
		    read_region(&p, next) && !find_region(regions, next->name))
			regions->n++;
	}
}

/* mm/memblock.c, reserve_mem_kho_revive(): name, size and alignment must do. */
static int compare_region(const char *name, const struct region *now, const struct region *then,
			  enum kho_fate *fate, struct kho_findings *findings)
{
	static const char remedy[] = "give the successor the same reserve_mem=";

	*fate = KHO_FATE_LOST;
	if (!then)
		return kho_findings_add(findings, KHO_F_RESERVE_MEM_LOST, remedy,
					"reserve_mem %s is handed over, but the successor's command "
					"line does not ask for it: its content is lost", name);
	if (now && now->bytes != then->bytes)
		return kho_findings_add(findings, KHO_F_RESERVE_MEM_LOST, remedy,
					"reserve_mem %s has %llu bytes, the successor asks for %llu: it "
					"makes a new region, the content is lost", name,
					(ull)now->bytes, (ull)then->bytes);
	*fate = KHO_FATE_UNKNOWN;
	if (!now || then->align_bytes > now->align_bytes)
		return kho_findings_add(findings, KHO_F_RESERVE_MEM_UNSURE, remedy,
					"reserve_mem %s: whether size and place of it are what the "
					"successor asks for is not known: if not, its content is lost",
					name);
	*fate = KHO_FATE_ARRIVES;
	return 0;
}

/* The regions of one producer that is taken; its fate becomes the worst of theirs. */
static int compare_producer(const struct handover_producer *p, const struct regions *now,
			    const struct regions *then, enum kho_fate *fate, size_t *revived,
			    struct kho_findings *findings)
{
	int ret = 0;

	for (size_t i = 0; i < p->nr_reserve_mem && !ret; i++) {
		const char *name = p->reserve_mem[i];
		enum kho_fate region;

		ret = compare_region(name, find_region(now, name), find_region(then, name), &region,
				     findings);
		*revived += region == KHO_FATE_ARRIVES;
		if (region == KHO_FATE_LOST || *fate == KHO_FATE_ARRIVES)
			*fate = region;
	}
	return ret;
}

static int compare_reserve_mem(const struct kho_readiness_of *of, struct kho_readiness *r,
			       struct kho_findings *findings)
{
	const struct handover_tree *out = &of->machine->handover.out;
	struct regions now, then;
	size_t revived = 0;
	int ret = 0;

	read_regions(of->machine->cmdline, &now);
	read_regions(of->cmdline, &then);
	for (size_t i = 0; i < out->nr_producers && !ret; i++)
		if (r->producer[i] == KHO_FATE_ARRIVES)
			ret = compare_producer(&out->producer[i], &now, &then, &r->producer[i],
					       &revived, findings);
	r->reserve_mem_revived = then.n && revived == then.n;
	return ret;
}

static bool has_param(const char *cmdline, const char *name)
{
	struct param p;

	for (const char *at = cmdline; at && (at = param_next(at, &p)); )
		if (param_is(&p, name) && p.value_bytes)
			return true;
	return false;
}

int kho_readiness_cmdline(const struct kho_readiness_of *of, struct kho_readiness *r,
			  struct kho_findings *findings)
{
	uint64_t kho;
	int ret = 0;

	if (kho_fact_get(&of->successor->fact[KHO_FACT_KHO], &kho, NULL) == KHO_FACT_KNOWN && kho &&
	    kho_readiness_kho_on(of) != KHO_TRI_YES)
		ret = kho_findings_add(findings, KHO_F_SUCCESSOR_KHO_OFF,
				       "put kho=on on the successor's command line",
				       "the successor's command line lacks kho=on: %sit can't hand over "
				       "in its turn, and the update after this one loses what this one "
				       "keeps", kho_readiness_kho_on(of) == KHO_TRI_NO ? "" :
				       "unless KHO is on by default in it, ");
	if (!ret)
		ret = compare_reserve_mem(of, r, findings);
	if (!ret && has_param(of->machine->cmdline, "crashkernel") &&
	    !has_param(of->cmdline, "crashkernel"))
		ret = kho_findings_add(findings, KHO_F_CRASHKERNEL_MISSING,
				       "put crashkernel= on the successor's command line",
				       "this kernel was given crashkernel=, the successor is not: no "
				       "kdump after the handover");
	return ret;
}
