// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "after/verify.h"

/* What the kernel does not count as RAM of what the machine was said to have: its first pages. */
#define MEMORY_SLACK_BYTES	(UINT64_C(1) << 20)

typedef unsigned long long ull;

/* One verification on its way. */
struct judging {
	const struct prediction *p;
	const struct here *here;
	struct verification *v;
	int ret;		/* -ENOMEM */
};

#define SAY(j, id, remedy, ...) \
	((j)->ret = (j)->ret ? (j)->ret : \
	 kho_findings_add(&(j)->v->findings, KHO_F_##id, remedy, __VA_ARGS__))

/* For a load that loses the handover. */
#define STRICTLY "load with --kho-strict: it refuses a successor that does not take the handover"

const char *became_key(enum became became)
{
	static const char *const keys[] = {
		[BECAME_UNKNOWN] = NULL, [BECAME_UP] = "up", [BECAME_OTHER] = "other",
		[BECAME_LOST] = "lost", [BECAME_NOTHING] = "not_jumped",
	};

	return keys[became];
}

enum kho_tri verify_handed_over(const struct here *here)
{
	const struct machine_handover *h = &here->machine.handover;

	if (h->in.state == HANDOVER_READ || h->hops > 0 || here->seen.handover_found ||
	    here->seen.hops > 0)
		return here->seen.refused[0] ? KHO_TRI_NO : KHO_TRI_YES;
	if (here->seen.refused[0] || (here->has_log && here->seen.begins) ||
	    here->machine.scratch_known)
		return KHO_TRI_NO;
	return KHO_TRI_UNKNOWN;
}

/* ---- by which handover, to which kernel ---- */

/* Handovers since the cold boot, of a machine that shows whether it came by one; -1: not told. */
static int64_t hops_of(const struct machine *m)
{
	if (m->handover.hops >= 0)
		return m->handover.hops;
	return m->handover.in.state == HANDOVER_ABSENT ? 0 : -1;
}

static const char *previous_of(const struct here *here)
{
	const char *previous = here->machine.handover.previous_release;

	return previous ? previous : here->seen.previous;
}

/* False: it came by another one. */
static bool same_handover(struct judging *j)
{
	const struct machine *then = &j->p->machine;
	const char *previous = previous_of(j->here);
	int64_t hops = j->here->machine.handover.hops, before = hops_of(then);

	if (hops < 0)
		hops = j->here->seen.hops;
	if (previous[0] && then->release[0] && strcmp(previous, then->release)) {
		SAY(j, AFTER_OTHER_HANDOVER, "verify with the record of that handover: "
		    "--kho-verify=FILE", "this kernel was started by %s, the record is of %s",
		    previous, then->release);
		return false;
	}
	if (hops >= 0 && before >= 0 && hops != before + 1) {
		SAY(j, AFTER_OTHER_HANDOVER, "verify with the record of that handover: "
		    "--kho-verify=FILE", "this is handover %lld since the cold boot, the record is "
		    "of number %lld", (long long)hops, (long long)before + 1);
		return false;
	}
	return true;
}

/* False: it is another one. */
static bool same_kernel(struct judging *j)
{
	const char *release = j->here->machine.release;

	if (j->p->release[0] && release[0] && strcmp(j->p->release, release)) {
		SAY(j, AFTER_OTHER_KERNEL, "check the image that is executed: a later load "
		    "replaces the one that was checked", "%s was checked, this is %s",
		    j->p->release, release);
		return false;
	}
	if (j->p->build_id[0] && j->here->build_id[0] &&
	    strcmp(j->p->build_id, j->here->build_id)) {
		SAY(j, AFTER_OTHER_KERNEL, "check the image that is executed: a later load "
		    "replaces the one that was checked", "%s was checked in the build %s, this is "
		    "the build %s", release, j->p->build_id, j->here->build_id);
		return false;
	}
	return true;
}

/* The first word that differs; false: the command lines are the same. */
static bool other_word(const char *a, const char *b, char word[64])
{
	for (;;) {
		size_t n, m;

		a += strspn(a, " \n");
		b += strspn(b, " \n");
		n = strcspn(a, " \n");
		m = strcspn(b, " \n");
		if (!n && !m)
			return false;
		if (n != m || memcmp(a, b, n)) {
			snprintf(word, 64, "%.*s", (int)(m ? m : n), m ? b : a);
			kho_make_printable(word);
			return true;
		}
		a += n;
		b += m;
	}
}

static bool same_cmdline(struct judging *j)
{
	const char *now = j->here->machine.cmdline;
	char word[64], builtin[64];

	/* One that is built into the kernel stands in front of it. */
	if (!j->p->cmdline || !now || !other_word(j->p->cmdline, now, word) ||
	    (*j->p->cmdline && strlen(now) > strlen(j->p->cmdline) &&
	     !other_word(j->p->cmdline, now + strlen(now) - strlen(j->p->cmdline), builtin)))
		return true;
	SAY(j, AFTER_OTHER_CMDLINE, "load and check with the command line that is executed",
	    "this kernel's command line is not the one that was checked: '%s'", word);
	return false;
}

/* ---- what it has ---- */

/* The log does not tell what was wanted of a crash kernel that lacks its low part only. */
static bool silent(const struct seen_things *seen, enum seen_thing thing)
{
	return thing == SEEN_CRASHKERNEL_WANTED && !seen_has(seen, thing) &&
	       seen_has(seen, SEEN_CRASHKERNEL);
}

static bool close_enough(enum seen_thing thing, uint64_t said, uint64_t took)
{
	if (thing != SEEN_MEMORY)
		return said == took;
	return (said > took ? said - took : took - said) <= MEMORY_SLACK_BYTES;
}

static void amount(enum seen_thing thing, uint64_t value, char text[40])
{
	if (seen_is_count(thing))
		snprintf(text, 40, "%llu", (ull)value);
	else
		snprintf(text, 40, "%llu KiB", (ull)(value >> 10));
}

/* Of the worst of many places it may be better than told. */
static bool agrees_with_prediction(const struct prediction *p, enum seen_thing thing, uint64_t said,
				   uint64_t took)
{
	bool wanted = thing == SEEN_SWIOTLB_WANTED || thing == SEEN_CRASHKERNEL_WANTED ||
		      thing == SEEN_GIGANTIC_WANTED;

	if (close_enough(thing, said, took))
		return true;
	return p->at_worst && !wanted && thing != SEEN_MEMORY &&
	       (seen_is_loss(thing) ? took < said : took > said);
}

static void judge_thing(struct judging *j, enum seen_thing thing)
{
	const struct seen_things *said = &j->p->things, *took = &j->here->seen.things;
	uint64_t a = said->value[thing], b = took->value[thing];
	char told[40], seen[40];

	/* Where one side says nothing: nothing was wanted there. */
	if (!seen_has(said, thing))
		a = 0;
	if (!seen_has(took, thing))
		b = 0;
	j->v->compared |= 1u << thing;
	if (agrees_with_prediction(j->p, thing, a, b))
		return;
	j->v->differing |= 1u << thing;
	amount(thing, a, told);
	amount(thing, b, seen);
	if (seen_is_loss(thing) ? b > a : b < a)
		SAY(j, AFTER_LESS, "keep the record and the log of this boot, and report them",
		    "%s: %s predicted, %s seen", seen_text(thing), told, seen);
	else
		SAY(j, AFTER_MORE, NULL, "%s: %s predicted, %s seen", seen_text(thing), told, seen);
}

static void judge_things(struct judging *j)
{
	const struct seen *seen = &j->here->seen;

	if (!j->p->has_things)
		return;
	if (!j->here->has_log || !seen->begins) {
		SAY(j, AFTER_UNSEEN, "verify early after the boot, as the unit does, and as root: "
		    "the log must hold the first lines", "the kernel's log does not hold its first "
		    "lines: what it got is not known");
		return;
	}
	for (enum seen_thing thing = 0; thing < SEEN_THINGS; thing++) {
		if (!seen_has(&j->p->things, thing) && !seen_has(&seen->things, thing))
			continue;
		/* Only some logs tell these. */
		if ((thing == SEEN_MAP_OFF_NODE || thing == SEEN_MEMORY) &&
		    (!seen_has(&seen->things, thing) || !seen_has(&j->p->things, thing)))
			continue;
		if (!silent(&seen->things, thing))
			judge_thing(j, thing);
	}
}

static void judge_facts(struct judging *j)
{
	for (enum kho_fact_id id = 0; id < KHO_FACT_NR && j->here->has_running; id++) {
		uint64_t value;

		if (!(j->p->facts & (1u << id)) ||
		    kho_fact_get(&j->here->running.fact[id], &value, NULL) != KHO_FACT_KNOWN)
			continue;
		j->v->facts_compared |= 1u << id;
		if (value == j->p->fact[id])
			continue;
		j->v->facts_differing |= 1u << id;
		SAY(j, AFTER_FACT_DIFFERS, "keep the image and the record, and report them; check "
		    "with --kho-vmcoreinfo until then", "%s: %llu was read from the image, this "
		    "kernel has %llu", kho_fact_name(id), (ull)j->p->fact[id], (ull)value);
	}
}

/* ---- state ---- */

static bool revived(const struct seen *seen, const char *region)
{
	for (size_t i = 0; i < seen->nr_regions; i++)
		if (!strcmp(seen->region[i], region))
			return true;
	return false;
}

static const struct handover_producer *producer(const struct machine *m, const char *name)
{
	for (size_t i = 0; i < m->handover.out.nr_producers; i++)
		if (!strcmp(m->handover.out.producer[i].name, name))
			return &m->handover.out.producer[i];
	return NULL;
}

/* Also where the check could not tell: what is lost then is lost. */
static bool may_arrive(const struct prediction *p, const char *name)
{
	const char *fate = prediction_fate(p, name);

	return fate && (!strcmp(fate, "arrives") || !strcmp(fate, "unknown"));
}

static void judge_state(struct judging *j)
{
	const struct handover_producer *memblock = producer(&j->p->machine, "memblock");
	const struct seen *seen = &j->here->seen;

	if (!j->here->has_log || !seen->begins)
		return;
	if (memblock && may_arrive(j->p, "memblock") && !prediction_has(j->p, KHO_F_RESERVE_MEM_LOST))
		for (size_t i = 0; i < memblock->nr_reserve_mem; i++)
			if (!revived(seen, memblock->reserve_mem[i]))
				SAY(j, AFTER_STATE_LOST, "compare the two reserve_mem= parameters",
				    "the region '%s' was not had back", memblock->reserve_mem[i]);
	if (!may_arrive(j->p, "LUO"))
		return;
	if (!seen->luo_retrieved)
		SAY(j, AFTER_STATE_LOST, "look for luo: in the kernel's log", "live update did not "
		    "retrieve its state");
	for (size_t i = 0; i < seen->nr_luo_words; i++)
		SAY(j, AFTER_STATE_LOST, "look for luo: in the kernel's log",
		    "live update complains: %s", seen->luo_words[i]);
}

/* ---- the outcome ---- */

static void judge_up(struct judging *j)
{
	bool same;

	if (!same_handover(j) || !same_kernel(j)) {
		j->v->became = BECAME_OTHER;
		return;
	}
	j->v->became = BECAME_UP;
	same = same_cmdline(j);
	switch (j->p->outcome) {
	case PREDICTED_UNKNOWN:
		SAY(j, AFTER_LEFT_OPEN, NULL, "the check had left open whether this boot would "
		    "come up by the handover; it did");
		break;
	case PREDICTED_UP:
		SAY(j, AFTER_AS_PREDICTED, NULL, "this boot came by the recorded handover, as "
		    "predicted");
		j->v->right = same ? KHO_TRI_YES : KHO_TRI_UNKNOWN;
		break;
	default:
		SAY(j, AFTER_BETTER, "keep the record and the log of this boot, and report them",
		    "predicted: %s; it came up by the handover", predicted_text(j->p->outcome));
		j->v->right = same ? KHO_TRI_NO : KHO_TRI_UNKNOWN;
	}
	judge_things(j);
	judge_facts(j);
	judge_state(j);
}

static void judge_without(struct judging *j)
{
	const char *why = j->here->seen.refused;

	j->v->became = BECAME_LOST;
	switch (j->p->outcome) {
	case PREDICTED_UNKNOWN:
		SAY(j, AFTER_LOST, STRICTLY, "this boot did not come by the recorded handover; the "
		    "check had left open what would become of it");
		break;
	case PREDICTED_UP:
		SAY(j, AFTER_NO_HANDOVER, "look at the console's log with --kho-postmortem; if the "
		    "load was never executed, nothing was lost by it",
		    "predicted: %s; this boot came by no handover%s%s",
		    predicted_text(j->p->outcome), *why ? ": " : "", why);
		/* That nobody made the jump can't be told from a death. */
		j->v->right = *why ? KHO_TRI_NO : KHO_TRI_UNKNOWN;
		break;
	default:
		SAY(j, AFTER_LOST, STRICTLY, "this boot came by no handover; predicted: %s%s%s",
		    predicted_text(j->p->outcome), *why ? ": " : "", why);
		j->v->right = j->p->outcome == PREDICTED_LOST ? KHO_TRI_YES : KHO_TRI_UNKNOWN;
	}
}

static void judge_boot(struct judging *j)
{
	enum kho_tri handed_over = verify_handed_over(j->here);

	if (!j->p) {
		if (handed_over == KHO_TRI_YES)
			SAY(j, AFTER_NO_RECORD, "load with --kho-record", "this kernel came by a "
			    "handover of which there is no record");
	} else if (j->p->boot_id[0] && !strcmp(j->p->boot_id, j->here->boot_id)) {
		j->v->became = BECAME_NOTHING;
		SAY(j, AFTER_NOT_JUMPED, NULL, "this is still the kernel that made the record: the "
		    "jump is to come; predicted: %s", predicted_text(j->p->outcome));
	} else if (handed_over == KHO_TRI_YES) {
		judge_up(j);
	} else if (handed_over == KHO_TRI_NO) {
		judge_without(j);
	} else {
		SAY(j, AFTER_UNSEEN, "verify early after the boot, as root, with debugfs mounted",
		    "whether this boot came by a handover is not known; predicted: %s",
		    predicted_text(j->p->outcome));
	}
}

static int conclude_verification(struct verification *v, const bool ignore[KHO_F_NR], int ret)
{
	if (ret) {
		verification_deinit(v);
		return ret;
	}
	kho_findings_accept(&v->findings, ignore);
	v->verdict = kho_findings_verdict(&v->findings);
	return 0;
}

int verify(const struct prediction *p, const struct here *here, const bool ignore[KHO_F_NR],
	   struct verification *v)
{
	struct judging j = { p, here, v, 0 };

	*v = (struct verification){ .right = KHO_TRI_UNKNOWN };
	judge_boot(&j);
	return conclude_verification(v, ignore, j.ret);
}

int verify_done(const bool ignore[KHO_F_NR], struct verification *v)
{
	int ret;

	*v = (struct verification){ .right = KHO_TRI_UNKNOWN };
	ret = kho_findings_add(&v->findings, KHO_F_AFTER_VERIFIED, NULL,
			       "an earlier boot has verified the newest record: no load was "
			       "recorded since");
	return conclude_verification(v, ignore, ret);
}

void verification_deinit(struct verification *v)
{
	kho_findings_deinit(&v->findings);
	*v = (struct verification){ 0 };
}
