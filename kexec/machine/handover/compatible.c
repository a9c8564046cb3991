// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "machine/handover/compatible.h"

/* A format is a word that a kernel's source holds: what is none can't stand in an image. */
static bool is_format(const char *text)
{
	size_t len = strnlen(text, HANDOVER_TEXT_BYTES);

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] > 0x7e)
			return false;
	return len && len < HANDOVER_TEXT_BYTES;
}

int handover_compatible_init(struct handover_compatible *c, const char *node,
			     const char *const *text, size_t n)
{
	*c = (struct handover_compatible){ .nr_texts = 0 };
	if (!n || n > HANDOVER_TEXTS)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++)
		if (!is_format(text[i]))
			return -EBADMSG;
	c->node = strdup(node);
	c->text = calloc(n, sizeof(*c->text));
	while (c->node && c->text && c->nr_texts < n) {
		c->text[c->nr_texts] = strdup(text[c->nr_texts]);
		if (!c->text[c->nr_texts])
			break;
		c->nr_texts++;
	}
	if (c->nr_texts < n) {
		handover_compatible_deinit(c);
		return -ENOMEM;
	}
	kho_make_printable(c->node);
	return 0;
}

int handover_compatible_parse(struct handover_compatible *c, const char *node,
			      struct kho_bytes value)
{
	const char *text[HANDOVER_TEXTS];
	struct cursor at = cursor_init(value);
	size_t n = 0;

	*c = (struct handover_compatible){ .nr_texts = 0 };
	while (cursor_left(&at))
		if (n == HANDOVER_TEXTS || cursor_string(&at, &text[n++]))
			return -EBADMSG;
	return handover_compatible_init(c, node, text, n);
}

void handover_compatible_deinit(struct handover_compatible *c)
{
	free(c->node);
	for (size_t i = 0; i < c->nr_texts; i++)
		free(c->text[i]);
	free(c->text);
	*c = (struct handover_compatible){ .nr_texts = 0 };
}
