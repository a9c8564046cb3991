// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "rehearse/console.h"

/* Functions that ask for memory, as memblock=debug names them. */
static const struct {
	const char *function;
	enum boot_user user;
	uint64_t min_bytes;	/* smaller requests of it are something else */
} users[] = {
	{ "memmap_alloc", BOOT_MEMORY_MAP, 0 },
	{ "vmemmap_populate_hugepages", BOOT_MEMORY_MAP, 0 },
	{ "vmemmap_populate_address", BOOT_MEMORY_MAP, 0 },
	{ "vmemmap_pte_populate", BOOT_MEMORY_MAP, 0 },
	{ "vmemmap_alloc_block_zero", BOOT_MAP_TABLES, 0 },
	/* clang puts that into each of its callers. */
	{ "vmemmap_pgd_populate", BOOT_MAP_TABLES, 0 },
	{ "vmemmap_p4d_populate", BOOT_MAP_TABLES, 0 },
	{ "vmemmap_pud_populate", BOOT_MAP_TABLES, 0 },
	{ "vmemmap_pmd_populate", BOOT_MAP_TABLES, 0 },
	{ "sparse_index_alloc", BOOT_SECTION_TABLE, 0 },
	/* Where sparse_buffer_init() was inlined; a usage map is far smaller. */
	{ "sparse_init_nid", BOOT_MEMORY_MAP, 2 << 20 },
	{ "sparse_init_nid", BOOT_USAGE_MAP, 0 },
	{ "sparse_usage_init", BOOT_USAGE_MAP, 0 },
	{ "pcpu_fc_alloc", BOOT_PERCPU, 0 },
	{ "pcpu_embed_first_chunk", BOOT_PERCPU, 2 << 20 },
	{ "alloc_large_system_hash", BOOT_HASHES, 0 },
	{ "swiotlb_init_remap", BOOT_SWIOTLB, 4096 },
	{ "setup_log_buf", BOOT_LOG_BUF, 0 },
	{ "reserve_crashkernel_generic", BOOT_CRASHKERNEL, 1 << 20 },
	{ "arch_reserve_crashkernel", BOOT_CRASHKERNEL, 1 << 20 },
	{ "__alloc_bootmem_huge_page", BOOT_HUGEPAGES, 0 },
	{ "alloc_bootmem", BOOT_HUGEPAGES, 0 },
	{ "cma_declare_contiguous_nid", BOOT_CMA, 0 },
	{ "cma_alloc_mem", BOOT_CMA, 0 },
	{ "alloc_low_pages", BOOT_PAGE_TABLES, 0 },
	{ "early_pgtable_alloc", BOOT_PAGE_TABLES, 0 },
};

static enum boot_user user_of(const char *function, uint64_t bytes)
{
	size_t len = strcspn(function, ".");

	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		if (strlen(users[i].function) == len &&
		    !memcmp(users[i].function, function, len) && bytes >= users[i].min_bytes)
			return users[i].user;
	return BOOT_SMALL;
}

static void add_alloc(struct console *c, const struct console_alloc *alloc)
{
	if (c->nr_allocs == c->cap_allocs) {
		size_t cap = c->cap_allocs ? c->cap_allocs * 2 : 256;
		struct console_alloc *more = cap > CONSOLE_ALLOCS ? NULL :
					     reallocarray(c->alloc, cap, sizeof(*more));

		if (!more) {
			c->no_memory = true;
			return;
		}
		c->alloc = more;
		c->cap_allocs = cap;
	}
	c->alloc[c->nr_allocs++] = *alloc;
}

/* The number behind @key in @line. */
static bool number(const char *line, const char *key, int base, uint64_t *value)
{
	const char *at = strstr(line, key);
	char *end;

	if (!at)
		return false;
	at += strlen(key);
	*value = strtoull(at, &end, base);
	return end != at;
}

/* "... max_addr=0x0000000000000001 memmap_alloc+0x21/0x30": the last word, up to its '+'. */
static void function_of(const char *line, char function[32])
{
	const char *at = strrchr(line, ' ');
	size_t len = at ? strcspn(at + 1, "+") : 0;

	function[0] = '\0';
	if (!at || !at[1] || at[1 + len] != '+')
		return;
	if (len > 31)
		len = 31;
	memcpy(function, at + 1, len);
	function[len] = '\0';
}

/* memblock_alloc_try_nid(), memblock_phys_alloc_range(): what is asked for. */
static bool request_line(struct console *c, const char *line)
{
	const char *at = strstr(line, " bytes align=0x"), *nid = strstr(line, " nid=");
	const char *digits = at;

	if (!at || !strstr(line, "memblock_"))
		return false;
	while (digits > line && isdigit((unsigned char)digits[-1]))
		digits--;
	c->request = (struct console_alloc){ .node = KHO_NO_NODE };
	c->request.bytes = strtoull(digits, NULL, 10);
	if (nid)
		c->request.node = atoi(nid + strlen(" nid="));
	function_of(line, c->request.function);
	c->request.user = user_of(c->request.function, c->request.bytes);
	c->asked = true;
	return true;
}

/* memblock_reserve(): where it was had. */
static bool reserve_line(struct console *c, const char *line)
{
	char function[32];
	uint64_t start_pa, last_pa;

	if (!strstr(line, "memblock_reserve: [") || !number(line, ": [", 16, &start_pa) ||
	    !number(line, "-0x", 16, &last_pa) || last_pa < start_pa)
		return false;
	function_of(line, function);
	if (c->asked && last_pa - start_pa + 1 == c->request.bytes) {
		c->request.start_pa = start_pa;
		add_alloc(c, &c->request);
	}
	c->asked = false;
	return true;
}

/* What is given back as a whole was only tried, or is only for a while. */
static bool free_line(struct console *c, const char *line)
{
	uint64_t start_pa, last_pa;

	if (!strstr(line, "memblock_phys_free: [") || !number(line, ": [", 16, &start_pa) ||
	    !number(line, "-0x", 16, &last_pa) || last_pa < start_pa)
		return false;
	for (size_t i = c->nr_allocs; i > 0 && c->nr_allocs - i < CONSOLE_FREES; i--) {
		struct console_alloc *a = &c->alloc[i - 1];

		if (a->start_pa != start_pa || a->bytes != last_pa - start_pa + 1)
			continue;
		memmove(a, a + 1, (c->nr_allocs - i) * sizeof(*a));
		c->nr_allocs--;
		break;
	}
	return true;
}

static bool node_data_line(struct console *c, const char *line)
{
	struct console_alloc alloc = { .user = BOOT_NODE_DATA, .function = "alloc_node_data" };
	uint64_t node, last_pa;

	if (!number(line, "NODE_DATA(", 10, &node) || !strstr(line, "allocated") ||
	    !number(line, "[mem ", 16, &alloc.start_pa) ||
	    !number(line, "-0x", 16, &last_pa) || last_pa < alloc.start_pa)
		return false;
	alloc.node = (int)node;
	alloc.bytes = last_pa - alloc.start_pa + 1;
	add_alloc(c, &alloc);
	return true;
}

/* The latest are kept, but the first one stays: it is the cause, the others follow. */
static void keep_last_words(struct console *c, const char *line)
{
	if (c->nr_words == CONSOLE_WORDS) {
		memmove(c->words[1], c->words[2], sizeof(c->words[0]) * (CONSOLE_WORDS - 2));
		c->nr_words--;
	}
	snprintf(c->words[c->nr_words], sizeof(c->words[0]), "%s", line);
	kho_make_printable(c->words[c->nr_words++]);
}

static bool has_any(const char *line, const char *const *texts)
{
	for (; *texts; texts++)
		if (strstr(line, *texts))
			return true;
	return false;
}

static const char *const ends[] = {
	"Kernel panic - not syncing", "PANIC: early exception", "-- System halted", NULL,
};
static const char *const oopses[] = {
	"Oops: ", "BUG: unable to handle", "Unable to handle kernel", "Internal error: ",
	"kernel BUG at", NULL,
};
static const char *const telling[] = {
	"memory map backing failed", "Failed to allocate", "cannot allocate", "KHO: ",
	"Failed to double", "WARNING: ", "Only allocated", "incompatible with", NULL,
};

static void judge_line(struct console *c, const char *line)
{
	const char *memory = strstr(line, "Memory: ");

	if ((memory && isdigit((unsigned char)memory[8]) && strstr(memory, "K available")) ||
	    strstr(line, "SLUB: HWalign=")) {
		keep_last_words(c, line);
		c->state = CONSOLE_UP;
	} else if (has_any(line, ends)) {
		keep_last_words(c, line);
		c->state = CONSOLE_DIED;
	} else if (has_any(line, oopses)) {
		keep_last_words(c, line);
		if (++c->oopses == CONSOLE_OOPSES)
			c->state = CONSOLE_DIED;
	} else if (has_any(line, telling)) {
		keep_last_words(c, line);
	}
	if (strstr(line, "Linux version "))
		c->begun = true;
	if (strstr(line, "KHO: found kexec handover data"))
		c->handover_found = true;
	if (strstr(line, "disabling KHO revival") || strstr(line, "KHO: failed to get preserved"))
		c->handover_refused = true;
}

static void take_console_line(struct console *c)
{
	const char *line = c->line;

	c->line[c->line_bytes] = '\0';
	/* "[    0.000000] " */
	if (*line == '[' && strspn(line + 1, " .0123456789") + 1 == strcspn(line, "]"))
		line += strcspn(line, "]") + 1 + (line[strcspn(line, "]") + 1] == ' ');
	if (request_line(c, line) || reserve_line(c, line) || free_line(c, line) ||
	    node_data_line(c, line))
		return;
	c->asked = false;
	judge_line(c, line);
}

void console_feed(struct console *c, const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes && c->state == CONSOLE_RUNNING; i++) {
		if (text[i] == '\n') {
			take_console_line(c);
			c->line_bytes = 0;
		} else if (text[i] != '\r' && text[i] && c->line_bytes + 1 < sizeof(c->line)) {
			c->line[c->line_bytes++] = text[i];
		}
	}
	c->bytes_seen += bytes;
}

/*
 * A log whose ring was moved is not printed on for a while (setup_log_buf() numbers its
 * records anew), and some kernels have no early console: what they would say is in
 * their memory.
 */
void console_peek(struct console *c, const struct guest *guest, const struct kho_range *skip)
{
	static const char *const texts[] = { "SLUB: HWalign=", "Kernel panic - not syncing: " };
	char line[160];

	for (size_t i = 0; i < 2 && c->state == CONSOLE_RUNNING; i++)
		if (guest_find_text(guest, texts[i], skip, line, sizeof(line))) {
			keep_last_words(c, line);
			c->state = i ? CONSOLE_DIED : CONSOLE_UP;
		}
}

void console_deinit(struct console *console)
{
	free(console->alloc);
	*console = (struct console){ 0 };
}
