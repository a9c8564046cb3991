// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "model/cmdline.h"
#include "kho-range.h"

struct param {
	const char *name;
	size_t name_bytes;
	const char *value;	/* NULL: none */
	size_t value_bytes;
};

/*
 * lib/cmdline.c, next_arg(): blanks separate, double quotes hold together, around
 * all of a parameter or around its value.
 */
static const char *next_param(const char *text, struct param *p)
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

/* A parameter's name; '-' and '_' are the same (parameq()). */
static bool is(const struct param *p, const char *name)
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

/* What is left of a value. */
struct cursor {
	const char *at;
	const char *end;
};

static bool eat(struct cursor *c, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(c->end - c->at) < n || memcmp(c->at, text, n))
		return false;
	c->at += n;
	return true;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* simple_strtoull(..., 0).  False: no digit, or it does not fit. */
static bool number(struct cursor *c, uint64_t *value)
{
	const char *start;
	uint64_t v = 0;
	int base = 10;

	if (eat(c, "0x") || eat(c, "0X"))
		base = 16;
	else if (c->end - c->at > 1 && *c->at == '0')
		base = 8;
	for (start = c->at; c->at < c->end && digit(*c->at) < base; c->at++)
		if (__builtin_mul_overflow(v, (uint64_t)base, &v) ||
		    __builtin_add_overflow(v, (uint64_t)digit(*c->at), &v))
			return false;
	*value = v;
	return c->at > start;
}

/* memparse() */
static bool size(struct cursor *c, uint64_t *bytes)
{
	static const char units[] = "kmgtpe";
	const char *unit;

	if (!number(c, bytes))
		return false;
	unit = c->at < c->end ? strchr(units, *c->at | 0x20) : NULL;
	if (unit && *unit) {
		unsigned int shift = 10 * (unsigned int)(unit - units + 1);

		if (*bytes >> (64 - shift))
			return false;
		*bytes <<= shift;
		c->at++;
	}
	return true;
}

static void note(struct cmdline *c, const char *name)
{
	for (size_t i = 0; i < c->nr_not_followed; i++)
		if (c->not_followed[i] == name)
			return;
	if (c->nr_not_followed < CMDLINE_NOTES)
		c->not_followed[c->nr_not_followed++] = name;
}

/* arch/x86/kernel/e820.c, parse_memopt() */
static void parse_mem(struct cursor v, struct cmdline *c)
{
	uint64_t bytes;

	if (size(&v, &bytes) && bytes && bytes < c->mem_limit)
		c->mem_limit = bytes;
}

/* parse_memmap_one(), each part of a list */
static void parse_memmap(struct cursor v, struct cmdline *c)
{
	while (v.at < v.end) {
		struct cmdline_memmap m = { .kind = '-' };

		if (!size(&v, &m.bytes) || c->nr_memmaps == CMDLINE_MEMMAPS) {
			note(c, "memmap=");	/* exactmap, or too many */
			return;
		}
		if (v.at < v.end && strchr("@#$!", *v.at)) {
			m.kind = *v.at++;
			if (!size(&v, &m.start_pa) || m.start_pa + m.bytes < m.start_pa)
				return;
		}
		if (v.at < v.end && !eat(&v, ",")) {
			note(c, "memmap=");	/* SIZE%START-FROM+TO */
			return;
		}
		c->memmap[c->nr_memmaps++] = m;
	}
}

/* kernel/dma/swiotlb.c, setup_io_tlb_npages(): slots of 2 KiB, areas, a word */
static void parse_swiotlb(struct cursor v, struct cmdline *c)
{
	uint64_t slots, areas;

	if (number(&v, &slots) && slots <= UINT32_MAX)
		c->swiotlb_bytes = (slots + 127) / 128 * 128 * 2048;
	eat(&v, ",");
	if (number(&v, &areas))
		eat(&v, ",");
	if (eat(&v, "force"))
		c->swiotlb_force = true;
	else if (eat(&v, "noforce"))
		c->swiotlb_noforce = true;
}

/* parse_crashkernel_mem(): START-[END]:SIZE[,...][@BASE] */
static bool crash_range(struct cursor v, uint64_t ram_bytes, uint64_t *bytes, uint64_t *base_pa)
{
	const uint64_t step = UINT64_C(128) << 20;

	ram_bytes = (ram_bytes + step - 1) / step * step;
	do {
		uint64_t start, end = UINT64_MAX, n;

		if (!size(&v, &start) || !eat(&v, "-"))
			return false;
		if (!eat(&v, ":") && (!size(&v, &end) || !eat(&v, ":") || end <= start))
			return false;
		if (!size(&v, &n) || n >= ram_bytes)
			return false;
		if (ram_bytes >= start && ram_bytes < end) {
			*bytes = n;
			while (v.at < v.end && *v.at != '@')
				v.at++;
			return !eat(&v, "@") || size(&v, base_pa);
		}
	} while (eat(&v, ","));
	*bytes = 0;
	return true;
}

/*
 * kernel/crash_reserve.c: the last one of its kind counts; SIZE,high only when
 * there is no plain one.
 */
struct crash {
	uint64_t plain_bytes, plain_base_pa, high_bytes, low_bytes;
	bool low_given;
};

static void parse_crashkernel(struct cursor v, uint64_t ram_bytes, struct crash *crash,
			      struct cmdline *c)
{
	uint64_t bytes = 0, base_pa = 0;
	struct cursor rest = v;

	if (memchr(v.at, ':', (size_t)(v.end - v.at))) {
		if (crash_range(v, ram_bytes, &bytes, &base_pa)) {
			crash->plain_bytes = bytes;
			crash->plain_base_pa = base_pa;
		}
		return;
	}
	if (!size(&rest, &bytes))
		return;
	if (eat(&rest, ",high")) {
		crash->high_bytes = bytes;
	} else if (eat(&rest, ",low")) {
		crash->low_bytes = bytes;
		crash->low_given = true;
	} else if (eat(&rest, ",cma")) {
		note(c, "crashkernel=SIZE,cma");
	} else {
		if (eat(&rest, "@") && !size(&rest, &base_pa))
			return;
		crash->plain_bytes = bytes;
		crash->plain_base_pa = base_pa;
	}
}

/* mm/hugetlb.c, hugepages_setup(): COUNT, or NODE:COUNT[,...] */
static void parse_hugepages(struct cursor v, uint64_t page_bytes, struct cmdline *c)
{
	do {
		struct cmdline_hugepages h = { .page_bytes = page_bytes, .node = KHO_NO_NODE };
		uint64_t node;

		if (!number(&v, &h.count))
			return;
		if (eat(&v, ":")) {
			node = h.count;
			if (node > INT32_MAX || !number(&v, &h.count))
				return;
			h.node = (int)node;
		}
		if (c->nr_hugepages == CMDLINE_HUGEPAGES) {
			note(c, "hugepages=");
			return;
		}
		c->hugepages[c->nr_hugepages++] = h;
	} while (eat(&v, ","));
}

static void parse_numa(struct cursor v, struct cmdline *c)
{
	uint64_t nodes;

	if (eat(&v, "off")) {
		c->numa_off = true;
	} else if (eat(&v, "fake=")) {
		/* SIZE[MG] and NU are other ways to split. */
		if (number(&v, &nodes) && v.at == v.end)
			c->numa_fake = nodes < CMDLINE_FAKE_NODES ? nodes : CMDLINE_FAKE_NODES;
		else
			note(c, "numa=fake=");
	}
}

static void parse_log_buf(struct cursor v, struct cmdline *c)
{
	uint64_t bytes, pow2 = 1;

	if (!size(&v, &bytes) || !bytes)
		return;
	if (bytes > UINT64_C(1) << 31)
		bytes = UINT64_C(1) << 31;
	while (pow2 < bytes)
		pow2 <<= 1;
	c->log_buf_bytes = pow2;
}

/*
 * Takes early memory, or changes what is taken, in a way that is not followed.
 * With a value: only that one does.
 */
static const struct {
	const char *name;
	const char *value;
} not_followed[] = {
	{ "movable_node", NULL }, { "kernelcore", "mirror" }, { "hugetlb_cma", NULL },
	{ "cma_pernode", NULL }, { "numa_cma", NULL }, { "reserve_mem", NULL },
	{ "page_owner", "on" }, { "debug_pagealloc", "on" }, { "kasan", NULL },
	{ "hugetlb_free_vmemmap", "on" }, { "percpu_alloc", "page" }, { "mem_encrypt", "on" },
	{ "possible_cpus", NULL }, { "hashdist", NULL }, { "efi_fake_mem", NULL },
	{ "kfence.sample_interval", NULL },
};

static bool value_is(const struct param *p, const char *text)
{
	return p->value && p->value_bytes == strlen(text) &&
	       !memcmp(p->value, text, p->value_bytes);
}

/* Parameters that are a word, or a word and one known value. */
static void parse_words(const struct param *p, struct cmdline *c)
{
	if (is(p, "nokaslr"))
		c->nokaslr = true;
	else if (is(p, "no5lvl"))
		c->no5lvl = true;
	else if (is(p, "nogbpages"))
		c->nogbpages = true;
	else if (is(p, "kho"))
		c->kho_off = value_is(p, "off") || value_is(p, "0") || value_is(p, "n");
	else if (is(p, "rodata"))
		c->rodata_full = !(c->rodata_not_full = value_is(p, "off") ||
				   value_is(p, "noalias"));
	for (size_t i = 0; i < sizeof(not_followed) / sizeof(not_followed[0]); i++)
		if (is(p, not_followed[i].name) &&
		    (!not_followed[i].value || value_is(p, not_followed[i].value)))
			note(c, not_followed[i].name);
}

static void parse_iommu(struct cursor v, struct cmdline *c)
{
	do {
		if (eat(&v, "off"))
			c->iommu_off = true;
		else if (eat(&v, "soft"))
			c->iommu_soft = true;
		while (v.at < v.end && *v.at != ',')
			v.at++;
	} while (eat(&v, ","));
}

void cmdline_parse(const char *text, uint64_t ram_bytes, struct cmdline *c)
{
	struct crash crash = { 0 };
	uint64_t hugepage_bytes = 0;
	struct param p;

	memset(c, 0, sizeof(*c));
	c->mem_limit = c->cma_bytes = UINT64_MAX;
	for (; text && (text = next_param(text, &p)); ) {
		struct cursor v = { p.value, p.value ? p.value + p.value_bytes : NULL };

		if (is(&p, "--") && !p.value)
			break;
		parse_words(&p, c);
		if (!p.value)
			continue;
		if (is(&p, "mem"))
			parse_mem(v, c);
		else if (is(&p, "memmap"))
			parse_memmap(v, c);
		else if (is(&p, "numa"))
			parse_numa(v, c);
		else if (is(&p, "swiotlb"))
			parse_swiotlb(v, c);
		else if (is(&p, "iommu"))
			parse_iommu(v, c);
		else if (is(&p, "crashkernel"))
			parse_crashkernel(v, ram_bytes, &crash, c);
		else if (is(&p, "hugepagesz"))
			hugepage_bytes = size(&v, &hugepage_bytes) ? hugepage_bytes : 0;
		else if (is(&p, "default_hugepagesz"))
			c->default_hugepage_bytes = size(&v, &hugepage_bytes) ? hugepage_bytes : 0;
		else if (is(&p, "hugepages"))
			parse_hugepages(v, hugepage_bytes, c);
		else if (is(&p, "log_buf_len"))
			parse_log_buf(v, c);
		else if (is(&p, "cma") && !size(&v, &c->cma_bytes))
			c->cma_bytes = UINT64_MAX;
		else if (is(&p, "dhash_entries") && !number(&v, &c->dhash_entries))
			c->dhash_entries = 0;
		else if (is(&p, "ihash_entries") && !number(&v, &c->ihash_entries))
			c->ihash_entries = 0;
	}
	c->crashkernel_high = !crash.plain_bytes && crash.high_bytes;
	c->crashkernel_bytes = c->crashkernel_high ? crash.high_bytes : crash.plain_bytes;
	c->crashkernel_base_pa = c->crashkernel_high ? 0 : crash.plain_base_pa;
	c->crashkernel_low_given = c->crashkernel_high && crash.low_given;
	c->crashkernel_low_bytes = crash.low_bytes;
}
