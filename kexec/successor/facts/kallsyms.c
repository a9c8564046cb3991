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

/* Letters of nm, and whether the compiler may have put something behind the name. */
struct kind {
	const char *letters;
	bool may_be_split;
};

static const struct kind function = { "tTwW", true };

/* x86 marks .data as code too, for the trampolines in it. */
static const struct kind variable = { "dDbBrRtT", false };

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
	k->nr_symbols = tables->nr_symbols;
	k->offsets = tables->offsets;
	k->pc_relative = tables->pc_relative;
	return bytes_slice(tables->names, 0, names.pos, &k->names) ? -EINVAL : 0;
}

/* Most names differ from @name in the first token or two: no more of them is looked at. */
static bool is_symbol(const struct kallsyms *k, struct kho_bytes tokens, const struct kind *kind,
		      const char *name, size_t len)
{
	size_t at = 0;		/* in the text: the letter, then the name */

	for (size_t i = 0; i < tokens.size; i++) {
		struct kho_bytes token = k->token[tokens.data[i]];

		for (size_t j = 0; j < token.size; j++, at++) {
			char c = token.data[j];

			if (at == len + 1)
				return c == '.' && kind->may_be_split;
			if (at ? c != name[at - 1] : !strchr(kind->letters, c))
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
		if (is_symbol(k, tokens, &function, name, len))
			return true;
	return false;
}

/* From _text or from another place that is the same for all: kallsyms_sym_address(). */
static int nth_place(const struct kallsyms *k, size_t nr, int64_t *place)
{
	struct cursor offsets = cursor_init(k->offsets);
	uint32_t offset;

	if (cursor_seek(&offsets, nr * 4) || cursor_u32(&offsets, &offset))
		return -ENOENT;
	*place = k->pc_relative ? (int64_t)(nr * 4) + (int32_t)offset : offset;
	return 0;
}

static int symbol_place(const struct kallsyms *k, const struct kind *kind, const char *name,
			int64_t *place)
{
	struct cursor names = cursor_init(k->names);
	size_t len = strlen(name);
	struct kho_bytes tokens;

	for (size_t i = 0; !next_name(&names, &tokens); i++)
		if (is_symbol(k, tokens, kind, name, len))
			return nth_place(k, i, place);
	return -ENOENT;
}

int kallsyms_variable(const struct kallsyms *k, const char *name, int64_t *offset)
{
	int64_t place, text;

	if (symbol_place(k, &variable, name, &place) || symbol_place(k, &function, "_text", &text))
		return -ENOENT;
	*offset = place - text;
	return 0;
}

/* The place that the VMCOREINFO gives for the symbol @key. */
static int table_va(const struct successor_image *image, const char *key, uint64_t *va)
{
	struct kho_bytes text = { image->vmcoreinfo.data, image->vmcoreinfo.size }, value;
	char digits[20];
	char *end;

	if (!text.size || vmcoreinfo_value(text, key, &value) || value.size >= sizeof(digits))
		return -ENOENT;
	memcpy(digits, value.data, value.size);
	digits[value.size] = '\0';
	*va = strtoull(digits, &end, 16);
	return end == digits || strcmp(end, "?") ? -ENOENT : 0;
}

static int find_table(const struct successor_image *image, const char *key, struct kho_bytes *table)
{
	uint64_t va;

	return table_va(image, key, &va) ? -ENOENT : image_bytes_at(image, va, table);
}

static bool has_key(const struct successor_image *image, const char *key)
{
	struct kho_bytes text = { image->vmcoreinfo.data, image->vmcoreinfo.size }, value;

	return text.size && !vmcoreinfo_value(text, key, &value);
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
	/* Only where variables lie depends on them. */
	if (find_table(image, "SYMBOL(kallsyms_offsets)", &tables->offsets))
		tables->offsets = (struct kho_bytes){ NULL, 0 };
	tables->pc_relative = !has_key(image, "SYMBOL(kallsyms_relative_base)");
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
static const struct kallsyms *kallsyms_in(struct successor_image *image)
{
	if (!image->kallsyms_tried) {
		image->kallsyms = open_kallsyms(image);
		image->kallsyms_tried = true;
	}
	return image->kallsyms;
}

enum kho_tri kallsyms_of_image(struct successor_image *image, const char *name)
{
	const struct kallsyms *k = kallsyms_in(image);

	if (!k)
		return KHO_TRI_UNKNOWN;
	return kallsyms_has_function(k, name) ? KHO_TRI_YES : KHO_TRI_NO;
}

/* An ELF kernel begins with .text, and so does _text. */
static uint64_t text_va(const struct successor_image *image)
{
	const struct image_section *text = image->flat ? NULL : image_section(image, ".text");

	return text ? text->va : 0;
}

int kallsyms_initial(struct successor_image *image, const char *name, unsigned int bytes,
		     uint64_t *value)
{
	const struct kallsyms *k = kallsyms_in(image);
	struct kho_bytes at;
	struct cursor c;
	int64_t offset;
	uint32_t half;
	uint8_t byte;

	if (!k || kallsyms_variable(k, name, &offset) ||
	    image_bytes_at(image, text_va(image) + (uint64_t)offset, &at))
		return -ENOENT;
	c = cursor_init(at);
	if (bytes == 8)
		return cursor_u64(&c, value) ? -ENOENT : 0;
	if (bytes == 1 ? cursor_u8(&c, &byte) : cursor_u32(&c, &half))
		return -ENOENT;
	*value = bytes == 1 ? byte : half;
	return 0;
}

/*
 * What is to be added to a place for its address: that of the offsets, if each counts from where it
 * stands, else what _text shows, which the tables of arm64 have with CONFIG_KALLSYMS_ALL only.
 */
static int places_begin(const struct successor_image *image, const struct kallsyms *k, uint64_t *va)
{
	int64_t text;

	if (k->pc_relative && !table_va(image, "SYMBOL(kallsyms_offsets)", va))
		return 0;
	if (symbol_place(k, &function, "_text", &text))
		return -ENOENT;
	*va = text_va(image) - (uint64_t)text;
	return 0;
}

int kallsyms_function(struct successor_image *image, const char *name, uint64_t *entry)
{
	const struct kallsyms *k = kallsyms_in(image);
	uint64_t begin;
	int64_t place;

	if (!k || symbol_place(k, &function, name, &place) || places_begin(image, k, &begin))
		return -ENOENT;
	*entry = begin + (uint64_t)place;
	return 0;
}

/* The tables are in the order of addresses. */
int kallsyms_entry(struct successor_image *image, uint64_t va, uint64_t *entry)
{
	const struct kallsyms *k = kallsyms_in(image);
	size_t low = 0, high;
	uint64_t begin;
	int64_t place;

	if (!k || places_begin(image, k, &begin))
		return -ENOENT;
	for (high = k->nr_symbols; low < high; ) {
		size_t mid = low + (high - low) / 2;

		if (nth_place(k, mid, &place))
			return -ENOENT;
		if (begin + (uint64_t)place <= va)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || nth_place(k, low - 1, &place))
		return -ENOENT;
	*entry = begin + (uint64_t)place;
	return 0;
}
