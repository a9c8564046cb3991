// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "kernel/words.h"

const char *param_next(const char *text, struct param *p)
{
	bool quoted = false;
	const char *end, *equals = NULL;

	while (*text == ' ' || (*text >= '\t' && *text <= '\r'))
		text++;
	if (!*text)
		return NULL;
	if (*text == '"') {
		text++;
		quoted = true;
	}
	for (end = text; *end; end++) {
		if ((*end == ' ' || (*end >= '\t' && *end <= '\r')) && !quoted)
			break;
		if (*end == '=' && !equals)
			equals = end;
		if (*end == '"')
			quoted = !quoted;
	}
	p->name = text;
	p->name_bytes = (size_t)((equals ? equals : end) - text);
	if (!equals && p->name_bytes && end[-1] == '"')
		p->name_bytes--;
	p->value = equals ? equals + 1 : NULL;
	p->value_bytes = equals ? (size_t)(end - equals - 1) : 0;
	if (p->value && p->value_bytes && *p->value == '"') {
		p->value++;
		p->value_bytes--;
	}
	if (p->value && p->value_bytes && p->value[p->value_bytes - 1] == '"')
		p->value_bytes--;
	return end;
}

bool param_is(const struct param *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->name_bytes && name[i]; i++) {
		char a = p->name[i] == '-' ? '_' : p->name[i];
		char b = name[i] == '-' ? '_' : name[i];

		if (a != b)
			return false;
	}
	return i == p->name_bytes && !name[i];
}

bool param_eat(struct param_text *t, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(t->end - t->at) < n || memcmp(t->at, text, n))
		return false;
	t->at += n;
	return true;
}

static int digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	return 99;
}

bool param_number(struct param_text *t, uint64_t *value)
{
	bool overflow = false;
	const char *start;
	uint64_t v = 0;
	int base = 10;

	/* _parse_integer_fixup_radix(): "0x" wants a digit behind it. */
	if (t->end - t->at > 2 && *t->at == '0' && (t->at[1] | 0x20) == 'x' &&
	    digit(t->at[2]) < 16) {
		base = 16;
		t->at += 2;
	} else if (t->end - t->at > 1 && *t->at == '0') {
		base = 8;
	}
	for (start = t->at; t->at < t->end && digit(*t->at) < base; t->at++) {
		overflow |= __builtin_mul_overflow(v, (uint64_t)base, &v);
		overflow |= __builtin_add_overflow(v, (uint64_t)digit(*t->at), &v);
	}
	*value = overflow && t->saturates ? UINT64_MAX : v;
	t->too_large |= overflow;
	return t->at > start;
}

bool param_size(struct param_text *t, uint64_t *bytes)
{
	static const char units[] = "kmgtpe";
	const char *unit;

	if (!param_number(t, bytes))
		return false;
	unit = t->at < t->end ? strchr(units, *t->at | 0x20) : NULL;
	if (unit && *unit) {
		unsigned int shift = 10 * (unsigned int)(unit - units + 1);

		bool overflow = *bytes >> (64 - shift);

		*bytes = overflow && t->saturates ? UINT64_MAX : *bytes << shift;
		t->too_large |= overflow;
		t->at++;
	}
	return true;
}

bool param_value_is(const struct param *p, const char *text)
{
	return p->value && p->value_bytes == strlen(text) &&
	       !memcmp(p->value, text, p->value_bytes);
}

int param_boolean(const struct param *p, int before)
{
	char first = p->value_bytes ? p->value[0] : '\0';
	char second = p->value_bytes > 1 ? p->value[1] : '\0';

	/* "enable" and "disable" too. */
	if (first && strchr("yYtT1eE", first))
		return 1;
	if (first && strchr("nNfF0dD", first))
		return 0;
	if (first == 'o' || first == 'O')
		return second == 'n' || second == 'N' ? 1 :
		       second == 'f' || second == 'F' ? 0 : before;
	return before;
}

int param_switch(const char *cmdline, const char *name)
{
	struct param p;
	int is = -1;

	while ((cmdline = param_next(cmdline, &p))) {
		if (param_is(&p, "--") && !p.value)
			break;
		if (param_is(&p, name))
			is = param_boolean(&p, is);
	}
	return is;
}

bool release_is_before_7(const char *release, unsigned int minor)
{
	unsigned int its_major, its_minor;

	return sscanf(release, "%u.%u", &its_major, &its_minor) == 2 &&
	       (its_major < 7 || (its_major == 7 && its_minor < minor));
}
