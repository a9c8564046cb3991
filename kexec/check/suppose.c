// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "check/advice-text.h"
#include "check/advice.h"
#include "check/common.h"
#include "check/suppose.h"
#include "check/worst-layout.h"
#include "kho-scratch.h"
#include "model/boot-machine.h"

/* Gaps that only say why there are no areas. */
static bool is_about_areas(enum kho_finding_id id)
{
	return id == KHO_F_KHO_OFF || id == KHO_F_KHO_UNSEEN || id == KHO_F_DEBUGFS_NOT_MOUNTED ||
	       id == KHO_F_NOT_PERMITTED || id == KHO_F_SCRATCH_MALFORMED;
}

static void forget(struct machine *m)
{
	struct machine_handover *h = &m->handover;
	size_t kept = 0;

	for (size_t i = 0; i < m->gaps.n; i++) {
		if (!is_about_areas(m->gaps.f[i].id)) {
			m->gaps.f[kept++] = m->gaps.f[i];
			continue;
		}
		free(m->gaps.f[i].message);
		free(m->gaps.f[i].remedy);
	}
	m->gaps.n = kept;
	kho_ranges_deinit(&m->scratch);
	kho_ranges_deinit(&h->preserved);
	kho_ranges_deinit(&h->preserved_map);
	h->preserved_known = h->preserved_rounded = false;
	h->finalized = FINALIZED_NOT_WANTED;
	m->scratch_known = false;
	m->supposed = true;
}

/* Why there are none, for @ret of boot_areas_of(). */
static int explain_no_areas(const struct boot_setting *set, int ret, struct machine *m)
{
	char text[KHO_SETTING_BYTES];

	if (ret == -ENOMEM)
		return ret;
	kho_setting_text(set, text);
	if (ret == -ENOSPC)
		return kho_findings_add(&m->gaps, KHO_F_KHO_OFF, "give a kho_scratch= that fits",
					"with kho_scratch=%s an area finds no room: the kernel turns KHO "
					"off", text);
	return kho_findings_add(&m->gaps, KHO_F_FACT_UNKNOWN, REMEDY_VMCOREINFO,
				"the areas of kho_scratch=%s can't be laid out: a fact of the kernel is "
				"not known", text);
}

int kho_suppose(const struct successor *s, const struct kho_with *with,
		const struct boot_setting *set, struct machine *m)
{
	struct kho_prepared prepared;
	struct kho_with own = *with;
	int ret = -EINVAL;

	forget(m);
	if (!m->memory_known)
		return 0;
	if (!own.prepared) {
		kho_prepare(s, &prepared);
		own.prepared = &prepared;
	}
	if (!own.work)
		own.work = boot_work_create();
	if (!own.work)
		return -ENOMEM;
	if (!own.prepared->missing)
		ret = kho_advised_areas(m, &own, set, &m->scratch);
	if (!ret) {
		m->scratch_known = true;
		m->scratch_source = "--kho-scratch";
		ret = kho_take_worst_layout(s, &own, set, m);
	}
	if (!with->work)
		boot_work_destroy(own.work);
	if (ret)
		return explain_no_areas(set, ret, m);
	if (!m->uefi || m->boot_services_known)
		return 0;
	return kho_findings_add(&m->gaps, KHO_F_LAYOUT_UNSURE, NULL,
				"what the boot services of UEFI hold while the kernel boots is not known "
				"here: areas below 4 GiB may lie lower than they are laid out");
}

int kho_plan_setting(const struct machine *m, const struct kho_with *with, size_t n,
		     struct boot_advice *advice)
{
	const struct boot_cold cold = kho_cold_boot(m);
	struct kho_budget budget = { n * kho_advice_steps(&with[0]) };
	struct boot_want want = { .margin_percent = 0 };
	struct boot_case *one = calloc(n, sizeof(*one));
	struct boot_machine machine;
	bool known = m->memory_known;
	int ret;

	*advice = (struct boot_advice){ .no_fit = false };
	if (!one)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct boot_want its = kho_want(&with[i]);

		if (its.outside_bytes < want.outside_bytes)
			its.outside_bytes = want.outside_bytes;
		want = its;
		known &= !with[i].prepared->missing;
		one[i] = (struct boot_case){ &with[i].prepared->kernel, kho_boot_load(&with[i]) };
	}
	ret = boot_machine_init(&machine, m);
	if (!ret && known)
		ret = boot_advise(with->work, one, n, &machine, &cold, &want, &budget, advice);
	boot_machine_deinit(&machine);
	free(one);
	return ret == -EINVAL ? 0 : ret;
}

/* Findings on the state, not on the room. */
static bool is_about_state(enum kho_finding_id id)
{
	return id == KHO_F_SUCCESSOR_KHO_OFF || id == KHO_F_ABI_MISMATCH ||
	       id == KHO_F_PRODUCER_MISMATCH || id == KHO_F_PRODUCER_UNKNOWN ||
	       id == KHO_F_HANDOVER_UNREADABLE || id == KHO_F_NOT_FINALIZED ||
	       id == KHO_F_CMDLINE_NOT_GIVEN || id == KHO_F_RESERVE_MEM_LOST ||
	       id == KHO_F_RESERVE_MEM_UNSURE || id == KHO_F_LUO_OFF ||
	       id == KHO_F_CRASHKERNEL_MISSING;
}

int kho_room_verdict(const struct successor *s, const struct machine *m,
		     const struct kho_with *with, const struct boot_setting *set,
		     bool advised, kho_verdict *verdict)
{
	struct machine then = *m;
	struct kho_check check;
	int ret = 0;

	if (set) {
		ret = kho_advised_areas(m, with, set, &then.scratch);
		if (ret == -ENOSPC || ret == -EINVAL) {
			*verdict = ret == -ENOSPC ? KHO_FAIL : KHO_UNKNOWN;
			return 0;
		}
		then.scratch_known = then.supposed = true;
		then.handover.preserved_known = false;
		then.handover.finalized = FINALIZED_NOT_WANTED;
		/* They say why there are no areas, or that no answer is possible at all. */
		then.gaps = (struct kho_findings){ .n = 0 };
		if (!ret && !advised)
			ret = kho_take_worst_layout(s, with, set, &then);
	}
	if (!ret)
		ret = kho_check(s, &then, with, &check);
	if (!ret) {
		*verdict = KHO_NOTE;
		for (size_t i = 0; i < check.findings.n; i++) {
			enum kho_finding_id id = check.findings.f[i].id;

			if (!is_about_state(id) && kho_finding_severity(id) > *verdict)
				*verdict = kho_finding_severity(id);
		}
		kho_check_deinit(&check);
	}
	if (set) {
		kho_ranges_deinit(&then.scratch);
		kho_findings_deinit(&then.gaps);
	}
	return ret;
}
