// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "after/records.h"
#include "after/tell.h"
#include "cli/after.h"

/* A folder has its newest record; the default folder need not be there. */
static int read_record(const char *path, struct prediction *p, bool *has, struct kho_err *err)
{
	char *record = NULL, *verified = NULL;
	struct stat st;
	int ret;

	*has = false;
	if (!path || (stat(path, &st) && errno == ENOENT && !strcmp(path, KHO_RECORDS)))
		return 0;
	if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
		ret = kho_record_newest(path, &record, &verified, err);
		if (ret)
			return ret == -ENOENT ? 0 : ret;
	}
	ret = prediction_read(record ? record : path, p, err);
	*has = !ret;
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
