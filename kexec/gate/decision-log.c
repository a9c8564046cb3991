// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/append.h"
#include "base/journal.h"
#include "base/json.h"
#include "base/output.h"
#include "gate/decision-log.h"
#include "report/json-about.h"
#include "report/json-report.h"

/* Of a load that was let through, and of one that was refused: journalctl MESSAGE_ID=… */
#define ALLOWED_ID	"5f4f5a2ac1eb4a01bb2d1f4de20a6f31"
#define REFUSED_ID	"d0c1a6f0a5a44f64b0a54b0e3a3c8a77"

bool kho_logs(const struct kho_policy *policy)
{
	return policy->log || policy->journal;
}

static bool is_refused(const struct kho_policy *policy, const struct kho_decision *decision)
{
	return kho_mode_refuses(policy->mode, decision->verdict);
}

static const char *decision_name(const struct kho_policy *policy,
				 const struct kho_decision *decision)
{
	return is_refused(policy, decision) ? "refused" : "allowed";
}

const char *kho_mode_name(enum kho_mode mode)
{
	static const char *const name[] = {
		[KHO_MODE_CHECK] = "check", [KHO_MODE_STRICT] = "strict",
		[KHO_MODE_STRICT_WARN] = "strict=warn", [KHO_MODE_REPORT] = "report",
	};

	return name[mode];
}

/* ---- the record ---- */

static void put_time(struct builder *b, struct json_object *o)
{
	const struct kho_about now = { .time = (int64_t)time(NULL) };
	char text[KHO_ABOUT_TIME];

	put_string(b, o, "time", kho_about_time(&now, text));
}

/* One line; the caller frees it.  NULL: out of memory. */
static char *record_text(const struct kho_policy *policy, const struct kho_decision *decision)
{
	struct builder b = { false };
	struct json_object *o = made(&b, json_object_new_object());
	char *text = NULL;

	put_int(&b, o, "schema", KHO_DECISION_SCHEMA);
	put_time(&b, o);
	put_string(&b, o, "decision", decision_name(policy, decision));
	put_string(&b, o, "mode", kho_mode_name(policy->mode));
	put_string(&b, o, "verdict", kho_verdict_name(decision->verdict));
	put_int(&b, o, "pid", (int)getpid());
	put_u64(&b, o, "uid", getuid());
	put(&b, o, "report", decision->report ? kho_report_object(&b, decision->report) : NULL);
	if (!b.failed &&
	    asprintf(&text, "%s\n", json_object_to_json_string_ext(o, JSON_C_TO_STRING_NOSLASHESCAPE |
								   JSON_C_TO_STRING_PLAIN)) < 0)
		text = NULL;
	json_object_put(o);
	return text;
}

/* ---- the journal ---- */

struct fields {
	struct iovec *field;
	size_t nr;
	bool failed;
};

static void add_field(struct fields *fields, const char *name, const char *value)
{
	struct iovec *more = reallocarray(fields->field, fields->nr + 1, sizeof(*more));
	char *text;
	int bytes;

	if (!value || !*value)
		return;
	fields->failed |= !more;
	if (!more)
		return;
	fields->field = more;
	bytes = asprintf(&text, "%s=%s", name, value);
	fields->failed |= bytes < 0;
	if (bytes >= 0)
		more[fields->nr++] = (struct iovec){ text, (size_t)bytes };
}

/* As stderr has it. */
static void add_message(struct fields *fields, const struct kho_decision *decision, bool refused)
{
	char *text = NULL;
	size_t bytes;
	FILE *f = open_memstream(&text, &bytes);

	if (f) {
		fputs(refused ? "load refused: " : "load let through: ", f);
		if (decision->report && decision->verdict != decision->report->check->verdict)
			fprintf(f, "%s, beside ", kho_verdict_name(decision->verdict));
		if (decision->report)
			kho_report_answer(f, decision->report, "->");
		else
			fputs("the check could not be made", f);
	}
	if (!f || kho_output_close(f))
		fields->failed = true;
	else
		add_field(fields, "MESSAGE", text);
	free(text);
}

static void add_report(struct fields *fields, const struct kho_report *report)
{
	const struct kho_findings *findings = &report->check->findings;

	for (size_t i = 0; i < findings->n; i++)
		add_field(fields, findings->f[i].accepted ? "KHO_ACCEPTED" : "KHO_FINDING",
			  kho_finding_name(findings->f[i].id));
	add_field(fields, "KHO_RUNNING_RELEASE", report->machine->release);
	if (report->successor)
		add_field(fields, "KHO_SUCCESSOR_RELEASE", report->successor->release);
	if (report->about) {
		add_field(fields, "KHO_IMAGE", report->about->image);
		add_field(fields, "KHO_IMAGE_SHA256", report->about->image_sha256);
		add_field(fields, "KHO_COMMAND_LINE", report->about->cmdline);
	}
}

static int send_to_journal(const struct kho_policy *policy, const struct kho_decision *decision,
			   const char *record)
{
	bool refused = is_refused(policy, decision);
	int priority = refused ? LOG_ERR : decision->verdict >= KHO_WARN ? LOG_WARNING : LOG_INFO;
	struct fields fields = { 0 };
	char number[2] = { (char)('0' + priority), '\0' };
	int ret = -ENOMEM;

	add_message(&fields, decision, refused);
	add_field(&fields, "MESSAGE_ID", refused ? REFUSED_ID : ALLOWED_ID);
	add_field(&fields, "PRIORITY", number);
	add_field(&fields, "SYSLOG_IDENTIFIER", PACKAGE_NAME);
	add_field(&fields, "KHO_DECISION", decision_name(policy, decision));
	add_field(&fields, "KHO_MODE", kho_mode_name(policy->mode));
	add_field(&fields, "KHO_VERDICT", kho_verdict_name(decision->verdict));
	if (decision->report)
		add_report(&fields, decision->report);
	add_field(&fields, "KHO_RECORD", record);
	if (!fields.failed)
		ret = kho_journal_send(fields.field, fields.nr);
	for (size_t i = 0; i < fields.nr; i++)
		free(fields.field[i].iov_base);
	free(fields.field);
	return ret;
}

/* ---- both ---- */

static int record_in_log(const struct kho_policy *policy, struct kho_decision *decision,
			 struct kho_err *err)
{
	char *record = record_text(policy, decision);
	int ret = record ? kho_append(policy->log, record, strlen(record)) : -ENOMEM;

	free(record);
	if (!ret)
		return 0;
	decision->verdict = decision->verdict > KHO_UNKNOWN ? decision->verdict : KHO_UNKNOWN;
	return kho_fail(err, -ret, "the decision can't be recorded: --kho-log=%s: %s", policy->log,
			strerror(-ret));
}

static int record_in_journal(const struct kho_policy *policy, struct kho_decision *decision,
			     struct kho_err *err)
{
	char *record = record_text(policy, decision);
	int ret = -ENOMEM;

	if (record) {
		record[strlen(record) - 1] = '\0';
		ret = send_to_journal(policy, decision, record);
	}
	free(record);
	if (!ret)
		return 0;
	decision->verdict = decision->verdict > KHO_UNKNOWN ? decision->verdict : KHO_UNKNOWN;
	return kho_fail(err, -ret, "the decision can't be recorded: --kho-journal: %s: %s",
			KHO_JOURNAL_SOCKET, strerror(-ret));
}

int kho_log(const struct kho_policy *policy, struct kho_decision *decision, struct kho_err *err)
{
	int in_log = policy->log ? record_in_log(policy, decision, err) : 0;
	int in_journal = policy->journal ? record_in_journal(policy, decision, err) : 0;

	/* The log has an allowed load, which is now decided otherwise. */
	if (policy->log && !in_log && in_journal && is_refused(policy, decision))
		in_log = record_in_log(policy, decision, err);
	return in_log ? in_log : in_journal;
}
