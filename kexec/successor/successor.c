// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "successor/facts/btf.h"
#include "successor/containers/container.h"
#include "successor/facts/facts.h"
#include "successor/image/image.h"
#include "successor/facts/kallsyms.h"
#include "successor/memo.h"
#include "base/read-file.h"
#include "successor/containers/uki.h"

void successor_init(struct successor *s)
{
	*s = (struct successor){
		.load = {
			.memory_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.alignment_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.preferred_pa = SUCCESSOR_BYTES_UNKNOWN,
			.text_offset_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.relocatable = KHO_TRI_UNKNOWN,
			.segments_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.percpu_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.brk_offset_bytes = SUCCESSOR_BYTES_UNKNOWN,
		},
	};
}

static int read_facts(struct successor *s, struct kho_err *err)
{
	const struct image_section *percpu = image_section(s->image, ".data..percpu");
	const struct image_section *text = image_section(s->image, ".text");
	const struct image_section *brk = image_section(s->image, ".brk");

	if (percpu)
		s->load.percpu_bytes = percpu->memory_bytes;
	if (text && brk && text->va < brk->va)
		s->load.brk_offset_bytes = brk->va - text->va;
	facts_from_strings(s);
	if (!s->release[0])
		return kho_fail(err, EINVAL, "%s: no version banner of Linux stands in it",
				s->image->kind);
	if (facts_from_code(s) || facts_from_btf(s) || facts_from_ikconfig(s))
		return kho_fail(err, ENOMEM, "no memory");
	facts_from_kallsyms(s);
	facts_from_arch(s);
	return 0;
}

/* @s is initialised, and may have been told something by the @shell. */
static int read_opened(struct kho_buffer *file, const char *shell, struct successor *s,
		       struct kho_err *err)
{
	int ret = image_open(file, shell, s, err);

	if (!ret)
		ret = read_facts(s, err);
	if (ret)
		successor_deinit(s);
	return ret;
}

int successor_read_buffer(struct kho_buffer *file, struct successor *s, struct kho_err *err)
{
	successor_init(s);
	return read_opened(file, NULL, s, err);
}

int successor_read_fd(int fd, struct successor *s, struct kho_err *err)
{
	struct kho_buffer file = { 0 };
	int ret;

	successor_init(s);
	ret = uki_read_fd(fd, &file, s, err);
	if (!ret)
		return read_opened(&file, container_uki.name, s, err);
	if (ret == -ENOENT)
		ret = read_file(fd, SUCCESSOR_FILE_LIMIT_BYTES, &file, err);
	else
		successor_deinit(s);
	return ret ? ret : read_opened(&file, NULL, s, err);
}

/* kallsyms has every function; .BTF lacks those that the compiler has changed. */
enum kho_tri successor_has_function(const struct successor *s, const char *name)
{
	enum kho_tri has;

	if (!s->image)
		return KHO_TRI_UNKNOWN;
	has = kallsyms_of_image(s->image, name);
	return has == KHO_TRI_UNKNOWN ? btf_has_function(s->image, name) : has;
}

enum kho_tri successor_has_string(const struct successor *s, const char *text)
{
	struct successor_versions has = { .n = 0 };

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

/* Keep the number behind the prefix, in its place; not what goes on behind it. */
void successor_keep_version(const char *digits, struct successor_versions *versions)
{
	char *end;
	unsigned long version = strtoul(digits, &end, 10);
	size_t at = versions->n;

	if (!isdigit((unsigned char)*digits) || *end || version > UINT_MAX)
		return;
	while (at && versions->version[at - 1] > version)
		at--;
	if ((at && versions->version[at - 1] == version) || versions->n == SUCCESSOR_VERSIONS)
		return;
	memmove(&versions->version[at + 1], &versions->version[at],
		(versions->n - at) * sizeof(versions->version[0]));
	versions->version[at] = (unsigned int)version;
	versions->n++;
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

bool successor_has_kho(const struct successor *s)
{
	uint64_t kho;

	return kho_fact_get(&s->fact[KHO_FACT_KHO], &kho, NULL) == KHO_FACT_KNOWN && kho;
}

const char *successor_kind(const struct successor *s)
{
	return s->image ? s->image->kind : "";
}

void successor_note(struct successor *s, const char *fmt, ...)
{
	char **grown = reallocarray(s->notes, s->nr_notes + 1, sizeof(*grown));
	va_list ap;
	char *note;
	int len;

	if (!grown)
		return;
	s->notes = grown;
	va_start(ap, fmt);
	len = vasprintf(&note, fmt, ap);
	va_end(ap);
	if (len >= 0)
		s->notes[s->nr_notes++] = note;
}

void successor_deinit(struct successor *s)
{
	for (size_t i = 0; i < s->nr_notes; i++)
		free(s->notes[i]);
	free(s->notes);
	free(s->uki.cmdline);
	free(s->cmdline);
	memo_destroy(s->memo);
	if (s->image)
		btf_close(s->image);
	image_free(s->image);
	successor_init(s);
}
