// SPDX-License-Identifier: GPL-2.0-only
/* What the followed boot means: findings from the model's result. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kho-scratch.h"

#define GIVE_VMCOREINFO "give the successor's VMCOREINFO with --kho-vmcoreinfo=FILE"
#define NO_CUT "leave mem= and memmap= out of the successor's command line"
#define LARGER_SCRATCH "boot this machine with a larger kho_scratch= (a cold boot: the areas are " \
		       "those of the first kernel in the chain)"

#define TRY_OR_LARGER_SCRATCH LARGER_SCRATCH ", or try the handover on a test machine like it"
#define MARGIN_KIB ((ull)(BOOT_MARGIN_BYTES >> 10))

typedef unsigned long long ull;

static ull mib(uint64_t bytes)
{
	return bytes >> 20;
}

static ull kib_up(uint64_t bytes)
{
	return (bytes + 1023) >> 10;
}

static ull mib_up(uint64_t bytes)
{
	return (bytes + (1 << 20) - 1) >> 20;
}

/* " of node 3", or nothing where any node would have done. */
static const char *of_node(int node, char text[32])
{
	text[0] = '\0';
	if (node != KHO_NO_NODE)
		snprintf(text, 32, " of node %d", node);
	return text;
}

#define PLACES_BYTES 80

/*
 * " in 3 of 40 places that KASLR may choose", or nothing where there is one place.
 * Of very many not all were followed, and those are what is counted.
 */
static const char *in_places(const struct boot_result *b, uint64_t slots, char text[PLACES_BYTES])
{
	text[0] = '\0';
	if (b->kaslr)
		snprintf(text, PLACES_BYTES, " in %llu of %llu places%s that KASLR may choose",
			 (ull)slots, (ull)b->fold.followed,
			 b->fold.followed < b->slots ? ", sampled," : "");
	return text;
}

/* The same of what is short, where it is not so in each place. */
static const char *in_some_places(const struct boot_result *b, enum boot_short what,
				  char text[PLACES_BYTES])
{
	uint64_t slots = b->fold.shortfall[what].slots;

	text[0] = '\0';
	return slots == b->fold.followed ? text : in_places(b, slots, text);
}

enum kho_boot_state kho_boot_state(const struct boot_result *b)
{
	if (b->outcome == BOOT_LOAD_FAILS)
		return KHO_BOOT_LOAD_FAILS;
	if (b->outcome == BOOT_UP)
		return b->fold.close ? KHO_BOOT_TOO_CLOSE : KHO_BOOT_UP;
	if (b->depends_on_preserved || b->depends_on_extension)
		return KHO_BOOT_DEPENDS;
	return b->lacking_bytes ? KHO_BOOT_TOO_CLOSE : KHO_BOOT_DIES;
}

static int report_death(const struct boot_result *b, struct kho_findings *findings)
{
	char node[32], places[PLACES_BYTES];

	in_places(b, b->fold.dying, places);
	of_node(b->failed_node, node);
	if (b->failed_in_cut)
		return kho_findings_add(findings, KHO_F_HANDOVER_CUT, NO_CUT,
					"the successor dies in early boot%s: its %s lands in scratch "
					"that mem= or memmap= cuts off", places,
					boot_user_text(b->failed));
	if (b->failed == BOOT_MEMORY_MAP || b->failed == BOOT_MAP_TABLES)
		return kho_findings_add(findings, KHO_F_MEMORY_MAP_SHORT, LARGER_SCRATCH,
					"the successor dies in early boot%s: no room in scratch for "
					"the memory map%s, which takes %llu of %llu MiB in all",
					places, node,
					mib_up(b->failed_map_bytes), mib_up(b->map_bytes));
	return kho_findings_add(findings, KHO_F_EARLY_MEMORY_SHORT, LARGER_SCRATCH,
				"the successor dies in early boot%s: no room in scratch for the %s%s",
				places, boot_user_text(b->failed), node);
}

/* Whether it dies depends on what is not known: preserved memory, or what the image does. */
static int report_dependence(const struct boot_result *b, struct kho_findings *findings)
{
	char node[32];

	of_node(b->failed_node, node);
	if (b->depends_on_extension)
		return kho_findings_add(findings, KHO_F_FACT_UNKNOWN, LARGER_SCRATCH,
					"whether the successor extends scratch over free 1 GiB "
					"blocks is not known: it boots if it does, and else dies for "
					"lack of memory for the %s%s", boot_user_text(b->failed),
					node);
	return kho_findings_add(findings, KHO_F_PRESERVED_UNKNOWN, LARGER_SCRATCH,
				"the successor extends scratch over free 1 GiB blocks: it boots if "
				"enough of them are free, and dies for lack of memory for the %s%s "
				"if all hold preserved memory", boot_user_text(b->failed), node);
}

static int report_close(const struct boot_result *b, struct kho_findings *findings)
{
	char node[32], places[PLACES_BYTES];

	in_places(b, b->fold.close, places);
	if (b->outcome == BOOT_UP)
		return kho_findings_add(findings, KHO_F_MARGIN_THIN, TRY_OR_LARGER_SCRATCH,
					"too close to tell%s: the successor boots with %llu KiB of "
					"scratch to spare, and the model is exact to %llu KiB",
					places, (ull)(b->headroom_bytes >> 10), MARGIN_KIB);
	return kho_findings_add(findings, KHO_F_MARGIN_SHORT, TRY_OR_LARGER_SCRATCH,
				"too close to tell%s: the successor lacks %llu KiB in scratch, for the "
				"%s%s and what comes after it, and the model is exact to %llu KiB",
				places, kib_up(b->lacking_bytes), boot_user_text(b->failed),
				of_node(b->failed_node, node), MARGIN_KIB);
}

static int report_sample(const struct boot_result *b, struct kho_findings *findings)
{
	if (!b->kaslr || b->fold.followed == b->slots)
		return 0;
	return kho_findings_add(findings, KHO_F_KASLR_SAMPLED,
				"give the successor nokaslr, and the one place is followed",
				"KASLR may choose among %llu places; the boot was followed in %llu "
				"of them, at the ends of each stretch and evenly between",
				(ull)b->slots, (ull)b->fold.followed);
}

static int report_outcome(const struct boot_result *b, struct kho_findings *findings)
{
	switch (kho_boot_state(b)) {
	case KHO_BOOT_DIES:
		return report_death(b, findings);
	case KHO_BOOT_DEPENDS:
		return report_dependence(b, findings);
	case KHO_BOOT_LOAD_FAILS:
		return kho_findings_add(findings, KHO_F_LOAD_NO_HOLE, LARGER_SCRATCH,
					"kexec_file_load will fail: no scratch area has room for "
					"the %s", boot_user_text(b->failed));
	case KHO_BOOT_TOO_CLOSE:
		return report_close(b, findings);
	case KHO_BOOT_UP:
		break;
	}
	return report_sample(b, findings);
}

/* "up to " and "as little as " where the places that KASLR may choose differ. */
static bool differs(const struct boot_result *b, enum boot_short what)
{
	return b->fold.shortfall[what].least < b->fold.shortfall[what].most;
}

static const char *up_to(const struct boot_result *b, enum boot_short what)
{
	return differs(b, what) ? "up to " : "";
}

static const char *as_little_as(const struct boot_result *b, enum boot_short what)
{
	return differs(b, what) ? "as little as " : "";
}

static int report_memory_map(const struct boot_result *b, struct kho_findings *findings)
{
	const struct boot_shortfall *buffers = &b->fold.shortfall[BOOT_SHORT_BUFFERS];
	const struct boot_shortfall *off_node = &b->fold.shortfall[BOOT_SHORT_OFF_NODE];
	char places[PLACES_BYTES];
	int ret = 0;

	if (buffers->slots)
		ret = kho_findings_add(findings, KHO_F_MEMORY_MAP_FALLBACK, NULL,
				       "the memory map is taken piece by piece%s: %s%llu of %llu "
				       "nodes have no room for it in one",
				       in_some_places(b, BOOT_SHORT_BUFFERS, places),
				       up_to(b, BOOT_SHORT_BUFFERS), (ull)buffers->most,
				       (ull)b->buffers);
	if (off_node->slots && !ret)
		ret = kho_findings_add(findings, KHO_F_MEMORY_MAP_OFF_NODE,
				       "raise the third number of kho_scratch= (an area a node)",
				       "%s%llu of %llu MiB of the memory map land on another node "
				       "than the memory they describe%s",
				       up_to(b, BOOT_SHORT_OFF_NODE), mib_up(off_node->most),
				       mib_up(b->map_bytes),
				       in_some_places(b, BOOT_SHORT_OFF_NODE, places));
	return ret;
}

/* What is asked for and not had does not kill, but is missed later. */
static int report_shortened(const struct boot_result *b, struct kho_findings *findings)
{
	const struct boot_shortfall *s = b->fold.shortfall;
	char places[PLACES_BYTES];
	int ret = 0;

	if (s[BOOT_SHORT_SWIOTLB].slots)
		ret = kho_findings_add(findings, KHO_F_SWIOTLB_SHORT,
				       "raise the first number of kho_scratch= (memory below 4 GiB)",
				       "swiotlb gets %s%llu of %llu MiB%s: devices that bounce "
				       "through it may fail", as_little_as(b, BOOT_SHORT_SWIOTLB),
				       mib(b->swiotlb_bytes), mib(b->swiotlb_wanted_bytes),
				       in_some_places(b, BOOT_SHORT_SWIOTLB, places));
	if (s[BOOT_SHORT_CRASHKERNEL].slots && !ret)
		ret = kho_findings_add(findings, KHO_F_CRASHKERNEL_SHORT, LARGER_SCRATCH,
				       "crashkernel= gets %llu of %llu MiB%s: kdump will not work "
				       "after the handover", mib(b->crashkernel_bytes),
				       mib(b->crashkernel_wanted_bytes),
				       in_some_places(b, BOOT_SHORT_CRASHKERNEL, places));
	if (s[BOOT_SHORT_HUGEPAGES].slots && !ret)
		ret = kho_findings_add(findings, KHO_F_HUGEPAGES_SHORT, LARGER_SCRATCH,
				       "%s%llu of %llu gigantic pages will be there after the "
				       "handover%s", as_little_as(b, BOOT_SHORT_HUGEPAGES),
				       (ull)b->hugepages, (ull)b->hugepages_wanted,
				       in_some_places(b, BOOT_SHORT_HUGEPAGES, places));
	if (s[BOOT_SHORT_LOG_BUF].slots && !ret)
		ret = kho_findings_add(findings, KHO_F_LOG_BUF_SHORT, LARGER_SCRATCH,
				       "log_buf_len= gets none of its %llu MiB%s",
				       mib_up(b->log_buf_wanted_bytes),
				       in_some_places(b, BOOT_SHORT_LOG_BUF, places));
	return ret;
}

/* What was handed over may lie where mem= or memmap= cuts. */
static int report_cut(const struct boot_result *b, struct kho_findings *findings)
{
	if (!b->cut_bytes || (b->preserved_known && !b->cut_preserved_bytes))
		return 0;
	if (b->cut_kills)
		return kho_findings_add(findings, KHO_F_HANDOVER_CUT, NO_CUT,
					"mem= or memmap= takes %llu MiB of RAM away, and with it what "
					"is handed over: the successor dies when it looks for it",
					mib_up(b->cut_bytes));
	if (b->preserved_known)
		return kho_findings_add(findings, KHO_F_MEMORY_CUT, NO_CUT,
					"mem= or memmap= takes %llu MiB of RAM away, with up to %llu "
					"KiB of preserved memory: whoever looks into it there, the "
					"successor or its user, dies", mib_up(b->cut_bytes),
					kib_up(b->cut_preserved_bytes));
	return kho_findings_add(findings, KHO_F_MEMORY_CUT, NO_CUT,
				"mem= or memmap= takes %llu MiB of RAM away: the successor dies if "
				"what was preserved lies there", mib_up(b->cut_bytes));
}

/* It needs more than the areas, and more may be preserved until the jump. */
static int report_blocks(const struct boot_result *b, struct kho_findings *findings)
{
	bool thin = b->free_blocks < 2 * b->needed_blocks;

	if (!b->needed_blocks)
		return 0;
	return kho_findings_add(findings, thin ? KHO_F_PRESERVED_ROOM_THIN : KHO_F_PRESERVED_ROOM,
				thin ? LARGER_SCRATCH : NULL,
				"the areas alone are too small, and the successor extends scratch "
				"over blocks of 1 GiB without preserved memory: free now %llu, needed "
				"at the jump %llu; what is preserved until then can't be seen",
				(ull)b->free_blocks, (ull)b->needed_blocks);
}

static int report_cut_areas(const struct boot_result *b, struct kho_findings *findings)
{
	if (!b->cut_area_bytes)
		return 0;
	return kho_findings_add(findings, KHO_F_SCRATCH_CUT, NO_CUT,
				"mem= or memmap= takes %llu MiB of the scratch areas away",
				mib_up(b->cut_area_bytes));
}

/* Not a successor that ignores the areas and boots with all memory: only its load counts. */
static bool uses_areas(const struct kho_check *check)
{
	return check->readiness.handover != KHO_FATE_LOST ||
	       check->boot.outcome == BOOT_LOAD_FAILS;
}

static bool wants_advice(const struct kho_with *with, const struct kho_check *check)
{
	if (with->advise != KHO_ADVISE_SHORT || !uses_areas(check))
		return with->advise == KHO_ADVISE && uses_areas(check);
	return check->boot.outcome != BOOT_UP || check->boot.headroom_bytes < BOOT_MARGIN_BYTES;
}

static int follow(const struct boot_kernel *kernel, const struct boot_machine *machine,
		  const struct kho_with *with, struct kho_check *check)
{
	const struct boot_load load = {
		.cmdline = with->cmdline ? with->cmdline : "", .given = with->given,
		.initrd_bytes = with->initrd_bytes, .no_list = with->no_list,
		.budget = with->budget,
	};
	struct boot_work *work = with->work ? with->work : boot_work_create();
	struct boot_machine cold = *machine;
	int ret;

	if (!work)
		return -ENOMEM;
	ret = boot_follow(work, kernel, machine, &load, &check->boot);
	if (!ret)
		ret = boot_follow_blocks(work, &check->boot);
	/* The advice is for another boot, in which other memory is preserved. */
	cold.preserved = cold.preserved_map = NULL;
	if (!ret && wants_advice(with, check))
		ret = boot_advise(work, kernel, &cold, &load, with->headroom_percent,
				  &check->advice);
	if (!with->work)
		boot_work_destroy(work);
	return ret;
}

void kho_prepare(const struct successor *s, struct kho_prepared *prepared)
{
	if (!boot_kernel_from_successor(s, &prepared->kernel, &prepared->bases,
					&prepared->missing))
		prepared->missing = NULL;
}

static int report_boot(const struct kho_check *check, struct kho_findings *findings)
{
	const struct boot_result *b = &check->boot;
	int ret = report_outcome(b, findings);

	if (!ret && b->outcome == BOOT_UP)
		ret = report_memory_map(b, findings);
	if (!ret && b->outcome == BOOT_UP)
		ret = report_shortened(b, findings);
	if (!ret)
		ret = report_cut(b, findings);
	if (!ret)
		ret = report_blocks(b, findings);
	if (!ret)
		ret = report_cut_areas(b, findings);
	return ret;
}

int kho_check_too_much(const struct machine *m, struct kho_findings *findings)
{
	return kho_findings_add(findings, KHO_F_TOO_MUCH_WORK,
				"look at the machine's ranges of memory: no machine has so many",
				"early boot can't be followed within %llu steps: %zu ranges of RAM, "
				"%zu areas, %zu ranges of preserved memory", (ull)KHO_BUDGET_STEPS,
				m->memory.n, m->scratch.n, m->handover.preserved.n);
}

int kho_check_boot(const struct successor *s, const struct machine *m, const struct kho_with *with,
		   struct kho_check *check)
{
	struct kho_findings *findings = &check->findings;
	const struct kho_prepared *prepared = with->prepared;
	struct kho_prepared own;
	struct boot_machine machine;
	int ret;

	if (!prepared) {
		kho_prepare(s, &own);
		prepared = &own;
	}
	check->bases = prepared->bases;
	if (prepared->missing)
		return kho_findings_add(findings, KHO_F_FACT_UNKNOWN, GIVE_VMCOREINFO,
					"early boot can't be followed: %s is not known",
					prepared->missing);
	ret = boot_machine_init(&machine, m);
	if (!ret) {
		ret = follow(&prepared->kernel, &machine, with, check);
		boot_machine_deinit(&machine);
	}
	if (ret == -EINVAL)
		return kho_findings_add(findings, KHO_F_FACT_UNKNOWN, GIVE_VMCOREINFO,
					"early boot can't be followed: the image's facts contradict "
					"each other");
	if (ret == -EDQUOT)
		return kho_check_too_much(m, findings);
	if (ret)
		return ret;
	check->has_boot = uses_areas(check);
	if (!check->has_boot)
		return 0;
	ret = report_boot(check, findings);
	return ret ? ret : kho_check_parameters(s, m, with, prepared, check);
}
