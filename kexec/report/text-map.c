// SPDX-License-Identifier: GPL-2.0-only
/* --kho-report=map: the layout as bars of characters. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "check/shortage.h"
#include "report/layout.h"
#include "report/legend.h"
#include "report/terminal.h"

#define CELLS_MIN	20
#define CELLS_MAX	118

/* Of a node's bar, beside the users of an area's. */
#define CELL_RAM	LAYOUT_USERS
#define CELL_PRESERVED	(LAYOUT_USERS + 1)
#define CELL_AREA	(LAYOUT_USERS + 2)
#define CELL_MISSING	(LAYOUT_USERS + 3)

struct map {
	FILE *f;
	struct terminal terminal;
	unsigned int cells;		/* of a bar */
	bool hidden;			/* some user is too small to be drawn */
};

/* Background and foreground of xterm's 256 colours; dark on light or light on dark. */
static const struct {
	unsigned char back, fore;
} colours[LEGEND_FAMILIES] = {
	[LEGEND_LOADED] = { 25, 231 },
	[LEGEND_MAP] = { 215, 16 },
	[LEGEND_KERNEL] = { 72, 16 },
	[LEGEND_RESERVED] = { 97, 231 },
};

static bool is_coloured(const struct map *map, unsigned int cell)
{
	return map->terminal.colour && cell < LAYOUT_FREE;
}

static void begin_colour(const struct map *map, unsigned int cell)
{
	enum legend_family family = legend_family(cell);

	fprintf(map->f, "\033[48;5;%u;38;5;%um", colours[family].back, colours[family].fore);
}

static void put_times(FILE *f, const char *text, unsigned int n)
{
	while (n--)
		fputs(text, f);
}

/* @n cells of the same: of a user the letter comes first, so that neighbours part. */
static void put_run(const struct map *map, unsigned int cell, unsigned int n)
{
	bool utf8 = map->terminal.utf8;
	char letter[2] = "";

	if (cell >= CELL_RAM || cell == LAYOUT_FREE) {
		put_times(map->f, cell == CELL_AREA ? (utf8 ? "█" : "#") :
			  cell == CELL_PRESERVED ? "=" :
			  cell == CELL_MISSING ? "!" :
			  cell == CELL_RAM ? (utf8 ? "░" : "-") : (utf8 ? "·" : "."), n);
		return;
	}
	letter[0] = legend_letter(cell);
	if (!is_coloured(map, cell)) {
		fputs(letter, map->f);
		put_times(map->f, utf8 && cell != LAYOUT_UNKNOWN ? "▒" : letter, n - 1);
		return;
	}
	begin_colour(map, cell);
	fputs(letter, map->f);
	put_times(map->f, " ", n - 1);
	fputs("\033[0m", map->f);
}

static void put_bar(const struct map *map, const unsigned int *cell)
{
	const char *edge = map->terminal.utf8 ? "│" : "|";
	unsigned int n;

	fputs(edge, map->f);
	for (unsigned int i = 0; i < map->cells; i += n) {
		for (n = 1; i + n < map->cells && cell[i + n] == cell[i]; n++)
			;
		put_run(map, cell[i], n);
	}
	fprintf(map->f, "%s\n", edge);
}

/* The first byte of cell @i, of @bytes in all. */
static uint64_t cell_start(const struct map *map, uint64_t bytes, unsigned int i)
{
	return bytes * i / map->cells;
}

static const char *cell_size(const struct map *map, uint64_t bytes, char text[KHO_SIZE_BYTES])
{
	return kho_size(bytes / map->cells, text);
}

/* "3,1" below the first cell of each run of areas, in their order on the node. */
static void put_marks(const struct map *map, const struct layout_node *node,
		      const unsigned int *at)
{
	unsigned int column = 0;

	for (size_t i = 0; i < node->nr_marks; i++) {
		bool next = column && at[i] + 1 <= column;

		if (next)
			column += fprintf(map->f, ",%zu", node->mark[i].area + 1);
		else
			column += fprintf(map->f, "%*s%zu", (int)(at[i] + 1 - column), "",
					  node->mark[i].area + 1);
	}
	if (node->nr_marks)
		fputc('\n', map->f);
}

static void put_place(const struct map *map, uint64_t start_pa, uint64_t end_pa, size_t pieces)
{
	if (pieces == 1)
		fprintf(map->f, "0x%010" PRIx64 "-0x%010" PRIx64 "\n", start_pa, end_pa);
	else
		fprintf(map->f, "%zu stretches\n", pieces);
}

/* The cells of a node's bar that [@from_bytes, @to_bytes) of its RAM touches; the first one. */
static unsigned int mark_cells(const struct map *map, const struct layout_node *node,
			       uint64_t from_bytes, uint64_t to_bytes, unsigned int *cell,
			       unsigned int what)
{
	unsigned int first = (unsigned int)(from_bytes * map->cells / node->ram_bytes);

	for (unsigned int i = first; i < map->cells &&
	     (i == first || cell_start(map, node->ram_bytes, i) < to_bytes); i++)
		cell[i] = what;
	return first;
}

static void put_node_title(const struct map *map, const struct layout_node *node)
{
	char ram[KHO_SIZE_BYTES], one[KHO_SIZE_BYTES];

	if (node->node == KHO_NO_NODE)
		fprintf(map->f, "no known node");
	else
		fprintf(map->f, "node %d", node->node);
	fprintf(map->f, ": %s of RAM, 0x%010" PRIx64 "-0x%010" PRIx64 "; cell: %s\n",
		kho_size(node->ram_bytes, ram), node->ram.r[0].start_pa,
		node->ram.r[node->ram.n - 1].end_pa, cell_size(map, node->ram_bytes, one));
}

static int draw_node(const struct map *map, const struct layout_node *node)
{
	unsigned int cell[CELLS_MAX];
	unsigned int *at = calloc(node->nr_marks + 1, sizeof(*at));

	if (!at)
		return -ENOMEM;
	for (unsigned int i = 0; i < map->cells; i++)
		cell[i] = CELL_RAM;
	for (size_t i = 0; i < node->nr_preserved; i++)
		mark_cells(map, node, node->preserved[i].from_bytes, node->preserved[i].to_bytes,
			   cell, CELL_PRESERVED);
	for (size_t i = 0; i < node->nr_marks; i++)
		at[i] = mark_cells(map, node, node->mark[i].from_bytes, node->mark[i].to_bytes,
				   cell, CELL_AREA);
	put_node_title(map, node);
	put_bar(map, cell);
	put_marks(map, node, at);
	if (node->nr_preserved) {
		fprintf(map->f, " =  %-29s %11" PRIu64 "         ", "preserved memory",
			node->preserved_bytes);
		put_place(map, node->preserved[0].start_pa,
			  node->preserved[node->nr_preserved - 1].end_pa, node->nr_preserved);
	}
	free(at);
	return 0;
}

/* How many bytes of each user lie in each cell. */
struct census {
	uint64_t bytes[CELLS_MAX][LAYOUT_USERS];
	unsigned int cells_of[LAYOUT_USERS];
};

static void take_census(const struct map *map, const struct layout_area *area,
			struct census *census)
{
	uint64_t bytes = area->range.end_pa - area->range.start_pa;
	unsigned int i = 0;

	memset(census, 0, sizeof(*census));
	for (size_t p = 0; p < area->nr_pieces; p++) {
		uint64_t from = area->piece[p].start_pa - area->range.start_pa;
		uint64_t to = area->piece[p].end_pa - area->range.start_pa;

		while (from < to) {
			uint64_t stop = cell_start(map, bytes, i + 1);

			if (stop <= from) {
				i++;
				continue;
			}
			if (stop > to)
				stop = to;
			census->bytes[i][area->piece[p].user] += stop - from;
			from = stop;
		}
	}
}

/* Each cell is of the user who has most of it; in an area of few bytes some have none. */
static void elect(const struct map *map, struct census *census, unsigned int *cell)
{
	for (unsigned int i = map->cells; i-- > 0; ) {
		cell[i] = i + 1 < map->cells ? cell[i + 1] : 0;
		for (unsigned int user = 0; user < LAYOUT_USERS; user++)
			if (census->bytes[i][user] > census->bytes[i][cell[i]])
				cell[i] = user;
		census->cells_of[cell[i]]++;
	}
}

/*
 * Who has most of no cell gets the one in which it has most, from one who has
 * others left.  The larger ones go first.
 */
static void seat(const struct map *map, const struct layout_area *area, struct census *census,
		 unsigned int user, unsigned int *cell)
{
	unsigned int best = map->cells;

	for (unsigned int i = 0; i < map->cells; i++)
		if (census->bytes[i][user] && census->cells_of[cell[i]] > 1 &&
		    (best == map->cells || census->bytes[i][user] > census->bytes[best][user]))
			best = i;
	if (best == map->cells)
		return;
	census->cells_of[cell[best]]--;
	census->cells_of[user]++;
	cell[best] = user;
}

static void put_share(struct map *map, const struct layout_area *area, unsigned int user,
		      bool drawn)
{
	const struct layout_share *share = &area->share[user];
	uint64_t bytes = area->range.end_pa - area->range.start_pa;
	char percent[LEGEND_PERCENT_BYTES] = "";

	if (drawn && is_coloured(map, user)) {
		begin_colour(map, user);
		fprintf(map->f, " %c \033[0m", legend_letter(user));
	} else {
		fprintf(map->f, drawn ? " %c " : "(%c)", legend_letter(user));
	}
	map->hidden |= !drawn;
	if (bytes)
		legend_percent(share->bytes, bytes, percent);
	fprintf(map->f, " %-29s %11" PRIu64 " %5s%c  ", legend_text(user), share->bytes, percent,
		bytes ? '%' : ' ');
	put_place(map, share->first_pa, share->end_pa, share->pieces);
}

static void print_node(int node, void *arg)
{
	fprintf(arg, " %d", node);
}

static void put_area_title(const struct map *map, const struct layout_area *area, size_t nr,
			   const struct kho_ranges *memory)
{
	uint64_t bytes = area->range.end_pa - area->range.start_pa;
	char size[KHO_SIZE_BYTES], one[KHO_SIZE_BYTES];

	fprintf(map->f, "area %zu (%snode", nr, area->role == LAYOUT_LOWMEM ? "lowmem, " :
		area->role == LAYOUT_GLOBAL ? "global, " : "");
	kho_report_area_nodes(&area->range, memory, print_node, map->f);
	fprintf(map->f, "): %s, 0x%010" PRIx64 "-0x%010" PRIx64 "; cell: %s\n",
		kho_size(bytes, size), area->range.start_pa, area->range.end_pa,
		cell_size(map, bytes, one));
}

static void draw_area(struct map *map, const struct layout_area *area)
{
	unsigned int cell[CELLS_MAX], user[LAYOUT_USERS];
	unsigned int n = layout_by_size(area, user);
	struct census census;

	take_census(map, area, &census);
	elect(map, &census, cell);
	for (unsigned int i = 0; i < n; i++)
		if (!census.cells_of[user[i]])
			seat(map, area, &census, user[i], cell);
	put_bar(map, cell);
	for (unsigned int i = 0; i < n; i++)
		put_share(map, area, user[i], census.cells_of[user[i]]);
}

/* What is wanted to scale: what of it there was room for, and what is missing. */
static void draw_shortage(const struct map *map, const struct kho_report *report)
{
	char wanted[KHO_SIZE_BYTES], one[KHO_SIZE_BYTES], percent[LEGEND_PERCENT_BYTES];
	unsigned int cell[CELLS_MAX], had;
	struct kho_shortage s;

	if (!kho_shortage_of(report->check, report->successor, &s))
		return;
	had = (unsigned int)((double)(s.wanted_bytes - s.missing_bytes) * map->cells /
			     (double)s.wanted_bytes);
	if (had == map->cells)
		had--;
	for (unsigned int i = 0; i < map->cells; i++)
		cell[i] = i >= had ? CELL_MISSING : s.user == BOOT_MEMORY_MAP ? s.user : LAYOUT_FREE;
	fprintf(map->f, "\nno room: %s", boot_user_text(s.user));
	if (s.node != KHO_NO_NODE)
		fprintf(map->f, " of node %d", s.node);
	fprintf(map->f, ", %s wanted; cell: %s\n", kho_size_up(s.wanted_bytes, wanted),
		cell_size(map, s.wanted_bytes, one));
	put_bar(map, cell);
	fprintf(map->f, " !  %-29s %11" PRIu64 " %5s%%\n", "missing", s.missing_bytes,
		legend_percent(s.missing_bytes, s.wanted_bytes, percent));
}

static void list_beyond(struct map *map, const struct layout_area *beyond)
{
	unsigned int user[LAYOUT_USERS];
	unsigned int n = layout_by_size(beyond, user);

	if (n)
		fprintf(map->f, "\nbeyond the areas, in 1 GiB blocks without preserved memory\n");
	for (unsigned int i = 0; i < n; i++)
		put_share(map, beyond, user[i], true);
}

static void put_map_head(const struct map *map, const struct kho_report *report)
{
	const struct boot_result *boot = &report->check->boot;
	const struct successor *s = report->successor;
	char text[LEGEND_LINE_BYTES];

	kho_report_begin(map->f, report);
	fprintf(map->f, "\nsuccessor: %s, machine: %s\n",
		s && s->release[0] ? s->release : "release unknown",
		report->machine->release[0] ? report->machine->release : "release unknown");
	fprintf(map->f, "%s\n", legend_outcome(report->check, text));
	if (legend_missing(report->check, text)[0])
		fprintf(map->f, "%s\n", text);
	if (report->check->has_boot && boot->kaslr)
		fprintf(map->f, "shown is the worst of %" PRIu64 " places that KASLR may choose\n",
			boot->fold.followed);
}

/* @map->terminal says how wide, in what letters and colours. */
static int draw(struct map *map, const struct kho_report *report, const struct layout *layout)
{
	put_map_head(map, report);
	for (size_t i = 0; i < layout->nr_nodes; i++) {
		fputc('\n', map->f);
		if (draw_node(map, &layout->node[i]))
			return -ENOMEM;
	}
	for (size_t i = 0; i < layout->nr_areas; i++) {
		fputc('\n', map->f);
		put_area_title(map, &layout->area[i], i + 1, &report->machine->memory);
		draw_area(map, &layout->area[i]);
	}
	draw_shortage(map, report);
	list_beyond(map, &layout->beyond);
	if (map->hidden)
		fprintf(map->f, "\n(X): less than a cell, not drawn\n");
	fputc('\n', map->f);
	if (report->check->has_readiness)
		kho_report_handover(map->f, report);
	kho_report_conclusion(map->f, report->check);
	return 0;
}

int kho_report_map(FILE *f, const struct kho_report *report)
{
	struct map map = { .f = f };
	struct layout layout;
	int ret = layout_make(report, &layout);

	if (ret)
		return ret;
	terminal_of(f, &map.terminal);
	map.cells = map.terminal.columns < CELLS_MIN + 2 ? CELLS_MIN :
		    map.terminal.columns < CELLS_MAX + 2 ? map.terminal.columns - 2 : CELLS_MAX;
	ret = draw(&map, report, &layout);
	layout_deinit(&layout);
	return ret;
}
