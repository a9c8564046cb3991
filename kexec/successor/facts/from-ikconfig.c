// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/configs.c: the gzipped configuration between IKCFG_ST and IKCFG_ED, in
 * read-only data.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "base/unpack/unpack.h"
#include "successor/facts/facts.h"
#include "successor/facts/ikconfig.h"

/* A distribution's configuration has a quarter of a MiB. */
#define CONFIG_LIMIT_BYTES (UINT64_C(8) << 20)

static const char start[] = "IKCFG_ST\x1f\x8b\x08";
#define MARK_BYTES 8

const char *ikconfig_value(const struct successor_image *image, const char *name)
{
	size_t len = strlen(name);
	struct cursor c;
	const char *line;

	if (!image->config.size)
		return NULL;
	c = cursor_init((struct kho_bytes){ image->config.data, image->config.size });
	while (!cursor_string(&c, &line))
		if (!strncmp(line, "CONFIG_", 7) && !strncmp(line + 7, name, len) &&
		    line[7 + len] == '=')
			return line + 7 + len + 1;
	return "n";
}

static bool is_set(const struct successor *s, const char *name)
{
	return !strcmp(ikconfig_value(s->image, name), "y");
}

/* Make each line a string, so that ikconfig_value() can hand out values. */
static int split_lines(struct kho_buffer *text)
{
	uint8_t *grown = realloc(text->data, text->size + 1);

	if (!grown)
		return -ENOMEM;
	text->data = grown;
	for (size_t i = 0; i < text->size; i++)
		if (grown[i] == '\n')
			grown[i] = '\0';
	grown[text->size++] = '\0';
	return 0;
}

static void claim_page_bytes(struct successor *s)
{
	for (size_t i = 0; s->arch && i < KHO_ARCH_PAGE_SIZES; i++)
		if (s->arch->page_choice[i].config && is_set(s, s->arch->page_choice[i].config)) {
			successor_claim(s, KHO_FACT_PAGE_BYTES, KHO_SRC_IKCONFIG,
					s->arch->page_choice[i].page_bytes);
			return;
		}
}

int facts_from_ikconfig(struct successor *s)
{
	const uint8_t *at = image_find(s->image, start, sizeof(start) - 1);
	struct kho_bytes rest;
	struct kho_err err;
	int ret;

	if (!at)
		return 0;
	rest = image_rest(s->image, at + MARK_BYTES);
	ret = unpack(unpack_by_magic(rest), rest, 0, CONFIG_LIMIT_BYTES, &s->image->config, &err);
	if (ret == -ENOMEM || (!ret && split_lines(&s->image->config)))
		return -ENOMEM;
	if (ret) {
		successor_note(s, "its built-in configuration cannot be read: %s", err.text);
		return 0;
	}
	successor_claim(s, KHO_FACT_SPARSEMEM, KHO_SRC_IKCONFIG, is_set(s, "SPARSEMEM"));
	successor_claim(s, KHO_FACT_VMEMMAP, KHO_SRC_IKCONFIG, is_set(s, "SPARSEMEM_VMEMMAP"));
	successor_claim(s, KHO_FACT_KHO, KHO_SRC_IKCONFIG, is_set(s, "KEXEC_HANDOVER"));
	claim_page_bytes(s);
	return 0;
}
