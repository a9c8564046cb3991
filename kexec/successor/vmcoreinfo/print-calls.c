// SPDX-License-Identifier: GPL-2.0-only
/* From calls to text: the few conversions of vsnprintf() that VMCOREINFO uses. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "successor/vmcoreinfo/build-id.h"
#include "successor/vmcoreinfo/calls.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"

/* vmcoreinfo_append_str() has a buffer of 0x50 bytes for a line. */
#define LINE_BYTES 0x50

struct text_line {
	char text[LINE_BYTES + 2];	/* and a '?' */
	size_t len;
	bool understood;		/* but for values that only the booting kernel knows */
	bool at_runtime;
};

/* How one of printf's conversions is written: "%#20phN" is { 'p', "hN" }. */
struct conversion {
	char kind;	/* s, d, u, x, p; 0: of no known kind */
	bool is_long;
	size_t len;	/* in the format, without the '%' */
};

static struct conversion parse_conversion(const char *text)
{
	struct conversion c = { 0 };
	const char *p = text;

	if (!strncmp(p, "20phN", 5))
		return (struct conversion){ .kind = 'p', .len = 5 };
	for (; *p == 'l'; p++)
		c.is_long = true;
	if (*p && strchr("sdux", *p))
		c.kind = *p++;
	c.len = p - text;
	return c;
}

static void __attribute__((format(printf, 2, 3))) put(struct text_line *line, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line->text + line->len, LINE_BYTES - line->len, fmt, ap);
	va_end(ap);
	line->len += n;
	if (line->len >= LINE_BYTES)
		line->len = LINE_BYTES - 1;
}

static void put_number(struct text_line *line, const struct conversion *c, uint64_t value)
{
	if (c->kind == 'd')
		put(line, "%" PRId64, c->is_long ? (int64_t)value : (int32_t)value);
	else if (c->kind == 'u')
		put(line, "%" PRIu64, c->is_long ? value : (uint32_t)value);
	else
		put(line, "%" PRIx64, c->is_long ? value : (uint32_t)value);
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text))
			return false;
	return true;
}

static void put_string_at(struct text_line *line, const struct successor_image *image, uint64_t va)
{
	const char *text = image_string_at(image, va);

	if (!text || !*text || strnlen(text, LINE_BYTES) == LINE_BYTES || !is_plain(text))
		line->understood = false;
	else
		put(line, "%s", text);
}

/* vmlinux_build_id is filled at boot, from the notes that we have too. */
static void put_build_id(struct text_line *line, const struct successor_image *image)
{
	struct kho_bytes id;

	if (image_build_id(image, &id)) {
		line->at_runtime = true;
		return;
	}
	for (size_t i = 0; i < id.size; i++)
		put(line, "%02x", id.data[i]);
}

static void put_value(struct text_line *line, const struct successor_image *image,
		      const struct conversion *c, bool known, uint64_t value)
{
	if (c->kind == 'p')
		put_build_id(line, image);
	else if (!c->kind)
		line->understood = false;
	else if (known && c->kind == 's')
		put_string_at(line, image, value);
	else if (known)
		put_number(line, c, value);
	else if (c->kind == 's')
		line->understood = false;
	else
		line->at_runtime = true;
}

static void expand_call(struct text_line *line, const struct code_isa *isa,
			const struct successor_image *image, const struct vmcoreinfo_call *call)
{
	const char *format = NULL;
	unsigned int arg = 0;
	uint64_t value;

	*line = (struct text_line){ .understood = true };
	if (code_get(&call->regs, isa->arg[arg++], &value))
		format = image_string_at(image, value);
	line->understood = format && strnlen(format, LINE_BYTES) < LINE_BYTES;
	while (line->understood && *format && *format != '\n') {
		struct conversion c;
		bool known;

		if (*format != '%') {
			put(line, "%c", *format++);
			continue;
		}
		c = parse_conversion(format + 1);
		format += 1 + c.len;
		known = arg < CODE_MAX_ARGS && code_get(&call->regs, isa->arg[arg++], &value);
		put_value(line, image, &c, known, value);
	}
	line->understood &= is_plain(line->text) && strchr(line->text, '=');
}

static bool begins_with_one_of(const char *text, const char *const *keys)
{
	for (; keys && *keys; keys++)
		if (!strncmp(text, *keys, strlen(*keys)))
			return true;
	return false;
}

/*
 * Constants in the code, but not of the kernel that has booted: addresses, which
 * KASLR moves, and what instructions that are patched at boot decide.
 */
static bool is_of_the_boot(const char *text, const struct kho_arch *arch)
{
	static const char *const keys[] = { "SYMBOL(", "KERNELOFFSET=", NULL };

	return begins_with_one_of(text, keys) || begins_with_one_of(text, arch->vmcoreinfo_at_boot);
}

static int append_line(struct kho_buffer *text, const struct text_line *line)
{
	size_t wanted = text->size + line->len + 2;

	if (wanted > text->cap) {
		size_t cap = wanted * 2;
		uint8_t *grown = realloc(text->data, cap);

		if (!grown)
			return -ENOMEM;
		text->data = grown;
		text->cap = cap;
	}
	memcpy(text->data + text->size, line->text, line->len);
	text->size += line->len;
	if (line->at_runtime)
		text->data[text->size++] = '?';
	text->data[text->size++] = '\n';
	return 0;
}

/*
 * No kernel prints a key twice: where two calls do, they are on two ways through the
 * code, of which a boot takes one.  Takes the line of the first one out again; says
 * whether it was there and had another value.
 */
static bool drop_other(struct kho_buffer *text, const struct text_line *line)
{
	struct kho_bytes all = { text->data, text->size }, value;
	char key[LINE_BYTES + 2];
	uint8_t *start, *end;
	bool other;

	snprintf(key, sizeof(key), "%.*s", (int)strcspn(line->text, "="), line->text);
	if (!text->size || vmcoreinfo_value(all, key, &value))
		return false;
	other = value.size != line->len - strlen(key) - 1 ||
		!bytes_have(value, 0, line->text + strlen(key) + 1, value.size);
	start = (uint8_t *)value.data - strlen(key) - 1;
	end = (uint8_t *)value.data + value.size + 1;
	memmove(start, end, text->data + text->size - end);
	text->size -= end - start;
	return other;
}

int vmcoreinfo_print(const struct kho_arch *arch, const struct successor_image *image,
		     const struct vmcoreinfo_calls *calls, struct kho_buffer *text, bool *whole)
{
	*whole = calls->whole;
	for (size_t i = 0; i < calls->nr; i++) {
		struct text_line line;

		expand_call(&line, arch->isa, image, &calls->call[i]);
		if (!line.understood) {
			*whole = false;
			continue;
		}
		line.at_runtime |= is_of_the_boot(line.text, arch);
		line.at_runtime |= drop_other(text, &line);
		if (append_line(text, &line))
			return -ENOMEM;
	}
	return text->size ? 0 : -EINVAL;
}
