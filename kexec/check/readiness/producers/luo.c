// SPDX-License-Identifier: GPL-2.0-only
/* The sessions of the live update orchestrator, and the files in them. */
#include "config.h"

#include <string.h>

#include "check/readiness/producers/producer.h"
#include "kernel/words.h"

#define LUO "LUO"		/* kernel/liveupdate/luo_core.c */
#define MEMFD_PREFIX "memfd-v"	/* MEMFD_LUO_FH_COMPATIBLE, and a number */
#define SWITCH_ON "put kho=on liveupdate=on on the successor's command line"

static bool wants_cmdline(const struct handover_producer *p)
{
	(void)p;
	return true;
}

static bool has_version(const struct successor_versions *versions, unsigned int version)
{
	for (size_t i = 0; i < versions->n; i++)
		if (versions->version[i] == version)
			return true;
	return false;
}

/* Does the successor read every format that the running kernel may write? */
static bool reads_memfd(const struct handover_memfd *memfd,
			const struct successor_versions *versions)
{
	for (size_t i = 0; i < memfd->n; i++)
		if (!has_version(versions, memfd->version[i]))
			return false;
	return true;
}

/*
 * kernel/liveupdate/luo_file.c, luo_file_deserialize(): a session with a file that has
 * no handler of its name can't be restored.  memfd is the one handler of the kernel
 * itself; of one release both sides have the same.
 */
static int judge_memfd(const struct kho_readiness_of *of, enum kho_fate *fate,
		       struct kho_findings *findings)
{
	const struct machine *m = of->machine;
	const struct handover_memfd *memfd = &m->handover.memfd;
	struct kho_list written = { .used = 0 }, read = { .used = 0 };
	struct successor_versions versions;

	successor_versions(of->successor, MEMFD_PREFIX, &versions);
	if (memfd->known ? reads_memfd(memfd, &versions) :
	    m->release[0] && !strcmp(m->release, of->successor->release))
		return 0;
	for (size_t i = 0; i < memfd->n; i++)
		kho_list_add(&written, MEMFD_PREFIX "%u", memfd->version[i]);
	for (size_t i = 0; i < versions.n; i++)
		kho_list_add(&read, MEMFD_PREFIX "%u", versions.version[i]);
	if (!read.used)
		kho_list_add(&read, "none of that name");
	*fate = memfd->known ? KHO_FATE_LOST : KHO_FATE_UNKNOWN;
	if (memfd->known)
		return kho_findings_add(findings, KHO_F_PRODUCER_MISMATCH, SAME_FORMAT,
					"LUO: it keeps memfd files as %s (the successor has %s): a "
					"session that holds one can't be restored", written.text,
					read.text);
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN, "run as root, with /proc/kcore",
				"LUO: in which format it keeps memfd files can't be seen; the "
				"successor has %s", read.text);
}

/*
 * Handlers of files that are under review for KVM and its memory: kvm.ko may hold them, which
 * the image does not show.  A node that names one is a file's, and not LUO's own format.
 */
static bool is_file_handler(const struct handover_compatible *c)
{
	static const char *const handlers[] = {
		"kvm_vm_luo_v", "kvm_vcpu_luo_v", "guest_memfd_luo_v",
	};

	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (!strncmp(c->text[0], handlers[i], strlen(handlers[i])))
			return true;
	return false;
}

static int unread_handler(const struct kho_readiness_of *of, const struct handover_compatible *c,
			  enum kho_fate *fate, struct kho_findings *findings)
{
	struct kho_list formats;

	*fate = KHO_FATE_UNKNOWN;
	producer_tell_formats(of, c, &formats);
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN,
				"try this handover on a test machine",
				"LUO: it keeps a file of KVM as %s: unless a module of the successor "
				"reads it, the session that holds it can't be restored",
				formats.text);
}

static int luo_off(enum kho_fate *fate, const char *why, struct kho_findings *findings)
{
	*fate = KHO_FATE_LOST;
	return kho_findings_add(findings, KHO_F_LUO_OFF, SWITCH_ON,
				"LUO: the successor's command line %s: live update is off there, "
				"and the sessions are lost", why);
}

/*
 * kernel/liveupdate/luo_core.c, luo_early_startup(): without KHO switched on nothing
 * is looked at; then a format that is not its own makes liveupdate_early_init() call
 * luo_restore_fail(), which is panic(); liveupdate= is asked for only after that.
 */
static int judge_luo(const struct kho_readiness_of *of, const struct handover_producer *p,
		     enum kho_fate *fate, struct kho_findings *findings)
{
	const struct handover_compatible *unread = producer_unread_format(of, p);
	enum kho_tri kho_on = kho_readiness_kho_on(of);
	struct kho_list formats;

	if (kho_on == KHO_TRI_NO)
		return luo_off(fate, "lacks kho=on", findings);
	if (unread && is_file_handler(unread))
		return unread_handler(of, unread, fate, findings);
	if (unread) {
		bool has_luo = successor_has_string(of->successor, LUO) == KHO_TRI_YES;

		*fate = has_luo ? KHO_FATE_PANIC : KHO_FATE_LOST;
		producer_tell_formats(of, unread, &formats);
		return kho_findings_add(findings, KHO_F_PRODUCER_MISMATCH, SAME_FORMAT,
					"LUO: its blob is %s: %s", formats.text, has_luo ?
					"the successor panics in liveupdate_early_init()" :
					"the successor has no live update, and the sessions are "
					"lost");
	}
	if (param_switch(of->cmdline, "liveupdate") != 1)
		return luo_off(fate, "lacks liveupdate=on", findings);
	if (kho_on == KHO_TRI_YES)
		return judge_memfd(of, fate, findings);
	*fate = KHO_FATE_UNKNOWN;
	return kho_findings_add(findings, KHO_F_PRODUCER_UNKNOWN, SWITCH_ON,
				"LUO: the successor's command line lacks kho=on, and whether it is "
				"built to have it on is not known: if not, the sessions are lost");
}

const struct producer_rules producer_luo = {
	.name = LUO,
	.about = " (sessions of live update)",
	.wants_cmdline = wants_cmdline,
	.judge = judge_luo,
};
