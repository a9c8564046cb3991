// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the memory map went, by a log of memblock=debug: a request, and in the next line where it
 * was had.  vmemmap_populate_hugepages() asks for a PMD; where there is none,
 * vmemmap_populate_basepages() takes a page table, then the pages.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "after/console-log.h"
#include "after/seen.h"
#include "base/range.h"

/* x86-64 and arm64 with 4K pages. */
#define PAGE_BYTES	4096
#define PMD_BYTES	(UINT64_C(2) << 20)

struct map_seen {
	struct kho_ranges nodes;
	bool asked;		/* of the map; what follows may tell where it was had */
	uint64_t bytes;
	int node;
	unsigned int tables, pages;	/* that stand for a PMD */
	bool any;
	uint64_t off_bytes;
	bool failed;
};

static bool hex_behind(const char **at, const char *words, uint64_t *value)
{
	const char *found = strstr(*at, words);
	char *end;

	if (!found)
		return false;
	*value = strtoull(found + strlen(words), &end, 16);
	*at = end;
	return end != found + strlen(words);
}

/* "  node   1: [mem 0x0000000100000000-0x0000000228bfffff]" */
static bool node_line(struct map_seen *m, const char *message)
{
	const char *at = message + strspn(message, " ");
	uint64_t start, last;
	long node;
	char *end;

	if (strncmp(at, "node ", 5))
		return false;
	node = strtol(at + 5, &end, 10);
	at = end;
	if (*at != ':' || node < 0 || node > 4096 || !hex_behind(&at, ": [mem 0x", &start) ||
	    !hex_behind(&at, "-0x", &last) || last < start)
		return false;
	m->failed |= kho_ranges_add(&m->nodes, start, last + 1, (int)node) != 0;
	return true;
}

/* The function that asked: of the map, or of its tables. */
static bool of_map(const char *message)
{
	static const char *const functions[] = {
		" memmap_alloc", " vmemmap_", " sparse_buffer_init", " sparse_init_nid",
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (strstr(message, functions[i]))
			return true;
	return false;
}

static void unmet(struct map_seen *m)
{
	if (m->asked && m->bytes == PMD_BYTES) {
		m->tables = 1;
		m->pages = PMD_BYTES / PAGE_BYTES;
	}
	m->asked = false;
}

/* memblock_alloc_try_nid_raw: 2097152 bytes align=0x200000 nid=1 from=... memmap_alloc+0x21/0x30 */
static bool request_line(struct map_seen *m, const char *message)
{
	const char *bytes = strstr(message, " bytes align=0x"), *digits = bytes, *nid;
	uint64_t align;

	if (!bytes || !strstr(message, "memblock_") || !strstr(message, "alloc"))
		return false;
	unmet(m);
	while (digits > message && isdigit((unsigned char)digits[-1]))
		digits--;
	align = strtoull(bytes + strlen(" bytes align="), NULL, 16);
	nid = strstr(bytes, " nid=");
	m->asked = of_map(bytes) && (align == PMD_BYTES || align == PAGE_BYTES);
	m->bytes = strtoull(digits, NULL, 10);
	m->node = nid ? atoi(nid + strlen(" nid=")) : KHO_NO_NODE;
	return true;
}

static void had(struct map_seen *m, uint64_t start)
{
	/* A page that is no piece of the map is a table of it. */
	if (m->bytes == PAGE_BYTES && m->tables) {
		m->tables--;
		return;
	}
	if (m->bytes < PMD_BYTES && !m->pages)
		return;
	if (m->bytes == PAGE_BYTES)
		m->pages--;
	m->any = true;
	/* One buffer for a whole run is wanted on exactly its node: it lies there. */
	if (m->bytes > PMD_BYTES)
		return;
	for (size_t i = 0; i < m->nodes.n; i++)
		if (m->nodes.r[i].node == m->node && start >= m->nodes.r[i].start_pa &&
		    start < m->nodes.r[i].end_pa)
			return;
	m->off_bytes += m->bytes;
}

static void reserve_line(struct map_seen *m, const char *message)
{
	uint64_t start, last;
	const char *at = message;

	if (!strstr(message, "memblock_reserve: [") && !strstr(message, "memblock_phys_free: ["))
		return;
	if (m->asked && strstr(message, "memblock_reserve: [") &&
	    strstr(message, "memblock_alloc_range_nid+") && hex_behind(&at, ": [0x", &start) &&
	    hex_behind(&at, "-0x", &last) && last - start + 1 == m->bytes) {
		m->asked = false;
		had(m, start);
	} else {
		unmet(m);
	}
}

bool seen_map_off_node(const char *const *line, size_t nr_lines, uint64_t *bytes)
{
	struct map_seen m = { .node = KHO_NO_NODE };

	/* The nodes are told after what they are wanted for, on 6.18 to 7.2. */
	for (size_t i = 0; i < nr_lines; i++)
		node_line(&m, log_message(line[i]));
	for (size_t i = 0; i < nr_lines; i++) {
		const char *message = log_message(line[i]);

		if (!request_line(&m, message))
			reserve_line(&m, message);
	}
	*bytes = m.off_bytes;
	m.any &= m.nodes.n && !m.failed;
	kho_ranges_deinit(&m.nodes);
	return m.any;
}
