// SPDX-License-Identifier: GPL-2.0-only
/* Looking for constants in an image. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "successor/image/image.h"

/* Tables of numbers, up to a third of a kernel: no constant is looked for there. */
static bool is_table(const char *name)
{
	static const char *const tables[] = {
		".BTF", ".orc_", ".return_sites", ".call_sites", ".retpoline_sites",
		".ibt_endbr_seal", ".altinstructions", "__bug_table", "__ksymtab", "__ex_table",
		".init.scratch",
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strncmp(name, tables[i], strlen(tables[i])))
			return true;
	return false;
}

/* x86 marks .data as code too, for the trampolines in it: only names tell. */
static bool is_code(const struct successor_image *image, const struct image_section *section)
{
	return !image->flat && section->flags & IMAGE_EXEC && !(section->flags & IMAGE_WRITE);
}

static const struct image_section *section_of(const struct successor_image *image,
					      const uint8_t *at)
{
	for (size_t i = 0; i < image->nr_sections; i++) {
		struct kho_bytes bytes = image->sections[i].bytes;

		if (bytes.size && at >= bytes.data && at < bytes.data + bytes.size)
			return &image->sections[i];
	}
	return NULL;
}

struct kho_bytes image_rest(const struct successor_image *image, const uint8_t *at)
{
	const struct image_section *section = section_of(image, at);

	if (!section)
		return (struct kho_bytes){ at, 0 };
	return (struct kho_bytes){ at, section->bytes.data + section->bytes.size - at };
}

static bool may_hold_text(const struct successor_image *image, const struct image_section *section)
{
	return section->bytes.size && !is_code(image, section) && !is_table(section->name);
}

const uint8_t *image_find(const struct successor_image *image, const void *wanted, size_t size)
{
	for (size_t i = 0; i < image->nr_sections; i++) {
		const struct image_section *section = &image->sections[i];
		const uint8_t *at;

		if (!may_hold_text(image, section))
			continue;
		at = memmem(section->bytes.data, section->bytes.size, wanted, size);
		if (at)
			return at;
	}
	return NULL;
}

int image_find_va(const struct successor_image *image, const void *wanted, size_t size,
		  uint64_t *va)
{
	const uint8_t *at = image_find(image, wanted, size);
	const struct image_section *section = at ? section_of(image, at) : NULL;

	if (!section)
		return -ENOENT;
	*va = section->va + (at - section->bytes.data);
	return 0;
}

bool image_has_string(const struct successor_image *image, const char *text)
{
	size_t len = strlen(text) + 1;

	for (size_t i = 0; i < image->nr_sections; i++) {
		const struct image_section *section = &image->sections[i];
		struct kho_bytes left = section->bytes;
		const uint8_t *at;

		if (!may_hold_text(image, section))
			continue;
		while ((at = memmem(left.data, left.size, text, len))) {
			if (at == section->bytes.data || !at[-1])
				return true;
			left.size -= at + 1 - left.data;
			left.data = at + 1;
		}
	}
	return false;
}

/* The printable text that ends at @end, a NUL; 0: none, or a longer one than @limit. */
static size_t word_before(const uint8_t *start, const uint8_t *end, size_t limit)
{
	size_t len = 0;

	while (end - len > start && isprint(end[-1 - (ptrdiff_t)len]))
		if (++len == limit)
			return 0;
	return len;
}

void image_each_word(const struct successor_image *image, size_t limit,
		     void (*visit)(const char *word, size_t len, bool behind_nul, void *arg),
		     void *arg)
{
	for (size_t i = 0; i < image->nr_sections; i++) {
		const struct image_section *section = &image->sections[i];
		const uint8_t *start = section->bytes.data, *at = start, *nul;
		const uint8_t *end = start + section->bytes.size;

		if (!may_hold_text(image, section))
			continue;
		for (; at < end && (nul = memchr(at, '\0', end - at)); at = nul + 1) {
			size_t len = word_before(at, nul, limit);

			if (len)
				visit((const char *)nul - len, len, nul - len == at, arg);
		}
	}
}

void image_each_text(const struct successor_image *image, const char *prefix,
		     void (*visit)(const char *text, void *arg), void *arg)
{
	for (size_t i = 0; i < image->nr_sections; i++) {
		const struct image_section *section = &image->sections[i];
		struct kho_bytes left = section->bytes;
		const uint8_t *at;

		if (!may_hold_text(image, section))
			continue;
		while ((at = memmem(left.data, left.size, prefix, strlen(prefix)))) {
			size_t room = left.data + left.size - at;

			if ((at == section->bytes.data || !isprint(at[-1])) &&
			    memchr(at, '\0', room < IMAGE_SHORT_TEXT_BYTES ? room :
				   IMAGE_SHORT_TEXT_BYTES))
				visit((const char *)at, arg);
			left.size -= at + 1 - left.data;
			left.data = at + 1;
		}
	}
}
