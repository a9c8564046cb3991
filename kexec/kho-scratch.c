// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include "check/advice.h"
#include "check/area-parameter.h"
#include "check/boot-findings.h"
#include "check/common.h"
#include "check/idle.h"
#include "check/initrd.h"
#include "check/load-findings.h"
#include "kho-scratch.h"

static bool known_as(const struct successor *s, enum kho_fact_id id, uint64_t wanted)
{
	uint64_t value;

	return kho_fact_get(&s->fact[id], &value, NULL) == KHO_FACT_KNOWN && value == wanted;
}

/* Say all that the sources claim: "BTF says 64, IKCONFIG says 56". */
static void describe_claims(const struct kho_fact *fact, char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	for (enum kho_source s = KHO_SRC_GIVEN; s < KHO_SRC_NR && used < bytes; s++)
		if (fact->claimed & 1u << s)
			used += snprintf(text + used, bytes - used, "%s%s says %llu",
					 used ? ", " : "", kho_source_name(s),
					 (unsigned long long)fact->claim[s]);
}

/* Every dispute is reported, also about facts that this check does not need. */
static int report_disputes(const struct successor *s, struct kho_findings *findings)
{
	int ret = 0;

	for (enum kho_fact_id id = 0; id < KHO_FACT_NR && !ret; id++) {
		const struct kho_fact *fact = &s->fact[id];
		char claims[256];

		if (!kho_fact_disputed(fact))
			continue;
		describe_claims(fact, claims, sizeof(claims));
		if (kho_fact_get(fact, NULL, NULL) == KHO_FACT_KNOWN)
			ret = kho_findings_add(findings, KHO_F_FACT_OVERRULED,
					       "make sure that the VMCOREINFO is this image's",
					       "%s: %s; the given value is used",
					       kho_fact_name(id), claims);
		else
			ret = kho_findings_add(findings, KHO_F_FACT_CONTRADICTED, REMEDY_VMCOREINFO,
					       "%s: the sources disagree: %s", kho_fact_name(id),
					       claims);
	}
	return ret;
}

/* False, with a finding, where the fact is not known; disputes were reported already. */
static bool want_fact(const struct successor *s, enum kho_fact_id id, uint64_t *value,
		      struct kho_findings *findings, int *ret)
{
	enum kho_fact_state state = kho_fact_get(&s->fact[id], value, NULL);

	if (state == KHO_FACT_UNKNOWN && !*ret)
		*ret = kho_findings_add(findings, KHO_F_FACT_UNKNOWN, REMEDY_VMCOREINFO,
					"%s of the successor is not known: no source in the image "
					"gives it", kho_fact_name(id));
	return state == KHO_FACT_KNOWN;
}

/* Without vmemmap the map is rounded to the page, and PMD_SIZE does not matter. */
static bool get_shape(const struct successor *s, struct kho_sparsemem_shape *shape,
		      struct kho_findings *findings, int *ret)
{
	uint64_t bits = 0, vmemmap = 0;
	bool known = want_fact(s, KHO_FACT_PAGE_BYTES, &shape->page_bytes, findings, ret);

	known &= want_fact(s, KHO_FACT_STRUCT_PAGE_BYTES, &shape->struct_page_bytes, findings, ret);
	known &= want_fact(s, KHO_FACT_SECTION_SIZE_BITS, &bits, findings, ret);
	known &= want_fact(s, KHO_FACT_VMEMMAP, &vmemmap, findings, ret);
	if (known && vmemmap)
		known = want_fact(s, KHO_FACT_PMD_BYTES, &shape->pmd_bytes, findings, ret);
	shape->section_size_bits = bits > 64 ? 64 : (unsigned int)bits;
	shape->vmemmap = vmemmap;
	return known && !*ret;
}

/* The estimate, where both sides are known. */
static int estimate(const struct successor *s, const struct machine *m, struct kho_check *check)
{
	struct kho_sparsemem_shape shape = { 0 };
	int ret = 0;

	if (known_as(s, KHO_FACT_SPARSEMEM, 0))
		return 0;
	if (!get_shape(s, &shape, &check->findings, &ret) || !m->scratch_known || !m->memory_known)
		return ret;
	ret = kho_sparsemem_estimate(&shape, &m->memory, &m->scratch, &check->sparsemem);
	if (ret == -EINVAL)
		return kho_findings_add(&check->findings, KHO_F_FACT_UNKNOWN, REMEDY_VMCOREINFO,
					"no kernel has this shape: page %llu, struct page %llu, "
					"section 2^%u, PMD %llu bytes",
					(unsigned long long)shape.page_bytes,
					(unsigned long long)shape.struct_page_bytes,
					shape.section_size_bits,
					(unsigned long long)shape.pmd_bytes);
	if (ret)
		return ret;
	check->has_sparsemem = true;
	return 0;
}

static int judge_image(const struct successor *s, struct kho_findings *findings)
{
	uint64_t kho;
	int ret = 0;

	if (!s->arch)
		ret = kho_findings_add(findings, KHO_F_SUCCESSOR_ARCH,
				       "give an image for x86-64 or arm64; what this one is for: "
				       "file IMAGE",
				       "the successor's architecture is not one that this kexec "
				       "knows");
	for (size_t i = 0; i < s->nr_notes && !ret; i++)
		ret = kho_findings_add(findings, KHO_F_SUCCESSOR_PARTLY_READ, NULL, "%s",
				       s->notes[i]);
	if (!ret && s->other_facts)
		ret = kho_findings_add(findings, KHO_F_KERNEL_FACTS_FOREIGN,
				       "save them again with --kho-save-kernel",
				       "the given facts are of another image, by its SHA-256: the image "
				       "itself was read");
	if (!ret && s->uki.nr_profiles > 1)
		ret = kho_findings_add(findings, KHO_F_UKI_PROFILES,
				       "for another profile give its command line and initrd",
				       "the unified kernel image has %u profiles: command line and "
				       "initrd are taken from @0", s->uki.nr_profiles);
	if (!ret)
		ret = report_disputes(s, findings);
	if (!ret)
		want_fact(s, KHO_FACT_KHO, &kho, findings, &ret);
	return ret;
}

static int conclude_check(struct kho_check *check, const struct machine *m, int ret)
{
	if (!ret)
		ret = kho_speak_of(m, &check->findings);
	if (ret)
		kho_check_deinit(check);
	else
		check->verdict = kho_findings_verdict(&check->findings);
	return ret;
}

/*
 * What keeps the boot from being followed, as a name for the user; NULL: nothing.  KASAN's and
 * KMSAN's shadow memory (kasan_init(), kmsan_init_shadow()) is an eighth of the RAM and more.
 */
static const char *not_followed(const struct successor *s)
{
	if (known_as(s, KHO_FACT_SPARSEMEM, 0))
		return "without SPARSEMEM";
	if (successor_has_function(s, "kasan_init") == KHO_TRI_YES)
		return "with KASAN";
	return successor_has_function(s, "kmsan_init_shadow") == KHO_TRI_YES ? "with KMSAN" : NULL;
}

/*
 * Follow the boot where the areas limit it (a successor without KHO boots with all
 * memory), where they are in its RAM, and where all that it depends on is known; what is
 * not was reported before.
 */
static int follow_boot(const struct successor *s, const struct machine *m,
		       const struct kho_with *with, struct kho_check *check)
{
	const char *why;
	int ret;

	if (!known_as(s, KHO_FACT_KHO, 1) || !kho_readiness_areas_in_ram(m))
		return 0;
	why = not_followed(s);
	if (why)
		return kho_findings_add(&check->findings, KHO_F_FACT_UNKNOWN,
					"see it boot with --kho-rehearse, or use a kernel as "
					"distributions configure it",
					"early boot of a successor %s is not followed", why);
	if (!check->has_sparsemem)
		return 0;
	ret = kho_check_boot(s, m, with, check);
	if (!ret && with->initrd_unknown && check->has_boot && check->boot.outcome == BOOT_UP)
		ret = kho_check_initrd(m, with, check);
	return ret;
}

/* And the load: its rules always, its placement where the boot was not followed. */
static int follow_boot_and_load(const struct successor *s, const struct machine *m,
				const struct kho_with *with, struct kho_check *check)
{
	int ret = kho_check_load_rules(s, m, with, &check->findings);

	if (!ret)
		ret = follow_boot(s, m, with, check);
	return ret || check->has_boot || !m->scratch_known ? ret :
	       kho_check_placement(s, m, with, check);
}

static int judge_readiness(const struct successor *s, const struct machine *m, const char *cmdline,
			   struct kho_check *check)
{
	const struct kho_readiness_of of = { .successor = s, .machine = m, .cmdline = cmdline };
	int ret = kho_readiness_check(&of, &check->readiness, &check->findings);

	check->has_readiness = !ret;
	return ret;
}

/*
 * The machine as it would be with the advised areas: one on which something is found that is not
 * found now is no advice (an area of 1 GiB that hugetlb_cma= wants may be gone).
 */
static int hold_against(const struct successor *s, const struct machine *m,
			const struct kho_with *with, struct kho_check *check)
{
	struct machine then = *m;
	struct kho_with plain = *with;
	struct kho_check with_it;
	int ret = kho_advised_areas(m, with, &check->advice.best.setting, &then.scratch);

	if (!ret) {
		plain.advise = KHO_ADVISE_NOT;
		plain.no_list = true;
		then.scratch_known = true;
		then.handover.preserved_known = false;
		then.handover.preserved = then.handover.preserved_map = (struct kho_ranges){ 0 };
		ret = kho_check(s, &then, &plain, &with_it);
	}
	if (!ret) {
		if (kho_finds_more(&with_it.findings, &check->findings))
			kho_no_advice(check);
		kho_check_deinit(&with_it);
	}
	kho_ranges_deinit(&then.scratch);
	return ret == -ENOSPC ? 0 : ret;
}

/* How much scratch to set aside, for a successor that is confined to it. */
static int advise_scratch(const struct successor *s, const struct machine *m,
			  const struct kho_with *with, struct kho_check *check)
{
	int ret;

	if (!known_as(s, KHO_FACT_KHO, 1))
		return 0;
	ret = kho_advise(m, with, check);
	if (!ret && check->advice.best.found && check->has_boot)
		ret = hold_against(s, m, with, check);
	return ret ? ret : kho_advise_findings(m, with, check);
}

int kho_check(const struct successor *s, const struct machine *m, const struct kho_with *with,
	      struct kho_check *check)
{
	struct kho_budget budget = { KHO_BUDGET_STEPS };
	struct kho_with own = *with;
	struct kho_prepared prepared;
	int ret;

	if (!own.budget)
		own.budget = &budget;
	if (!own.prepared) {
		kho_prepare(s, &prepared);
		own.prepared = &prepared;
	}
	if (!own.work)
		own.work = boot_work_create();
	*check = (struct kho_check){ 0 };
	ret = own.work ? judge_image(s, &check->findings) : -ENOMEM;
	if (!ret)
		ret = kho_findings_append(&check->findings, &m->gaps);
	if (!ret)
		ret = judge_readiness(s, m, with->cmdline, check);
	if (!ret)
		ret = estimate(s, m, check);
	if (!ret)
		ret = follow_boot_and_load(s, m, &own, check);
	if (!ret)
		ret = advise_scratch(s, m, &own, check);
	if (!with->work)
		boot_work_destroy(own.work);
	return conclude_check(check, m, ret);
}

int kho_check_machine(const struct successor *running, const struct machine *m,
		      struct kho_check *check)
{
	int ret;

	*check = (struct kho_check){ 0 };
	ret = kho_findings_append(&check->findings, &m->gaps);
	if (!ret)
		ret = judge_readiness(NULL, m, NULL, check);
	if (!ret && running)
		ret = estimate(running, m, check);
	if (!ret)
		ret = kho_report_idle(m, &check->findings);
	return conclude_check(check, m, ret);
}

int kho_check_machine_advice(const struct successor *installed, const struct kho_with *with,
			     const struct machine *m, struct kho_check *check)
{
	struct kho_with own = *with;
	struct kho_prepared prepared;
	int ret;

	own.work = boot_work_create();
	if (!own.work)
		return -ENOMEM;
	kho_prepare(installed, &prepared);
	own.prepared = &prepared;
	own.advise = KHO_ADVISE;
	ret = advise_scratch(installed, m, &own, check);
	boot_work_destroy(own.work);
	return ret ? ret : kho_speak_of(m, &check->findings);
}

int kho_check_without_successor(enum kho_finding_id why, const char *message, const char *remedy,
				const struct machine *m, struct kho_check *check)
{
	int ret;

	*check = (struct kho_check){ 0 };
	ret = kho_findings_add(&check->findings, why, remedy, "%s", message);
	if (!ret)
		ret = kho_findings_append(&check->findings, &m->gaps);
	return conclude_check(check, m, ret);
}

void kho_check_accept(struct kho_check *check, const bool ids[KHO_F_NR])
{
	kho_findings_accept(&check->findings, ids);
	check->verdict = kho_findings_verdict(&check->findings);
}

void kho_check_deinit(struct kho_check *check)
{
	if (check->has_readiness)
		kho_readiness_deinit(&check->readiness);
	kho_sparsemem_deinit(&check->sparsemem);
	boot_result_deinit(&check->boot);
	kho_findings_deinit(&check->findings);
}
