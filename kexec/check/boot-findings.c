// SPDX-License-Identifier: GPL-2.0-only
/* What the followed boot means: findings from the model's result. */
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include "base/size.h"
#include "check/boot-findings.h"
#include "check/bounce.h"
#include "check/common.h"
#include "check/shortage.h"
#include "check/unfollowed.h"
#include "model/boot-machine.h"

#define NO_CUT "remove mem= and memmap= from the successor's command line"
#define REMEDY_LPA2 "make the report there as root, or of a snapshot (kexec --kho-save-machine=FILE): " \
	"/proc/kcore shows it; or "
#define OR_TRY "; or try the handover on a test machine like it: kexec --kho-rehearse"

typedef unsigned long long ull;

/* Sizes of one message. */
typedef char size_text[KHO_SIZE_BYTES];

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
 * Of very many places not all are followed; the counts are of those that were.
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

static int report_death(struct kho_check *check)
{
	const struct boot_result *b = &check->boot;
	struct kho_findings *findings = &check->findings;
	char node[32], places[PLACES_BYTES];
	size_text missing, map, piece, largest;

	in_places(b, b->fold.dying, places);
	of_node(b->failed_node, node);
	if (b->failed_in_cut)
		return kho_findings_add(findings, KHO_F_HANDOVER_CUT, NO_CUT,
					"the successor dies in early boot%s: mem= or memmap= cuts off "
					"the scratch in which it places its %s", places,
					boot_user_text(b->failed));
	if (b->failed == BOOT_MEMORY_MAP || b->failed == BOOT_MAP_TABLES)
		return kho_findings_add(findings, KHO_F_MEMORY_MAP_SHORT,
					REMEDY_LARGER_SCRATCH,
					"the successor dies in early boot%s: no room in scratch for "
					"the memory map%s: of its %s %s are missing", places, node,
					kho_size_up(b->failed_map_bytes, map),
					kho_size_up(kho_missing_bytes(b), missing));
	return kho_findings_add(findings, KHO_F_EARLY_MEMORY_SHORT,
				REMEDY_LARGER_SCRATCH,
				"the successor dies in early boot%s: no room in scratch for the %s%s: "
				"%s are wanted, the largest piece left has %s", places,
				boot_user_text(b->failed), node, kho_size_up(b->unmet.bytes, piece),
				kho_size(b->unmet.largest_bytes, largest));
}

/* Whether it dies depends on what is not known: preserved memory, or what the image does. */
static int report_dependence(struct kho_check *check)
{
	const struct boot_result *b = &check->boot;
	struct kho_findings *findings = &check->findings;
	char node[32];

	of_node(b->failed_node, node);
	if (b->depends_on_extension)
		return kho_findings_add(findings, KHO_F_FACT_UNKNOWN,
					REMEDY_LARGER_SCRATCH,
					"whether the successor extends scratch over free 1 GiB "
					"blocks is not known: it boots if it does, and else dies for "
					"lack of memory for the %s%s", boot_user_text(b->failed),
					node);
	if (b->depends_on_lpa2)
		return kho_findings_add(findings, KHO_F_FACT_UNKNOWN,
					REMEDY_LPA2 REMEDY_LARGER_SCRATCH,
					"whether the CPU has LPA2 (addresses of 52 bits) is not known: "
					"the successor boots if it has not, and else dies for lack of "
					"memory for the %s%s", boot_user_text(b->failed), node);
	return kho_findings_add(findings, KHO_F_PRESERVED_UNKNOWN,
				REMEDY_LARGER_SCRATCH,
				"the successor extends scratch over free 1 GiB blocks: it boots if "
				"enough of them are free, and dies for lack of memory for the %s%s "
				"if all hold preserved memory", boot_user_text(b->failed), node);
}

static int report_close(struct kho_check *check)
{
	const struct boot_result *b = &check->boot;
	static const char remedy[] = REMEDY_LARGER_SCRATCH OR_TRY;
	char node[32], places[PLACES_BYTES];
	size_text bytes, margin;

	in_places(b, b->fold.close, places);
	kho_size(BOOT_MARGIN_BYTES, margin);
	if (b->outcome == BOOT_UP)
		return kho_findings_add(&check->findings, KHO_F_MARGIN_THIN, remedy,
					"too close to tell%s: the successor boots with %s of "
					"scratch free, within the model's margin of %s",
					places, kho_size(b->headroom_bytes, bytes), margin);
	return kho_findings_add(&check->findings, KHO_F_MARGIN_SHORT, remedy,
				"too close to tell%s: scratch is %s too small for the %s%s and "
				"what comes after it, within the model's margin of %s",
				places, kho_size_up(b->lacking_bytes, bytes),
				boot_user_text(b->failed), of_node(b->failed_node, node), margin);
}

static int report_sample(const struct boot_result *b, struct kho_findings *findings)
{
	if (!b->kaslr || b->fold.followed == b->slots)
		return 0;
	return kho_findings_add(findings, KHO_F_KASLR_SAMPLED,
				"add nokaslr to the successor's command line: its one place is followed",
				"KASLR may choose among %llu places; the boot was followed in %llu "
				"of them, at the ends of each stretch and evenly between",
				(ull)b->slots, (ull)b->fold.followed);
}

static int report_outcome(struct kho_check *check)
{
	switch (kho_boot_state(&check->boot)) {
	case KHO_BOOT_DIES:
		return report_death(check);
	case KHO_BOOT_DEPENDS:
		return report_dependence(check);
	case KHO_BOOT_LOAD_FAILS:
		return kho_report_no_hole(check);
	case KHO_BOOT_TOO_CLOSE:
		return report_close(check);
	case KHO_BOOT_UP:
		break;
	}
	return report_sample(&check->boot, &check->findings);
}

/* "up to " and "as little as " where the places that KASLR may choose differ. */
static bool slots_differ(const struct boot_result *b, enum boot_short what)
{
	return b->fold.shortfall[what].least < b->fold.shortfall[what].most;
}

static const char *up_to(const struct boot_result *b, enum boot_short what)
{
	return slots_differ(b, what) ? "up to " : "";
}

static const char *as_little_as(const struct boot_result *b, enum boot_short what)
{
	return slots_differ(b, what) ? "as little as " : "";
}

/*
 * A struct page on another node costs about twice as much to reach (the distances of nodes are 10
 * and 20 where firmware gives none, include/linux/topology.h).  With an eighth of them there, all of
 * one node's at worst, it is an eighth on the average access: less than what the placing of
 * the pages themselves makes.
 */
#define LITTLE_OFF_NODE	8

static bool is_little(const struct boot_result *b, uint64_t off_node_bytes)
{
	return off_node_bytes <= b->map_least_node_bytes / LITTLE_OFF_NODE;
}

static int report_off_node(const struct boot_result *b, struct kho_findings *findings)
{
	const struct boot_shortfall *off_node = &b->fold.shortfall[BOOT_SHORT_OFF_NODE];
	bool little = is_little(b, off_node->most);
	char places[PLACES_BYTES];
	size_text bytes, whole;

	return kho_findings_add(findings, little ? KHO_F_MEMORY_MAP_LITTLE_OFF_NODE :
						   KHO_F_MEMORY_MAP_OFF_NODE,
				little ? NULL :
				"raise the third number of kho_scratch= (an area a node)",
				"%s%s of the %s of the memory map land on another node "
				"than the memory they describe%s",
				up_to(b, BOOT_SHORT_OFF_NODE), kho_size_up(off_node->most, bytes),
				kho_size(b->map_bytes, whole),
				in_some_places(b, BOOT_SHORT_OFF_NODE, places));
}

static int report_memory_map(const struct boot_result *b, struct kho_findings *findings)
{
	const struct boot_shortfall *buffers = &b->fold.shortfall[BOOT_SHORT_BUFFERS];
	char places[PLACES_BYTES];
	int ret = 0;

	if (buffers->slots)
		ret = kho_findings_add(findings, KHO_F_MEMORY_MAP_FALLBACK, NULL,
				       "the memory map is allocated piece by piece%s: %s%llu of %llu "
				       "nodes have no room for theirs in one piece",
				       in_some_places(b, BOOT_SHORT_BUFFERS, places),
				       up_to(b, BOOT_SHORT_BUFFERS), (ull)buffers->most,
				       (ull)b->buffers);
	if (b->fold.shortfall[BOOT_SHORT_OFF_NODE].slots && !ret)
		ret = report_off_node(b, findings);
	return ret;
}

/* What is missing is a warning where a device needs it, or where that is not known. */
static int report_swiotlb(const struct boot_result *b, const struct machine *m,
			  const struct kho_with *with, struct kho_findings *findings)
{
	char places[PLACES_BYTES], need[KHO_BOUNCE_BYTES], got[KHO_SIZE_BYTES], wanted[KHO_SIZE_BYTES];
	bool needed = kho_needs_bounce_buffer(m, with->cmdline, b->swiotlb_bytes, need);

	return kho_findings_add(findings, needed ? KHO_F_SWIOTLB_SHORT : KHO_F_SWIOTLB_NOT_NEEDED,
				needed ? "raise the first number of kho_scratch= (memory below 4 GiB)" :
					 NULL,
				"swiotlb gets %s%s of %s%s: %s",
				as_little_as(b, BOOT_SHORT_SWIOTLB),
				kho_size(b->swiotlb_bytes, got),
				kho_size_up(b->swiotlb_wanted_bytes, wanted),
				in_some_places(b, BOOT_SHORT_SWIOTLB, places), need);
}

/* memblock_reserve() fails, and kho_memory_init() goes on. */
static int report_preserved_list(const struct boot_result *b, struct kho_findings *findings)
{
	char places[PLACES_BYTES];
	size_text wanted;

	if (!b->fold.shortfall[BOOT_SHORT_PRESERVED].slots)
		return 0;
	return kho_findings_add(findings, KHO_F_PRESERVED_LOST, REMEDY_LARGER_SCRATCH,
				"the successor finds no %s in one piece for its list of "
				"preserved memory%s: part of that memory is lost",
				kho_size_up(b->preserved_list_wanted_bytes, wanted),
				in_some_places(b, BOOT_SHORT_PRESERVED, places));
}

/* A request that fails without a death: what it was for is missing later. */
static int report_shortened(const struct boot_result *b, const struct machine *m,
			    const struct kho_with *with, struct kho_findings *findings)
{
	const struct boot_shortfall *s = b->fold.shortfall;
	char places[PLACES_BYTES];
	size_text got, wanted;
	int ret = 0;

	if (s[BOOT_SHORT_SWIOTLB].slots)
		ret = report_swiotlb(b, m, with, findings);
	if (s[BOOT_SHORT_CRASHKERNEL].slots && !ret)
		ret = kho_findings_add(findings, KHO_F_CRASHKERNEL_SHORT, REMEDY_LARGER_SCRATCH,
				       "crashkernel= gets %s of %s%s: kdump will not work "
				       "after the handover", kho_size(b->crashkernel_bytes, got),
				       kho_size_up(b->crashkernel_wanted_bytes, wanted),
				       in_some_places(b, BOOT_SHORT_CRASHKERNEL, places));
	if (s[BOOT_SHORT_HUGEPAGES].slots && !ret)
		ret = kho_findings_add(findings, KHO_F_HUGEPAGES_SHORT, REMEDY_LARGER_SCRATCH,
				       "the successor gets %s%llu of %llu gigantic pages%s",
				       as_little_as(b, BOOT_SHORT_HUGEPAGES),
				       (ull)b->hugepages, (ull)b->hugepages_wanted,
				       in_some_places(b, BOOT_SHORT_HUGEPAGES, places));
	if (s[BOOT_SHORT_LOG_BUF].slots && !ret)
		ret = kho_findings_add(findings, KHO_F_LOG_BUF_SHORT, REMEDY_LARGER_SCRATCH,
				       "log_buf_len= can't be met%s: no room for %s",
				       in_some_places(b, BOOT_SHORT_LOG_BUF, places),
				       kho_size_up(b->log_buf_wanted_bytes, wanted));
	return ret;
}

/* What was handed over may lie where mem= or memmap= cuts. */
static int report_cut(const struct boot_result *b, struct kho_findings *findings)
{
	size_text cut, kept;

	kho_size_up(b->cut_bytes, cut);
	if (!b->cut_bytes || (b->preserved_known && !b->cut_preserved_bytes))
		return 0;
	if (b->cut_kills)
		return kho_findings_add(findings, KHO_F_HANDOVER_CUT, NO_CUT,
					"mem= or memmap= removes %s of RAM, and with it memory "
					"that is handed over: the successor dies when it reads that",
					cut);
	if (b->preserved_known)
		return kho_findings_add(findings, KHO_F_MEMORY_CUT, NO_CUT,
					"mem= or memmap= removes %s of RAM, with up to %s "
					"of preserved memory: the successor dies when it, or a user "
					"of that memory, reads it", cut,
					kho_size_up(b->cut_preserved_bytes, kept));
	return kho_findings_add(findings, KHO_F_MEMORY_CUT, NO_CUT,
				"mem= or memmap= removes %s of RAM: the successor dies if "
				"preserved memory lies there", cut);
}

/* It needs more than the areas, and more memory may be preserved until the jump. */
static int report_blocks(const struct boot_result *b, struct kho_findings *findings)
{
	bool thin = b->free_blocks < 2 * b->needed_blocks;

	if (!b->needed_blocks)
		return 0;
	return kho_findings_add(findings, thin ? KHO_F_PRESERVED_ROOM_THIN : KHO_F_PRESERVED_ROOM,
				thin ? REMEDY_LARGER_SCRATCH : NULL,
				"the areas alone are too small, and the successor extends scratch "
				"over blocks of 1 GiB without preserved memory: %llu are free now, "
				"%llu must be free at the jump; more may be preserved until then",
				(ull)b->free_blocks, (ull)b->needed_blocks);
}

static int report_cut_areas(const struct boot_result *b, struct kho_findings *findings)
{
	size_text bytes;

	if (!b->cut_area_bytes)
		return 0;
	return kho_findings_add(findings, KHO_F_SCRATCH_CUT, NO_CUT,
				"mem= or memmap= removes %s of the scratch areas",
				kho_size_up(b->cut_area_bytes, bytes));
}

/* Not a successor that ignores the areas and boots with all memory: only its load counts. */
static bool uses_areas(const struct kho_check *check)
{
	return check->readiness.handover != KHO_FATE_LOST ||
	       check->boot.outcome == BOOT_LOAD_FAILS;
}

static int follow_model(const struct boot_machine *machine, const struct kho_with *with,
			struct kho_check *check)
{
	const struct boot_kernel *kernel = &with->prepared->kernel;
	const struct boot_load load = kho_boot_load(with);
	int ret = boot_follow(with->work, kernel, machine, &load, &check->boot);

	return ret ? ret : boot_follow_blocks(with->work, &check->boot);
}

static int report_boot(const struct machine *m, const struct kho_with *with,
		       struct kho_check *check)
{
	const struct boot_result *b = &check->boot;
	struct kho_findings *findings = &check->findings;
	int ret = report_outcome(check);

	if (!ret && b->outcome == BOOT_UP)
		ret = report_memory_map(b, findings);
	if (!ret && b->outcome == BOOT_UP)
		ret = report_shortened(b, m, with, findings);
	if (!ret && b->outcome == BOOT_UP)
		ret = report_preserved_list(b, findings);
	if (!ret)
		ret = report_cut(b, findings);
	if (!ret)
		ret = report_blocks(b, findings);
	if (!ret)
		ret = report_cut_areas(b, findings);
	return ret;
}

int kho_check_boot(const struct successor *s, const struct machine *m, const struct kho_with *with,
		   struct kho_check *check)
{
	struct kho_findings *findings = &check->findings;
	struct boot_machine machine;
	int ret;

	check->bases = with->prepared->bases;
	if (with->prepared->missing)
		return kho_findings_add(findings, KHO_F_FACT_UNKNOWN, REMEDY_VMCOREINFO,
					"early boot can't be followed: %s is not known",
					with->prepared->missing);
	ret = boot_machine_init(&machine, m);
	if (!ret) {
		ret = follow_model(&machine, with, check);
		boot_machine_deinit(&machine);
	}
	if (ret == -EINVAL)
		return kho_findings_add(findings, KHO_F_FACT_UNKNOWN, REMEDY_VMCOREINFO,
					"early boot can't be followed: the image's facts contradict "
					"each other");
	if (ret == -EDQUOT)
		return kho_report_too_much(m, findings);
	if (ret)
		return ret;
	check->has_boot = uses_areas(check);
	if (!check->has_boot)
		return 0;
	ret = report_boot(m, with, check);
	return ret ? ret : kho_check_parameters(s, m, with, check);
}
