// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "successor/image/image.h"
#include "successor/known-formats.h"
#include "successor/memo.h"
#include "successor/saved/answers.h"

static size_t prefix_of(const char *text, size_t len)
{
	while (len && isdigit((unsigned char)text[len - 1]))
		len--;
	return len;
}

static int compare_prefix(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
	int order = memcmp(a, b, a_bytes < b_bytes ? a_bytes : b_bytes);

	return order ? order : (a_bytes > b_bytes) - (a_bytes < b_bytes);
}

static int by_prefix(const void *a, const void *b)
{
	const struct successor_format *x = a, *y = b;
	int order = compare_prefix(x->text, x->prefix_bytes, y->text, y->prefix_bytes);

	return order ? order : strcmp(x->text, y->text);
}

/* The first format with this prefix; NULL: none. */
static struct successor_format *first_with(const struct successor_formats *formats,
					   const char *text, size_t prefix_bytes)
{
	size_t low = 0, high = formats->n;
	struct successor_format *f;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		f = &formats->format[mid];
		if (compare_prefix(f->text, f->prefix_bytes, text, prefix_bytes) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	f = &formats->format[low];
	return low < formats->n && !compare_prefix(f->text, f->prefix_bytes, text, prefix_bytes) ?
	       f : NULL;
}

static struct successor_format *find_asked(const struct successor_formats *formats,
					   const char *text)
{
	struct successor_format key = { .text = text,
					.prefix_bytes = prefix_of(text, strlen(text)) };

	return formats->n ? bsearch(&key, formats->format, formats->n, sizeof(key), by_prefix) :
			    NULL;
}

static void visit_word(const char *word, size_t len, bool behind_nul, void *arg)
{
	struct successor_formats *formats = arg;
	size_t prefix_bytes = prefix_of(word, len);
	struct successor_format *first = first_with(formats, word, prefix_bytes), *same;

	if (!first)
		return;
	if (len < IMAGE_SHORT_TEXT_BYTES)
		successor_keep_version(word + prefix_bytes, &first->versions);
	same = behind_nul ? find_asked(formats, word) : NULL;
	if (same)
		same->stands = true;
}

/* The question of a prefix, as memo.h has it; false: too long to be remembered. */
static bool get_prefix(const struct successor_format *f, char prefix[MEMO_TEXT_BYTES])
{
	if (f->prefix_bytes >= MEMO_TEXT_BYTES)
		return false;
	memcpy(prefix, f->text, f->prefix_bytes);
	prefix[f->prefix_bytes] = '\0';
	return true;
}

/* Has another machine asked for all of them? */
static bool remembered(struct successor_formats *formats, struct successor_memo *memo)
{
	for (size_t i = 0; i < formats->n; i++) {
		struct successor_format *f = &formats->format[i];
		struct successor_versions stands;
		char prefix[MEMO_TEXT_BYTES];

		if (!get_prefix(f, prefix) ||
		    !memo_get(memo, MEMO_HAS_STRING, f->text, &stands) ||
		    !memo_get(memo, MEMO_VERSIONS, prefix, &f->versions))
			return false;
		f->stands = stands.n;
	}
	return true;
}

static void remember(const struct successor_formats *formats, struct successor_memo *memo)
{
	for (size_t i = 0; i < formats->n; i++) {
		const struct successor_format *f = &formats->format[i];
		const struct successor_versions stands = { .n = f->stands };
		char prefix[MEMO_TEXT_BYTES];

		memo_put(memo, MEMO_HAS_STRING, f->text, &stands);
		if (get_prefix(f, prefix))
			memo_put(memo, MEMO_VERSIONS, prefix,
				 &first_with(formats, f->text, f->prefix_bytes)->versions);
	}
}

static void sort_once(struct successor_formats *formats)
{
	size_t kept = 0;

	qsort(formats->format, formats->n, sizeof(*formats->format), by_prefix);
	for (size_t i = 0; i < formats->n; i++)
		if (!kept || by_prefix(&formats->format[kept - 1], &formats->format[i]))
			formats->format[kept++] = formats->format[i];
	formats->n = kept;
}

/* By saved facts; what they can't tell, nobody asked for. */
static void answer_all(struct successor_formats *formats, const struct successor_answers *answers)
{
	size_t kept = 0;

	for (size_t i = 0; i < formats->n; i++) {
		struct successor_format f = formats->format[i];
		enum kho_tri stands = answers_format(answers, f.text);
		char prefix[FORMAT_TEXT_BYTES];

		if (stands == KHO_TRI_UNKNOWN || f.prefix_bytes >= sizeof(prefix))
			continue;
		memcpy(prefix, f.text, f.prefix_bytes);
		prefix[f.prefix_bytes] = '\0';
		f.stands = stands == KHO_TRI_YES;
		answers_versions(answers, prefix, &f.versions);
		formats->format[kept++] = f;
	}
	formats->n = kept;
}

int successor_formats_init(struct successor_formats *formats, const struct successor *s,
			   const char *const *text, size_t n)
{
	bool few;

	*formats = (struct successor_formats){ .n = 0 };
	if (!s || (!s->image && !s->answers) || !n)
		return 0;
	formats->format = calloc(n, sizeof(*formats->format));
	if (!formats->format)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		formats->format[formats->n++] = (struct successor_format){
			.text = text[i], .prefix_bytes = prefix_of(text[i], strlen(text[i])),
		};
	sort_once(formats);
	if (s->answers) {
		answer_all(formats, s->answers);
		return 0;
	}
	/* Where there are many, most are no format of any kernel, and nobody asks again. */
	few = formats->n <= MEMO_ANSWERS / 4;
	if (few && remembered(formats, s->memo))
		return 0;
	for (size_t i = 0; i < formats->n; i++) {
		formats->format[i].stands = false;
		formats->format[i].versions.n = 0;
	}
	image_each_word(s->image, FORMAT_TEXT_BYTES, visit_word, formats);
	if (few)
		remember(formats, s->memo);
	return 0;
}

enum kho_tri successor_formats_has(const struct successor_formats *formats, const char *text)
{
	const struct successor_format *f = find_asked(formats, text);

	return !f ? KHO_TRI_UNKNOWN : f->stands ? KHO_TRI_YES : KHO_TRI_NO;
}

void successor_formats_versions(const struct successor_formats *formats, const char *text,
				struct successor_versions *versions)
{
	const struct successor_format *f = first_with(formats, text,
						      prefix_of(text, strlen(text)));

	*versions = f ? f->versions : (struct successor_versions){ .n = 0 };
}

void successor_formats_deinit(struct successor_formats *formats)
{
	free(formats->format);
	*formats = (struct successor_formats){ .n = 0 };
}
