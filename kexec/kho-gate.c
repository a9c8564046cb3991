// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kho-gate.h"
#include "machine/snapshot.h"
#include "machine/tree.h"
#include "report/report.h"

#define NO_HANDOVER "kexec_load carries no handover: the successor boots with all memory, and " \
		    "what this kernel preserved is lost"

int kho_gate_init(struct kho_gate *gate, const struct kho_options *options, FILE *out, FILE *err,
		  struct kho_err *why)
{
	int ret;

	*gate = (struct kho_gate){ .options = options, .out = out, .err = err };
	if (options->vmcoreinfo) {
		struct successor s;

		successor_init(&s);
		ret = successor_read_vmcoreinfo(options->vmcoreinfo, &s, why);
		successor_deinit(&s);
		if (ret)
			return ret;
	}
	return snapshot_or_tree(options->machine, &gate->machine, why);
}

/* An error may have been of a part that stdio gave up long before the last flush. */
static int delivered(FILE *f)
{
	bool lost = ferror(f);

	if (fflush(f))
		return -errno;
	return lost ? -EIO : 0;
}

static int tell(const struct kho_gate *gate, const struct successor *s,
		const struct kho_check *check)
{
	const struct kho_report report = { s, gate->alone, &gate->machine, check };
	int ret = 0;

	if (gate->options->mode != KHO_MODE_REPORT)
		kho_report_findings(gate->err, check);
	else if (gate->options->format == KHO_FORMAT_JSON)
		ret = kho_report_json(gate->out, &report);
	else if (gate->options->format == KHO_FORMAT_MAP)
		ret = kho_report_map(gate->out, &report);
	else if (gate->options->format == KHO_FORMAT_HTML)
		ret = kho_report_html(gate->out, &report);
	else if (gate->options->format == KHO_FORMAT_PROMETHEUS)
		ret = kho_report_prometheus(gate->out, &report);
	else
		ret = kho_report_text(gate->out, &report);
	/* A report that did not reach its reader is no "ok". */
	if (!ret && gate->options->mode == KHO_MODE_REPORT)
		ret = delivered(gate->out);
	return ret;
}

/* Tell @check and take over its verdict; @ret is of the call that made it. */
static int conclude(struct kho_gate *gate, const struct successor *s, struct kho_check *check,
		    int ret)
{
	if (ret)
		return ret;
	kho_check_accept(check, gate->options->ignore);
	ret = tell(gate, s, check);
	gate->verdict = check->verdict;
	kho_check_deinit(check);
	return ret;
}

static int judge_unseen(struct kho_gate *gate, enum kho_finding_id why, const char *message,
			const char *remedy)
{
	struct kho_check check;
	int ret = kho_check_without_successor(why, message, remedy, &gate->machine, &check);

	return conclude(gate, NULL, &check, ret);
}

/*
 * The image's own words, then those that were given.  @with->cmdline NULL: none was
 * given; then a unified image's own counts, and its initrd.
 */
static int read_successor(const struct kho_options *o, int fd, struct successor *s,
			  struct kho_with *with, struct kho_err *why)
{
	int ret = successor_read_fd(fd, s, why);

	if (ret)
		return ret;
	if (o->vmcoreinfo) {
		ret = successor_read_vmcoreinfo(o->vmcoreinfo, s, why);
		if (ret) {
			successor_deinit(s);
			return ret;
		}
	}
	if (!with->cmdline)
		with->cmdline = s->uki.cmdline;
	if (!with->initrd_bytes)
		with->initrd_bytes = s->uki.initrd_bytes;
	return 0;
}

static int judge_successor(struct kho_gate *gate, const struct successor *s,
			   const struct kho_with *with)
{
	struct kho_check check;
	int ret = kho_check(s, &gate->machine, with, &check);

	return conclude(gate, s, &check, ret);
}

static int judge_fd(struct kho_gate *gate, int fd, struct kho_with with, struct kho_err *why)
{
	struct successor s;
	int ret = read_successor(gate->options, fd, &s, &with, why);

	if (ret)
		return ret;
	ret = judge_successor(gate, &s, &with);
	successor_deinit(&s);
	return ret;
}

static int judge(struct kho_gate *gate, const struct kho_load *load)
{
	/* Beside a load only the findings are told. */
	const struct kho_with with = {
		.cmdline = load->cmdline, .initrd_bytes = load->initrd_bytes,
		.headroom_percent = gate->options->headroom_percent,
		.advise = gate->options->mode == KHO_MODE_REPORT ? KHO_ADVISE : KHO_ADVISE_NOT,
	};
	struct kho_err why = { "" };
	int ret;

	if (load->crash)
		return judge_unseen(gate, KHO_F_CRASH_LOAD, "a crash kernel carries no handover: "
				    "nothing to check", NULL);
	if (load->kind == KHO_LOAD_CLASSIC)
		return judge_unseen(gate, KHO_F_CLASSIC_LOAD, NO_HANDOVER,
				    "load with kexec_file_load: kexec -s");
	if (load->trouble)
		return judge_unseen(gate, KHO_F_SUCCESSOR_UNREADABLE, load->trouble,
				    "run as the same user as the loader, on Linux 5.6 or later");
	ret = judge_fd(gate, load->kernel_fd, with, &why);
	if (ret && why.text[0])
		return judge_unseen(gate, KHO_F_SUCCESSOR_UNREADABLE, why.text,
				    "look at the file with kexec --kho-report --kho-image=FILE");
	return ret;
}

static bool refuses(enum kho_mode mode, kho_verdict verdict)
{
	return (mode == KHO_MODE_STRICT && verdict >= KHO_UNKNOWN) ||
	       (mode == KHO_MODE_STRICT_WARN && verdict >= KHO_WARN);
}

enum kho_answer kho_gate_decide(struct kho_gate *gate, const struct kho_load *load)
{
	bool dry_run = gate->options->mode == KHO_MODE_REPORT;
	int ret;

	gate->asked = true;
	if (load->unload || (load->crash && !dry_run))
		return dry_run ? KHO_PRETEND : KHO_ALLOW;
	ret = judge(gate, load);
	gate->judged = true;
	if (ret) {
		gate->verdict = KHO_UNKNOWN;
		fprintf(gate->err, "kexec: kho: unknown: the check could not be made: %s\n",
			strerror(-ret));
	}
	if (dry_run)
		return KHO_PRETEND;
	if (!refuses(gate->options->mode, gate->verdict))
		return KHO_ALLOW;
	fprintf(gate->err, "kexec: kho: verdict %s: load refused\n",
		kho_verdict_name(gate->verdict));
	gate->refused = true;
	return KHO_REFUSE;
}

static int initrd_size(const char *path, uint64_t *bytes, struct kho_err *why)
{
	struct stat st;

	if (stat(path, &st))
		return kho_fail(why, errno, "--kho-initrd=%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return kho_fail(why, EINVAL, "--kho-initrd=%s: not a regular file", path);
	*bytes = (uint64_t)st.st_size;
	return 0;
}

int kho_gate_read_image(const struct kho_options *o, struct successor *s, struct kho_with *with,
			struct kho_err *why)
{
	int fd, ret;

	*with = (struct kho_with){ .cmdline = o->append, .headroom_percent = o->headroom_percent };
	if (o->initrd) {
		ret = initrd_size(o->initrd, &with->initrd_bytes, why);
		if (ret)
			return ret;
	}
	fd = open(o->image, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return kho_fail(why, errno, "%s: %s", o->image, strerror(errno));
	ret = read_successor(o, fd, s, with, why);
	if (ret && why->text[0])
		kho_err_prefix(why, "%s: ", o->image);
	else if (ret)
		kho_fail(why, -ret, "%s: %s", o->image, strerror(-ret));
	close(fd);
	return ret;
}

int kho_gate_report_image(struct kho_gate *gate, struct kho_err *why)
{
	struct kho_with with;
	struct successor s;
	int ret = kho_gate_read_image(gate->options, &s, &with, why);

	if (ret)
		return ret;
	ret = judge_successor(gate, &s, &with);
	if (ret)
		kho_fail(why, -ret, "%s: %s", gate->options->image, strerror(-ret));
	successor_deinit(&s);
	return ret;
}

/* Its own VMCOREINFO, in the note of /proc/kcore; false: it is not to be had. */
static bool read_running(const struct kho_gate *gate, struct successor *running)
{
	struct machine_tree tree;
	struct kho_err why;
	bool known = false;
	int fd;

	if (tree_init(&tree, gate->options->machine))
		return false;
	fd = tree_open(&tree, "proc/kcore");
	tree_deinit(&tree);
	if (fd < 0)
		return false;
	successor_init(running);
	known = !successor_read_vmcoreinfo_fd(fd, running, &why);
	if (!known)
		successor_deinit(running);
	close(fd);
	return known;
}

int kho_gate_report_machine(struct kho_gate *gate, struct kho_err *why)
{
	struct successor running;
	bool known = read_running(gate, &running);
	struct kho_check check;
	int ret;

	gate->alone = true;
	ret = kho_check_machine(known ? &running : NULL, &gate->machine, &check);

	ret = conclude(gate, known ? &running : NULL, &check, ret);
	if (known)
		successor_deinit(&running);
	return ret ? kho_fail(why, -ret, "--kho-report: %s", strerror(-ret)) : 0;
}

void kho_gate_unsupervised(struct kho_gate *gate, const char *why)
{
	struct kho_load load = { .kind = KHO_LOAD_FILE, .kernel_fd = -1, .trouble = why };

	kho_gate_decide(gate, &load);
}

void kho_gate_deinit(struct kho_gate *gate)
{
	machine_deinit(&gate->machine);
}
