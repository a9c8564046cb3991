// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "after/records.h"
#include "after/summary.h"
#include "after/tell.h"
#include "base/output.h"
#include "cli/after.h"

/* What is verified, and where that is kept; all NULL: nothing is, nowhere. */
struct job {
	char *record;
	char *verified;		/* the file that keeps the verification; NULL: it is not kept */
	struct prediction p;
	bool has_record;
	struct here here;
};

/* Was it verified by another boot?  Then that boot was the one after the jump. */
static bool is_done(const struct job *job)
{
	struct json_object *line;
	const char *boot_id;
	bool done;

	if (!job->verified || !job->here.boot_id[0])
		return false;
	line = json_object_from_file(job->verified);
	boot_id = json_text(json_at(line, "boot_id", NULL));
	/* Before the jump is no verification. */
	done = *boot_id && strcmp(boot_id, job->here.boot_id) &&
	       strcmp(json_text(json_at(line, "became", NULL)), became_key(BECAME_NOTHING));
	json_object_put(line);
	return done;
}

static void keep_verification(const struct job *job, const char *line)
{
	int ret = job->verified ? kho_output_save(job->verified, line) : 0;

	if (ret)
		fprintf(stderr, "kexec: kho: the verification can't be kept: %s: %s\n",
			job->verified, kho_output_strerror(-ret));
}

static int print_verification(const struct kho_options *o, FILE *out, const struct told *told,
			      const char *line)
{
	switch (o->policy.format) {
	case KHO_FORMAT_JSON:
		return fputs(line, out) < 0 ? -EIO : 0;
	case KHO_FORMAT_PROMETHEUS:
		verify_tell_metrics(out, told);
		return 0;
	default:
		verify_tell_text(out, told);
		return 0;
	}
}

static int verify_and_print(const struct kho_options *o, FILE *out, struct job *job,
			    kho_verdict *verdict, struct kho_err *err)
{
	struct verification v;
	const struct told told = { job->has_record ? &job->p : NULL, &job->here, &v };
	bool done = is_done(job);
	char *line = NULL;
	int ret;

	ret = done ? verify_done(o->policy.ignore, &v) :
	      verify(told.p, &job->here, o->policy.ignore, &v);
	if (ret)
		return kho_fail(err, -ret, "%s", strerror(-ret));
	line = verify_tell_json(&told);
	if (line && !done && job->has_record)
		keep_verification(job, line);
	ret = line ? print_verification(o, out, &told, line) : -ENOMEM;
	*verdict = v.verdict;
	free(line);
	verification_deinit(&v);
	return ret ? kho_fail(err, -ret, "%s", strerror(-ret)) : 0;
}

int kho_verify(const struct kho_options *o, FILE *out, kho_verdict *verdict, struct kho_err *err)
{
	struct job job = { 0 };
	int ret = kho_record_find(o->verify, &job.record, &job.verified, err);

	if (!ret && job.record) {
		ret = prediction_read(job.record, &job.p, err);
		job.has_record = !ret;
	}
	if (!ret) {
		ret = here_read(o->policy.machine, &job.here, err);
		if (!ret) {
			ret = verify_and_print(o, out, &job, verdict, err);
			here_deinit(&job.here);
		}
	}
	if (job.has_record)
		prediction_deinit(&job.p);
	free(job.record);
	free(job.verified);
	return ret;
}

int kho_verify_summary(const struct kho_options *o, FILE *out, kho_verdict *verdict,
		       struct kho_err *err)
{
	struct summary *summary = calloc(1, sizeof(*summary));
	bool is_stdin = !strcmp(o->fleet, "-");
	FILE *in = is_stdin ? stdin : fopen(o->fleet, "re");
	int ret = summary ? 0 : kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));

	if (!in)
		ret = kho_fail(err, errno, "%s", strerror(errno));
	if (!ret)
		ret = summary_read(in, summary, err);
	if (!ret) {
		summary_tell(out, summary, o->policy.format == KHO_FORMAT_JSON);
		*verdict = summary_verdict(summary);
	} else {
		kho_err_prefix(err, "--kho-fleet=%s: ", o->fleet);
	}
	if (in && !is_stdin)
		fclose(in);
	free(summary);
	return ret;
}
