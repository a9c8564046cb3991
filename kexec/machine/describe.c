// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "base/err.h"
#include "machine/describe.h"

#define GIB		(UINT64_C(1) << 30)
#define GRAIN		(UINT64_C(1) << 21)	/* sizes and places are multiples of 2 MiB */
#define MOST_BYTES	(UINT64_C(1) << 46)
#define MOST_NODES	256
#define MOST_HOLES	256
#define MOST_CPUS	65536
#define MOST_ERRORS	64
#define WORDS "SIZE, nodes=, cpus=, node=, hole=, hotplug=, arch=, page=, release=, host="

struct described_node {
	uint64_t bytes, start_pa;
	bool has_start;
	unsigned int cpus;
	bool has_cpus;
};

struct described_hole {
	uint64_t start_pa, end_pa;
};

struct description {
	struct machine *m;
	uint64_t total_bytes;
	unsigned int nodes, cpus, windows;
	bool has_cpus;
	struct described_node node[MOST_NODES];
	size_t nr_node;
	struct described_hole hole[MOST_HOLES];
	size_t nr_holes;
	const struct kho_arch *arch;

	/* The place of the word, and what is wrong so far. */
	unsigned int line, word;
	const char *at;
	size_t bytes;
	char *errors;
	size_t nr_errors;
	bool no_memory;
};

__attribute__((format(printf, 2, 3)))
static void complain_at_word(struct description *d, const char *format, ...)
{
	char what[256], *all;
	va_list ap;

	if (d->nr_errors++ >= MOST_ERRORS)
		return;
	va_start(ap, format);
	vsnprintf(what, sizeof(what), format, ap);
	va_end(ap);
	kho_make_printable(what);
	if (d->at) {
		char word[64];

		snprintf(word, sizeof(word), "%.*s", (int)d->bytes, d->at);
		kho_make_printable(word);
		if (asprintf(&all, "%sline %u, word %u: %s: %s\n", d->errors ? d->errors : "", d->line,
			     d->word, word, what) < 0)
			all = NULL;
	} else if (asprintf(&all, "%s%s\n", d->errors ? d->errors : "", what) < 0) {
		all = NULL;
	}
	d->no_memory |= !all;
	free(d->errors);
	d->errors = all;
}

/* "512G": binary units; @at moves behind it.  False: no size. */
static bool size(const char **at, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	unsigned long long n;
	const char *unit;
	char *end;

	if (**at < '0' || **at > '9')
		return false;
	errno = 0;
	n = strtoull(*at, &end, 0);
	unit = *end ? strchr(units, *end >= 'a' ? *end - 'a' + 'A' : *end) : NULL;
	for (int i = unit ? (int)(unit - units) + 1 : 0; i; i--) {
		if (n > MACHINE_PA_LIMIT >> 10)
			return false;
		n <<= 10;
	}
	*at = end + (unit != NULL);
	*bytes = n;
	return !errno && n <= MACHINE_PA_LIMIT;
}

/* The same, in whole grains. */
static bool whole(struct description *d, const char **at, uint64_t *bytes)
{
	if (!size(at, bytes)) {
		complain_at_word(d, "not a size; write 512G or 2T");
		return false;
	}
	if (**at && !strchr("@/-", **at)) {
		complain_at_word(d, "not a size; write 512G or 2T");
		return false;
	}
	if (*bytes % GRAIN) {
		complain_at_word(d, "not a multiple of 2M");
		return false;
	}
	return true;
}

static bool read_count(struct description *d, const char *value, unsigned int least,
		       unsigned int most, unsigned int *n)
{
	char *end;
	unsigned long number = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || number < least || number > most) {
		complain_at_word(d, "not a number from %u to %u", least, most);
		return false;
	}
	*n = (unsigned int)number;
	return true;
}

/* SIZE[@START][/CPUS] */
static void take_node(struct description *d, const char *value)
{
	struct described_node node = { .has_start = false };

	if (!whole(d, &value, &node.bytes))
		return;
	if (*value == '@') {
		value++;
		node.has_start = true;
		if (!whole(d, &value, &node.start_pa))
			return;
	}
	if (*value == '/') {
		node.has_cpus = true;
		if (!read_count(d, value + 1, 0, MOST_CPUS, &node.cpus))
			return;
	} else if (*value) {
		complain_at_word(d, "write node=SIZE[@START][/CPUS]");
		return;
	}
	if (!node.bytes)
		complain_at_word(d, "a node without memory is not described: leave it out");
	else if (d->nr_node == MOST_NODES)
		complain_at_word(d, "more than %d nodes", MOST_NODES);
	else
		d->node[d->nr_node++] = node;
}

/* START-END */
static void take_hole(struct description *d, const char *value)
{
	struct described_hole hole;

	if (!whole(d, &value, &hole.start_pa))
		return;
	if (*value++ != '-') {
		complain_at_word(d, "write hole=START-END");
		return;
	}
	if (!whole(d, &value, &hole.end_pa))
		return;
	if (*value || hole.end_pa < hole.start_pa)
		complain_at_word(d, "write hole=START-END");
	else if (d->nr_holes == MOST_HOLES)
		complain_at_word(d, "more than %d holes", MOST_HOLES);
	else
		d->hole[d->nr_holes++] = hole;
}

static void take_arch(struct description *d, const char *value)
{
	const struct kho_arch *arch = kho_arch_by_name(value);

	if (!arch) {
		complain_at_word(d, "no such architecture; x86_64 or aarch64");
		return;
	}
	d->arch = arch;
}

static void take_page(struct description *d, const char *value)
{
	if (!size(&value, &d->m->page_bytes) || *value ||
	    (d->m->page_bytes != 4096 && d->m->page_bytes != 16384 && d->m->page_bytes != 65536))
		complain_at_word(d, "not a page size; 4K, 16K or 64K");
}

/* A node that has no memory yet, and could get it: it counts among the possible ones. */
static void take_window(struct description *d, const char *value)
{
	uint64_t bytes;

	if (!whole(d, &value, &bytes))
		return;
	if (*value)
		complain_at_word(d, "write hotplug=SIZE");
	else
		d->windows++;
}

static void take_total(struct description *d, const char *value)
{
	uint64_t bytes;

	if (!whole(d, &value, &bytes))
		return;
	if (*value)
		complain_at_word(d, "not a size; write 512G or 2T");
	else if (d->total_bytes)
		complain_at_word(d, "a second size of all memory");
	else
		d->total_bytes = bytes;
}

static bool has_name(const char *word, const char *name, const char **value)
{
	size_t n = strlen(name);

	if (strncmp(word, name, n) || word[n] != '=')
		return false;
	*value = word + n + 1;
	return true;
}

/* As a machine's own, which is printed as it is. */
static void take_name(const char *value, char *name, size_t bytes)
{
	snprintf(name, bytes, "%s", value);
	kho_make_printable(name);
}

static void take_word(struct description *d, const char *word)
{
	const char *value = word;

	if (has_name(word, "nodes", &value)) {
		read_count(d, value, 1, MOST_NODES, &d->nodes);
	} else if (has_name(word, "cpus", &value)) {
		d->has_cpus = read_count(d, value, 1, MOST_CPUS, &d->cpus);
	} else if (has_name(word, "node", &value)) {
		take_node(d, value);
	} else if (has_name(word, "hole", &value)) {
		take_hole(d, value);
	} else if (has_name(word, "hotplug", &value)) {
		take_window(d, value);
	} else if (has_name(word, "arch", &value)) {
		take_arch(d, value);
	} else if (has_name(word, "page", &value)) {
		take_page(d, value);
	} else if (has_name(word, "release", &value)) {
		take_name(value, d->m->release, sizeof(d->m->release));
	} else if (has_name(word, "host", &value)) {
		take_name(value, d->m->host, sizeof(d->m->host));
	} else if (*word < '0' || *word > '9') {
		complain_at_word(d, "no such word; there are " WORDS);
	} else {
		take_total(d, value);
	}
}

static void take_words(struct description *d, const char *text)
{
	d->line = 1;
	while (*text) {
		char word[128];

		if (*text == '\n') {
			d->line++;
			d->word = 0;
		}
		if (*text == '#') {
			text += strcspn(text, "\n");
			continue;
		}
		d->bytes = strcspn(text, " \t\r\n;#");
		if (!d->bytes) {
			text++;
			continue;
		}
		d->at = text;
		d->word++;
		if (d->bytes >= sizeof(word)) {
			complain_at_word(d, "longer than %zu characters", sizeof(word) - 1);
		} else {
			memcpy(word, text, d->bytes);
			word[d->bytes] = '\0';
			take_word(d, word);
		}
		text += d->bytes;
	}
	d->at = NULL;
}

/* What contradicts itself or is missing, once each word is read. */
static void settle(struct description *d)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < d->nr_node; i++)
		sum += d->node[i].bytes;
	if (!d->nr_node && !d->total_bytes)
		complain_at_word(d, "how much memory? write 2T, or a node=SIZE for each node");
	if (d->nr_node && d->nodes && d->nodes != d->nr_node)
		complain_at_word(d, "nodes=%u, but %zu words node=", d->nodes, d->nr_node);
	if (d->nr_node && d->total_bytes && d->total_bytes != sum)
		complain_at_word(d, "the nodes have %llu MiB in all, not %llu",
				 (unsigned long long)sum >> 20,
				 (unsigned long long)d->total_bytes >> 20);
	if (d->nr_node || d->nr_errors)
		return;
	if (!d->nodes)
		d->nodes = 1;
	if (d->total_bytes > MOST_BYTES || d->total_bytes / d->nodes < GRAIN * 32) {
		complain_at_word(d, "not from 64 MiB a node to 64 TiB in all");
		return;
	}
	for (d->nr_node = 0; d->nr_node < d->nodes; d->nr_node++)
		d->node[d->nr_node].bytes = d->total_bytes / d->nodes / GRAIN * GRAIN;
	d->node[0].bytes += d->total_bytes - d->node[0].bytes * d->nodes;
}

/* A boot of x86 has its devices below 4 GiB; other machines have none below their RAM. */
static void default_holes(struct description *d)
{
	if (d->nr_holes)
		return;
	d->hole[d->nr_holes++] = d->arch == &kho_arch_arm64 ? (struct described_hole){ 0, GIB } :
							      (struct described_hole){ 3 * GIB, 4 * GIB };
}

/* The first hole that [@pa, ...) reaches; NULL: none. */
static const struct described_hole *next_hole(const struct description *d, uint64_t pa)
{
	const struct described_hole *next = NULL;

	for (size_t i = 0; i < d->nr_holes; i++)
		if (d->hole[i].end_pa > pa && (!next || d->hole[i].start_pa < next->start_pa))
			next = &d->hole[i];
	return next;
}

/* One node after the other, around the holes. */
static int place_memory(struct description *d)
{
	uint64_t pa = 0;
	int ret = 0;

	for (size_t i = 0; i < d->nr_node && !ret; i++) {
		uint64_t left = d->node[i].bytes;

		if (d->node[i].has_start && d->node[i].start_pa < pa) {
			complain_at_word(d, "node %zu begins below the end of node %zu", i,
					 i ? i - 1 : 0);
			return 0;
		}
		if (d->node[i].has_start)
			pa = d->node[i].start_pa;
		while (left && !ret) {
			const struct described_hole *hole = next_hole(d, pa);
			uint64_t bytes = left;

			if (hole && hole->start_pa <= pa) {
				pa = hole->end_pa;
				continue;
			}
			if (hole && hole->start_pa - pa < bytes)
				bytes = hole->start_pa - pa;
			ret = kho_ranges_add(&d->m->memory, pa, pa + bytes, (int)i);
			pa += bytes;
			left -= bytes;
		}
		if (pa > MOST_BYTES) {
			complain_at_word(d, "node %zu ends above 64 TiB", i);
			return 0;
		}
	}
	return ret;
}

static int place_cpus(struct description *d)
{
	unsigned int all = 0, given = 0, at = 0;

	for (size_t i = 0; i < d->nr_node; i++) {
		given += d->node[i].has_cpus;
		all += d->node[i].cpus;
	}
	if (given && (given != d->nr_node || (d->has_cpus && d->cpus != all)))
		complain_at_word(d, given != d->nr_node
					    ? "some nodes have /CPUS, some have not"
					    : "cpus= is not the sum of the nodes' CPUs");
	if (!given)
		all = d->cpus;
	if (!all || d->nr_errors)
		return 0;
	d->m->cpu_node = calloc(all, sizeof(*d->m->cpu_node));
	if (!d->m->cpu_node)
		return -ENOMEM;
	for (size_t i = 0; i < d->nr_node; i++) {
		unsigned int n = given ? d->node[i].cpus : all / (unsigned int)d->nr_node +
				 (i < all % d->nr_node);

		while (n--)
			d->m->cpu_node[at++] = (int)i;
	}
	d->m->possible_cpus = all;
	return 0;
}

static int build(struct description *d)
{
	struct machine *m = d->m;
	int ret;

	if (!d->arch)
		d->arch = &kho_arch_x86_64;
	if (m->page_bytes && !d->arch->page_bytes_valid(m->page_bytes))
		complain_at_word(d, "%s has no pages of %llu bytes", d->arch->machine,
				 (unsigned long long)m->page_bytes);
	snprintf(m->arch, sizeof(m->arch), "%s", d->arch->machine);
	if (!m->page_bytes)
		m->page_bytes = 4096;
	default_holes(d);
	ret = place_memory(d);
	if (!ret)
		ret = place_cpus(d);
	if (ret || d->nr_errors)
		return ret;
	kho_ranges_normalise(&m->memory);
	m->memory_known = true;
	m->possible_nodes = (unsigned int)d->nr_node + d->windows;
	m->arch_source = m->memory_source = m->node_source = "description";
	m->cmdline = strdup("");
	return m->cmdline ? kho_findings_add(&m->gaps, KHO_F_KHO_OFF, "boot this machine with kho=on",
					     "the machine is described without scratch areas: KHO is off") :
			    -ENOMEM;
}

int describe_machine(const char *text, struct machine *m, char **ret_errors)
{
	struct description *d = calloc(1, sizeof(*d));
	int ret = 0;

	*ret_errors = NULL;
	*m = (struct machine){ .elsewhere = true, .handover = { .hops = -1 } };
	if (!d)
		return -ENOMEM;
	d->m = m;
	take_words(d, text);
	/* What contradicts what is known once each word is understood. */
	if (!d->nr_errors)
		settle(d);
	if (!d->nr_errors)
		ret = build(d);
	if (!ret && d->no_memory)
		ret = -ENOMEM;
	if (!ret && d->nr_errors)
		ret = -EINVAL;
	if (ret == -EINVAL) {
		*ret_errors = d->errors;
		d->errors = NULL;
	}
	if (ret)
		machine_deinit(m);
	free(d->errors);
	free(d);
	return ret;
}
