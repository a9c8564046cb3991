// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/advice-memo.h"
#include "check/advice-text.h"
#include "check/advice.h"
#include "check/common.h"
#include "check/idle.h"
#include "check/initrd.h"
#include "model/boot-machine.h"

#define MIB		(UINT64_C(1) << 20)
/* What the system itself wants outside the areas while a kernel is loaded. */
#define SYSTEM_BYTES	(64 * MIB)
/* Less than this, or than an eighth, is not worth a cold boot. */
#define SURPLUS_BYTES	(16 * MIB)

typedef unsigned long long ull;

static ull mib(uint64_t bytes)
{
	return bytes / MIB;
}

/* Findings that areas of another size can settle. */
static const enum kho_finding_id about_areas[] = {
	KHO_F_MEMORY_MAP_SHORT, KHO_F_EARLY_MEMORY_SHORT, KHO_F_LOAD_NO_HOLE, KHO_F_PRESERVED_UNKNOWN,
	KHO_F_PRESERVED_ROOM_THIN, KHO_F_PRESERVED_ROOM, KHO_F_MARGIN_THIN, KHO_F_MARGIN_SHORT,
	KHO_F_MEMORY_MAP_OFF_NODE, KHO_F_SWIOTLB_SHORT, KHO_F_CRASHKERNEL_SHORT,
	KHO_F_HUGEPAGES_SHORT, KHO_F_LOG_BUF_SHORT, KHO_F_PRESERVED_LOST, KHO_F_KHO_OFF,
};

static bool is_about_areas(enum kho_finding_id id)
{
	for (size_t i = 0; i < sizeof(about_areas) / sizeof(about_areas[0]); i++)
		if (about_areas[i] == id)
			return true;
	return false;
}

const char *kho_not_mended(const struct kho_check *check)
{
	for (size_t i = 0; i < check->findings.n; i++) {
		const struct kho_finding *f = &check->findings.f[i];

		if (!f->accepted && !f->overruled && kho_finding_severity(f->id) == KHO_FAIL && !is_about_areas(f->id))
			return kho_finding_name(f->id);
	}
	return NULL;
}

/* Is there one of them that is more than a note? */
static bool is_short(const struct kho_check *check)
{
	for (size_t i = 0; i < check->findings.n; i++) {
		enum kho_finding_id id = check->findings.f[i].id;

		if (is_about_areas(id) && kho_finding_severity(id) > KHO_NOTE)
			return true;
	}
	return false;
}

static bool is_wanted(const struct machine *m, const struct kho_with *with,
		      const struct kho_check *check)
{
	if (with->advise == KHO_ADVISE_NOT || !m->memory_known || with->prepared->missing)
		return false;
	if (with->advise == KHO_ADVISE)
		return check->has_boot || !m->scratch_known;
	return check->has_boot && is_short(check);
}

static enum kho_gain gain_of(const struct machine *m, const struct kho_check *check)
{
	const struct boot_advice *a = &check->advice;

	if (!m->scratch_known)
		return a->best.found || a->bare.found ? KHO_GAIN_KHO : KHO_GAIN_NONE;
	if (is_short(check))
		return KHO_GAIN_ROOM;
	if (a->best.found && a->best.total_bytes + SURPLUS_BYTES <= a->present_bytes &&
	    a->best.total_bytes <= a->present_bytes / 8 * 7)
		return KHO_GAIN_MEMORY;
	return KHO_GAIN_NONE;
}

/* The kernel that makes the areas is taken to be like the successor. */
struct boot_cold kho_cold_boot(const struct machine *m)
{
	return (struct boot_cold){ .cmdline = m->cmdline, .release = m->release };
}

struct boot_want kho_want(const struct kho_with *with)
{
	return (struct boot_want){
		.margin_percent = with->headroom_percent,
		.initrd_most_bytes = with->initrd_unknown ? KHO_INITRD_PLAUSIBLE_BYTES : 0,
		.outside_bytes = with->prepared->kernel.init_bytes + with->initrd_bytes +
				 SYSTEM_BYTES,
	};
}

int kho_advised_areas(const struct machine *m, const struct kho_with *with,
		      const struct boot_setting *set, struct kho_ranges *areas)
{
	const struct boot_cold cold = kho_cold_boot(m);
	struct boot_machine machine;
	int ret;

	*areas = (struct kho_ranges){ 0 };
	ret = boot_machine_init(&machine, m);
	if (ret)
		return ret;
	ret = boot_areas_of(with->work, &with->prepared->kernel, &machine, &cold, set, areas);
	boot_machine_deinit(&machine);
	return ret;
}

bool kho_finds_more(const struct kho_findings *now, const struct kho_findings *before)
{
	for (size_t i = 0; i < now->n; i++) {
		enum kho_finding_id id = now->f[i].id;
		size_t k = 0;

		while (k < before->n && before->f[k].id != id)
			k++;
		if (k == before->n && kho_finding_severity(id) != KHO_NOTE &&
		    id != KHO_F_PRESERVED_UNKNOWN && id != KHO_F_MEMORY_CUT)
			return true;
	}
	return false;
}

void kho_no_advice(struct kho_check *check)
{
	check->advice.best = (struct boot_advised){ .found = false };
	if (check->gain == KHO_GAIN_MEMORY)
		check->gain = KHO_GAIN_NONE;
}

uint64_t kho_advice_steps(const struct kho_with *with)
{
	return with->advice_steps ? with->advice_steps : KHO_BUDGET_STEPS;
}

int kho_advise(const struct machine *m, const struct kho_with *with, struct kho_check *check)
{
	/* It takes many times what a verdict takes, and has a budget of its own. */
	struct kho_budget budget = { kho_advice_steps(with) };
	const struct boot_kernel *kernel = &with->prepared->kernel;
	const struct boot_case one = { .kernel = kernel, .load = kho_boot_load(with) };
	const struct boot_cold cold = kho_cold_boot(m);
	struct boot_want want = kho_want(with);
	struct boot_machine machine;
	int ret;

	if (!is_wanted(m, with, check))
		return 0;
	ret = boot_machine_init(&machine, m);
	if (ret)
		return ret;
	want.best_only = with->advise == KHO_ADVISE_BEST;
	if (!with->memo || !kho_advice_memo_find(with->memo, &machine, &cold, &check->advice)) {
		ret = boot_advise(with->work, &one, 1, &machine, &cold, &want, &budget,
				  &check->advice);
		if (!ret && with->memo)
			kho_advice_memo_keep(with->memo, &check->advice);
	}
	boot_machine_deinit(&machine);
	/* What can't be followed was reported by the check itself. */
	if (ret == -EINVAL)
		return 0;
	check->gain = gain_of(m, check);
	return ret;
}

#define LINE " on its boot loader's kernel line"

/* "kho_scratch=16M,42M,50M (158 MiB in all) on ...", and the bare minimum where there is no better one. */
static bool setting_remedy(const struct kho_check *check, char text[KHO_REMEDY_BYTES])
{
	const struct boot_advice *a = &check->advice;
	const struct boot_advised *its = a->best.found ? &a->best : &a->bare;
	char setting[KHO_SETTING_BYTES], initrd[KHO_INITRD_BYTES], lost[KHO_LOSSES_BYTES] = "";

	if (!its->found)
		return false;
	kho_setting_text(&its->setting, setting);
	kho_advised_initrd(its, initrd);
	if (!a->best.found)
		kho_bare_losses(a, lost);
	snprintf(text, KHO_REMEDY_BYTES, "kho_scratch=%s%s (%llu MiB in all)" LINE "%s%s%s", setting,
		 its->nokaslr ? " nokaslr" : "", mib(its->total_bytes), initrd,
		 a->best.found ? "" : ", the bare minimum", lost);
	return true;
}

#define COLD_BOOT REMEDY_AREAS_STAY "boot this machine cold with "
#define NO_SETTING "no kho_scratch= fits into this machine's RAM for the %s: load a smaller initrd " \
		   "or kernel, or boot it without a handover (kho=off)"

static int set_remedy(const struct machine *m, const struct kho_check *check,
		      struct kho_finding *finding)
{
	const struct boot_advice *a = &check->advice;
	char text[KHO_REMEDY_BYTES], *remedy;
	int n;

	if (!setting_remedy(check, text) && !a->no_fit)
		return 0;
	if (!a->best.found && !a->bare.found)
		n = asprintf(&remedy, NO_SETTING, boot_user_text(a->no_fit_for));
	else if (finding->id == KHO_F_KHO_OFF)
		n = asprintf(&remedy, "%s; for this successor with %s", finding->remedy ?
			     finding->remedy : "boot this machine with kho=on", text);
	else
		n = asprintf(&remedy, "%s" COLD_BOOT "%s", finding->id == KHO_F_LOAD_NO_HOLE ?
			     kho_plain_reboot(m) : "", text);
	if (n < 0)
		return -ENOMEM;
	free(finding->remedy);
	finding->remedy = remedy;
	return 0;
}

static int add_surplus(const struct kho_check *check, struct kho_findings *findings)
{
	const struct boot_advice *a = &check->advice;
	char setting[KHO_SETTING_BYTES], initrd[KHO_INITRD_BYTES], remedy[KHO_REMEDY_BYTES];
	bool inflated = a->crashkernel_bytes >= a->default_bytes / 8;

	kho_setting_text(&a->best.setting, setting);
	kho_advised_initrd(&a->best, initrd);
	snprintf(remedy, sizeof(remedy), "add kho_scratch=%s%s to the boot loader's command line; it takes "
		 "effect at the next cold boot%s", setting, a->best.nokaslr ? " nokaslr" : "", initrd);
	return kho_findings_add(findings, KHO_F_SCRATCH_SURPLUS, remedy,
				"%llu MiB are set aside, %llu MiB would do: %llu MiB more could be pinned "
				"(the areas are CMA: page cache and user memory use them meanwhile)%s",
				mib(a->present_bytes), mib(a->best.total_bytes),
				mib(a->present_bytes - a->best.total_bytes), inflated ?
				"; crashkernel= counts twice in the default of 200 %" : "");
}

int kho_advise_findings(const struct machine *m, const struct kho_with *with,
			struct kho_check *check)
{
	struct kho_findings *findings = &check->findings;
	int ret = 0;

	if (check->advice.spent)
		return kho_findings_add(findings, KHO_F_ADVICE_CUT_SHORT,
					"try settings with --kho-scratch=",
					"the search for a kho_scratch= took more than %llu steps and was "
					"given up: whether one would do, or less would, is not known",
					(ull)kho_advice_steps(with));
	/* Where KHO is off and nothing fits, that is what there is to say. */
	if (check->gain == KHO_GAIN_NONE && (m->scratch_known || !check->advice.no_fit))
		return 0;
	if (check->gain == KHO_GAIN_MEMORY)
		return add_surplus(check, findings);
	for (size_t i = 0; i < findings->n && !ret; i++)
		if (is_about_areas(findings->f[i].id))
			ret = set_remedy(m, check, &findings->f[i]);
	return ret;
}
