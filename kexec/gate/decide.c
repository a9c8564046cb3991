// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "after/record.h"
#include "after/running.h"
#include "base/output.h"
#include "check/idle.h"
#include "check/suppose.h"
#include "gate/about.h"
#include "gate/bootconfig.h"
#include "gate/decide.h"
#include "gate/decision-log.h"
#include "gate/installed.h"
#include "machine/snapshot/snapshot.h"
#include "rehearse/overrule.h"
#include "report/report.h"
#include "successor/saved/saved.h"

#define NO_HANDOVER "kexec_load carries no handover: the successor boots with all memory, and " \
		    "what this kernel preserved is lost"

#define CLASSIC_REMEDY "load with kexec_file_load: kexec -s"

/* One decision: the machine as it is now, and what comes of it. */
struct look {
	struct kho_gate *gate;
	struct machine machine;
	bool alone;		/* without a load */
	bool unreported;	/* a warning or worse did not reach gate->err */
	bool refused;		/* gate->err says so already */
	kho_verdict verdict;
	int kernel_fd;		/* for a rehearsal or a report's own words; -1: no load */
	int initrd_fd;		/* -1: not to be had */
	const struct kho_with *with;	/* what is loaded with it; NULL: not known */
	struct rehearsal *rehearsal;	/* NULL: none was made */
};

int kho_gate_init(struct kho_gate *gate, const struct kho_policy *policy, FILE *out, FILE *err,
		  struct kho_err *why)
{
	int ret;

	*gate = (struct kho_gate){ .policy = policy, .out = out, .err = err };
	if (policy->vmcoreinfo) {
		struct successor s;

		successor_init(&s);
		ret = successor_read_vmcoreinfo(policy->vmcoreinfo, &s, why);
		successor_deinit(&s);
		if (ret)
			return ret;
	}
	if (policy->kernel) {
		struct successor s;

		ret = saved_read(policy->kernel, &s, why);
		if (ret)
			return ret;
		successor_deinit(&s);
	}
	return snapshot_or_tree_probe(policy->machine, why);
}

/* It was there at the start: what can't be read now is a gap like any other. */
static int read_machine_now(struct look *look)
{
	struct kho_err why = { "" };
	int ret = kho_gate_read_machine(look->gate->policy, &look->machine, &why);

	if (!ret || ret == -ENOMEM)
		return ret;
	look->machine = (struct machine){ .handover = { .hops = -1 } };
	return kho_findings_add(&look->machine.gaps, KHO_F_MACHINE_UNREADABLE,
				"check that it exists and is readable, and load again",
				"the machine can't be read: %s", why.text);
}

/* Programs and pages are told what they were made of; it takes reading the image once more. */
static bool names_itself(enum kho_format format)
{
	return format == KHO_FORMAT_JSON || format == KHO_FORMAT_HTML;
}

static int write_report(const struct look *look, const struct successor *s,
			const struct kho_check *check)
{
	const struct kho_policy *policy = look->gate->policy;
	struct gate_about about;
	const struct kho_report report = {
		.successor = s, .alone = look->alone, .machine = &look->machine, .check = check,
		.rehearsal = look->rehearsal, .verbose = policy->verbose,
		.about = names_itself(policy->format) ? &about.about : NULL,
	};
	FILE *out = look->gate->out;

	if (report.about)
		gate_about(&about, policy, s, look->kernel_fd, look->initrd_fd, look->with);
	switch (policy->format) {
	case KHO_FORMAT_JSON:
		return kho_report_json(out, &report);
	case KHO_FORMAT_MAP:
		return kho_report_map(out, &report);
	case KHO_FORMAT_HTML:
		return kho_report_html(out, &report);
	case KHO_FORMAT_PROMETHEUS:
		return kho_report_prometheus(out, &report);
	default:
		return kho_report_text(out, &report);
	}
}

/*
 * Beside a load: the answer first, which is the refusal too.  An earlier load's lost findings
 * are not this one's.
 */
static void write_findings(struct look *look, const struct successor *s,
			   const struct kho_check *check)
{
	const struct kho_report report = {
		.successor = s, .machine = &look->machine, .check = check,
	};
	FILE *err = look->gate->err;

	if (check->verdict == KHO_NOTE && look->gate->policy->quiet)
		return;
	clearerr(err);
	look->refused = kho_mode_refuses(look->gate->policy->mode, check->verdict);
	fprintf(err, "kexec: kho: %s", look->refused ? "load refused: " : "");
	kho_report_answer(err, &report, kho_report_arrow());
	fputc('\n', err);
	kho_report_findings(err, check);
	/* A note, or an accepted finding, that nobody reads is no harm. */
	look->unreported = kho_output_flush(err) && check->verdict >= KHO_WARN;
}

static int publish(struct look *look, const struct successor *s, const struct kho_check *check)
{
	struct kho_gate *gate = look->gate;
	int ret;

	if (gate->policy->mode != KHO_MODE_REPORT) {
		write_findings(look, s, check);
		return 0;
	}
	ret = write_report(look, s, check);
	if (!ret && !gate->lost)
		gate->lost = -kho_output_flush(gate->out);
	return ret;
}

static kho_verdict worst(kho_verdict a, kho_verdict b)
{
	return a > b ? a : b;
}

/* A record that is missing must not go unnoticed: a finding of its own, beside the report. */
static int unrecorded(struct look *look, const char *why)
{
	FILE *err = look->gate->err;
	struct kho_check check = { 0 };
	int ret = kho_findings_add(&check.findings, KHO_F_RECORD_UNWRITTEN,
				   "make room in the folder and let root write it, or name another: "
				   "--kho-record=DIR", "the record can't be written: %s", why);

	if (!ret) {
		kho_check_accept(&check, look->gate->policy->ignore);
		kho_report_findings(err, &check);
		look->unreported |= kho_output_flush(err) && check.verdict >= KHO_WARN;
		look->verdict = worst(look->verdict, check.verdict);
	}
	kho_check_deinit(&check);
	return ret;
}

/* Last of all: what is refused leaves no record. */
static int record(struct look *look, const struct successor *s, const struct kho_check *check)
{
	const struct kho_policy *policy = look->gate->policy;
	const struct kho_report report = {
		.successor = s, .alone = look->alone, .machine = &look->machine, .check = check,
		.rehearsal = look->rehearsal,
	};
	const struct kho_with none = { 0 }, *with = look->with ? look->with : &none;
	const struct kho_record what = { &report, policy->machine, kho_mode_name(policy->mode),
					 with->given, with->initrd_bytes };
	struct kho_err why = { "" };

	if (!policy->record || kho_mode_refuses(policy->mode, look->verdict) ||
	    !kho_record_save(policy->record, &what, &why))
		return 0;
	return unrecorded(look, why.text);
}

/* A decision that can't be logged as the site wants it is no "ok".  @check NULL: none was made. */
static void log_decision(struct look *look, const struct successor *s,
			 const struct kho_check *check)
{
	const struct kho_policy *policy = look->gate->policy;
	struct gate_about about;
	const struct kho_report report = {
		.successor = s, .machine = &look->machine, .check = check,
		.rehearsal = look->rehearsal, .about = &about.about,
	};
	struct kho_decision decision = { look->verdict, check ? &report : NULL };
	struct kho_err why;

	if (policy->mode == KHO_MODE_REPORT || !kho_logs(policy))
		return;
	gate_about(&about, policy, s, look->kernel_fd, look->initrd_fd, look->with);
	if (kho_log(policy, &decision, &why))
		fprintf(look->gate->err, "kexec: kho: unknown: %s\n", why.text);
	look->verdict = decision.verdict;
}

/* Publish @check and take over its verdict; @ret is of the call that made it. */
static int conclude(struct look *look, const struct successor *s, struct kho_check *check, int ret)
{
	if (ret)
		return ret;
	kho_check_accept(check, look->gate->policy->ignore);
	ret = publish(look, s, check);
	look->verdict = check->verdict;
	if (!ret)
		ret = record(look, s, check);
	if (look->unreported)
		look->verdict = worst(look->verdict, KHO_UNKNOWN);
	if (!ret)
		log_decision(look, s, check);
	kho_check_deinit(check);
	return ret;
}

/* The same of a load, which may be rehearsed before that. */
static int conclude_load(struct look *look, const struct successor *s, const struct kho_with *with,
			 struct kho_check *check, int ret)
{
	const struct kho_policy *o = look->gate->policy;
	const struct rehearse_files files = {
		o->machine, look->kernel_fd, look->initrd_fd, o->rehearse_seconds, o->rehearse_log,
	};
	struct rehearsal rehearsal;

	if (ret || !files.seconds)
		return conclude(look, s, check, ret);
	ret = rehearse_judge(s, &look->machine, with, &files, check, &rehearsal);
	if (ret) {
		kho_check_deinit(check);
		return ret;
	}
	look->rehearsal = &rehearsal;
	ret = conclude(look, s, check, 0);
	look->rehearsal = NULL;
	rehearsal_deinit(&rehearsal);
	return ret;
}

static int judge_unseen(struct look *look, enum kho_finding_id why, const char *message,
			const char *remedy)
{
	struct kho_check check;
	char both[512];
	int ret = read_machine_now(look);

	if (ret)
		return ret;
	snprintf(both, sizeof(both), "%s%s", why == KHO_F_CLASSIC_LOAD ?
		 kho_plain_reboot(&look->machine) : "", remedy ? remedy : "");
	if (remedy)
		remedy = both;
	ret = kho_check_without_successor(why, message, remedy, &look->machine, &check);
	return conclude(look, NULL, &check, ret);
}

/* What is followed is the same load by kexec_file_load: as it stands it hands nothing over. */
static int add_classic(const struct machine *m, struct kho_check *check)
{
	int ret = kho_findings_add(&check->findings, KHO_F_CLASSIC_LOAD, CLASSIC_REMEDY,
				   NO_HANDOVER);

	check->readiness.handover = KHO_FATE_LOST;
	for (size_t i = 0; check->readiness.producer && i < m->handover.out.nr_producers; i++)
		check->readiness.producer[i] = KHO_FATE_LOST;
	if (ret)
		kho_check_deinit(check);
	return ret;
}

/* The image first, which takes longest: the machine is as it is when the load goes on. */
static int judge_fd(struct look *look, int fd, struct kho_with with, struct kho_err *why)
{
	struct kho_check check;
	struct successor s;
	int ret = kho_gate_read_successor(look->gate->policy, fd, &s, &with, why);

	if (ret)
		return ret;
	ret = read_machine_now(look);
	look->kernel_fd = fd;
	look->with = &with;
	if (!ret && look->gate->policy->suppose)
		ret = kho_suppose(&s, &with, &look->gate->policy->setting, &look->machine);
	if (!ret) {
		ret = kho_check(&s, &look->machine, &with, &check);
		if (!ret && look->gate->classic)
			ret = add_classic(&look->machine, &check);
		ret = conclude_load(look, &s, &with, &check, ret);
	}
	look->with = NULL;
	successor_deinit(&s);
	return ret;
}

static int judge_load(struct look *look, const struct kho_load *load)
{
	const struct kho_policy *policy = look->gate->policy;
	/* Beside a load only what is short needs advice. */
	const struct kho_with with = {
		.cmdline = load->cmdline, .initrd_bytes = load->initrd_bytes,
		.bootconfig = kho_bootconfig_ends(load->initrd_fd, load->initrd_bytes),
		.headroom_percent = policy->headroom_percent,
		.advise = policy->mode == KHO_MODE_REPORT ? KHO_ADVISE : KHO_ADVISE_SHORT,
	};
	struct kho_err why = { "" };
	int ret;

	if (load->crash)
		return judge_unseen(look, KHO_F_CRASH_LOAD, "a crash kernel carries no handover: "
				    "nothing to check", NULL);
	if (load->kind == KHO_LOAD_CLASSIC)
		return judge_unseen(look, KHO_F_CLASSIC_LOAD, NO_HANDOVER,
				    CLASSIC_REMEDY);
	if (load->trouble)
		return judge_unseen(look, KHO_F_SUCCESSOR_UNREADABLE, load->trouble,
				    load->remedy);
	look->initrd_fd = load->initrd_fd;
	ret = judge_fd(look, load->kernel_fd, with, &why);
	if (ret && why.text[0])
		return judge_unseen(look, KHO_F_SUCCESSOR_UNREADABLE, why.text,
				    "look at the file with kexec --kho-report --kho-image=FILE");
	return ret;
}

/* What was found is on stderr already, after the line that says that the load is refused. */
static enum kho_answer refuse(struct kho_gate *gate, const struct look *look)
{
	kho_verdict verdict = look->verdict;

	if (!look->refused)
		fprintf(gate->err, "kexec: kho: load refused: %s\n", kho_verdict_name(verdict));
	gate->refused = true;
	gate->verdict = worst(gate->verdict, verdict);
	return KHO_REFUSE;
}

enum kho_answer kho_gate_decide(struct kho_gate *gate, const struct kho_load *load)
{
	bool dry_run = gate->policy->mode == KHO_MODE_REPORT;
	struct look look = { .gate = gate, .kernel_fd = -1, .initrd_fd = -1 };
	int ret;

	if (load->unload || (load->crash && !dry_run))
		return dry_run ? KHO_PRETEND : KHO_ALLOW;
	if (load->kind == KHO_LOAD_CLASSIC && !load->crash && gate->repeats) {
		gate->classic = true;
		return KHO_PRETEND;
	}
	ret = judge_load(&look, load);
	machine_deinit(&look.machine);
	gate->judged = true;
	if (ret) {
		look.verdict = KHO_UNKNOWN;
		fprintf(gate->err, "kexec: kho: unknown: the check could not be made: %s\n",
			strerror(-ret));
		log_decision(&look, NULL, NULL);
	}
	if (dry_run) {
		gate->verdict = worst(gate->verdict, look.verdict);
		return KHO_PRETEND;
	}
	return kho_mode_refuses(gate->policy->mode, look.verdict) ? refuse(gate, &look) : KHO_ALLOW;
}

/* The machine without a load; where KHO is off, what it takes to turn it on for its own kernel. */
static int check_alone(const struct look *look, const struct successor *running,
		       struct kho_check *check)
{
	const struct machine *m = &look->machine;
	int ret = kho_check_machine(running, m, check);
	struct kho_with with;
	struct successor s;

	if (ret || m->scratch_known ||
	    !kho_read_installed(look->gate->policy->machine, m, &s, &with))
		return ret;
	with.headroom_percent = look->gate->policy->headroom_percent;
	ret = kho_check_machine_advice(&s, &with, m, check);
	successor_deinit(&s);
	if (ret)
		kho_check_deinit(check);
	return ret;
}

/* A report that the user asked for of this very machine: one that can't be read is no report. */
static int print_report(struct look *look, const struct successor *s, const struct kho_with *with,
			struct kho_err *why)
{
	struct kho_gate *gate = look->gate;
	int ret = kho_gate_read_machine(gate->policy, &look->machine, why);
	struct kho_check check;

	if (ret)
		return ret;
	if (gate->policy->suppose)
		ret = kho_suppose(s, with, &gate->policy->setting, &look->machine);
	if (ret) {
		machine_deinit(&look->machine);
		return kho_fail(why, -ret, "--kho-report: %s", strerror(-ret));
	}
	if (look->alone)
		ret = check_alone(look, s, &check);
	else
		ret = kho_check(s, &look->machine, with, &check);
	ret = look->alone ? conclude(look, s, &check, ret) :
			    conclude_load(look, s, with, &check, ret);
	machine_deinit(&look->machine);
	gate->judged = true;
	gate->verdict = look->verdict;
	return ret ? kho_fail(why, -ret, "--kho-report: %s", strerror(-ret)) : 0;
}

/* For a rehearsal or the report's own words: both files once more, as they are read now. */
static int open_again(struct look *look, struct kho_err *why)
{
	const struct kho_image_spec *image = &look->gate->policy->image;

	if (!look->gate->policy->rehearse_seconds && !names_itself(look->gate->policy->format))
		return 0;
	if (image->path) {
		look->kernel_fd = open(image->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (look->kernel_fd < 0)
			return kho_fail(why, errno, "%s: %s", image->path, strerror(errno));
	}
	if (!image->initrd || !strcmp(image->initrd, "none"))
		return 0;
	look->initrd_fd = open(image->initrd, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return look->initrd_fd < 0 ?
	       kho_fail(why, errno, "%s: %s", image->initrd, strerror(errno)) : 0;
}

static void close_again(const struct look *look)
{
	if (look->kernel_fd >= 0)
		close(look->kernel_fd);
	if (look->initrd_fd >= 0)
		close(look->initrd_fd);
}

int kho_gate_report_image(struct kho_gate *gate, struct kho_err *why)
{
	struct look look = { .gate = gate, .kernel_fd = -1, .initrd_fd = -1 };
	struct kho_with with;
	struct successor s;
	int ret = kho_gate_read_image(gate->policy, &s, &with, why);

	if (ret)
		return ret;
	ret = open_again(&look, why);
	look.with = &with;
	if (!ret)
		ret = print_report(&look, &s, &with, why);
	close_again(&look);
	successor_deinit(&s);
	return ret;
}

int kho_gate_report_machine(struct kho_gate *gate, struct kho_err *why)
{
	struct look look = { .gate = gate, .alone = true };
	struct successor running;
	bool known = kho_read_running(gate->policy->machine, &running);
	int ret = print_report(&look, known ? &running : NULL, NULL, why);

	if (known)
		successor_deinit(&running);
	return ret;
}

void kho_gate_unsupervised(struct kho_gate *gate, const char *why)
{
	struct kho_load load = { .kind = KHO_LOAD_FILE, .kernel_fd = -1, .initrd_fd = -1,
				 .trouble = why };

	kho_gate_decide(gate, &load);
}
