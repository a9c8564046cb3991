// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "successor/facts/btf.h"
#include "successor/facts/facts.h"
#include "successor/facts/ikconfig.h"
#include "successor/facts/kallsyms.h"
#include "successor/image/image.h"
#include "successor/memo.h"
#include "successor/saved/answers.h"
#include "successor/successor.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"

/* kallsyms has every function; .BTF lacks those that the compiler has changed. */
enum kho_tri successor_has_function(const struct successor *s, const char *name)
{
	enum kho_tri has;

	if (s->answers)
		return answers_tri(s->answers->functions, name);
	if (!s->image)
		return KHO_TRI_UNKNOWN;
	has = kallsyms_of_image(s->image, name);
	return has == KHO_TRI_UNKNOWN ? btf_has_function(s->image, name) : has;
}

int successor_initial(const struct successor *s, const char *name, unsigned int bytes,
		      uint64_t *value)
{
	if (s->answers)
		return answers_number(s->answers->initial, name, value);
	if (!s->image)
		return -ENOENT;
	return kallsyms_initial(s->image, name, bytes, value) ?
	       constant_of_image(s->image, name, value) : 0;
}

enum kho_tri successor_has_string(const struct successor *s, const char *text)
{
	struct successor_versions has = { .n = 0 };

	if (s->answers)
		return answers_tri(s->answers->strings, text);
	if (!s->image)
		return KHO_TRI_UNKNOWN;
	if (!memo_get(s->memo, MEMO_HAS_STRING, text, &has)) {
		has.n = image_has_string(s->image, text);
		memo_put(s->memo, MEMO_HAS_STRING, text, &has);
	}
	return has.n ? KHO_TRI_YES : KHO_TRI_NO;
}

enum kho_tri successor_has_parameter(const struct successor *s, const char *name)
{
	struct successor_versions has = { .n = 0 };
	char text[MEMO_TEXT_BYTES];
	int bytes = snprintf(text, sizeof(text), "%s=", name);

	if (s->answers)
		return answers_tri(s->answers->parameters, name);
	if (!s->image || bytes < 0 || (size_t)bytes >= sizeof(text))
		return KHO_TRI_UNKNOWN;
	if (!memo_get(s->memo, MEMO_HAS_PARAMETER, name, &has)) {
		/* "name", and its NUL: of early_param(); "name=": of __setup(). */
		has.n = image_find(s->image, name, (size_t)bytes) ||
			image_find(s->image, text, (size_t)bytes + 1);
		memo_put(s->memo, MEMO_HAS_PARAMETER, name, &has);
	}
	return has.n ? KHO_TRI_YES : KHO_TRI_NO;
}

struct version_search {
	size_t prefix_bytes;
	struct successor_versions *versions;
};

static void visit_version(const char *text, void *arg)
{
	const struct version_search *search = arg;

	successor_keep_version(text + search->prefix_bytes, search->versions);
}

void successor_versions(const struct successor *s, const char *prefix,
			struct successor_versions *versions)
{
	struct version_search search = { strlen(prefix), versions };

	if (s->answers) {
		answers_versions(s->answers, prefix, versions);
		return;
	}
	if (memo_get(s->memo, MEMO_VERSIONS, prefix, versions))
		return;
	*versions = (struct successor_versions){ .n = 0 };
	if (s->image)
		image_each_text(s->image, prefix, visit_version, &search);
	memo_put(s->memo, MEMO_VERSIONS, prefix, versions);
}

int successor_remember(struct successor *s)
{
	s->memo = memo_create();
	return s->memo ? 0 : -ENOMEM;
}

const char *successor_config(const struct successor *s, const char *name)
{
	if (s->answers)
		return answers_config(s->answers, name);
	return s->image ? ikconfig_value(s->image, name) : NULL;
}

static struct kho_bytes code_text(const struct successor *s)
{
	return (struct kho_bytes){ s->image->vmcoreinfo.data, s->image->vmcoreinfo.size };
}

int successor_vmcoreinfo_number(const struct successor *s, const char *key, uint64_t *number)
{
	if (s->answers)
		return answers_number(s->answers->sizes, key, number);
	return s->image ? vmcoreinfo_number(code_text(s), key, number) : -ENOENT;
}

/*
 * The tools that read VMCOREINFO look at the beginning of a line only, so that a
 * '#' hides it from them.
 */
int successor_vmcoreinfo_text(const struct successor *s, FILE *out, struct kho_err *err)
{
	struct cursor c;
	struct kho_bytes line;

	if (!s->image || !s->image->vmcoreinfo.size)
		return kho_fail(err, ENOENT, "no code that makes a VMCOREINFO is found in the "
				"image");
	c = cursor_init(code_text(s));
	while (!vmcoreinfo_next_line(&c, &line)) {
		bool at_runtime = line.size && line.data[line.size - 1] == '?';

		fprintf(out, "%s%.*s%s\n", at_runtime ? "# " : "", (int)(line.size - at_runtime),
			(const char *)line.data,
			at_runtime ? " (known to the booted kernel only)" : "");
	}
	return ferror(out) ? kho_fail(err, EIO, "the text cannot be written") : 0;
}

const char *successor_kind(const struct successor *s)
{
	if (s->answers && s->answers->kind)
		return s->answers->kind;
	return s->image ? s->image->kind : "";
}

void successor_deinit(struct successor *s)
{
	for (size_t i = 0; i < s->nr_notes; i++)
		free(s->notes[i]);
	free(s->notes);
	free(s->uki.cmdline);
	free(s->cmdline);
	memo_destroy(s->memo);
	answers_free(s->answers);
	if (s->image)
		btf_close(s->image);
	image_free(s->image);
	successor_init(s);
}
