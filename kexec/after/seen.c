// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "after/console-log.h"
#include "after/seen.h"

static const struct {
	const char *key;
	const char *text;
	bool loss;
	bool count;
} things[SEEN_THINGS] = {
	[SEEN_SWIOTLB_WANTED]	= { "swiotlb_wanted_bytes", "bounce buffer, wanted", false, false },
	[SEEN_SWIOTLB]		= { "swiotlb_bytes", "bounce buffer", false, false },
	[SEEN_CRASHKERNEL_WANTED] = { "crashkernel_wanted_bytes", "crash kernel, wanted", false,
				      false },
	[SEEN_CRASHKERNEL]	= { "crashkernel_bytes", "crash kernel", false, false },
	[SEEN_CRASHKERNEL_LOW]	= { "crashkernel_low_bytes", "crash kernel below 4 GiB", false,
				    false },
	[SEEN_CRASHKERNEL_CMA_LOST] = { "crashkernel_cma_lost_bytes", "crash kernel's CMA, lost",
					true, false },
	[SEEN_GIGANTIC_WANTED]	= { "hugepages_wanted", "gigantic pages, wanted", false, true },
	[SEEN_GIGANTIC]		= { "hugepages", "gigantic pages", false, true },
	[SEEN_LOG_BUF]		= { "log_buf_bytes", "log buffer", false, false },
	[SEEN_MAP_OFF_NODE]	= { "map_off_node_bytes", "memory map off its node", true, false },
	[SEEN_MEMORY]		= { "memory_bytes", "RAM", false, false },
};

const char *seen_key(enum seen_thing thing)
{
	return things[thing].key;
}

const char *seen_text(enum seen_thing thing)
{
	return things[thing].text;
}

bool seen_is_loss(enum seen_thing thing)
{
	return things[thing].loss;
}

bool seen_is_count(enum seen_thing thing)
{
	return things[thing].count;
}

/* The number behind @words in @line; hexadecimal with 0x. */
static bool number_behind(const char *line, const char *words, uint64_t *value)
{
	const char *at = strstr(line, words);
	char *end;

	if (!at || !isdigit((unsigned char)at[strlen(words)]))
		return false;
	*value = strtoull(at + strlen(words), &end, 0);
	return true;
}

/* The first of its kind counts: what a program writes to the log later does not. */
static void put_first(struct seen_things *t, enum seen_thing thing, uint64_t value)
{
	if (!seen_has(t, thing))
		seen_put(t, thing, value);
}

/* "...: 0x1000 - 0x2000 (...)", "[mem 0x1000-0x2000]": the end is not in it. */
static void put_range(struct seen_things *t, enum seen_thing thing, const char *line,
		      const char *words, const char *dash)
{
	uint64_t start, end;

	if (number_behind(line, words, &start) &&
	    number_behind(strstr(line, words) + strlen(words), dash, &end) && end >= start)
		put_first(t, thing, end - start);
}

static void read_swiotlb(struct seen_things *t, const char *line)
{
	uint64_t bytes;

	if (!strstr(line, "software IO TLB: "))
		return;
	if (strstr(line, " bytes tlb structure") &&
	    number_behind(line, "Failed to allocate ", &bytes))
		put_first(t, SEEN_SWIOTLB_WANTED, bytes);
	if (strstr(line, "No low mem"))
		seen_put(t, SEEN_SWIOTLB, 0);
	put_range(t, SEEN_SWIOTLB, line, "software IO TLB: mapped [mem ", "-");
}

static void read_crashkernel(struct seen_things *t, const char *line)
{
	uint64_t wanted, had;

	if (!strstr(line, "crashkernel"))
		return;
	put_range(t, SEEN_CRASHKERNEL, line, "crashkernel reserved: ", " - ");
	put_range(t, SEEN_CRASHKERNEL_LOW, line, "crashkernel low memory reserved: ", " - ");
	if (number_behind(line, "cannot allocate crashkernel (size:", &wanted)) {
		put_first(t, SEEN_CRASHKERNEL_WANTED, wanted);
		put_first(t, SEEN_CRASHKERNEL, 0);
	}
	if (strstr(line, "cannot allocate crashkernel low memory"))
		put_first(t, SEEN_CRASHKERNEL, 0);
	if (number_behind(line, "crashkernel CMA reservation failed: ", &wanted) &&
	    number_behind(line, " MB requested, ", &had) && had <= wanted)
		put_first(t, SEEN_CRASHKERNEL_CMA_LOST, (wanted - had) << 20);
}

static bool is_gigantic(const char *line)
{
	return strstr(line, " 1.00 GiB") || strstr(line, " 16.0 GiB");
}

static void read_gigantic(struct seen_things *t, const char *line)
{
	uint64_t pages;

	if (!strstr(line, "HugeTLB: ") || !is_gigantic(line))
		return;
	if (strstr(line, " failed") && number_behind(line, "HugeTLB: allocating ", &pages))
		put_first(t, SEEN_GIGANTIC_WANTED, pages);
	if (number_behind(line, " page size, pre-allocated ", &pages))
		put_first(t, SEEN_GIGANTIC, pages);
}

static void read_log_buf(struct seen_things *t, const char *line, bool *moved)
{
	uint64_t bytes;

	if (strstr(line, "early log buf free: "))
		*moved = true;
	if (number_behind(line, "log buffer data + meta data: ", &bytes))
		put_first(t, SEEN_LOG_BUF, bytes);
	if (number_behind(line, "log_buf_len: ", &bytes) && strstr(line, " bytes not available"))
		seen_put(t, SEEN_LOG_BUF, 0);
}

/* mem_init_print_info(): "Memory: 7712996K/8388088K available (...". */
static void read_memory_line(struct seen *seen, const char *line)
{
	uint64_t kib;

	/* A quiet console may show no more than user space. */
	if (strstr(line, "SLUB: HWalign=") || !strncmp(line, "Run /", 5) ||
	    !strncmp(line, "systemd[1]: ", 12) || strstr(line, " login: "))
		seen->up = true;
	if (!number_behind(line, "Memory: ", &kib) || !strstr(line, "K available"))
		return;
	seen->up = true;
	if (number_behind(strstr(line, "Memory: "), "K/", &kib))
		put_first(&seen->things, SEEN_MEMORY, kib << 10);
}

static void copy_words(char *to, size_t bytes, const char *from, const char *ends)
{
	size_t n = strcspn(from, ends);

	if (n >= bytes)
		n = bytes - 1;
	memcpy(to, from, n);
	to[n] = '\0';
}

static void read_kho(struct seen *seen, const char *line)
{
	const char *from = strstr(line, "KHO: exec from: ");
	uint64_t count;

	if (strstr(line, "KHO: found kexec handover data"))
		seen->handover_found = true;
	/* Two lines at most: the first one says why. */
	if (!seen->refused[0] && (strstr(line, "disabling KHO revival") ||
				  (strstr(line, "handover FDT") && strstr(line, "incompatible"))))
		copy_words(seen->refused, sizeof(seen->refused), log_message(line), "");
	if (from && number_behind(from, "(count ", &count) && count < INT64_MAX) {
		copy_words(seen->previous, sizeof(seen->previous),
			   from + strlen("KHO: exec from: "), " ");
		seen->hops = (int64_t)count;
	}
}

/* reserve_mem_kho_revive(); luo_early_startup(), and the complaints of live update. */
static void read_state(struct seen *seen, const char *line)
{
	static const char revived[] = "Revived memory reservation '";
	static const char *const complaints[] = {
		"No registered handler", "Failed to", "failed to", "mismatch", "incompatible",
		"too small", "isabling liveupdate",
	};
	const char *at = strstr(line, revived), *luo = strstr(line, "luo: ");

	if (at && seen->nr_regions < SEEN_REGIONS)
		copy_words(seen->region[seen->nr_regions++], sizeof(seen->region[0]),
			   at + strlen(revived), "'");
	if (!luo)
		return;
	if (strstr(luo, "Retrieved live update data"))
		seen->luo_retrieved = true;
	for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++) {
		if (!strstr(luo, complaints[i]) || seen->nr_luo_words == SEEN_WORDS)
			continue;
		copy_words(seen->luo_words[seen->nr_luo_words++], sizeof(seen->luo_words[0]),
			   luo, "");
		return;
	}
}

/* What was wanted is logged only where it was not had; else that is what was had. */
static void complete(struct seen_things *t, bool log_moved)
{
	static const enum seen_thing pairs[][2] = {
		{ SEEN_SWIOTLB_WANTED, SEEN_SWIOTLB }, { SEEN_GIGANTIC_WANTED, SEEN_GIGANTIC },
	};

	for (size_t i = 0; i < 2; i++)
		if (seen_has(t, pairs[i][1]) && !seen_has(t, pairs[i][0]))
			seen_put(t, pairs[i][0], t->value[pairs[i][1]]);
	if (!seen_has(t, SEEN_SWIOTLB))
		t->known &= ~(1u << SEEN_SWIOTLB_WANTED);
	/* None wanted, none had: nothing to tell. */
	if (seen_has(t, SEEN_GIGANTIC_WANTED) && !seen_has(t, SEEN_GIGANTIC))
		seen_put(t, SEEN_GIGANTIC, 0);
	if (seen_has(t, SEEN_GIGANTIC_WANTED) && !t->value[SEEN_GIGANTIC_WANTED])
		t->known &= ~(1u << SEEN_GIGANTIC | 1u << SEEN_GIGANTIC_WANTED);
	if (seen_has(t, SEEN_CRASHKERNEL) && t->value[SEEN_CRASHKERNEL]) {
		put_first(t, SEEN_CRASHKERNEL_WANTED, t->value[SEEN_CRASHKERNEL]);
		put_first(t, SEEN_CRASHKERNEL_LOW, 0);
	}
	if (seen_has(t, SEEN_LOG_BUF) && t->value[SEEN_LOG_BUF] && !log_moved)
		t->known &= ~(1u << SEEN_LOG_BUF);
}

void seen_read(const char *const *line, size_t nr_lines, struct seen *seen)
{
	bool log_moved = false;
	uint64_t bytes;

	*seen = (struct seen){ .hops = -1 };
	for (size_t i = 0; i < nr_lines; i++) {
		const char *message = log_message(line[i]);

		if (!seen->begins && !strncmp(message, "Linux version ", 14)) {
			seen->begins = true;
			copy_words(seen->release, sizeof(seen->release), message + 14, " ");
		}
		read_swiotlb(&seen->things, message);
		read_crashkernel(&seen->things, message);
		read_gigantic(&seen->things, message);
		read_log_buf(&seen->things, message, &log_moved);
		read_memory_line(seen, message);
		read_kho(seen, message);
		read_state(seen, message);
	}
	complete(&seen->things, log_moved);
	if (seen_map_off_node(line, nr_lines, &bytes))
		seen_put(&seen->things, SEEN_MAP_OFF_NODE, bytes);
}
