// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "after/postmortem.h"

static const struct {
	const char *key, *text;
} deaths[] = {
	[DEATH_NONE] = { "none", "no death" },
	[DEATH_MEMORY_MAP] = { "memory_map", "no room for the memory map" },
	[DEATH_ALLOCATION] = { "allocation", "no room for an early allocation" },
	[DEATH_STATE] = { "state", "state in a format that it does not read" },
	[DEATH_GONE] = { "gone", "handed-over memory is not there" },
	[DEATH_DESTROYED] = { "destroyed", "handed-over memory was written over" },
	[DEATH_USERSPACE] = { "userspace", "no root file system or no init" },
	[DEATH_OTHER] = { "other", "an oops or a panic of another kind" },
	[DEATH_SILENT] = { "silent", "it ends without a word" },
};

const char *death_key(enum death_cause cause)
{
	return deaths[cause].key;
}

const char *death_text(enum death_cause cause)
{
	return deaths[cause].text;
}

/* ---- what lines mean ---- */

/*
 * Lines that name a cause: mm/sparse.c sparse_init_nid(), mm/memblock.c, mm/mm_init.c, the page
 * tables and percpu memory of both architectures, kernel/liveupdate/, init/.  The first counts.
 */
static const struct {
	const char *text;
	enum death_cause cause;
} causes[] = {
	{ "memory map backing failed", DEATH_MEMORY_MAP },
	{ "Failed to allocate memmap for section", DEATH_MEMORY_MAP },
	{ "alloc_low_pages: can not alloc memory", DEATH_ALLOCATION },
	{ "set_pte_phys: cannot allocate page data", DEATH_ALLOCATION },
	{ "Failed to allocate page table page", DEATH_ALLOCATION },
	{ "memblock: cannot resize ", DEATH_ALLOCATION },
	{ "cannot initialize percpu area", DEATH_ALLOCATION },
	{ "Failed to initialize percpu areas", DEATH_ALLOCATION },
	{ "Failed to allocate memory for percpu areas", DEATH_ALLOCATION },
	{ "The incoming tree failed to initialize properly", DEATH_STATE },
	{ "LUO state is incompatible with", DEATH_STATE },
	{ "Unable to mount root fs", DEATH_USERSPACE },
	{ "No working init found", DEATH_USERSPACE },
	{ "VFS: Cannot open root device", DEATH_USERSPACE },
	{ "list_add corruption", DEATH_DESTROYED },
	{ "list_del corruption", DEATH_DESTROYED },
	{ "Bad page state in process", DEATH_DESTROYED },
};

/* Panics: include/linux/panic.h, arch/x86/kernel/head64.c and boot/compressed/error.c. */
static const char *const ends[] = {
	"Kernel panic - not syncing: ", "PANIC: early exception", "-- System halted",
};
static const char *const oopses[] = {
	"Oops: ", "BUG: unable to handle", "BUG: kernel NULL pointer", "Unable to handle kernel",
	"Internal error: ", "kernel BUG at ",
};

static bool has_any(const char *line, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(line, texts[i]))
			return true;
	return false;
}

/* "---[ end Kernel panic - ..." repeats it. */
static bool is_end(const char *line)
{
	return has_any(line, ends, sizeof(ends) / sizeof(ends[0])) && !strstr(line, "[ end ");
}

static bool is_oops(const char *line)
{
	return has_any(line, oopses, sizeof(oopses) / sizeof(oopses[0]));
}

/* "alloc_offline_node_data: Failed to allocate 0x2b080 bytes", as memblock's callers panic. */
static bool is_panicking_request(const char *line)
{
	return strstr(line, "Kernel panic - not syncing: ") &&
	       strstr(line, ": Failed to allocate ") &&
	       strstr(line, " bytes");
}

static enum death_cause cause_of(const char *line)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (strstr(line, causes[i].text))
			return causes[i].cause;
	return is_panicking_request(line) ? DEATH_ALLOCATION : DEATH_NONE;
}

/* How far it had come, by the last of these lines. */
static const struct {
	const char *text, *stage;
} stages[] = {
	{ "early console in extract_kernel", "in its decompressor" },
	{ "Decompressing Linux", "in its decompressor" },
	{ "Booting Linux on physical CPU", "in its first lines" },
	{ "Linux version ", "in its first lines" },
	{ "KHO: found kexec handover data", "taking over the handover" },
	{ "NODE_DATA(", "setting up the nodes" },
	{ "Early memory node ranges", "setting up the memory map" },
	{ "percpu: Embedded", "after the memory map, before the page allocator" },
	{ "SLUB: HWalign=", "after the page allocator was up" },
	{ "K available (", "after the page allocator was up" },
	{ "Run /", "in user space" },
};

static void take_stage(struct postmortem *pm, const char *message)
{
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
		if (strstr(message, stages[i].text))
			pm->stage = stages[i].stage;
}

/*
 * Reads what was handed over: drivers' libfdt, kernel/liveupdate/kexec_handover.c, where
 * __kho_radix_walk_tree() is the first that looks into the map of preserved memory.
 */
static bool reads_handover(const char *function)
{
	function += strspn(function, " _");
	return !strncmp(function, "fdt_", 4) || !strncmp(function, "kho_", 4);
}

/* A line of a call trace, after the oops: " kho_preserved_memory_reserve+0x59/0xb0", and no "? ". */
static void take_caller(struct postmortem *pm, const char *message)
{
	if (pm->death_line && strstr(message, "+0x"))
		pm->by_reader |= reads_handover(message);
}

/* "RIP: 0010:__bitmap_set+0x3a/0x80", "pc : __bitmap_set+0x34/0x84": the first one. */
static void take_place(struct postmortem *pm, const char *message)
{
	const char *at = strstr(message, "RIP: 0010:"), *pc = strstr(message, "pc : ");
	size_t n;

	if (pm->place[0] || (!at && !pc))
		return;
	at = at ? at + strlen("RIP: 0010:") : pc + strlen("pc : ");
	n = strcspn(at, "+ ");
	if (at[n] == '+' && n < sizeof(pm->place)) {
		memcpy(pm->place, at, n);
		pm->place[n] = '\0';
	}
}

/* ---- memblock=debug: the request that was not met ---- */

struct asking {
	bool asked;		/* and no answer so far */
	uint64_t bytes;
	int node;
	const char *function;
};

static void take_request(struct asking *a, const char *message)
{
	const char *bytes = strstr(message, " bytes align=0x"), *digits = bytes, *nid;

	if (!bytes || !strstr(message, "memblock_")) {
		/* What memblock takes after it is the answer. */
		if (strstr(message, "memblock_reserve: ["))
			a->asked = false;
		return;
	}
	while (digits > message && isdigit((unsigned char)digits[-1]))
		digits--;
	nid = strstr(bytes, " nid=");
	a->bytes = strtoull(digits, NULL, 10);
	a->node = nid ? atoi(nid + strlen(" nid=")) : KHO_NO_NODE;
	a->function = strrchr(message, ' ') + 1;
	a->asked = true;
}

static void keep_request(struct postmortem *pm, struct asking *a)
{
	size_t n;

	const char *from = strstr(pm->cause_line, "not syncing: ");

	if (pm->has_request || !a->asked)
		return;
	if (is_panicking_request(pm->cause_line))
		a->function = from + strlen("not syncing: ");
	/* A panic names the caller itself; memblock's helper would be named instead. */
	n = strcspn(a->function, is_panicking_request(pm->cause_line) ? ":" : "+");
	if (n >= sizeof(pm->request_function))
		return;
	memcpy(pm->request_function, a->function, n);
	pm->request_function[n] = '\0';
	pm->request_bytes = a->bytes;
	pm->request_node = a->node;
	pm->has_request = true;
}

/* ---- one boot ---- */

static void take_cause(struct postmortem *pm, const char *message, struct asking *asking)
{
	enum death_cause cause = cause_of(message);
	const char *node = strstr(message, "node[");

	if (pm->cause == DEATH_NONE && cause != DEATH_NONE) {
		pm->cause = cause;
		pm->cause_line = message;
		if (cause == DEATH_MEMORY_MAP && node)
			pm->node = atoi(node + strlen("node["));
		if (cause == DEATH_MEMORY_MAP || cause == DEATH_ALLOCATION)
			keep_request(pm, asking);
	} else if (!pm->cause_line && is_oops(message)) {
		pm->cause_line = message;
	}
	if (is_end(message) || (is_oops(message) && !(pm->death_line && is_end(pm->death_line))))
		pm->death_line = message;
}

static void take_cmdline(struct postmortem *pm, const char *message)
{
	const char *at = strstr(message, "ommand line: ");

	if (!pm->cmdline && at && (at == message + 1 || strstr(message, "Kernel command line: ")))
		pm->cmdline = at + strlen("ommand line: ");
}

/* An oops without a cause of its own: by where it was. */
static enum death_cause cause_by_place(const struct postmortem *pm)
{
	if (!pm->seen.up && (reads_handover(pm->place) || pm->by_reader))
		return DEATH_GONE;
	/* sparse_init_subsection_map() on a memory map that is not there. */
	if (!pm->seen.up && !strcmp(pm->place, "__bitmap_set"))
		return DEATH_MEMORY_MAP;
	return DEATH_OTHER;
}

static void examine(const struct log *log, const struct log_boot *boot, struct postmortem *pm)
{
	struct asking asking = { false, 0, KHO_NO_NODE, "" };

	*pm = (struct postmortem){ .boot = boot, .node = KHO_NO_NODE, .right = KHO_TRI_UNKNOWN,
				   .request_node = KHO_NO_NODE, .stage = "before its first line" };
	seen_read(log->line + boot->first, boot->end - boot->first, &pm->seen);
	for (size_t i = boot->first; i < boot->end; i++) {
		const char *message = log_message(log->line[i]);

		/* What came before was of a warning. */
		if (!pm->death_line && is_oops(message))
			pm->place[0] = '\0';
		take_request(&asking, message);
		take_cause(pm, message, &asking);
		take_cmdline(pm, message);
		/* What it says of its death is no progress. */
		if (!pm->death_line) {
			take_stage(pm, message);
			pm->last_line = message;
		}
		take_place(pm, message);
		take_caller(pm, message);
	}
	if (!pm->death_line)
		pm->cause = pm->seen.up || !(boot->begins || boot->by_kexec) ? DEATH_NONE :
			    DEATH_SILENT;
	else if (pm->cause == DEATH_NONE)
		pm->cause = cause_by_place(pm);
}

/* The latest that died; what stands before it were earlier troubles. */
static void find_death(const struct log *log, struct postmortem *pm)
{
	for (size_t i = log->nr_boots; i-- > 0;) {
		examine(log, &log->boot[i], pm);
		if (pm->cause != DEATH_NONE)
			return;
	}
	*pm = (struct postmortem){ .node = KHO_NO_NODE, .right = KHO_TRI_UNKNOWN };
}

/* ---- beside the record, and what helps ---- */

void prediction_advice(const struct prediction *p, char text[96])
{
	static const char *const keys[] = { "low_bytes", "global_bytes", "node_bytes" };
	struct json_object *advice = p ? json_at(p->record, "report", "model", "advice", NULL) : NULL;
	unsigned long long mib[3];

	text[0] = '\0';
	for (int i = 0; i < 3; i++) {
		struct json_object *o = json_at(advice, keys[i], NULL);

		if (!o)
			return;
		mib[i] = json_object_get_uint64(o) >> 20;
	}
	snprintf(text, 96, "%s=%lluM,%lluM,%lluM", machine_area_parameter(&p->machine), mib[0],
		 mib[1], mib[2]);
}

static bool has_word(const char *cmdline, const char *word)
{
	for (const char *at = cmdline; at && (at = strstr(at, word)); at++)
		if (at == cmdline || at[-1] == ' ')
			return true;
	return false;
}

static const char *cut_or_destroyed(const struct postmortem *pm)
{
	static const char *const words[] = {
		"mem=", "memmap=", "memtest", "hugetlb_cma=", "cma=", "crashkernel=",
	};

	for (size_t i = 0; pm->cmdline && i < sizeof(words) / sizeof(words[0]); i++)
		if (has_word(pm->cmdline, words[i]))
			return words[i];
	return NULL;
}

/* One line. */
static void remedy_of(const struct postmortem *pm, const struct prediction *p, char text[256])
{
	const char *word = cut_or_destroyed(pm);
	char advice[96];

	prediction_advice(p, advice);
	switch (pm->cause) {
	case DEATH_MEMORY_MAP:
	case DEATH_ALLOCATION:
		if (advice[0])
			snprintf(text, 256, "%s on the first kernel, from its next cold boot on", advice);
		else
			snprintf(text, 256, "larger areas from the next cold boot on: kho_scratch=; "
				 "kexec --kho-report --kho-image=FILE says which are enough%s%s",
				 word ? "; or take this off its command line: " : "", word ? word : "");
		break;
	case DEATH_STATE:
		snprintf(text, 256, "load a successor that reads this format: --kho-strict refuses "
			 "one that does not");
		break;
	case DEATH_GONE:
	case DEATH_DESTROYED:
		snprintf(text, 256, word ? "take this off the successor's command line: %s" :
			 "see what cuts or writes over its memory: its command line and its memory "
			 "map%s", word ? word : "");
		break;
	case DEATH_SILENT:
		snprintf(text, 256, "boot with an early console (earlyprintk=ttyS0 or earlycon) to "
			 "see its last words, or rehearse it: --kho-rehearse");
		break;
	default:
		snprintf(text, 256, "the log of this kernel tells more; the handover is not known to "
			 "be the cause");
	}
}

static void compare_prediction(const struct prediction *p, struct postmortem *pm)
{
	pm->of_record = p && (!pm->seen.release[0] || !p->release[0] ||
			      !strcmp(p->release, pm->seen.release));
	if (!pm->of_record || p->outcome == PREDICTED_UNKNOWN || pm->cause == DEATH_USERSPACE)
		return;
	pm->right = p->outcome == PREDICTED_DIES ? KHO_TRI_YES : KHO_TRI_NO;
}

static int add_finding(const struct prediction *p, struct postmortem *pm)
{
	const char *predicted = pm->of_record ? predicted_text(p->outcome) : NULL;
	char remedy[256], what[160] = "";

	remedy_of(pm, p, remedy);
	if (pm->has_request)
		snprintf(what, sizeof(what), ": %" PRIu64 " bytes for %s", pm->request_bytes,
			 pm->request_function);
	return kho_findings_add(&pm->findings, pm->cause == DEATH_SILENT ? KHO_F_AFTER_SILENT :
				KHO_F_AFTER_DIED, remedy, "%s %s %s: %s%s%s%s",
				pm->seen.release[0] ? pm->seen.release : "a kernel",
				pm->cause == DEATH_SILENT ? "was heard last" : "died", pm->stage,
				death_text(pm->cause), what, predicted ? "; predicted: " : "",
				predicted ? predicted : "");
}

int postmortem(const struct log *log, const struct prediction *p, const bool ignore[KHO_F_NR],
	       struct postmortem *pm)
{
	int ret = 0;

	find_death(log, pm);
	if (pm->cause != DEATH_NONE) {
		compare_prediction(p, pm);
		ret = add_finding(p, pm);
	}
	kho_findings_accept(&pm->findings, ignore);
	pm->verdict = kho_findings_verdict(&pm->findings);
	if (ret)
		postmortem_deinit(pm);
	return ret;
}

void postmortem_deinit(struct postmortem *pm)
{
	kho_findings_deinit(&pm->findings);
}
