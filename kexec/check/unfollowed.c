// SPDX-License-Identifier: GPL-2.0-only
/* Parameters of the successor that take or destroy memory in a way that is not followed. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "check/unfollowed.h"

#define LEAVE_OUT "remove it from the successor's command line"
typedef unsigned long long ull;

#define TRY "remove it, or try the handover on a test machine"

static bool is_off(const struct successor *s, const char *config)
{
	const char *value = successor_config(s, config);

	return value && !strcmp(value, "n");
}

/*
 * init/main.c, setup_boot_config(), comes after setup_arch(): parameters that are read early
 * do nothing in a bootconfig, those of __setup() (reserve_mem=) do.
 */
static bool no_bootconfig(const struct successor *s, const struct kho_with *with)
{
	return is_off(s, "BOOT_CONFIG") ||
	       (with->bootconfig == KHO_TRI_NO && is_off(s, "BOOT_CONFIG_EMBED"));
}

/*
 * mm/hugetlb_vmemmap.c, hugetlb_vmemmap_init_early(): of gigantic pages that early boot gets.
 * Without them nothing is optimised before the page allocator is up.
 */
static bool no_gigantic_page(const struct boot_result *b, const struct kho_prepared *prepared)
{
	const struct boot_shortfall *lacks = &b->fold.shortfall[BOOT_SHORT_HUGEPAGES];

	if (!b->hugepages_wanted)
		return true;
	return !prepared->kernel.extends_scratch && !prepared->kernel.extends_unknown &&
	       lacks->slots == b->fold.followed - b->fold.dying &&
	       lacks->least == b->hugepages_wanted;
}

static bool is_settled(const struct successor *s, const char *name, const struct kho_with *with,
		       const struct kho_check *check)
{
	/* A region that is found again takes no memory. */
	if (!strcmp(name, "reserve_mem") && check->readiness.reserve_mem_revived)
		return true;
	if (!strcmp(name, "bootconfig") && no_bootconfig(s, with))
		return true;
	if (!strcmp(name, "hugetlb_free_vmemmap") &&
	    no_gigantic_page(&check->boot, with->prepared))
		return true;
	/*
	 * arch/x86/boot/compressed/misc.c, parse_mem_encrypt(): the decompressor looks for it, whose
	 * text is not searched.
	 */
	if (!strcmp(name, "mem_encrypt"))
		return successor_has_function(s, "mem_encrypt_setup_arch") == KHO_TRI_NO;
	return successor_has_parameter(s, name) == KHO_TRI_NO;
}

/*
 * mm/hugetlb_cma.c asks for whole gigantic pages, 1 GiB or more, and where scratch has no
 * such piece mm/cma.c, cma_declare_contiguous_multi(), takes what is free above 4 GiB,
 * handed over or not.
 */
static bool leaves_scratch(const struct kho_prepared *prepared, const struct machine *m)
{
	const uint64_t gib = UINT64_C(1) << 30;

	if (prepared->kernel.extends_scratch || !m->memory.n ||
	    m->memory.r[m->memory.n - 1].end_pa < 5 * gib)
		return false;
	for (size_t i = 0; i < m->scratch.n; i++)
		if (m->scratch.r[i].end_pa - m->scratch.r[i].start_pa >= gib)
			return false;
	return true;
}

static bool destroys(const struct cmdline_note *note, const struct kho_prepared *prepared,
		     const struct machine *m)
{
	return note->effect == PARAMETER_DESTROYS &&
	       (strcmp(note->name, "hugetlb_cma") || leaves_scratch(prepared, m));
}

/* The areas come in the kernel's order, not that of addresses. */
static bool touches_area(const struct kho_range *r, const struct machine *m)
{
	for (size_t i = 0; i < m->scratch.n; i++)
		if (m->scratch.r[i].start_pa < r->end_pa && r->start_pa < m->scratch.r[i].end_pa)
			return true;
	return false;
}

/*
 * Bytes of preserved memory that @note's fixed reservation surely takes; 0: none that is known.
 *
 * setup_arch() calls dma_contiguous_reserve(), and mm_core_init() kho_memory_init() after it:
 * what is preserved is not reserved yet, so mm/cma.c, cma_fixed_reserve(), does not see it; and
 * memblock_reserve(), unlike an allocation, is not confined to scratch.  cma_activate_area()
 * gives the pages to the buddy allocator.  Outside the areas and the first MiB nothing else is
 * reserved in RAM by then.  Where start and size are no whole page blocks, it refuses.
 */
static uint64_t reserved_over_preserved(const struct cmdline_note *note,
					const struct kho_check *check,
					const struct kho_prepared *prepared,
					const struct machine *m)
{
	struct kho_range r = { note->start_pa, note->end_pa, KHO_NO_NODE };
	const struct kho_ranges one = { &r, 1, 1 };
	/* MAX_PAGE_ORDER: a block is at most twice a PMD. */
	uint64_t block_bytes = prepared->kernel.pmd_bytes * 2;

	if (!m->handover.preserved_known || m->handover.preserved_rounded || !m->memory_known ||
	    !m->scratch_known || check->boot.cut_bytes)
		return 0;
	if (!r.end_pa || r.start_pa < UINT64_C(1) << 20 || !block_bytes ||
	    r.start_pa % block_bytes || r.end_pa % block_bytes || touches_area(&r, m) ||
	    kho_ranges_common_bytes(&one, &m->memory) != r.end_pa - r.start_pa)
		return 0;
	return kho_ranges_common_bytes(&one, &m->handover.preserved);
}

static int report_fixed(const struct cmdline_note *note, uint64_t taken_bytes,
			struct kho_findings *findings)
{
	ull start = note->start_pa, end = note->end_pa;

	if (taken_bytes)
		return kho_findings_add(findings, KHO_F_CMDLINE_DESTROYS, LEAVE_OUT,
					"%s on the successor's command line takes 0x%llx to 0x%llx, and "
					"with it %llu KiB of memory that was handed over", note->name,
					start, end, (ull)((taken_bytes + 1023) >> 10));
	return kho_findings_add(findings, KHO_F_CMDLINE_NOT_FOLLOWED, LEAVE_OUT,
				"%s on the successor's command line takes 0x%llx to 0x%llx: whatever is "
				"preserved there at the handover is lost", note->name, start, end);
}

/* CONFIG_BOOT_CONFIG_FORCE: without the word, too. */
static int report_forced_bootconfig(const struct successor *s, const struct kho_with *with,
				    struct kho_findings *findings)
{
	const char *forced = successor_config(s, "BOOT_CONFIG_FORCE");

	if (!forced || strcmp(forced, "y") || no_bootconfig(s, with))
		return 0;
	return kho_findings_add(findings, KHO_F_CMDLINE_NOT_FOLLOWED, TRY,
				"the successor reads a bootconfig%s, whose parameters are not followed",
				with->bootconfig == KHO_TRI_YES ? ", and its initrd has one" : "");
}

int kho_check_parameters(const struct successor *s, const struct machine *m,
			 const struct kho_with *with, struct kho_check *check)
{
	const struct boot_result *b = &check->boot;
	int ret = report_forced_bootconfig(s, with, &check->findings);

	for (size_t i = 0; i < b->nr_not_followed && !ret; i++) {
		const struct cmdline_note *note = &b->not_followed[i];

		if (is_settled(s, note->name, with, check))
			continue;
		if (note->end_pa)
			ret = report_fixed(note, reserved_over_preserved(note, check,
									 with->prepared, m),
					   &check->findings);
		else if (destroys(note, with->prepared, m))
			ret = kho_findings_add(&check->findings, KHO_F_CMDLINE_DESTROYS, LEAVE_OUT,
					       "%s on the successor's command line overwrites or takes "
					       "memory that was handed over", note->name);
		else
			ret = kho_findings_add(&check->findings, KHO_F_CMDLINE_NOT_FOLLOWED, TRY,
					       "%s on the successor's command line may change early "
					       "boot in a way that is not followed", note->name);
	}
	return ret;
}
