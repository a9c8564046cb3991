// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/read-file.h"
#include "cli/plan/sources.h"
#include "cli/spool.h"
#include "machine/describe.h"

#define SEE_HELP "; see kexec --kho-help"
#define DESCRIPTION_LIMIT_BYTES (UINT64_C(64) << 10)

int kho_take_scratch(struct kho_policy *policy, const char *value, struct kho_err *err)
{
	policy->suppose = true;
	policy->setting = (struct boot_setting){ .percent = BOOT_PERCENT_DEFAULT };
	if (!value || boot_setting_parse(value, &policy->setting))
		return 0;
	return kho_fail(err, EINVAL, "--kho-scratch=%s: not three sizes (16M,42M,50M) nor a percentage "
			"(150%%), as kho_scratch= takes them" SEE_HELP, value);
}

int kho_check_one_source(const struct kho_plan_source *source, size_t n, struct kho_err *err)
{
	for (size_t i = 1; i < n; i++) {
		if (source[i].described != source[0].described)
			return kho_fail(err, EINVAL, "--kho-machine and --kho-describe exclude each other"
					SEE_HELP);
		if (strcmp(source[i].value, source[0].value))
			return kho_fail(err, EINVAL, "--kho-%s is given twice, with different values"
					SEE_HELP, source[0].described ? "describe" : "machine");
	}
	return 0;
}

static int read_description(const char *path, char **text, struct kho_err *err)
{
	struct kho_buffer file = { .size = 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret;

	if (fd < 0)
		return kho_fail(err, errno, "--kho-describe=@%s: %s", path, strerror(errno));
	ret = read_file(fd, DESCRIPTION_LIMIT_BYTES, &file, err);
	close(fd);
	if (ret) {
		kho_err_prefix(err, "--kho-describe=@%s: ", path);
		return ret;
	}
	*text = strndup(file.size ? (const char *)file.data : "", file.size);
	kho_buffer_deinit(&file);
	return *text ? 0 : kho_fail(err, ENOMEM, "out of memory");
}

/* Each line of @errors with what it is about in front. */
static void say_all(const char *source, char *errors)
{
	char *save, *line;

	for (line = strtok_r(errors, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		fprintf(stderr, "kexec: --kho-describe%s: %s\n", source, line);
}

static int look_through(const struct kho_plan_source *source, const char *given)
{
	char name[256] = "", *errors;
	struct machine m;
	int ret = describe_machine(source->value, &m, &errors);

	if (given[0] == '@')
		snprintf(name, sizeof(name), "=%.250s", given);
	if (!ret)
		machine_deinit(&m);
	if (errors)
		say_all(name, errors);
	free(errors);
	return ret;
}

/* What can be read once only is kept, under another name. */
static int spool_source(struct kho_plan_source *source, struct kho_policy *policy,
			struct kho_err *err)
{
	bool is_policy = policy->machine == source->value;
	int ret;

	if (!kho_reads_once(source->value))
		return 0;
	ret = kho_spool(source->value, &source->text, err);
	if (ret)
		return ret;
	source->value = source->text;
	if (is_policy)
		policy->machine = source->text;
	return 0;
}

int kho_sources_read(struct kho_plan_source *sources, size_t n, struct kho_policy *policy,
		     struct kho_err *err)
{
	int worst = 0;

	for (size_t i = 0; i < n; i++) {
		struct kho_plan_source *source = &sources[i];
		const char *given = source->value;
		int ret = 0;

		if (!source->described) {
			ret = spool_source(source, policy, err);
			if (ret)
				return ret;
			continue;
		}
		if (given[0] == '@') {
			ret = read_description(given + 1, &source->text, err);
			if (ret)
				return ret;
			source->value = source->text;
		}
		policy->describe = source->value;
		ret = look_through(source, given);
		worst = ret ? ret : worst;
	}
	return worst;
}

void kho_sources_deinit(struct kho_plan_source *sources, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(sources[i].text);
}
