// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check/area-parameter.h"
#include "kernel/formats.h"
#include "machine/remedy.h"
#include "rehearse/overrule.h"

/*
 * A successor that was seen to come up has these behind it, and its own command line
 * was followed by itself.  With KASLR it was seen in one place: that no other is worse
 * depends on the model.
 */
static bool is_overruled(enum kho_finding_id id, const struct rehearsal *r)
{
	switch (id) {
	case KHO_F_MEMORY_MAP_SHORT:
	case KHO_F_EARLY_MEMORY_SHORT:
	case KHO_F_PRESERVED_UNKNOWN:
		return true;
	case KHO_F_MARGIN_THIN:
	case KHO_F_MARGIN_SHORT:
	case KHO_F_CMDLINE_NOT_FOLLOWED:
		return !r->place.at_random;
	default:
		return false;
	}
}

static int overrule(const struct rehearsal *r, const struct boot_result *model,
		    struct kho_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (is_overruled(findings->f[i].id, r))
			findings->f[i].overruled = true;
	if (!r->place.at_random || model->outcome != BOOT_DIES || model->depends_on_preserved)
		return 0;
	if (!r->place.forced)
		return kho_findings_add(findings, KHO_F_REHEARSAL_UNKNOWN,
					"give the successor nokaslr, and it is rehearsed as it boots",
					"it comes up where the model says that it dies, without the "
					"page tables that KASLR takes for the CPUs' entry areas");
	return kho_findings_add(findings, KHO_F_REHEARSAL_UNKNOWN,
				"give the successor nokaslr, and the one place is rehearsed",
				"it comes up where the model says that it dies, in one of %" PRIu64
				" places that KASLR may choose; the others were not rehearsed",
				model->slots);
}

const char *rehearsal_outcome_text(const struct rehearsal *r)
{
	static const char *const texts[] = {
		[REHEARSAL_UNKNOWN] = "is not known", [REHEARSAL_UP] = "comes up",
		[REHEARSAL_DIED] = "dies",
		[REHEARSAL_DEPENDS] = "depends on what is preserved",
	};

	return texts[r->outcome];
}

/* The kernel's own words for its end. */
static const char *last_words(const struct rehearsal *r)
{
	if (r->reset)
		return "it reset itself (triple fault)";
	return r->console.nr_words ? r->console.words[r->console.nr_words - 1] : "";
}

static const char *model_text(const struct boot_result *model)
{
	return model->outcome == BOOT_UP ? "it comes up" :
	       model->depends_on_preserved ? "it depends on what is preserved" : "it dies";
}

static bool same_outcome(const struct rehearsal *r, const struct boot_result *model)
{
	switch (r->outcome) {
	case REHEARSAL_UP:
		return model->outcome == BOOT_UP;
	case REHEARSAL_DEPENDS:
		return model->depends_on_preserved;
	case REHEARSAL_DIED:
		return model->outcome == BOOT_DIES && !model->depends_on_preserved;
	case REHEARSAL_UNKNOWN:
		break;
	}
	return true;
}

static int add_rehearsed_outcome(const struct rehearsal *r, const struct machine *m,
				 struct kho_findings *findings)
{
	char place[96] = "";

	if (r->place.forced)
		snprintf(place, sizeof(place), ", run at 0x%" PRIx64 ", the worst of %" PRIu64
			 " places of KASLR", r->place.kernel_pa, r->place.slots);
	switch (r->outcome) {
	case REHEARSAL_UP:
		return kho_findings_add(findings, KHO_F_REHEARSAL_UP, NULL,
					"rehearsed in %.1f s%s, the successor comes up: %s",
					r->took_seconds, place, last_words(r));
	case REHEARSAL_DIED:
		return kho_findings_add(findings, KHO_F_REHEARSAL_DIED,
					"boot this machine with a larger kho_scratch= (a cold boot), "
					"or change the successor's command line",
					"rehearsed%s, the successor dies: %s", place,
					last_words(r));
	case REHEARSAL_DEPENDS:
		return kho_findings_add(findings, KHO_F_REHEARSAL_UNKNOWN,
					machine_remedy(m, REMEDY_KCORE),
					"rehearsed, the successor comes up if nothing is preserved, and "
					"dies if every 1 GiB of memory holds something: %s",
					last_words(r));
	case REHEARSAL_UNKNOWN:
		break;
	}
	return kho_findings_add(findings, KHO_F_REHEARSAL_UNKNOWN,
				"do what the message says is missing, or give it more time: "
				"--kho-rehearse=600; without a rehearsal the model decides",
				"the boot could not be rehearsed: %s", r->trouble);
}

static int report_differences(const struct rehearsal *r, const struct boot_result *model,
			      struct kho_findings *findings)
{
	uint64_t seen = r->map_seen + r->others_seen, equal = r->map_equal + r->others_equal;
	int ret = 0;

	if (!same_outcome(r, model))
		ret = kho_findings_add(findings, KHO_F_MODEL_DIFFERS,
				       "report it with --kho-save-machine and the image: the model is "
				       "wrong here",
				       "the model says that %s, the rehearsal decides: it %s",
				       model_text(model), rehearsal_outcome_text(r));
	if (!ret && equal != seen)
		ret = kho_findings_add(findings, KHO_F_MODEL_DIFFERS, NULL,
				       "of %" PRIu64 " allocations over a page %" PRIu64 " are where "
				       "the model has them", seen, equal);
	return ret;
}

/* The readiness says that the handover arrives, and the successor says that it does not. */
static int report_revival(const struct rehearsal *r, const struct kho_check *check,
			  struct kho_findings *findings)
{
	bool lost = r->console.handover_refused ||
		    (r->outcome == REHEARSAL_UP && !r->console.handover_found);

	if (!lost || check->readiness.handover == KHO_FATE_LOST)
		return 0;
	return kho_findings_add(findings, KHO_F_REHEARSAL_NOT_REVIVED,
				"use a successor that reads what this kernel hands over",
				"rehearsed, the successor takes nothing of what is handed over");
}

/*
 * The format that the running kernel writes; where it is not known, the successor's
 * own.  NULL: nothing is handed over.
 */
static const char *format_of(const struct machine *m, const struct kho_readiness *readiness,
			     char text[16])
{
	const struct successor_versions *own = &readiness->abi;

	if (m->handover.finalized == FINALIZED_NO)
		return NULL;
	if (readiness->format)
		return readiness->format->text[0];
	if (!own->n)
		return NULL;
	snprintf(text, 16, KHO_ABI_PREFIX "%u", own->version[own->n - 1]);
	return text;
}

/* Without a configuration in the image it is not known, and taken to be off. */
static bool has_deferred_pages(const struct successor *s)
{
	const char *set = successor_config(s, "DEFERRED_STRUCT_PAGE_INIT");

	return set && !strcmp(set, "y");
}

/* It may be anywhere; what is there and no file is written into. */
static FILE *open_log(const char *path, struct rehearsal *r)
{
	FILE *log = path ? fopen(path, "we") : NULL;

	if (path && !log)
		snprintf(r->trouble, sizeof(r->trouble), "%s: %s", path, strerror(errno));
	return log;
}

int rehearse_judge(const struct successor *s, const struct machine *m, const struct kho_with *with,
		   const struct rehearse_files *files, struct kho_check *check,
		   struct rehearsal *r)
{
	struct kho_prepared prepared;
	char format[16];
	struct rehearse_want want = {
		.kernel_fd = files->kernel_fd, .initrd_fd = files->initrd_fd,
		.initrd_bytes = with->initrd_bytes, .cmdline = with->cmdline,
		.machine = m, .root = files->root, .model = &check->boot, .seconds = files->seconds,
	};
	int ret = 0;

	want.reserve_mem_revived = check->has_readiness && check->readiness.reserve_mem_revived;
	*r = (struct rehearsal){ 0 };
	kho_prepare(s, &prepared);
	if (!check->has_boot || prepared.missing || check->boot.outcome == BOOT_LOAD_FAILS) {
		snprintf(r->trouble, sizeof(r->trouble), "%s", prepared.missing ?
			 "the model could not place what is loaded" : "there is no early boot "
			 "inside the areas");
	} else {
		want.kernel = &prepared.kernel;
		want.format = format_of(m, &check->readiness, format);
		want.deferred_pages = has_deferred_pages(s);
		want.log = open_log(files->log, r);
		if (!r->trouble[0])
			ret = rehearse(&want, r);
		if (want.log && fclose(want.log) && !ret)
			snprintf(r->trouble, sizeof(r->trouble), "%s: %s", files->log,
				 strerror(errno));
		if (ret)
			return ret;
	}
	if (r->outcome == REHEARSAL_UP)
		ret = overrule(r, &check->boot, &check->findings);
	if (!ret)
		ret = add_rehearsed_outcome(r, m, &check->findings);
	if (!ret && r->outcome != REHEARSAL_UNKNOWN)
		ret = report_differences(r, &check->boot, &check->findings);
	if (!ret && want.format)
		ret = report_revival(r, check, &check->findings);
	if (!ret)
		ret = kho_speak_of(m, &check->findings);
	check->verdict = kho_findings_verdict(&check->findings);
	if (ret)
		rehearsal_deinit(r);
	return ret;
}
