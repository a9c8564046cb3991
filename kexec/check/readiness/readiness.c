// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is the handover looked at, as a whole: does kexec_file_load pass it on,
 * and does the successor take it?
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "check/readiness/readiness.h"
#include "kernel/formats.h"
#include "machine/remedy.h"
#include "producers/producer.h"

#define KHO_OUT "/sys/kernel/debug/kho/out"

typedef unsigned long long ull;

const char *kho_fate_name(enum kho_fate fate)
{
	static const char *const names[] = {
		[KHO_FATE_ARRIVES] = "arrives", [KHO_FATE_LOST] = "lost",
		[KHO_FATE_PANIC] = "panic", [KHO_FATE_UNKNOWN] = "unknown",
	};

	return names[fate];
}

/* Who would lose something: "lost: memblock (reserve_mem kho_state), LUO". */
static void tell_loss(const struct handover_tree *out, struct kho_list *told)
{
	struct kho_list losers = { .used = 0 };

	for (size_t i = 0; i < out->nr_producers; i++) {
		const struct handover_producer *p = &out->producer[i];
		const struct producer *known = producer_by_name(p->name);
		struct kho_list regions;

		if (known && known->is_housekeeping)
			continue;
		kho_producer_regions(p, &regions);
		if (regions.used)
			kho_list_add(&losers, "%s (reserve_mem %s)", p->name, regions.text);
		else
			kho_list_add(&losers, "%s", p->name);
	}
	*told = (struct kho_list){ .used = 0 };
	if (losers.used)
		kho_list_add(told, "lost: %s", losers.text);
	else if ((out->state == HANDOVER_READ || out->nr_producers) && !out->producers_trouble)
		kho_list_add(told, "nothing is registered now that would be lost");
	else
		kho_list_add(told, "what would be lost is not known");
}

static bool has_gap(const struct machine *m, enum kho_finding_id id)
{
	for (size_t i = 0; i < m->gaps.n; i++)
		if (m->gaps.f[i].id == id)
			return true;
	return false;
}

static const char *out_trouble(const struct machine_handover *h)
{
	if (h->finalized == FINALIZED_UNKNOWN)
		return "finalize: can't be read";
	switch (h->out.state) {
	case HANDOVER_ABSENT:
		return "fdt: absent";
	case HANDOVER_HIDDEN:
		return "fdt: hidden from this user";
	case HANDOVER_MALFORMED:
		return "fdt: not a valid device tree";
	case HANDOVER_READ:
		break;
	}
	return NULL;
}

/*
 * The format that this kernel writes.  Linux 7.x does not show it where it was itself
 * started by a handover; but it took that one, and a kernel reads what it writes
 * (KHO_FDT_COMPATIBLE).  NULL: not known.
 */
static const struct handover_compatible *running_format(const struct machine_handover *h)
{
	if (h->out.state == HANDOVER_READ)
		return &h->out.root;
	if (h->out.state == HANDOVER_ABSENT && h->in.state == HANDOVER_READ &&
	    h->in.root.nr_texts == 1)
		return &h->in.root;
	return NULL;
}

/* Will kexec_file_load pass it on? */
static int judge_outgoing(const struct machine *m, struct kho_readiness *r,
			  struct kho_findings *findings)
{
	const struct machine_handover *h = &m->handover;
	struct kho_list loss;

	r->format = running_format(h);
	r->handover = has_gap(m, KHO_F_KHO_OFF) ? KHO_FATE_LOST : KHO_FATE_UNKNOWN;
	/* With no areas in sight there is a gap that says more. */
	if (!m->scratch_known)
		return 0;
	if (h->finalized == FINALIZED_NO) {
		r->handover = KHO_FATE_LOST;
		tell_loss(&h->out, &loss);
		return kho_findings_add(findings, KHO_F_NOT_FINALIZED,
					machine_remedy(m, REMEDY_FINALIZE),
					KHO_OUT "/finalize is 0: kexec_file_load adds no handover "
					"data, the successor boots as from cold; %s", loss.text);
	}
	/* A kernel that has KHO off shows no format; what it would write is another question. */
	if (m->supposed && !r->format) {
		r->handover = KHO_FATE_ARRIVES;
		return 0;
	}
	if (h->finalized == FINALIZED_UNKNOWN || !r->format)
		return kho_findings_add(findings, KHO_F_HANDOVER_UNREADABLE,
					machine_remedy(m, REMEDY_ROOT),
					KHO_OUT "/%s: the format of the handover is not known",
					out_trouble(h));
	r->handover = KHO_FATE_ARRIVES;
	return 0;
}

enum kho_tri kho_readiness_reads(const struct kho_readiness_of *of,
				 const struct handover_compatible *c)
{
	enum kho_tri reads = KHO_TRI_NO;

	for (size_t i = 0; i < c->nr_texts && reads == KHO_TRI_NO; i++)
		reads = successor_formats_has(of->formats, c->text[i]);
	return reads;
}

void kho_readiness_formats(const struct kho_readiness *r, struct kho_list *written,
			   struct kho_list *read)
{
	*written = *read = (struct kho_list){ .used = 0 };
	for (size_t i = 0; r->format && i < r->format->nr_texts; i++)
		kho_list_add(written, "%s", r->format->text[i]);
	for (size_t i = 0; i < r->abi.n; i++)
		kho_list_add(read, KHO_ABI_PREFIX "%u", r->abi.version[i]);
}

/* Is none of them in the table of formats? */
static bool is_new(const struct handover_compatible *format)
{
	for (size_t i = 0; format && i < format->nr_texts; i++)
		if (kho_format_by_abi(format->text[i]))
			return false;
	return format;
}

/* The successor reads it; but its map, and what early boot takes for it, are not known. */
static int judge_new(struct kho_readiness *r, struct kho_findings *findings)
{
	struct kho_list given, read;

	kho_readiness_formats(r, &given, &read);
	r->handover = r->handover == KHO_FATE_LOST ? KHO_FATE_LOST : KHO_FATE_UNKNOWN;
	return kho_findings_add(findings, KHO_F_HANDOVER_UNREADABLE,
				"use a kexec-kho that knows it, or try this handover on a test machine",
				"this kernel hands over in the format %s, which is newer than this "
				"kexec: the successor reads it too, but what it does with it in early "
				"boot is not known", given.text);
}

/* kho_populate(): fdt_node_check_compatible(), any one of the list is enough. */
static int judge_abi(const struct kho_readiness_of *of, struct kho_readiness *r,
		     struct kho_findings *findings)
{
	struct kho_list given, read, loss;
	enum kho_tri reads;

	successor_versions(of->successor, KHO_ABI_PREFIX, &r->abi);
	reads = r->format ? kho_readiness_reads(of, r->format) : KHO_TRI_YES;
	if (reads == KHO_TRI_YES && is_new(r->format))
		return judge_new(r, findings);
	if (reads == KHO_TRI_YES)
		return kho_readiness_map_levels(of, r, findings);
	kho_readiness_formats(r, &given, &read);
	if (reads == KHO_TRI_UNKNOWN || !r->abi.n) {
		r->handover = r->handover == KHO_FATE_LOST ? KHO_FATE_LOST : KHO_FATE_UNKNOWN;
		return kho_findings_add(findings, KHO_F_HANDOVER_UNREADABLE,
					"give the successor's image",
					"this kernel hands over in the format %s; which one the "
					"successor reads is not known", given.text);
	}
	r->handover = KHO_FATE_LOST;
	tell_loss(&of->machine->handover.out, &loss);
	return kho_findings_add(findings, KHO_F_ABI_MISMATCH,
				"use a successor of the same format, or boot it cold",
				"this kernel hands over in the format %s, the successor reads %s: "
				"it disables KHO revival and boots as from cold; %s", given.text,
				read.text, loss.text);
}

static int judge_switched_on(const struct kho_readiness_of *of, struct kho_readiness *r,
			     struct kho_findings *findings)
{
	const struct kho_fact *fact = &of->successor->fact[KHO_FACT_KHO];
	struct kho_list loss;
	uint64_t kho = 0;

	if (kho_fact_get(fact, &kho, NULL) != KHO_FACT_KNOWN) {
		/* Which is a finding already. */
		if (r->handover == KHO_FATE_ARRIVES)
			r->handover = KHO_FATE_UNKNOWN;
		return 0;
	}
	if (kho)
		return judge_abi(of, r, findings);
	r->handover = KHO_FATE_LOST;
	tell_loss(&of->machine->handover.out, &loss);
	return kho_findings_add(findings, KHO_F_SUCCESSOR_NO_KHO,
				"use a kernel with CONFIG_KEXEC_HANDOVER=y",
				"the successor has no KHO: it boots with all memory, and takes "
				"nothing over; %s", loss.text);
}

/* The shape of a page is part of every format. */
static int judge_shape(const struct kho_readiness_of *of, struct kho_readiness *r,
		       struct kho_findings *findings)
{
	const struct machine *m = of->machine;
	const struct successor *s = of->successor;
	uint64_t page_bytes, running_bytes = machine_page_bytes(m);

	/* A reader may want to judge what it was deduced from. */
	bool deduced = m->arch_source && strcmp(m->arch_source, RUNNING_ARCH);

	if (m->arch[0] && s->arch && strcmp(m->arch, s->arch->machine))
		return kho_findings_add(findings, KHO_F_ARCH_DIFFERS,
					"use an image for this machine",
					"the successor is an %s kernel, this machine runs an %s one%s%s%s",
					s->arch->machine, m->arch, deduced ? " (by /" : "",
					deduced ? m->arch_source : "", deduced ? ")" : "");
	if (running_bytes &&
	    kho_fact_get(&s->fact[KHO_FACT_PAGE_BYTES], &page_bytes, NULL) == KHO_FACT_KNOWN &&
	    page_bytes != running_bytes) {
		r->handover = KHO_FATE_LOST;
		return kho_findings_add(findings, KHO_F_PAGE_SIZE_DIFFERS,
					"use a kernel of the same page size",
					"the successor's pages have %llu bytes, this kernel's %llu: it "
					"takes what is preserved for something else, and dies in early "
					"boot or loses it", (ull)page_bytes, (ull)running_bytes);
	}
	return 0;
}

/* What a verdict depends on and the machine does not tell: it never passes for fine. */
static int judge_unknowns(const struct machine *m, struct kho_findings *findings)
{
	const char *procfs = machine_remedy(m, REMEDY_PROCFS);
	int ret = 0;

	if (!m->arch[0] && !has_gap(m, KHO_F_ARCH_UNKNOWN))
		ret = kho_findings_add(findings, KHO_F_ARCH_UNKNOWN, procfs,
				       "/proc/sys/kernel/arch: whether the successor is for this "
				       "machine's architecture is not known");
	else if (m->arch[0] && !machine_page_bytes(m))
		ret = kho_findings_add(findings, KHO_F_PAGE_SIZE_UNKNOWN, procfs,
				       "/proc/self/auxv: the page size of the running kernel is not "
				       "known: what is preserved may be misread");
	if (!ret && !m->possible_cpus && !has_gap(m, KHO_F_CPUS_UNKNOWN))
		ret = kho_findings_add(findings, KHO_F_CPUS_UNKNOWN, machine_remedy(m, REMEDY_SYSFS),
				       "/sys/devices/system/cpu/possible: how many CPUs the successor "
				       "makes room for is not known; early boot was followed for one");
	if (!ret && !m->cmdline)
		ret = kho_findings_add(findings, KHO_F_RUNNING_CMDLINE_UNKNOWN, procfs,
				       "/proc/cmdline: what this kernel was given, and its successor "
				       "may lack, is not known");
	return ret;
}

/* Not a trouble, but what a later one may have its reason in. */
static int tell_chain(const struct machine *m, struct kho_findings *findings)
{
	const struct machine_handover *h = &m->handover;
	struct kho_list from = { .used = 0 };

	if (h->in.state != HANDOVER_READ && h->hops <= 0)
		return 0;
	if (h->previous_release)
		kho_list_add(&from, ", by %s", h->previous_release);
	if (h->hops > 0)
		kho_list_add(&from, "%lld handover%s since the cold boot", (long long)h->hops,
			     h->hops == 1 ? "" : "s");
	return kho_findings_add(findings, KHO_F_CHAIN, NULL,
				"this kernel was itself started by a handover%s%s",
				h->previous_release || h->hops <= 0 ? "" : ", ", from.text);
}

static size_t add_texts(const struct handover_compatible *c, const char **text, size_t n)
{
	for (size_t i = 0; i < c->nr_texts; i++, n++)
		if (text)
			text[n] = c->text[i];
	return n;
}

/* All formats that may be asked for; their number where @text is NULL. */
static size_t list_texts(const struct machine_handover *h, const char **text)
{
	size_t n = add_texts(&h->in.root, text, add_texts(&h->out.root, text, 0));

	for (size_t i = 0; i < h->out.nr_producers; i++)
		for (size_t k = 0; k < h->out.producer[i].nr_compatibles; k++)
			n = add_texts(&h->out.producer[i].compatible[k], text, n);
	return n;
}

static int ask_formats(const struct kho_readiness_of *of, struct successor_formats *formats)
{
	const struct machine_handover *h = &of->machine->handover;
	size_t n = list_texts(h, NULL);
	const char **text = calloc(n ? n : 1, sizeof(*text));
	int ret;

	if (!text)
		return -ENOMEM;
	list_texts(h, text);
	ret = successor_formats_init(formats, of->successor, text, n);
	free(text);
	return ret;
}

static int judge_all(const struct kho_readiness_of *of, struct kho_readiness *r,
		     struct kho_findings *findings)
{
	int ret = judge_outgoing(of->machine, r, findings);

	if (!ret && of->successor)
		ret = judge_shape(of, r, findings);
	if (!ret && of->successor)
		ret = judge_unknowns(of->machine, findings);
	if (!ret && of->successor)
		ret = judge_switched_on(of, r, findings);
	if (!ret)
		ret = kho_readiness_producers(of, r, findings);
	if (!ret && of->successor && of->cmdline)
		ret = kho_readiness_cmdline(of, r, findings);
	if (!ret)
		ret = kho_readiness_memory(of, r, findings);
	return ret ? ret : tell_chain(of->machine, findings);
}

int kho_readiness_check(const struct kho_readiness_of *of, struct kho_readiness *r,
			struct kho_findings *findings)
{
	size_t n = of->machine->handover.out.nr_producers;
	struct successor_formats formats;
	struct kho_readiness_of asked = *of;
	int ret;

	*r = (struct kho_readiness){ .reserve_mem_revived = false };
	if (n) {
		r->producer = calloc(n, sizeof(*r->producer));
		if (!r->producer)
			return -ENOMEM;
	}
	ret = ask_formats(of, &formats);
	if (!ret) {
		asked.formats = &formats;
		ret = judge_all(&asked, r, findings);
		successor_formats_deinit(&formats);
	}
	if (ret)
		kho_readiness_deinit(r);
	return ret;
}

void kho_readiness_deinit(struct kho_readiness *r)
{
	free(r->producer);
	*r = (struct kho_readiness){ .reserve_mem_revived = false };
}
