// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "successor/vmcoreinfo/vmcoreinfo.h"

int vmcoreinfo_next_line(struct cursor *c, struct kho_bytes *line)
{
	const uint8_t *start, *end;

	/* No text at all has no address either. */
	if (!cursor_left(c))
		return -ENOENT;
	start = c->bytes.data + c->pos;
	end = memchr(start, '\n', cursor_left(c));
	if (cursor_bytes(c, end ? (uint64_t)(end - start) : cursor_left(c), line))
		return -ENOENT;
	return end ? cursor_skip(c, 1) : 0;
}

static bool is_text(struct kho_bytes line)
{
	for (size_t i = 0; i < line.size; i++)
		if (!isprint(line.data[i]) && line.data[i] != '\t')
			return false;
	return true;
}

int vmcoreinfo_check(struct kho_bytes text, struct kho_err *err)
{
	struct cursor c = cursor_init(text);
	unsigned int nr = 0, pairs = 0;
	struct kho_bytes line;

	while (!vmcoreinfo_next_line(&c, &line)) {
		nr++;
		if (!is_text(line))
			return kho_fail(err, EINVAL, "line %u is not text", nr);
		if (!line.size || line.data[0] == '#')
			continue;
		if (line.data[0] == '=' || !memchr(line.data, '=', line.size))
			return kho_fail(err, EINVAL, "line %u is not KEY=VALUE", nr);
		pairs++;
	}
	return pairs ? 0 : kho_fail(err, EINVAL, "there is no KEY=VALUE line in it");
}

int vmcoreinfo_value(struct kho_bytes text, const char *key, struct kho_bytes *value)
{
	struct cursor c = cursor_init(text);
	size_t len = strlen(key);
	struct kho_bytes line;

	while (!vmcoreinfo_next_line(&c, &line))
		if (bytes_have(line, 0, key, len) && bytes_have(line, len, "=", 1))
			return bytes_slice(line, len + 1, line.size - len - 1, value);
	return -ENOENT;
}

int vmcoreinfo_number(struct kho_bytes text, const char *key, uint64_t *number)
{
	struct kho_bytes value;
	unsigned long long n;
	char digits[24];
	char *end;

	if (vmcoreinfo_value(text, key, &value))
		return -ENOENT;
	if (value.size && value.data[value.size - 1] == '?')
		return -ENOENT;
	if (!value.size || value.size >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, value.data, value.size);
	digits[value.size] = '\0';
	errno = 0;
	n = strtoull(digits, &end, strncmp(digits, "0x", 2) ? 10 : 16);
	if (*end || errno || !isdigit((unsigned char)digits[0]))
		return -EINVAL;
	*number = n;
	return 0;
}

struct key {
	const char *name;
	enum kho_fact_id fact;
	uint64_t min, max;
};

/* The bounds hold for every architecture: values outside are damage. */
static const struct key keys[] = {
	{ "PAGESIZE", KHO_FACT_PAGE_BYTES, 1 << 12, 1 << 20 },
	{ "SIZE(page)", KHO_FACT_STRUCT_PAGE_BYTES, 32, 1024 },
	{ "NUMBER(SECTION_SIZE_BITS)", KHO_FACT_SECTION_SIZE_BITS, 20, 40 },
};

#define NR_KEYS (sizeof(keys) / sizeof(keys[0]))

/* Read all keys before any is filed. */
static int read_keys(struct kho_bytes text, uint64_t value[NR_KEYS], struct kho_err *err)
{
	for (size_t i = 0; i < NR_KEYS; i++) {
		const struct key *key = &keys[i];
		int ret = vmcoreinfo_number(text, key->name, &value[i]);

		if (ret == -ENOENT) {
			value[i] = 0;
			continue;
		}
		if (ret || value[i] < key->min || value[i] > key->max ||
		    (key->fact == KHO_FACT_PAGE_BYTES && value[i] & (value[i] - 1)))
			return kho_fail(err, EINVAL, "%s has an impossible value", key->name);
	}
	return 0;
}

/*
 * With SPARSEMEM the kernel prints the section size, with SPARSEMEM_VMEMMAP the
 * map's address as well.
 */
static void claim_model(struct successor *s, struct kho_bytes text, enum kho_source source,
			bool whole)
{
	struct kho_bytes value;
	bool sparsemem = !vmcoreinfo_value(text, "NUMBER(SECTION_SIZE_BITS)", &value);
	bool vmemmap = !vmcoreinfo_value(text, "SYMBOL(vmemmap)", &value);

	if (sparsemem || whole)
		successor_claim(s, KHO_FACT_SPARSEMEM, source, sparsemem);
	if (vmemmap || whole)
		successor_claim(s, KHO_FACT_VMEMMAP, source, vmemmap);
}

static void take_release(struct successor *s, struct kho_bytes text, enum kho_source source)
{
	struct kho_bytes release;

	if (vmcoreinfo_value(text, "OSRELEASE", &release) || !release.size ||
	    release.size >= sizeof(s->release))
		return;
	if (!s->release[0]) {
		memcpy(s->release, release.data, release.size);
		s->release[release.size] = '\0';
		s->release_source = source;
	} else if (strlen(s->release) != release.size ||
		   memcmp(s->release, release.data, release.size)) {
		successor_note(s, "%s names release %.*s, %s names %s", kho_source_name(source),
			       (int)release.size, (const char *)release.data,
			       kho_source_name(s->release_source), s->release);
	}
}

int vmcoreinfo_claim(struct successor *s, struct kho_bytes text, enum kho_source source,
		     bool whole, struct kho_err *err)
{
	uint64_t value[NR_KEYS];
	int ret;

	ret = read_keys(text, value, err);
	if (ret)
		return ret;
	for (size_t i = 0; i < NR_KEYS; i++)
		if (value[i])
			successor_claim(s, keys[i].fact, source, value[i]);
	claim_model(s, text, source, whole);
	take_release(s, text, source);
	return 0;
}
