// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "after/records.h"
#include "after/tell.h"
#include "cli/after.h"

static int read_record(const char *path, struct prediction *p, bool *has, struct kho_err *err)
{
	char *record = NULL, *verified = NULL;
	int ret = path ? kho_record_find(path, &record, &verified, err) : 0;

	*has = false;
	if (!ret && record) {
		ret = prediction_read(record, p, err);
		*has = !ret;
	}
	free(record);
	free(verified);
	return ret;
}

static int print_postmortem(const struct kho_options *o, FILE *out, const struct log *log,
			    const struct prediction *p, kho_verdict *verdict, struct kho_err *err)
{
	struct postmortem pm;
	int ret = postmortem(log, p, o->policy.ignore, &pm);

	if (ret)
		return kho_fail(err, -ret, "%s", strerror(-ret));
	if (o->policy.format != KHO_FORMAT_JSON)
		postmortem_tell_text(out, o->postmortem, log, p, &pm);
	else if (postmortem_tell_json(out, o->postmortem, log, p, &pm))
		ret = kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
	*verdict = pm.verdict;
	postmortem_deinit(&pm);
	return ret;
}

int kho_postmortem(const struct kho_options *o, FILE *out, kho_verdict *verdict,
		   struct kho_err *err)
{
	struct prediction p;
	struct log log;
	bool has_record;
	int ret = read_record(o->verify, &p, &has_record, err);

	if (ret)
		return ret;
	ret = log_read(o->postmortem, &log, err);
	if (!ret) {
		ret = print_postmortem(o, out, &log, has_record ? &p : NULL, verdict, err);
		log_deinit(&log);
	}
	if (has_record)
		prediction_deinit(&p);
	return ret;
}
