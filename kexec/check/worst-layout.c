// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <inttypes.h>

#include "check/advice.h"
#include "check/common.h"
#include "check/worst-layout.h"
#include "kho-scratch.h"
#include "model/boot-machine.h"
#include "model/layouts.h"

/* What is found with @areas: one of a severity weighs more than any number of those below it. */
static int weigh(const struct successor *s, const struct machine *m, const struct kho_with *with,
		 const struct kho_ranges *areas, uint64_t *weight)
{
	struct machine then = *m;
	struct kho_check check;
	int ret;

	then.scratch = *areas;
	then.gaps = (struct kho_findings){ .n = 0 };
	ret = kho_check(s, &then, with, &check);
	if (ret)
		return ret;
	*weight = 0;
	for (size_t i = 0; i < check.findings.n; i++)
		*weight += UINT64_C(1) << 12 * kho_finding_severity(check.findings.f[i].id);
	kho_check_deinit(&check);
	return 0;
}

static int find_layouts(const struct machine *m, const struct kho_with *with,
			const struct boot_setting *set, struct boot_layouts *layouts)
{
	const struct boot_cold cold = kho_cold_boot(m);
	const struct boot_load load = kho_boot_load(with);
	struct boot_machine machine;
	int ret = boot_machine_init(&machine, m);

	if (ret)
		return ret;
	ret = boot_layouts_of(with->work, &with->prepared->kernel, &machine, &load, &cold, set,
			      kho_want(with).initrd_most_bytes, layouts);
	boot_machine_deinit(&machine);
	return ret;
}

/* They change places: those that @m had go with the layouts. */
static int take(struct machine *m, struct boot_layout *worst, size_t n)
{
	const struct kho_ranges had = m->scratch;

	m->scratch = worst->areas;
	worst->areas = had;
	return kho_findings_add(&m->gaps, KHO_F_LAYOUT_WORST, NULL,
				"these areas are the worst of %zu layouts that the place of the first "
				"kernel can make of them; out of their way less is short", n);
}

int kho_take_worst_layout(const struct successor *s, const struct kho_with *with,
			  const struct boot_setting *set, struct machine *m)
{
	struct kho_budget budget = { kho_advice_steps(with) };
	struct boot_layouts layouts = { .n = 0 };
	struct kho_with its = *with;
	uint64_t first = 0, most = 0;
	size_t worst = 0, i;
	int ret;

	its.advise = KHO_ADVISE_NOT;
	its.no_list = true;
	its.budget = &budget;
	ret = find_layouts(m, &its, set, &layouts);
	for (i = 0; i < layouts.n && !ret; i++) {
		uint64_t weight;

		ret = weigh(s, m, &its, &layouts.layout[i].areas, &weight);
		if (ret || kho_spent(&budget))
			break;
		first = i ? first : weight;
		worst = weight > most ? i : worst;
		most = weight > most ? weight : most;
	}
	if (ret == -ENOSPC)
		ret = kho_findings_add(&m->gaps, KHO_F_LAYOUT_NO_ROOM, NULL,
				       "where the first kernel lies in their way an area finds no room, "
				       "and KHO is off: boot it with nokaslr, too");
	else if (!ret && most > first)
		ret = take(m, &layouts.layout[worst], i);
	else if (ret == -EDQUOT || (!ret && i < layouts.n))
		ret = kho_findings_add(&m->gaps, KHO_F_LAYOUT_WORST, NULL,
				       "not all layouts that the place of the first kernel can make of "
				       "these areas were looked at: it takes more than %" PRIu64 " steps",
				       kho_advice_steps(with));
	boot_layouts_deinit(&layouts);
	return ret == -ENOMEM ? ret : 0;
}
