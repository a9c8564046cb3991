// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "successor/facts/kallsyms.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"

/* KSYM_NAME_LEN, and the letter of the symbol's type before the name. */
#define MAX_NAME_BYTES 512

/* Each token stands where the index says, right behind the one before. */
static int read_tokens(struct kallsyms *k, const struct kallsyms_tables *tables)
{
	struct cursor table = cursor_init(tables->token_table);
	struct cursor index = cursor_init(tables->token_index);

	for (unsigned int i = 0; i < KALLSYMS_TOKENS; i++) {
		const char *token;
		uint16_t offset;

		if (cursor_u16(&index, &offset) || offset != table.pos ||
		    cursor_string(&table, &token))
			return -EINVAL;
		for (const char *p = token; *p; p++)
			if (!isprint((unsigned char)*p))
				return -EINVAL;
		k->token[i] = (struct kho_bytes){ (const uint8_t *)token, strlen(token) };
	}
	return 0;
}

/* One name, as numbers of tokens.  Its length has seven bits a byte, two bytes at most. */
static int next_name(struct cursor *names, struct kho_bytes *tokens)
{
	uint8_t low, high = 0;

	if (cursor_u8(names, &low) || (low & 0x80 && cursor_u8(names, &high)))
		return -EINVAL;
	return cursor_bytes(names, (low & 0x7f) | high << 7, tokens) ? -EINVAL : 0;
}

/* All tokens in a row are a letter for the type and then a name. */
static int check_name(const struct kallsyms *k, struct kho_bytes tokens)
{
	uint8_t type = '\0';
	size_t len = 0;

	for (size_t i = 0; i < tokens.size; i++) {
		struct kho_bytes token = k->token[tokens.data[i]];

		if (!len && token.size)
			type = token.data[0];
		len += token.size;
	}
	return len > 1 && len <= MAX_NAME_BYTES && isalpha(type) ? 0 : -EINVAL;
}

int kallsyms_init(struct kallsyms *k, const struct kallsyms_tables *tables)
{
	struct cursor names = cursor_init(tables->names);

	if (!tables->nr_symbols || tables->nr_symbols > KALLSYMS_MAX_SYMBOLS ||
	    read_tokens(k, tables))
		return -EINVAL;
	for (uint32_t i = 0; i < tables->nr_symbols; i++) {
		struct kho_bytes tokens;

		if (next_name(&names, &tokens) || check_name(k, tokens))
			return -EINVAL;
	}
	if (names.pos > KALLSYMS_MAX_NAMES_BYTES)
		return -EINVAL;
	return bytes_slice(tables->names, 0, names.pos, &k->names) ? -EINVAL : 0;
}

/*
 * t, T: in a text section; w, W: weak.  Most names differ from @name in the first
 * token or two: no more of them is looked at.
 */
static bool is_function(const struct kallsyms *k, struct kho_bytes tokens, const char *name,
			size_t len)
{
	size_t at = 0;		/* in the text: the letter, then the name */

	for (size_t i = 0; i < tokens.size; i++) {
		struct kho_bytes token = k->token[tokens.data[i]];

		for (size_t j = 0; j < token.size; j++, at++) {
			char c = token.data[j];

			if (at == len + 1)
				return c == '.';
			if (at ? c != name[at - 1] : !strchr("tTwW", c))
				return false;
		}
	}
	return at == len + 1;
}

bool kallsyms_has_function(const struct kallsyms *k, const char *name)
{
	struct cursor names = cursor_init(k->names);
	size_t len = strlen(name);
	struct kho_bytes tokens;

	while (!next_name(&names, &tokens))
		if (is_function(k, tokens, name, len))
			return true;
	return false;
}

/* The bytes from the place that the VMCOREINFO gives for the symbol @key. */
static int find_table(const struct successor_image *image, const char *key, struct kho_bytes *table)
{
	struct kho_bytes text = { image->vmcoreinfo.data, image->vmcoreinfo.size }, value;
	char digits[20];
	char *end;
	uint64_t va;

	if (!text.size || vmcoreinfo_value(text, key, &value) || value.size >= sizeof(digits))
		return -ENOENT;
	memcpy(digits, value.data, value.size);
	digits[value.size] = '\0';
	va = strtoull(digits, &end, 16);
	if (end == digits || strcmp(end, "?"))
		return -ENOENT;
	return image_bytes_at(image, va, table);
}

static int find_tables(const struct successor_image *image, struct kallsyms_tables *tables)
{
	struct kho_bytes number;
	struct cursor c;

	if (find_table(image, "SYMBOL(kallsyms_num_syms)", &number) ||
	    find_table(image, "SYMBOL(kallsyms_names)", &tables->names) ||
	    find_table(image, "SYMBOL(kallsyms_token_table)", &tables->token_table) ||
	    find_table(image, "SYMBOL(kallsyms_token_index)", &tables->token_index))
		return -ENOENT;
	c = cursor_init(number);
	return cursor_u32(&c, &tables->nr_symbols);
}

static struct kallsyms *open_kallsyms(const struct successor_image *image)
{
	struct kallsyms *k = malloc(sizeof(*k));
	struct kallsyms_tables tables;

	if (k && !find_tables(image, &tables) && !kallsyms_init(k, &tables))
		return k;
	free(k);
	return NULL;
}

/* Opened when first asked: few questions need it, and its names are many. */
enum kho_tri kallsyms_of_image(struct successor_image *image, const char *name)
{
	if (!image->kallsyms_tried) {
		image->kallsyms = open_kallsyms(image);
		image->kallsyms_tried = true;
	}
	if (!image->kallsyms)
		return KHO_TRI_UNKNOWN;
	return kallsyms_has_function(image->kallsyms, name) ? KHO_TRI_YES : KHO_TRI_NO;
}
